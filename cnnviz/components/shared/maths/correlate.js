// The inner loops of convolution. Every loop works on one output row at a time, so that its rows stay in the
// cache, reads a padded picture of doubles (no bounds to test, no float32 conversion per tap), and adds into a
// row of doubles. Which loop is used depends on the kernel alone; `planSlice` decides.

// acc[x] += sum over taps of weights[t] * src[start + offsets[t] + x * step], eight taps a pass.
function addTaps(acc, n, src, start, step, offsets, weights) {
  const count = weights.length;
  let t = 0;
  for (; t + 8 <= count; t += 8) {
    const a = weights[t], b = weights[t + 1], c = weights[t + 2], d = weights[t + 3];
    const e = weights[t + 4], f = weights[t + 5], g = weights[t + 6], h = weights[t + 7];
    let i = start + offsets[t], j = start + offsets[t + 1], k = start + offsets[t + 2], l = start + offsets[t + 3];
    let m = start + offsets[t + 4], o = start + offsets[t + 5], p = start + offsets[t + 6], q = start + offsets[t + 7];
    for (let x = 0; x < n; x++) {
      acc[x] += a * src[i] + b * src[j] + (c * src[k] + d * src[l]) + (e * src[m] + f * src[o] + (g * src[p] + h * src[q]));
      i += step; j += step; k += step; l += step; m += step; o += step; p += step; q += step;
    }
  }
  for (; t + 3 <= count; t += 3) {
    const a = weights[t], b = weights[t + 1], c = weights[t + 2];
    let i = start + offsets[t], j = start + offsets[t + 1], k = start + offsets[t + 2];
    for (let x = 0; x < n; x++) {
      acc[x] += a * src[i] + b * src[j] + c * src[k];
      i += step; j += step; k += step;
    }
  }
  for (; t < count; t++) {
    const a = weights[t];
    for (let x = 0, i = start + offsets[t]; x < n; x++, i += step) acc[x] += a * src[i];
  }
}

// A dense 3×3 at stride 1, straight into the output at `o`: each input column is read once and serves three
// outputs through two carried sums.
function writeRow3x3(out, o, n, src, start, pitch, k) {
  const [k0, k1, k2, k3, k4, k5, k6, k7, k8] = k;
  let i = start, j = start + pitch, l = start + 2 * pitch;
  let a = src[i++], b = src[j++], c = src[l++];
  let one = k0 * a + k3 * b + k6 * c;
  a = src[i++]; b = src[j++]; c = src[l++];
  let two = one + k1 * a + k4 * b + k7 * c;
  one = k0 * a + k3 * b + k6 * c;
  for (let x = 0; x < n; x++) {
    a = src[i++]; b = src[j++]; c = src[l++];
    out[o++] = two + (k2 * a + k5 * b + k8 * c);
    two = one + (k1 * a + k4 * b + k7 * c);
    one = k0 * a + k3 * b + k6 * c;
  }
}

// The same for 5×5: a column of five is read once and serves five outputs. The first four columns only fill the sums.
function writeRow5x5(out, o, n, src, start, pitch, k) {
  const [
    a0, a1, a2, a3, a4, b0, b1, b2, b3, b4, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, e0, e1, e2, e3, e4,
  ] = k;
  let one = 0, two = 0, three = 0, four = 0;
  for (let x = -4, i = start; x < n; x++, i++) {
    const a = src[i], b = src[i + pitch], c = src[i + 2 * pitch], d = src[i + 3 * pitch], e = src[i + 4 * pitch];
    if (x >= 0) out[o + x] = four + (a4 * a + b4 * b + (c4 * c + d4 * d) + e4 * e);
    four = three + (a3 * a + b3 * b + (c3 * c + d3 * d) + e3 * e);
    three = two + (a2 * a + b2 * b + (c2 * c + d2 * d) + e2 * e);
    two = one + (a1 * a + b1 * b + (c1 * c + d1 * d) + e1 * e);
    one = a0 * a + b0 * b + (c0 * c + d0 * d) + e0 * e;
  }
}

// A dense kernel at stride 1, dilation 1: four outputs at a time share the input cells that pass under them.
function addRowDense(acc, n, src, start, pitch, rows, cols, k) {
  const whole = n - (n % 4);
  for (let x = 0; x < whole; x += 4) {
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let r = 0, t = 0; r < rows; r++) {
      let i = start + r * pitch + x;
      let a = src[i], b = src[i + 1], c = src[i + 2];
      i += 3;
      let q = 0;
      for (; q + 4 <= cols; q += 4, t += 4, i += 4) {
        const w0 = k[t], w1 = k[t + 1], w2 = k[t + 2], w3 = k[t + 3];
        const d = src[i], e = src[i + 1], f = src[i + 2], g = src[i + 3];
        s0 += w0 * a + w1 * b + (w2 * c + w3 * d);
        s1 += w0 * b + w1 * c + (w2 * d + w3 * e);
        s2 += w0 * c + w1 * d + (w2 * e + w3 * f);
        s3 += w0 * d + w1 * e + (w2 * f + w3 * g);
        a = e; b = f; c = g;
      }
      // What is left of this row of the kernel: one, two or three taps.
      const left = cols - q;
      if (left > 0) {
        const w = k[t++], d = src[i++];
        s0 += w * a; s1 += w * b; s2 += w * c; s3 += w * d;
        if (left > 1) {
          const v = k[t++], e = src[i++];
          s0 += v * b; s1 += v * c; s2 += v * d; s3 += v * e;
          if (left > 2) {
            const u = k[t++];
            s0 += u * c; s1 += u * d; s2 += u * e; s3 += u * src[i];
          }
        }
      }
    }
    acc[x] += s0; acc[x + 1] += s1; acc[x + 2] += s2; acc[x + 3] += s3;
  }
  for (let x = whole; x < n; x++) {
    let sum = 0;
    for (let r = 0, t = 0; r < rows; r++) {
      for (let q = 0, i = start + r * pitch + x; q < cols; q++, t++, i++) sum += k[t] * src[i];
    }
    acc[x] += sum;
  }
}

// Writes weights as a sum of (column × row) pairs by elimination with full pivoting; null when more than `most`
// pairs are needed. A Gaussian needs one pair, a difference of Gaussians or a round Gabor two.
export function separate(weights, rows, cols, most) {
  const rest = Float64Array.from(weights);
  const largest = () => {
    let at = 0;
    for (let t = 1; t < rest.length; t++) if (Math.abs(rest[t]) > Math.abs(rest[at])) at = t;
    return at;
  };
  const pairs = [];
  const small = 1e-12 * Math.abs(rest[largest()]);
  for (let at = largest(); Math.abs(rest[at]) > small; at = largest()) {
    if (pairs.length >= most) return null;
    const r0 = Math.floor(at / cols), c0 = at % cols, pivot = rest[at];
    const column = Float64Array.from({ length: rows }, (_, r) => rest[r * cols + c0] / pivot);
    const row = rest.slice(r0 * cols, (r0 + 1) * cols);
    for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) rest[r * cols + c] -= column[r] * row[c];
    pairs.push({ column, row });
  }
  return pairs;
}

// The non-zero taps of a list of weights, `pitch` cells apart.
function taps(weights, offsetOf) {
  const at = [...weights.keys()].filter((t) => weights[t] !== 0);
  return { offsets: Int32Array.from(at, offsetOf), weights: Float64Array.from(at, (t) => weights[t]) };
}

function separablePlan(pairs, pitch, stride, dilation) {
  const parts = pairs.map(({ column, row }) => ({
    down: taps(column, (r) => r * dilation[0] * pitch),
    along: taps(row, (c) => c * dilation[1]),
  }));
  const line = new Float64Array(pitch);
  return (acc, n, src, start) => {
    for (const { down, along } of parts) {
      line.fill(0);
      addTaps(line, pitch, src, start, 1, down.offsets, down.weights);
      addTaps(acc, n, line, 0, stride[1], along.offsets, along.weights);
    }
  };
}

// The loop for one slice. `add(acc, n, src, start)` adds one output row of n cells, whose first patch begins at
// `start` in a padded picture of `pitch` cells a row; where there is a `write(out, o, n, src, start)`, it puts the row
// into `out` at `o` and is faster. weights are as multiplied (already flipped where flip is on).
export function planSlice(weights, rows, cols, pitch, stride, dilation) {
  const nonzero = weights.reduce((count, w) => count + (w !== 0), 0);
  if (nonzero === 0) return { add: () => {} };
  const plain = stride[1] === 1 && dilation[0] === 1 && dilation[1] === 1;
  const plan = { add: adder(weights, nonzero, rows, cols, pitch, stride, dilation, plain) };
  const writer = plain && rows === cols ? { 3: writeRow3x3, 5: writeRow5x5 }[rows] : null;
  if (writer && nonzero > rows) plan.write = (out, o, n, src, start) => writer(out, o, n, src, start, pitch, weights);
  return plan;
}

// The loop that adds, by the least work: few pairs of a column and a row, all taps of a dense kernel, or its
// non-zero taps.
function adder(weights, nonzero, rows, cols, pitch, stride, dilation, plain) {
  const direct = plain ? 0.7 * nonzero : nonzero; // a tap of the dense loop costs less
  const most = Math.floor(direct / (rows * stride[1] + cols + 3));
  const pairs = most > 0 ? separate(weights, rows, cols, most) : null;
  if (pairs) return separablePlan(pairs, pitch, stride, dilation);
  if (plain && nonzero > 0.7 * rows * cols && cols > 2) {
    return (acc, n, src, start) => addRowDense(acc, n, src, start, pitch, rows, cols, weights);
  }
  const sparse = taps(weights, (t) => Math.floor(t / cols) * dilation[0] * pitch + (t % cols) * dilation[1]);
  return (acc, n, src, start) => addTaps(acc, n, src, start, stride[1], sparse.offsets, sparse.weights);
}
