// What the tools do to a kernel {rows, cols, slices}: each returns a new one.

function remap(kernel, rows, cols, from) {
  const slices = kernel.slices.map((weights) => {
    const out = new Float64Array(rows * cols);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const [y, x] = from(r, c);
        if (y >= 0 && y < kernel.rows && x >= 0 && x < kernel.cols) out[r * cols + c] = weights[y * kernel.cols + x];
      }
    }
    return out;
  });
  return { rows, cols, slices };
}

// A kernel of another size: the old weights start at (top, left), which may be negative; new cells are 0.
export function reshape(kernel, rows, cols, top, left) {
  return remap(kernel, rows, cols, (r, c) => [r - top, c - left]);
}

const MOVES = {
  flipX: (k) => remap(k, k.rows, k.cols, (r, c) => [r, k.cols - 1 - c]),
  flipY: (k) => remap(k, k.rows, k.cols, (r, c) => [k.rows - 1 - r, c]),
  transpose: (k) => remap(k, k.cols, k.rows, (r, c) => [c, r]),
  rotate: (k) => remap(k, k.cols, k.rows, (r, c) => [k.rows - 1 - c, r]),
  // 0 - w and not -w: there is no minus zero in a kernel
  negate: (k) => ({ ...k, slices: k.slices.map((weights) => weights.map((w) => 0 - w)) }),
  clear: (k) => ({ ...k, slices: [new Float64Array(k.rows * k.cols)] }),
};

export function transformed(kernel, move) {
  return MOVES[move](kernel);
}

// The sum of all weights; what is only rounding beside their size counts as 0.
export function sumOf(kernel) {
  let sum = 0, size = 0;
  for (const weights of kernel.slices) {
    for (const w of weights) {
      sum += w;
      size += Math.abs(w);
    }
  }
  return Math.abs(sum) < 1e-6 * size ? 0 : sum;
}

// The weights that are used: divided by their sum where that is asked for and possible.
export function usedKernel(kernel, divide) {
  const sum = sumOf(kernel);
  if (!divide || sum === 0) return kernel;
  return { ...kernel, slices: kernel.slices.map((weights) => weights.map((w) => w / sum)) };
}
