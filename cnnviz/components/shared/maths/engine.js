// Convolution in the browser, with the meaning of cnnviz.core.convolve2d: cross-correlation unless `flip` is on.
//
// kernel   = {rows, cols, slices}: 1 slice, or 3 (one each for R, G, B), each Float64Array(rows * cols) by rows
// settings = {channels: "grey" | "each" | "sum", padding: {top, bottom, left, right},
//             mode: "zeros" | "reflect" | "replicate" | "circular", stride: [sy, sx], dilation: [dy, dx], flip}
// result   = {planes: [Float32Array], width, height}: three planes for "each", one otherwise.
import { indexTable, outputShape, outputSize, padAmounts, padIndex } from "./geometry.js";
import { planSlice } from "./correlate.js";

export { outputShape, outputSize, padAmounts };

// One plane of grey (0.299 R + 0.587 G + 0.114 B) or the three colour planes, values 0 … 255.
export function planesOf(picture, channels) {
  const { rgb, width, height } = picture;
  const n = width * height;
  if (channels === "grey") {
    const grey = new Float32Array(n);
    for (let i = 0, j = 0; i < n; i++, j += 3) grey[i] = 0.299 * rgb[j] + 0.587 * rgb[j + 1] + 0.114 * rgb[j + 2];
    return [grey];
  }
  return [0, 1, 2].map((channel) => {
    const plane = new Float32Array(n);
    for (let i = 0, j = channel; i < n; i++, j += 3) plane[i] = rgb[j];
    return plane;
  });
}

// The weights as they are multiplied: turned by 180° for the convolution of mathematics.
function effectiveWeights(kernel, slice, flip) {
  const weights = kernel.slices[Math.min(slice, kernel.slices.length - 1)];
  return flip ? Float64Array.from(weights).reverse() : weights;
}

const scratch = []; // padded pictures, kept between calls: allocating them costs more than filling them

function padded(planes, width, height, { padding, mode }, slot) {
  const rows = indexTable(height, padding.top, padding.bottom, mode);
  const cols = indexTable(width, padding.left, padding.right, mode);
  const size = rows.length * cols.length;
  if (!(scratch[slot]?.length >= size)) scratch[slot] = new Float64Array(size);
  const out = scratch[slot];
  const pitch = cols.length, right = padding.left + width;
  for (let y = 0, o = 0; y < rows.length; y++, o += pitch) {
    const from = rows[y] * width;
    if (from < 0) {
      out.fill(0, o, o + pitch);
      continue;
    }
    out.set(planes[0].subarray(from, from + width), o + padding.left);
    for (let p = 1; p < planes.length; p++) {
      const plane = planes[p];
      for (let x = 0, i = o + padding.left; x < width; x++, i++) out[i] += plane[from + x];
    }
    for (let x = 0; x < padding.left; x++) out[o + x] = cols[x] < 0 ? 0 : out[o + padding.left + cols[x]];
    for (let x = right; x < pitch; x++) out[o + x] = cols[x] < 0 ? 0 : out[o + padding.left + cols[x]];
  }
  return { data: out, pitch };
}

// Which planes and slices make up each output plane: a list of lists of {planes (added up first), slice}.
function groups(planes, kernel, channels) {
  if (channels !== "sum") return planes.map((plane, c) => [{ planes: [plane], slice: c }]);
  if (kernel.slices.length === 1) return [[{ planes, slice: 0 }]]; // the same weights: add the planes first
  return [planes.map((plane, c) => ({ planes: [plane], slice: c }))];
}

function shapeOrThrow(width, height, kernel, settings) {
  const shape = outputShape(width, height, kernel, settings);
  if (shape.width >= 1 && shape.height >= 1) return shape;
  throw new RangeError(
    `A ${kernel.rows}×${kernel.cols} kernel with dilation ${settings.dilation.join("×")} does not fit on a picture ` +
      `of ${height}×${width} with this padding.`,
  );
}

function buffersFor(into, count, width, height) {
  const fits = into?.planes.length === count && into.planes.every((plane) => plane.length === width * height);
  const planes = fits ? into.planes : Array.from({ length: count }, () => new Float32Array(width * height));
  return Object.assign(into ?? {}, { planes, width, height });
}

function writeRows(out, shape, write, data, step) {
  for (let y = 0; y < shape.height; y++) write(out, y * shape.width, shape.width, data, y * step);
}

function addRows(out, shape, plans, sources, step, acc) {
  for (let y = 0; y < shape.height; y++) {
    acc.fill(0);
    for (let s = 0; s < plans.length; s++) plans[s].add(acc, shape.width, sources[s].data, y * step);
    out.set(acc, y * shape.width);
  }
}

// Convolves the planes. `into` (an earlier result) has its buffers written again where the size is the same.
export function convolve(planes, width, height, kernel, settings, into = null) {
  const shape = shapeOrThrow(width, height, kernel, settings);
  const parts = groups(planes, kernel, settings.channels);
  const result = buffersFor(into, parts.length, shape.width, shape.height);
  const acc = new Float64Array(shape.width);
  parts.forEach((group, at) => {
    const sources = group.map((part, slot) => padded(part.planes, width, height, settings, slot));
    const { pitch } = sources[0];
    const plans = group.map(({ slice }) => {
      const weights = effectiveWeights(kernel, slice, settings.flip);
      return planSlice(weights, kernel.rows, kernel.cols, pitch, settings.stride, settings.dilation);
    });
    const step = settings.stride[0] * pitch;
    if (plans.length === 1 && plans[0].write) {
      writeRows(result.planes[at], shape, plans[0].write, sources[0].data, step);
    } else addRows(result.planes[at], shape, plans, sources, step, acc);
  });
  return result;
}

// One kernel cell while it is dragged. Convolution is linear in each weight, so the output is
// (output with this weight at 0) + weight × (input as this cell sees it): one pass, whatever the kernel's size.
export class Drag {
  // slice: 0, 1 or 2 for one slice of a 3-slice kernel, null for the cell in all slices.
  constructor(planes, width, height, kernel, settings, row, col, slice = null) {
    const cell = row * kernel.cols + col;
    const dragged = (s) => slice === null || kernel.slices.length === 1 || s === slice;
    const zeroed = { ...kernel, slices: kernel.slices.map((weights) => Float64Array.from(weights)) };
    zeroed.slices.forEach((weights, s) => dragged(s) && (weights[cell] = 0));
    this.base = convolve(planes, width, height, zeroed, settings);
    const alone = { ...kernel, slices: kernel.slices.map((w) => new Float64Array(w.length)) };
    alone.slices.forEach((weights, s) => dragged(s) && (weights[cell] = 1));
    this.seen = convolve(planes, width, height, alone, settings);
    this.result = buffersFor(null, this.base.planes.length, this.base.width, this.base.height);
  }

  // The output at this weight; the same buffers are written at every call.
  at(weight) {
    for (let p = 0; p < this.result.planes.length; p++) {
      const out = this.result.planes[p], base = this.base.planes[p], seen = this.seen.planes[p];
      for (let i = 0; i < out.length; i++) out[i] = base[i] + weight * seen[i];
    }
    return this.result;
  }
}

// What output cell (y, x) is made of. For each channel, cell by cell of the kernel (rows * cols entries, by rows):
// values × weights (as multiplied), inside = 1 where the cell lies on the picture, ys and xs = its place there
// (below 0 or past the edge in the padding), and the channel's own sum. `sum` adds up all channels: it is the
// output's value for "grey" and "sum"; for "each", channels[c].sum is the value in output plane c.
export function patch(planes, width, height, kernel, settings, y, x) {
  const { rows, cols } = kernel;
  const { padding, stride, dilation, mode, flip } = settings;
  const size = rows * cols;
  const ys = new Int32Array(size), xs = new Int32Array(size);
  for (let t = 0; t < size; t++) {
    ys[t] = y * stride[0] - padding.top + Math.floor(t / cols) * dilation[0];
    xs[t] = x * stride[1] - padding.left + (t % cols) * dilation[1];
  }
  const inside = Uint8Array.from(ys, (v, t) => (v >= 0 && v < height && xs[t] >= 0 && xs[t] < width ? 1 : 0));
  const channels = planes.map((plane, c) => {
    const weights = effectiveWeights(kernel, c, flip);
    const values = Float64Array.from(ys, (v, t) => {
      const sy = padIndex(v, height, mode), sx = padIndex(xs[t], width, mode);
      return sy < 0 || sx < 0 ? 0 : plane[sy * width + sx];
    });
    return { values, weights, inside, ys, xs, sum: values.reduce((total, v, t) => total + v * weights[t], 0) };
  });
  return { rows, cols, channels, sum: channels.reduce((total, channel) => total + channel.sum, 0) };
}

export function relu(plane) {
  return plane.map((v) => (v > 0 ? v : 0));
}

// The largest value of each size × size window, as torch's max_pool2d without padding (what does not fit is dropped).
export function maxPool(plane, width, height, size, stride = size) {
  const w = outputSize(width, size, stride, 0, 0, 1), h = outputSize(height, size, stride, 0, 0, 1);
  if (w < 1 || h < 1) throw new RangeError(`A ${size}×${size} pool does not fit on ${height}×${width}.`);
  const out = new Float32Array(w * h);
  for (let y = 0, o = 0; y < h; y++) {
    for (let x = 0; x < w; x++, o++) {
      let best = -Infinity;
      for (let r = 0; r < size; r++) {
        for (let c = 0, i = (y * stride + r) * width + x * stride; c < size; c++, i++) if (plane[i] > best) best = plane[i];
      }
      out[o] = best;
    }
  }
  return { plane: out, width: w, height: h };
}

// |DFT| of a slice (null: of the slices' sum, as Python does), zero-padded to n × n, with zero frequency at
// [n/2, n/2]: rows first, then columns.
export function frequencyResponse(kernel, n = 64, slice = null) {
  const { rows, cols } = kernel;
  const chosen = slice === null ? kernel.slices : [effectiveWeights(kernel, slice, false)];
  const weights = Float64Array.from(chosen[0], (_, t) => chosen.reduce((sum, one) => sum + one[t], 0));
  const cos = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sin = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const re = new Float64Array(rows * n), im = new Float64Array(rows * n);
  for (let r = 0, o = 0; r < rows; r++) {
    for (let v = 0; v < n; v++, o++) {
      for (let c = 0; c < cols; c++) {
        const turn = ((v + (n >> 1)) * c) % n, w = weights[r * cols + c];
        re[o] += w * cos[turn];
        im[o] -= w * sin[turn];
      }
    }
  }
  const out = new Float32Array(n * n);
  for (let u = 0; u < n; u++) {
    for (let v = 0; v < n; v++) {
      let a = 0, b = 0;
      for (let r = 0, i = v; r < rows; r++, i += n) {
        const turn = ((u + (n >> 1)) * r) % n;
        a += re[i] * cos[turn] + im[i] * sin[turn];
        b += im[i] * cos[turn] - re[i] * sin[turn];
      }
      out[u * n + v] = Math.hypot(a, b);
    }
  }
  return out;
}
