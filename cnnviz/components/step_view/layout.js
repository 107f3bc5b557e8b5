// Where the input, the kernels and the output lie on the canvas, and which cell a point of it belongs to. No drawing.
import { channels, maps } from "./model.js";

const TITLE = 22; // pixels above a block for its name
const GAP = 34; // between blocks: room for ×, =
const CLOSE = 14; // between the channels of one block
const SMALLEST = 15, READABLE = 32;

// Where the output lies in front of the input's outline: only where one output cell is as large as an input cell.
function outlineOf(model) {
  const { image, stride, dilation, padding, rows, cols } = model;
  if (model.transposed || stride[0] !== 1 || stride[1] !== 1) return null;
  const top = ((dilation[0] * (rows - 1)) >> 1) - padding.top, left = ((dilation[1] * (cols - 1)) >> 1) - padding.left;
  const lift = Math.min(0, top), shift = Math.min(0, left);
  return {
    top: top - lift, left: left - shift, // of the output, in the box that holds both
    inputTop: -lift, inputLeft: -shift,
    rows: Math.max(top + model.height, image.height) - lift, cols: Math.max(left + model.width, image.width) - shift,
  };
}

function shapes(model) {
  const outline = outlineOf(model);
  return {
    outline,
    inRows: model.fromRow.length, inCols: model.fromCol.length,
    outRows: outline ? outline.rows : model.height, outCols: outline ? outline.cols : model.width,
  };
}

const block = (kind, index, x, y, rows, cols, cell) => ({ kind, index, x, y, rows, cols, cell, width: cols * cell, height: rows * cell });

// Each arrangement puts the blocks for one cell size, and says how large the whole has become.
function sideBySide(model, s, cell) {
  const kcell = Math.max(cell, READABLE);
  const high = Math.max(s.inRows * cell, model.rows * kcell, s.outRows * cell);
  const middle = (rows, size) => TITLE + (high - rows * size) / 2;
  const input = block("input", 0, 1, middle(s.inRows, cell), s.inRows, s.inCols, cell);
  const kernel = block("kernel", [0, 0], input.x + input.width + GAP, middle(model.rows, kcell), model.rows, model.cols, kcell);
  const output = block("output", 0, kernel.x + kernel.width + GAP, middle(s.outRows, cell), s.outRows, s.outCols, cell);
  return { blocks: [input, kernel, output], width: output.x + output.width + 1, height: TITLE + high + 2 };
}

// For a narrow page: the output beside the kernel where there is room, else below it.
function stacked(model, s, cell, room) {
  const kcell = Math.max(cell, READABLE);
  const input = block("input", 0, 1, TITLE, s.inRows, s.inCols, cell);
  const kernel = block("kernel", [0, 0], 1, input.y + input.height + TITLE + 8, model.rows, model.cols, kcell);
  const beside = kernel.width + GAP + s.outCols * cell + 2 <= room;
  const x = beside ? kernel.x + kernel.width + GAP : 1, y = beside ? kernel.y : kernel.y + kernel.height + TITLE + 8;
  const output = block("output", 0, x, y, s.outRows, s.outCols, cell);
  return {
    blocks: [input, kernel, output],
    width: Math.max(input.width, kernel.width, output.x + output.width) + 1,
    height: Math.max(kernel.y + kernel.height, output.y + output.height) + 2,
  };
}

// The fibre: each channel of the input above its slices of the kernels, one row of slices for each kernel.
function fibre(model, s, cell, beside) {
  const count = channels(model), many = maps(model);
  const column = Math.max(s.inCols, model.cols) * cell + CLOSE;
  const blocks = [];
  for (let c = 0; c < count; c++) blocks.push(block("input", c, 1 + c * column, TITLE, s.inRows, s.inCols, cell));
  const rowHeight = model.rows * cell + TITLE;
  const below = TITLE + s.inRows * cell + TITLE + 4;
  for (let n = 0; n < many; n++) {
    for (let c = 0; c < count; c++) blocks.push(block("kernel", [n, c], 1 + c * column, below + n * rowHeight, model.rows, model.cols, cell));
  }
  const left = count * column - CLOSE, bottom = below + many * rowHeight - TITLE;
  const outHeight = s.outRows * cell;
  if (beside) {
    const total = many * (outHeight + TITLE + 4);
    const top = Math.max(0, (bottom - total) / 2);
    for (let n = 0; n < many; n++) {
      blocks.push(block("output", n, 1 + left + GAP, top + TITLE + n * (outHeight + TITLE + 4), s.outRows, s.outCols, cell));
    }
    return { blocks, width: left + GAP + s.outCols * cell + 2, height: Math.max(bottom, top + total) + 2 };
  }
  const across = s.outCols * cell + CLOSE, fit = Math.max(1, Math.floor((left + CLOSE) / across));
  for (let n = 0; n < many; n++) {
    const y = bottom + TITLE + 8 + Math.floor(n / fit) * (outHeight + TITLE + 4);
    blocks.push(block("output", n, 1 + (n % fit) * across, y, s.outRows, s.outCols, cell));
  }
  return { blocks, width: Math.max(left, across) + 2, height: bottom + Math.ceil(many / fit) * (outHeight + TITLE + 8) + 2 };
}

// The largest cells that fit into this width, and into this height as long as they stay readable.
export function arrange(model, width, tallest) {
  const s = shapes(model);
  const narrow = width < 620;
  const put = channels(model) > 1
    ? (cell) => fibre(model, s, cell, !narrow)
    : narrow ? (cell) => stacked(model, s, cell, width) : (cell) => sideBySide(model, s, cell);
  let cell = width > 1500 ? 76 : 60;
  while (cell > SMALLEST) {
    const { width: wide, height: high } = put(cell);
    if (wide <= width && (high <= tallest || cell <= 24)) break;
    cell -= 1;
  }
  return { ...put(cell), ...s, cell };
}

// The cell under a point: {kind: "input", c, py, px}, {kind: "weight", n, c, r, k} or {kind: "output", n, y, x}.
export function cellAt(model, layout, x, y) {
  for (const b of layout.blocks) {
    const row = Math.floor((y - b.y) / b.cell), col = Math.floor((x - b.x) / b.cell);
    if (isWithin(row, col, b.rows, b.cols)) return cellOf(b, row, col, model, layout.outline);
  }
  return null;
}

const isWithin = (row, col, rows, cols) => row >= 0 && col >= 0 && row < rows && col < cols;

// A cell of a block; null in the frame around the outputs, where there are none.
function cellOf({ kind, index }, row, col, model, outline) {
  if (kind === "input") return { kind: "input", c: index, py: row, px: col };
  if (kind === "kernel") return { kind: "weight", n: index[0], c: index[1], r: row, k: col };
  const y = row - (outline?.top ?? 0), x = col - (outline?.left ?? 0);
  return isWithin(y, x, model.height, model.width) ? { kind: "output", n: index, y, x } : null;
}

const blockOf = (layout, kind, match) => layout.blocks.find((b) => b.kind === kind && match(b.index));

// The rectangle of a cell on the canvas.
export function rectOf(layout, cell) {
  const b = cell.kind === "input" ? blockOf(layout, "input", (c) => c === cell.c)
    : cell.kind === "weight" ? blockOf(layout, "kernel", ([n, c]) => n === cell.n && c === cell.c)
      : blockOf(layout, "output", (n) => n === cell.n);
  const row = cell.kind === "input" ? cell.py : cell.kind === "weight" ? cell.r : cell.y + (layout.outline?.top ?? 0);
  const col = cell.kind === "input" ? cell.px : cell.kind === "weight" ? cell.k : cell.x + (layout.outline?.left ?? 0);
  return { x: b.x + col * b.cell, y: b.y + row * b.cell, size: b.cell };
}
