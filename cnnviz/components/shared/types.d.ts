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

// The first rows and columns inside, and the first ones after them.
export interface BoxJson {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

// The part of the photo that the network gets.
export interface CropJson {
  top: number;
  left: number;
  rows: number;
  cols: number;
}

// The stage "effective": levels 0 … 255 (bytes), of `grid` rows and columns, over the input.
export interface EffectiveFieldData {
  show: "effective";
  small: string;
  input: [number, number];
  grid: [number, number];
  glow: string;
  box: BoxJson;
  centre: [number, number];
  sigma: [number, number];
  lut: string;
  alt: string;
}

// A `LayerField`: its numbers are [down, across]; reads: for each axis a text of 0 and 1.
export interface FieldLayerJson {
  name: string;
  detail: string;
  growth: string;
  size: [number, number];
  jump: [number, number];
  start: [number, number];
  output: [number, number];
  reads: [string, string] | null;
}

// The stage "field"; input: rows and columns of the network's input.
export interface FieldPhotoData {
  show: "field";
  digest: string;
  crop: CropJson;
  small: string;
  input: [number, number];
  records: FieldLayerJson[];
  state: FieldSelectionJson;
  puzzle: PuzzleJson | null;
}

// A `FieldSelection`.
export interface FieldSelectionJson {
  layer: number;
  unit: [number, number] | null;
  pixel: [number, number] | null;
  nested: boolean;
  sharp: boolean;
  guess: boolean;
}

// The stage "table".
export interface FieldTableData {
  show: "table";
  columns: string[];
  rows: TableRowJson[];
  chosen: number;
}

// A `Puzzle`.
export interface PuzzleJson {
  question: string;
  options: PuzzleOptionJson[];
  right: number;
  about: string;
}

// An answer, and the box that it means.
export interface PuzzleOptionJson {
  label: string;
  size: [number, number];
}

// A number and its formula.
export interface TableCellJson {
  value: string;
  formula: string;
}

// A `TableRow`.
export interface TableRowJson {
  name: string;
  about: string;
  cells: TableCellJson[];
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

// `show`: one of SHOWS; `guide`: of update ÷ weight; `reports`: the page wants to hear of `show`.
export interface GradientFlowData {
  runs: RunFlowJson[];
  show: string;
  guide: number;
  lut: string;
  reports: boolean;
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

// A `DrawingOptions`.
export interface DrawingOptionsJson {
  whole: boolean;
  root: boolean;
  table: boolean;
}

// A row of the table, in words; `part`: of all weights, 0 … 1.
export interface NetCellsJson {
  output: string;
  formula: string;
  weights: string;
  share: string;
  part: number;
  adds: string;
  memory: string;
  field: string;
  jump: string;
}

// The network: every layer in order; `chosen`: the path of one, [] for the input, null for none.
export interface NetNetworkData {
  show: "network";
  digest: string;
  input: [number, number, number];
  nodes: NetNodeJson[];
  totals: NetTotalsJson;
  chosen: number[] | null;
  look: DrawingOptionsJson;
}

// One layer, as `Node` has it; `projection`: whether its shortcut has weights.
export interface NetNodeJson {
  path: number[];
  type: string;
  reads: string;
  unitName: string;
  pointwise: boolean;
  title: string;
  settings: string;
  about: string;
  source: number;
  shortcut: number | null;
  projection: boolean;
  output: number[] | null;
  problem: string;
  notice: string;
  window: WindowJson | null;
  seen: ReceptiveFieldJson | null;
  facts: [string, string][];
  cells: NetCellsJson;
}

// Of the whole network, in words.
export interface NetTotalsJson {
  parameters: string;
  adds: string;
  memory: string;
}

// A `ReceptiveField`.
export interface ReceptiveFieldJson {
  size: [number, number];
  jump: [number, number];
  start: [number, number];
  output: [number, number];
}

// The logits of those of `count` outputs that have a row; `first`: the example's; within ± `largest`.
export interface NetReadingData {
  show: "reading";
  count: number;
  logits: number[];
  first: number[];
  largest: number;
}

// A `Window`.
export interface WindowJson {
  kernel: [number, number];
  stride: [number, number];
  dilation: [number, number];
  before: [number, number];
  after: [number, number];
  maps: number;
}

// The panels; `digest`: of the picture that recipes work on; `shared`: panels share ranges.
export interface PanelRowData {
  digest: string | null;
  panels: PanelJson[];
  shared: boolean;
  caption: string;
}

// A finished picture: bytes of RGB by rows, or float32 values.
export interface FinishedJson {
  kind: "rgb" | "values";
  height: number;
  width: number;
  base64: string;
}

// One picture of a row: either `recipe` or `data` is null; `themed`: `lut` follows the theme.
export interface PanelJson {
  title: string;
  recipe: RecipeJson | null;
  data: FinishedJson | null;
  note: string;
  alt: string;
  display: string;
  lut: ThemedLut;
  step: string;
  role: "" | "input" | "kernel" | "output" | "gradient";
  themed: boolean;
  shared: boolean;
}

// Of "conv"; `sum`: the slices, one for each plane, are added up.
export interface ConvOptions {
  rows: number;
  cols: number;
  slices: number[][];
  sum: boolean;
  padding: "valid" | "same" | [number, number];
  mode: string;
  stride: [number, number];
  dilation: [number, number];
  flip: boolean;
}

// Of "picture".
export interface PictureOptions {
  channels: "grey" | "each";
}

// Of the pools, and of "subsample": windows size × size, every `stride` cells.
export interface PoolOptions {
  size: number;
  stride: number;
}

// One operation and what it works on; its options stand beside these.
export interface RecipeJson {
  op: string;
  of: RecipeJson[];
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

// The visible part of the map, and how far the picture may move below it.
export interface FrameJson {
  top: number;
  left: number;
  rows: number;
  cols: number;
  limit: number;
}

// Given numbers, row by row.
export interface NumberMapJson {
  kind: "numbers";
  rows: number;
  cols: number;
  values: number[];
}

// A piece of one of these.
export interface PatchJson {
  kind: "patch";
  of: "grey" | "sobel";
  top: number;
  left: number;
  rows: number;
  cols: number;
}

// A kernel of a bank, row by row.
export interface PoolFilterJson {
  name: string;
  rows: number;
  cols: number;
  weights: number[];
}

// The colours of maps, of differences, and of maps with two signs.
export interface PoolLuts {
  plain: string;
  difference: string;
  signed: ThemedLut;
}

// The stage "pyramid"; without a bank there is the one map.
export interface PoolPyramidData {
  digest: string;
  map: NumberMapJson | WholePictureJson | PatchJson;
  pool: PoolSettingsJson;
  wholeMap: boolean;
  luts: PoolLuts;
  stage: "pyramid";
  times: number;
  step: string;
  bank: PoolFilterJson[];
  which: number;
}

// One pooling step.
export interface PoolSettingsJson {
  mode: "max" | "average" | "l2";
  size: [number, number];
  stride: [number, number];
  padding: [number, number];
  ceil: boolean;
}

// What every stage reads; `wholeMap`: one window over the whole map, of whatever size it is.
export interface PoolShared {
  digest: string;
  map: NumberMapJson | WholePictureJson | PatchJson;
  pool: PoolSettingsJson;
  wholeMap: boolean;
  luts: PoolLuts;
}

// The stage "shift"; the shift is [down, right].
export interface PoolShiftData {
  digest: string;
  map: NumberMapJson | WholePictureJson | PatchJson;
  pool: PoolSettingsJson;
  wholeMap: boolean;
  luts: PoolLuts;
  stage: "shift";
  frame: FrameJson;
  shift: [number, number];
  compare: "along" | "stay";
}

// The stage "windows".
export interface PoolWindowsData {
  digest: string;
  map: NumberMapJson | WholePictureJson | PatchJson;
  pool: PoolSettingsJson;
  wholeMap: boolean;
  luts: PoolLuts;
  stage: "windows";
  pin: [number, number] | null;
}

// The whole picture in grey, or its Sobel strength.
export interface WholePictureJson {
  kind: "whole";
  of: "grey" | "sobel";
}

// Test pictures, packed one after the other, and for each its place in the split, its class, the most likely
// classes and their probabilities (null where one is not a number).
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

// `zoom`: the stretch that is sent in detail; `reports`: the page wants to hear of `log`.
export interface RunChartsData {
  runs: RunCurvesJson[];
  log: boolean;
  zoom: [number, number] | null;
  reports: boolean;
}

// Layers with weights × bins of steps; starts (uint32) has one more than there are bins.
export interface HeatJson {
  binWidth: number;
  starts: string;
  norm: CodesJson;
  mean: CodesJson;
  ratio: CodesJson;
}

// The last statistics of all layers, in float32; the bands are percentiles of each layer.
export interface LayerStatsJson {
  step: number;
  percentiles: number[];
  norm: string;
  mean: string;
  dead: string;
  saturated: string;
  activationBands: string;
  weightBands: string;
}

// The first step of a range of losses that are not finite; sign: "NaN", "∞" or "−∞".
export interface NonFiniteJson {
  step: number;
  sign: string;
}

// The last measured step: for each layer with weights a float32.
export interface NowJson {
  step: number;
  norm: string;
  mean: string;
  ratio: string;
}

// A run's curves, all at the same steps (uint32); numbers as float32.
export interface RunCurvesJson {
  label: string;
  count: number;
  binWidth: number;
  window: number;
  stepsPerEpoch: number;
  steps: string;
  loss: string;
  accuracy: string;
  rate: string;
  smoothLoss: string;
  smoothAccuracy: string;
  odd: NonFiniteJson[];
  validation: ValidationJson;
}

// A run's gradient flow; null where nothing was measured yet.
export interface RunFlowJson {
  label: string;
  layers: string[];
  weightLayers: number[];
  now: NowJson | null;
  heat: HeatJson | null;
  look: LayerStatsJson | null;
  looks: StatsHistoryJson | null;
}

// Measures of the statistics alone, layers × times; `dead` and `saturated` (bytes) of layers `units`.
export interface StatsHistoryJson {
  steps: string;
  norm: CodesJson;
  units: number[];
  dead: string;
  saturated: string;
}

// Validation; steps as uint32, numbers as float32; the places of the best, −1 for none.
export interface ValidationJson {
  steps: string;
  loss: string;
  accuracy: string;
  bestLoss: number;
  bestAccuracy: number;
}

// What `log_codes` gives: places on a log scale, uint16, and the ends of that as powers of ten.
export interface CodesJson {
  low: number;
  high: number;
  codes: string;
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

// How many layers there may be, and how many blocks in one another.
export interface StackLimitsJson {
  layers: number;
  depth: number;
}

// A `StackRow`.
export interface StackRowJson {
  path: number[];
  output: number[] | null;
  problem: string;
  notice: string;
  parameters: number;
  fixes: Record<string, any>[];
  extra: string;
}

// The stack as `NetSpec.from_dict` reads it: a layer is its type, and what is not the default.
export interface StackSpecJson {
  input: [number, number, number];
  layers: Record<string, any>[];
}

// The stack, and what Python says of it; `schema`: every layer type by its id; `types`: the menu's, null for
// all; `selected`: a path, [] for the input.
export interface StackViewData {
  spec: StackSpecJson;
  rows: StackRowJson[];
  schema: Record<string, LayerTypeJson>;
  types: string[] | null;
  selected: number[] | null;
  editInput: boolean;
  readOnly: boolean;
  version: number;
  inputKind: LayerTypeJson;
  limits: StackLimitsJson;
}

// What a question hides: the output's size, or a cell of the output or a weight, as "0,1,2".
export interface HiddenJson {
  size?: boolean;
  output?: string;
  weight?: string;
}

// A `Pin`: c, py, px for "input"; n, c, r, k for "weight"; n, y, x for "output".
export interface PinJson {
  kind: string;
  c?: number;
  py?: number;
  px?: number;
  n?: number;
  r?: number;
  k?: number;
  y?: number;
  x?: number;
}

// An open question; where it cannot be asked, `problem` says why, and there is no prompt.
export interface QuestionJson {
  number: number;
  settled: boolean;
  problem?: string;
  prompt?: string;
  right?: boolean;
  verdict?: string | null;
  hidden?: HiddenJson | null;
}

// The kernels: for each its slices, one for each channel, row by row.
export interface StepKernelsJson {
  rows: number;
  cols: number;
  slices: number[][][];
}

// The colours.
export interface StepLutsJson {
  signed: ThemedLut;
}

// Cells on each side.
export interface StepPaddingJson {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

// The picture that is convolved: its channels, row by row.
export interface StepPictureJson {
  height: number;
  width: number;
  planes: number[][];
}

// Picture, kernels, settings; `step`: how many steps are done, null for all; `score`: right, of all.
export interface StepViewData {
  mode: "one" | "rgb" | "several" | "stamp" | "network" | "transposed";
  image: StepPictureJson;
  kernels: StepKernelsJson;
  bias: number[];
  padding: StepPaddingJson;
  paddingMode: string;
  stride: [number, number];
  dilation: [number, number];
  flip: boolean;
  transposed: boolean;
  kernelName: string;
  pin: PinJson | null;
  step: number | null;
  digest: string;
  question: QuestionJson | null;
  score: [number, number];
  luts: StepLutsJson;
}

// A layer type, as an editor reads it: in words, and with its settings.
export interface LayerTypeJson {
  title: string;
  about: string;
  group: string;
  card: string;
  icon: string;
  role: string;
  fields: LayerFieldJson[];
}

// A `Field`, as an editor reads it.
export interface LayerFieldJson {
  name: string;
  label: string;
  kind: "number" | "count" | "choice" | "switch" | "pair" | "padding" | "layers";
  default: any;
  low: number;
  high: number;
  help: string;
  options: string[];
  optional: boolean;
  card: string;
  follows: string;
}
