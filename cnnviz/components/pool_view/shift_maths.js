// The shift test's arithmetic: the twin of cnnviz/core/pooling/shift.py. The map is seen through a frame that stands still
// while the map moves below it by whole cells. No DOM.
//
// frame = {top, left, rows, cols, limit}; kinds: "map", "max", "average", "stride", "blur"; shift = [down, right]

export const KINDS = ["map", "max", "average", "stride", "blur"];
export const stepOf = (kind, stride) => (kind === "map" ? 1 : stride);

// A box of s cells averaged twice, 2s − 1 weights with the sum 1.
export function triangle(s) {
  return Float64Array.from({ length: 2 * s - 1 }, (_, i) => (s - Math.abs(i - s + 1)) / (s * s));
}

// Cell (r, c) of the map through (2s − 1)² weights around it.
function blurred({ plane, width }, weights, s, y, x) {
  let sum = 0;
  for (let r = 0; r < weights.length; r++) {
    let line = 0;
    for (let c = 0, i = (y + r - s + 1) * width + x - s + 1; c < weights.length; c++, i++) line += weights[c] * plane[i];
    sum += weights[r] * line;
  }
  return sum;
}

function largest({ plane, width }, size, y, x) {
  let best = -Infinity;
  for (let r = 0; r < size; r++) {
    for (let i = (y + r) * width + x, end = i + size; i < end; i++) if (plane[i] > best) best = plane[i];
  }
  return best;
}

function mean({ plane, width }, size, y, x) {
  let sum = 0;
  for (let r = 0; r < size; r++) {
    for (let i = (y + r) * width + x, end = i + size; i < end; i++) sum += plane[i];
  }
  return sum / (size * size);
}

// rows × cols cells of the result whose first window begins at map cell (top, left).
function block(map, kind, size, stride, top, left, rows, cols) {
  const out = new Float32Array(rows * cols), s = stepOf(kind, stride), weights = triangle(stride);
  const at = {
    max: (y, x) => largest(map, size, y, x),
    average: (y, x) => mean(map, size, y, x),
    blur: (y, x) => blurred(map, weights, stride, y, x),
    stride: (y, x) => map.plane[y * map.width + x],
  }[kind];
  for (let r = 0, o = 0; r < rows; r++) {
    const y = top + s * r, from = y * map.width + left;
    if (kind === "map") {
      out.set(map.plane.subarray(from, from + cols), o);
      o += cols;
    } else for (let c = 0; c < cols; c++, o++) out[o] = at(y, left + s * c);
  }
  return { plane: out, width: cols, height: rows };
}

export function reduced(map, frame, kind, size, stride, [down, right]) {
  const s = stepOf(kind, stride);
  return block(map, kind, size, stride, frame.top - down, frame.left - right, frame.rows / s, frame.cols / s);
}

// `reduced` before a shift, with as many cells around it as any shift within the limit can bring in.
export function wide(map, frame, kind, size, stride) {
  const s = stepOf(kind, stride), rim = Math.ceil(frame.limit / s);
  const whole = block(
    map, kind, size, stride, frame.top - s * rim, frame.left - s * rim, frame.rows / s + 2 * rim, frame.cols / s + 2 * rim,
  );
  return { ...whole, rim };
}

// after − before, cell by cell.
export function stay(before, after) {
  const { rim, width } = before, out = new Float32Array(after.plane.length);
  for (let r = 0, o = 0; r < after.height; r++) {
    for (let c = 0, i = (r + rim) * width + rim; c < after.width; c++, i++, o++) out[o] = after.plane[o] - before.plane[i];
  }
  return { plane: out, width: after.width, height: after.height };
}

// after − (before moved with the picture), each number drawn over its s × s cells.
export function along(before, after, frame, s, [down, right]) {
  const out = new Float32Array(frame.rows * frame.cols);
  const columns = Int32Array.from({ length: frame.cols }, (_, x) => Math.floor((x - right) / s) + before.rim);
  const now = Int32Array.from({ length: frame.cols }, (_, x) => Math.floor(x / s));
  for (let y = 0, o = 0; y < frame.rows; y++) {
    const from = (Math.floor((y - down) / s) + before.rim) * before.width, here = Math.floor(y / s) * after.width;
    for (let x = 0; x < frame.cols; x++, o++) out[o] = after.plane[here + now[x]] - before.plane[from + columns[x]];
  }
  return { plane: out, width: frame.cols, height: frame.rows };
}

// Drops the signs of a difference, in place, and returns its mean and the share of cells that are exactly 0.
export function measure(plane) {
  let sum = 0, same = 0;
  for (let i = 0; i < plane.length; i++) {
    const size = plane[i] < 0 ? (plane[i] = -plane[i]) : plane[i];
    sum += size;
    if (size === 0) same++;
  }
  return { mean: sum / plane.length, same: same / plane.length };
}

// Standard deviation.
export function spread(plane) {
  let sum = 0, squares = 0;
  for (let i = 0; i < plane.length; i++) sum += plane[i];
  const mean = sum / plane.length;
  for (let i = 0; i < plane.length; i++) squares += (plane[i] - mean) ** 2;
  return Math.sqrt(squares / plane.length);
}
