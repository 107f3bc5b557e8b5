// Pooling, with the meaning of cnnviz.core.pool2d and pool_gradient: torch's pools on values as they are. No DOM.
//
// settings = {mode: "max" | "average" | "l2", size: [ky, kx], stride: [sy, sx], padding: [py, px], ceil}
// An average counts padding as zeros, but no cell beyond it; "l2" is √Σ x², scaled to a full window where one
// hangs over the end; a maximum never takes padding, and of equal values the first one wins.

// Windows along one axis of n cells. left: last cells of the padded axis that no window reaches; over: cells that
// the last window hangs over the padded axis's end (only with ceil).
function poolAxis(n, size, stride, padding, ceil) {
  const room = n + 2 * padding - size;
  let outputs = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  if (ceil && (outputs - 1) * stride >= n + padding) outputs -= 1; // it would start in the padding after the end
  const rest = n + 2 * padding - ((outputs - 1) * stride + size);
  return { n, size, stride, padding, outputs, left: Math.max(rest, 0), over: Math.max(-rest, 0) };
}

export function poolAxes(width, height, { size, stride, padding, ceil }) {
  const found = [height, width].map((n, a) => poolAxis(n, size[a], stride[a], padding[a], ceil));
  if (found.some(({ outputs }) => outputs < 1)) {
    throw new RangeError(`A ${size[0]}×${size[1]} pool does not fit on ${height}×${width}.`);
  }
  return found;
}

/**
 * One window over the whole map.
 * @param {import("../types").PoolSettingsJson["mode"]} mode
 * @param {number} width
 * @param {number} height
 * @returns {import("../types").PoolSettingsJson}
 */
export function globalSettings(mode, width, height) {
  return { mode, size: [height, width], stride: [height, width], padding: [0, 0], ceil: false };
}

// The cells of window `at`: from … to − 1 on the map, and how many count for a mean (padding included).
export function extent({ n, size, stride, padding }, at) {
  const start = at * stride - padding;
  return { start, from: Math.max(start, 0), to: Math.min(start + size, n), count: Math.min(start + size, n + padding) - start };
}

const extents = (axis) => Array.from({ length: axis.outputs }, (_, at) => extent(axis, at));

// The largest value of each window and where it is: along the rows first, then down the columns; the first cell in
// reading order wins a tie, as both passes keep the earlier one.
function largest(plane, width, height, down, across) {
  const columns = extents(across), rows = extents(down), w = across.outputs;
  const best = new Float32Array(height * w), from = new Int32Array(height * w);
  for (let y = 0, o = 0; y < height; y++) {
    for (let c = 0; c < w; c++, o++) {
      let at = y * width + columns[c].from;
      for (let i = at + 1, end = y * width + columns[c].to; i < end; i++) if (plane[i] > plane[at]) at = i;
      best[o] = plane[at];
      from[o] = at;
    }
  }
  const out = new Float32Array(rows.length * w), winners = new Int32Array(rows.length * w);
  for (let r = 0, o = 0; r < rows.length; r++) {
    for (let c = 0; c < w; c++, o++) {
      let at = rows[r].from * w + c;
      for (let i = at + w, end = rows[r].to * w; i < end; i += w) if (best[i] > best[at]) at = i;
      out[o] = best[at];
      winners[o] = from[at];
    }
  }
  return { plane: out, winners };
}

// The sum over each window of the values or of their squares, in doubles.
function sums(plane, width, height, down, across, square) {
  const columns = extents(across), rows = extents(down), w = across.outputs;
  const along = new Float64Array(height * w);
  for (let y = 0, o = 0; y < height; y++) {
    for (let c = 0; c < w; c++, o++) {
      let sum = 0;
      for (let i = y * width + columns[c].from, end = y * width + columns[c].to; i < end; i++) {
        sum += square ? plane[i] * plane[i] : plane[i];
      }
      along[o] = sum;
    }
  }
  const out = new Float64Array(rows.length * w);
  for (let r = 0, o = 0; r < rows.length; r++) {
    for (let c = 0; c < w; c++, o++) {
      for (let i = rows[r].from * w + c, end = rows[r].to * w; i < end; i += w) out[o] += along[i];
    }
  }
  return out;
}

// → {plane, width, height, winners}: winners[o] is the index of the cell that won output o (for "max", else null).
export function pool(plane, width, height, settings) {
  const [down, across] = poolAxes(width, height, settings);
  const shape = { width: across.outputs, height: down.outputs };
  if (settings.mode === "max") return { ...largest(plane, width, height, down, across), ...shape };
  const l2 = settings.mode === "l2", full = down.size * across.size;
  const total = sums(plane, width, height, down, across, l2);
  const columns = extents(across), out = new Float32Array(total.length);
  extents(down).forEach(({ count: tall }, r) => {
    for (let c = 0, o = r * shape.width; c < shape.width; c++, o++) {
      const cells = tall * columns[c].count;
      out[o] = l2 ? Math.sqrt((total[o] * full) / cells) : total[o] / cells;
    }
  });
  return { plane: out, winners: null, ...shape };
}

// What one cell of output [row, column] is worth to the cells of its window: ∂output/∂cell. → {value, count,
// winner: index or −1, cells: [{y, x, value, inside, share}]}; cells of the padding have inside = false.
export function windowAt(plane, width, height, settings, row, column) {
  const [down, across] = poolAxes(width, height, settings);
  const ys = extent(down, row), xs = extent(across, column);
  const count = ys.count * xs.count, cells = [];
  for (let y = ys.start; y < ys.start + Math.min(down.size, ys.count); y++) {
    for (let x = xs.start; x < xs.start + Math.min(across.size, xs.count); x++) {
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      cells.push({ y, x, inside, value: inside ? plane[y * width + x] : 0, share: 0 });
    }
  }
  const found = { row, column, cells, count, full: down.size * across.size, winner: -1 };
  if (settings.mode === "max") {
    const won = cells.reduce((best, cell) => (cell.inside && (!best || cell.value > best.value) ? cell : best), null);
    won.share = 1;
    return { ...found, value: won.value, winner: won.y * width + won.x };
  }
  if (settings.mode === "average") {
    for (const cell of cells) cell.share = 1 / count;
    return { ...found, value: cells.reduce((sum, cell) => sum + cell.value, 0) / count };
  }
  const scale = found.full / count;
  const value = Math.sqrt(scale * cells.reduce((sum, cell) => sum + cell.value * cell.value, 0));
  for (const cell of cells) cell.share = value > 0 ? (scale * cell.value) / value : 0;
  return { ...found, value };
}

// ∂(sum of all outputs)/∂cell for every cell of the map: what returns where each output sends back a gradient of 1.
export function poolGradient(plane, width, height, settings) {
  const [down, across] = poolAxes(width, height, settings);
  const out = new Float32Array(width * height);
  if (settings.mode === "max") {
    for (const at of largest(plane, width, height, down, across).winners) out[at] += 1;
    return out;
  }
  const rows = extents(down), columns = extents(across);
  const factor = settings.mode === "l2" ? l2Factors(plane, width, height, settings) : null;
  const total = new Float64Array(width * height);
  rows.forEach((ys, r) => columns.forEach((xs, c) => {
    const share = factor ? factor[r * columns.length + c] : 1 / (ys.count * xs.count);
    for (let y = ys.from; y < ys.to; y++) {
      for (let i = y * width + xs.from, end = y * width + xs.to; i < end; i++) total[i] += share;
    }
  }));
  for (let i = 0; i < out.length; i++) out[i] = factor ? total[i] * plane[i] : total[i];
  return out;
}

// For each window, the number that its cells are multiplied by to give ∂output/∂cell; 0 where all cells are 0.
function l2Factors(plane, width, height, settings) {
  const [down, across] = poolAxes(width, height, settings);
  const columns = extents(across), full = down.size * across.size;
  const values = pool(plane, width, height, settings).plane;
  const out = new Float64Array(values.length);
  extents(down).forEach(({ count }, r) => {
    for (let c = 0, o = r * columns.length; c < columns.length; c++, o++) {
      out[o] = values[o] > 0 ? full / (count * columns[c].count) / values[o] : 0;
    }
  });
  return out;
}

// The rectangle of the map that output cells row … row + rows − 1, column … come from; may reach into the padding.
export function sourceRect({ size, stride, padding }, { top, left, rows, cols }) {
  return {
    top: top * stride[0] - padding[0], left: left * stride[1] - padding[1],
    rows: (rows - 1) * stride[0] + size[0], cols: (cols - 1) * stride[1] + size[1],
  };
}
