// What every number of the page is made of: maths only, no DOM. The twin of cnnviz/core/steps/sums.py.
//
// model = {image: {height, width, planes: [Float64Array]}, rows, cols (of the kernels),
//          weights: [n][c] Float64Array as multiplied (already turned where `flip` is on), bias: [number],
//          padding: {top, bottom, left, right}, mode, stride: [sy, sx], dilation: [dy, dx], transposed,
//          sparse: only input cells that are not 0 make a step (the stamps)}
// Places on the input are "padded": row 0 is the first row of the padding. A tap (r, k) is a cell of the kernel.
import { indexTable, outputSize } from "../shared/maths/geometry.js";

/** @param {Omit<import("../shared/types").StepViewData, "luts" | "digest" | "question" | "score" | "kernelName" | "pin" | "step">} data */
export function readModel(data) {
  const { image, kernels, flip } = data;
  const turned = (slice) => (flip ? Float64Array.from(slice).reverse() : Float64Array.from(slice));
  const model = {
    image: { height: image.height, width: image.width, planes: image.planes.map((p) => Float64Array.from(p)) },
    rows: kernels.rows, cols: kernels.cols,
    weights: kernels.slices.map((slices) => slices.map(turned)),
    bias: data.bias, padding: data.padding, mode: data.paddingMode, stride: data.stride, dilation: data.dilation,
    transposed: data.transposed, sparse: data.mode === "stamp",
  };
  return complete(model);
}

// Adds what follows from the settings: sizes, and which input row or column each padded one is a copy of.
function complete(model) {
  const { image, padding: p, stride, dilation, rows, cols, transposed } = model;
  const none = { top: 0, bottom: 0, left: 0, right: 0 };
  const frame = transposed ? none : p; // a transposed convolution's padding cuts the output, it adds nothing
  const size = (n, k, axis, before, after) =>
    transposed
      ? (n - 1) * stride[axis] + dilation[axis] * (k - 1) + 1 - before - after
      : outputSize(n, k, stride[axis], before, after, dilation[axis]);
  return Object.assign(model, {
    frame,
    height: size(image.height, rows, 0, p.top, p.bottom),
    width: size(image.width, cols, 1, p.left, p.right),
    fromRow: indexTable(image.height, frame.top, frame.bottom, model.mode),
    fromCol: indexTable(image.width, frame.left, frame.right, model.mode),
  });
}

export const maps = (model) => model.weights.length;
export const channels = (model) => model.image.planes.length;
const weightAt = (model, n, c, r, k) => model.weights[n][c][r * model.cols + k];

// The value at a padded place: a cell of the picture, its copy in the padding, or 0.
export function valueAt(model, c, py, px) {
  const y = model.fromRow[py], x = model.fromCol[px];
  return y < 0 || x < 0 ? 0 : model.image.planes[c][y * model.image.width + x];
}

// Where a tap of output cell (y, x) lies on the padded input along one axis; -1 where it meets no cell.
function place(model, axis, at, tap) {
  const step = model.stride[axis], reach = tap * model.dilation[axis];
  if (!model.transposed) return at * step + reach;
  const from = at + (axis ? model.padding.left : model.padding.top) - reach;
  const n = axis ? model.image.width : model.image.height;
  return from % step === 0 && from >= 0 && from / step < n ? from / step : -1;
}

// What output cell (y, x) of map n is the sum of: [{c, r, k, py, px, value, weight, product}], channel by channel.
export function sources(model, n, y, x) {
  const found = [];
  for (let c = 0; c < channels(model); c++) {
    for (let r = 0; r < model.rows; r++) {
      const py = place(model, 0, y, r);
      for (let k = 0; k < model.cols && py >= 0; k++) {
        const px = place(model, 1, x, k);
        if (px < 0) continue;
        const value = valueAt(model, c, py, px), weight = weightAt(model, n, c, r, k);
        found.push({ c, r, k, py, px, value, weight, product: value * weight });
      }
    }
  }
  return found;
}

// One partial sum for each channel, the bias and the whole.
export function sums(model, n, y, x) {
  const parts = Array.from({ length: channels(model) }, () => 0);
  for (const { c, product } of sources(model, n, y, x)) parts[c] += product;
  return { parts, bias: model.bias[n], total: parts.reduce((a, b) => a + b, model.bias[n]) };
}

// (output index, tap) pairs along one axis that meet these padded places.
function meeting(model, axis, places) {
  const pairs = [];
  const outputs = axis ? model.width : model.height, taps = axis ? model.cols : model.rows;
  for (let at = 0; at < outputs; at++) {
    for (let tap = 0; tap < taps; tap++) {
      const where = place(model, axis, at, tap);
      if (where >= 0 && places.includes(where)) pairs.push([at, tap, where]);
    }
  }
  return pairs;
}

function copies(from, index, n) {
  const source = from[index];
  if (source < 0 || n === 0) return [index];
  return Array.from(from.keys()).filter((i) => from[i] === source);
}

// Every output that a padded place feeds: [{n, c, y, x, r, k, py, px, weight}]. A cell of the picture feeds through
// its copies in the padding too; a place in the padding, only through itself.
export function usesOfInput(model, c, py, px) {
  const { frame, image } = model;
  const y = py - frame.top, x = px - frame.left;
  const inside = y >= 0 && y < image.height && x >= 0 && x < image.width;
  const rows = meeting(model, 0, inside ? copies(model.fromRow, py, 1) : [py]);
  const cols = meeting(model, 1, inside ? copies(model.fromCol, px, 1) : [px]);
  const found = [];
  for (let n = 0; n < maps(model); n++) {
    for (const [oy, r, sy] of rows) {
      for (const [ox, k, sx] of cols) found.push({ n, c, y: oy, x: ox, r, k, py: sy, px: sx, weight: weightAt(model, n, c, r, k) });
    }
  }
  return found;
}

// Every padded place that tap (r, k) ever multiplies, with the output that it does so for: [{y, x, py, px}].
export function usesOfWeight(model, r, k) {
  const found = [];
  for (let y = 0; y < model.height; y++) {
    const py = place(model, 0, y, r);
    for (let x = 0; x < model.width && py >= 0; x++) {
      const px = place(model, 1, x, k);
      if (px >= 0) found.push({ y, x, py, px });
    }
  }
  return found;
}

// `unused` of both axes, worked out once for each model.
export const idle = (model) => (model.idle ??= [unused(model, 0), unused(model, 1)]);

// For each padded row (axis 0) or column (axis 1): true where no position of the kernel reaches it.
export function unused(model, axis) {
  const lines = Array.from(axis ? model.fromCol : model.fromRow, () => true);
  const outputs = axis ? model.width : model.height, taps = axis ? model.cols : model.rows;
  for (let at = 0; at < outputs; at++) {
    for (let tap = 0; tap < taps; tap++) {
      const where = place(model, axis, at, tap);
      if (where >= 0) lines[where] = false;
    }
  }
  return lines;
}

// All maps of the output: [Float64Array(height * width)].
export function outputs(model) {
  return model.weights.map((_, n) =>
    Float64Array.from({ length: model.height * model.width }, (_, i) =>
      sums(model, n, Math.floor(i / model.width), i % model.width).total));
}

// The steps in the order in which they are played: output cells (all maps of one place follow each other: the fibre),
// or for stamps and transposed convolution the input cells, each of which stamps the kernel once.
export function steps(model) {
  const found = [];
  if (model.transposed) {
    for (let i = 0; i < model.image.planes[0].length; i++) {
      if (model.sparse && model.image.planes.every((plane) => plane[i] === 0)) continue;
      found.push({ kind: "input", c: 0, y: Math.floor(i / model.image.width), x: i % model.image.width });
    }
    return found;
  }
  for (let i = 0; i < model.height * model.width; i++) {
    for (let n = 0; n < maps(model); n++) found.push({ kind: "output", n, y: Math.floor(i / model.width), x: i % model.width });
  }
  return found;
}

// The output after the first `count` steps; a cell that no step has reached yet is NaN.
export function outputsAfter(model, order, count, whole = outputs(model)) {
  const size = model.height * model.width;
  const out = model.weights.map(() => new Float64Array(size).fill(NaN));
  for (const step of order.slice(0, count)) {
    if (step.kind === "output") out[step.n][step.y * model.width + step.x] = whole[step.n][step.y * model.width + step.x];
    else stamp(model, out, step);
  }
  return out;
}

function stamp(model, out, { y, x }) {
  for (let c = 0; c < channels(model); c++) {
    for (const use of usesOfInput(model, c, y, x)) {
      const at = use.y * model.width + use.x;
      if (Number.isNaN(out[use.n][at])) out[use.n][at] = model.bias[use.n];
      out[use.n][at] += use.weight * valueAt(model, c, y, x);
    }
  }
}
