// What Python sends to each view. Written by tools/js_types.py (make types-js) from the TypedDicts of
// cnnviz/components/*/__init__.py: change those, not this file.

// What a view's update() is given by the library: its data, and the ways back to Python.
export interface ViewArguments<Data> {
  data: Data;
  parentElement: ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

// What the button says.
export interface CopyLinkData {
  label: string;
}

// Equal bins from `low` to `high`: the counts of each channel, and which values get which colour.
export interface HistogramViewData {
  low: number;
  high: number;
  counts: number[][];
  mean: number;
  deviation: number;
  display: string;
  range: [number, number];
  lut: string;
}

// Test pictures, packed one after the other, and for each its place in the split, its class, the classes that
// the network holds likeliest and their shares (null where a share is no number).
export interface PredictionStreamData {
  step: number;
  classes: string[];
  shape: [number, number, number];
  pictures: string;
  indices: number[];
  labels: number[];
  top: number[][];
  shares: ((number | null)[])[];
  onlyWrong: boolean;
}
