// What Python sends to each view. Written by tools/js_types.py (make types-js) from the TypedDicts of
// cnnviz/components/*/__init__.py: change those, not this file.

// What a view's update() is given by the library: its data, and the ways back to Python.
export interface ViewArguments<Data> {
  data: Data;
  parentElement: ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

// The stage "apply": map, curve, map.
export interface ActivationApplyData {
  show: "apply";
  digest: string;
  kernel: WeightsJson;
  mapTitle: string;
  bias: number;
  activation: ActivationJson;
  title: string;
  point: number;
  shared: boolean;
  threshold: number;
  luts: ThemedLut;
}

// The stage "collapse": two layers against the one kernel that `both` make.
export interface ActivationCollapseData {
  show: "collapse";
  digest: string;
  first: WeightsJson;
  second: WeightsJson;
  both: WeightsJson;
  activation: ActivationJson;
  luts: ThemedLut;
}

// An activation: `value` of its one parameter, null where it has none; its largest slope.
export interface ActivationJson {
  id: string;
  title: string;
  value: number | null;
  steepest: number;
}

// A kernel of one channel, row by row.
export interface WeightsJson {
  rows: number;
  cols: number;
  weights: number[];
}

// Counts by true (row) and predicted (column) class; the pictures of the chosen cell, all of one shape (C, H,
// W), packed one after the other, and their places in the split.
export interface ConfusionViewData {
  step: number;
  split: string;
  classes: string[];
  counts: number[][];
  cell: [number, number] | null;
  shape: [number, number, number];
  pictures: string;
  places: number[];
  show: "count" | "share";
}

// What the button says.
export interface CopyLinkData {
  label: string;
}

// How the kernel slides.
export interface FilterSettingsJson {
  channels: "grey" | "each" | "sum";
  padding: "valid" | "same" | [number, number];
  mode: string;
  stride: [number, number];
  dilation: [number, number];
  flip: boolean;
}

// The kernel before the division by its sum, the settings, and what is shown of the output.
export interface FilterViewData {
  digest: string;
  kernel: SlicesJson;
  divide: boolean;
  name: string;
  token: string;
  settings: FilterSettingsJson;
  display: string;
  lut: string;
  signedLut: string;
  powerLut: string;
  layout: "side" | "slider";
  pin: [number, number] | null;
  liveSize: number;
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

// A kernel: for each channel its rows × cols weights, row by row.
export interface SlicesJson {
  rows: number;
  cols: number;
  slices: number[][];
}

// One tile: a kernel row by row.
export interface GalleryKernelJson {
  id: string;
  title: string;
  group: string;
  rows: number;
  cols: number;
  weights: number[];
}

// For kernels whose weights add up to something else than 0, and to 0.
export interface GalleryLuts {
  grey: string;
  signed: ThemedLut;
}

// The tiles; `side`: pixels of the longer side of the small picture that each of them filters.
export interface KernelGalleryData {
  digest: string;
  kernels: GalleryKernelJson[];
  chosen: string;
  side: number;
  luts: GalleryLuts;
}

// Tables of views that show maps of both signs, maps without negative values, and pictures.
export interface StandardLuts {
  signed: ThemedLut;
  plain: string;
  grey: string;
}

// A colour table for each theme.
export interface ThemedLut {
  light: string;
  dark: string;
}

// The outputs of every layer for one picture, packed one after the other; `filters`: none, or one.
export interface MapMosaicData {
  step: number;
  range: "unit" | "layer" | "all";
  picture: MosaicPicture;
  filters: MosaicFilters[];
  values: string;
  layers: MosaicLayer[];
  luts: StandardLuts;
}

// Weights (C_out, C_in, kernel height, kernel width) of the layer that is the `number`-th, from 1.
export interface MosaicFilters {
  number: number;
  shape: [number, number, number, number];
  values: string;
}

// One layer's outputs, (C, H, W) or (n,): `start` is their place among all values; `units` names them.
export interface MosaicLayer {
  name: string;
  shape: number[];
  channels: number;
  start: number;
  units: string[] | null;
}

// The picture that the maps are of, (C, H, W), as bytes.
export interface MosaicPicture {
  shape: [number, number, number];
  values: string;
}

// The layers; `mode`: what stands outside a picture's edge.
export interface MapStackData {
  digest: string;
  mode: string;
  lut: string;
  grey: string;
  layers: StackLayerJson[];
}

// Convolution, ReLU and max pooling pool × pool; `columns` maps stand side by side.
export interface StackLayerJson {
  title: string;
  pool: number;
  columns: number;
  maps: StackMapJson[];
}

// One map: its kernel has a slice for each map of the layer before.
export interface StackMapJson {
  title: string;
  about: string;
  rows: number;
  cols: number;
  slices: number[][];
}

// The tiles; `limit`: bytes of the largest file; `turn` changes with every answer.
export interface PicturePickerData {
  tiles: TileJson[];
  chosen: string;
  limit: number;
  turn: number;
}

// One picture to choose.
export interface TileJson {
  id: string;
  title: string;
  alt: string;
  src: string;
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

// An array of float32, as bytes.
export interface NamedArray {
  name: string;
  shape: number[];
  values: string;
}

// The parts of one step, in order.
export interface SlowMotionData {
  classes: string[];
  parts: StepPart[];
  luts: StandardLuts;
}

// One part of a training step: in words, and with its numbers.
export interface StepPart {
  stage: string;
  title: string;
  sentence: string;
  numbers: NamedArray[];
}
