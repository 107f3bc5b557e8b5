// Where output cells lie on the input: padding, sizes and the index of a padded cell. No DOM.

/** @typedef {{rows: number, cols: number, slices: Float64Array[]}} Kernel one slice, or three for red, green and blue */

/**
 * A kernel of one channel, as Python sends it.
 * @param {{rows: number, cols: number, weights: number[]}} sent
 * @returns {Kernel}
 */
export const oneSlice = ({ rows, cols, weights }) => ({ rows, cols, slices: [Float64Array.from(weights)] });

// padding = "valid" | "same" | [py, px] (cells on each side); the odd cell of "same" goes after (bottom, right).
export function padAmounts(padding, kernel, dilation) {
  const axis = (k, d, at) => {
    if (padding === "valid") return [0, 0];
    if (padding !== "same") return [padding[at], padding[at]];
    const total = d * (k - 1);
    return [total >> 1, total - (total >> 1)];
  };
  const [top, bottom] = axis(kernel.rows, dilation[0], 0);
  const [left, right] = axis(kernel.cols, dilation[1], 1);
  return { top, bottom, left, right };
}

// Output cells along one axis; below 1 where the kernel does not fit: the caller checks.
export function outputSize(n, k, stride, before, after, dilation) {
  return Math.floor((n + before + after - dilation * (k - 1) - 1) / stride) + 1;
}

// The input index that cell i (which may lie outside 0 … n-1) reads, or -1 for a zero; as np.pad at any distance.
export function padIndex(i, n, mode) {
  if (i >= 0 && i < n) return i;
  if (mode === "zeros") return -1;
  if (mode === "replicate" || n === 1) return i < 0 ? 0 : n - 1;
  if (mode === "circular") return ((i % n) + n) % n;
  if (mode !== "reflect") throw new RangeError(`There is no padding mode called "${mode}".`);
  const period = 2 * (n - 1); // the edge cell itself is not repeated
  const at = ((i % period) + period) % period;
  return at < n ? at : period - at;
}

// padIndex for before + n + after cells in a row.
export function indexTable(n, before, after, mode) {
  return Int32Array.from({ length: n + before + after }, (_, i) => padIndex(i - before, n, mode));
}

// The output's height and width for these settings.
export function outputShape(width, height, kernel, settings) {
  const { padding: p, stride, dilation } = settings;
  return {
    height: outputSize(height, kernel.rows, stride[0], p.top, p.bottom, dilation[0]),
    width: outputSize(width, kernel.cols, stride[1], p.left, p.right, dilation[1]),
  };
}
