// Where each block lies: numbers only, no DOM. Sheets are seen at a slant: a map's rows are upright, its columns go to
// the right and up.
import { isMaps, sheetsOf } from "./blocks.js";

export const SLANT = [0.56, -0.25]; // of one unit along a row of cells
const THIN = 3; // pixels: no sheet is drawn smaller
const NODES = 12; // a flat vector of up to this many numbers is drawn node by node
const STEP = 15, CLOSE = 6; // pixels from node to node, with words and without
const BAR = 14; // pixels across
const MOST_BAR = 170; // pixels
const RIM = 6;
const NARROW = 600; // pixels: a phone's drawing is moved sideways in any case

// {side(n, axis)}: pixels of n cells, where `largest` cells are `full` pixels.
function scaleOf(full, largest, root) {
  return (n) => Math.max(THIN, root ? full * Math.sqrt(n / largest) : (full * n) / largest);
}

// The length of a bar: by the logarithm, so that 16 and 4,096 numbers both have a shape.
function barLength(n, { tallest, most, step }) {
  const low = Math.min(NODES * step, 0.55 * tallest);
  return low + ((tallest - low) * Math.log2(n / NODES)) / Math.max(1, Math.log2(most / NODES));
}

function measure(block, side, style) {
  const { shape } = block;
  if (!shape) return { kind: "problem", width: 46, height: 46 };
  if (!isMaps(shape)) {
    const [n] = shape;
    if (n <= NODES) return { kind: "nodes", width: BAR, height: n * style.step, n };
    return { kind: "bar", width: BAR, height: barLength(n, style), n };
  }
  const h = side(shape[1]), w = side(shape[2]);
  const sheets = sheetsOf(shape[0], style.sheets);
  const deep = (sheets - 1) * style.gap;
  return { kind: "maps", h, w, sheets, deep, width: w * SLANT[0] + deep, height: h - w * SLANT[1] };
}

// Everything for a largest side of `full` pixels: boxes from left to right, and the width and height that they need.
function place(blocks, full, { largest, between, look, style, tallest }) {
  const side = scaleOf(full, largest, look.root);
  const bars = { ...style, tallest: Math.max(look.whole ? 0 : MOST_BAR, full * tallest) };
  let x = RIM;
  const boxes = blocks.map((block) => {
    const size = measure(block, side, bars);
    const slot = Math.max(size.width, block.words);
    const box = { ...size, slot, left: x, x: x + (slot - size.width) / 2, middle: x + slot / 2 };
    x += slot + between;
    return box;
  });
  return { boxes, width: x - between + RIM, height: Math.max(...boxes.map((box) => box.height)), full };
}

// blocks: of blocksOf, each with `words` (pixels that its text needs); room: {width, height}; look: {whole, root}.
// The sheets are as large as the room lets them be, at least so large that something can be seen; if even these
// need more width, the drawing is wider than the room.
export function layout(blocks, room, look) {
  const maps = blocks.filter(({ shape }) => isMaps(shape));
  const largest = Math.max(...maps.flatMap(({ shape }) => [shape[1], shape[2]]));
  const flat = blocks.filter(({ shape }) => shape && !isMaps(shape)).map(({ shape }) => shape[0]);
  const style = { gap: look.whole ? 3 : 4.5, sheets: look.whole ? 8 : 13, most: Math.max(1024, ...flat), step: look.whole ? CLOSE : STEP };
  const tallest = Math.max(...maps.map(({ shape }) => shape[1] - shape[2] * SLANT[1])) / largest; // of a full side
  const most = room.height / tallest, least = Math.min(most, look.whole ? 40 : (room.width < NARROW ? 1 : 0.62) * most);
  const loose = { largest, look, style, tallest, between: look.whole ? 12 : 34 };
  const tight = { ...loose, between: look.whole ? 6 : 18 };
  const rules = place(blocks, least, loose).width <= room.width ? loose : tight;
  let best = place(blocks, least, rules);
  let [low, high] = [least, most];
  for (let step = 0; step < 12 && best.width <= room.width; step++) {
    const tried = place(blocks, step ? (low + high) / 2 : most, rules);
    if (tried.width <= room.width) [best, low] = [tried, tried.full];
    else high = tried.full;
    if (low === most) break;
  }
  return { ...best, cell: best.full / largest };
}

// From cells of a map to the drawing: the corner of a cell at `row`, `column` (decimals) of the sheet whose column 0
// begins at x and whose upright middle is y.
export function onSheet(box, rows, cols, sheet, middle) {
  const x0 = box.x + sheet * (box.deep / Math.max(1, box.sheets - 1)), y0 = middle - box.height / 2 + (box.height - box.h);
  return (row, column) => {
    const across = (column / cols) * box.w;
    return [x0 + across * SLANT[0], y0 + (row / rows) * box.h + across * SLANT[1]];
  };
}

// The fractions [down, across] of a sheet under a point; beyond 0 … 1 outside it.
export function underPoint(box, sheet, middle, [x, y]) {
  const [x0, y0] = onSheet(box, 1, 1, sheet, middle)(0, 0);
  const across = (x - x0) / SLANT[0];
  return [(y - y0 - across * SLANT[1]) / box.h, across / box.w];
}
