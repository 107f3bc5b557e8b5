// The figures of the drawing: sheets, bars and nodes of a block, and the faint lines from one block to the next.
import { isMaps, windowOf } from "./blocks.js";
import { SLANT, onSheet } from "./layout.js";
import { path, svg } from "../shared/controls/svg.js";

const GRIDS = 4; // pixels: cells at least this large are drawn as a grid on the front sheet
const MOST_LINES = 64;

const matrix = (corner) => `matrix(${SLANT[0]} ${SLANT[1]} 0 1 ${corner[0]} ${corner[1]})`;

function grid(box, rows, cols) {
  const parts = [];
  for (let r = 1; r < rows; r++) parts.push(`M0 ${(r / rows) * box.h}H${box.w}`);
  for (let c = 1; c < cols; c++) parts.push(`M${(c / cols) * box.w} 0V${box.h}`);
  return svg("path", { class: "grid", d: parts.join("") });
}

// box: of the layout; shape: (C, H, W); image: an address for the front sheet, or ""; tints: a class for each sheet
function maps(box, [, rows, cols], middle, { image = "", tints = [] } = {}) {
  const group = svg("g", { class: "maps" });
  for (let sheet = 0; sheet < box.sheets; sheet++) {
    const corner = onSheet(box, rows, cols, sheet, middle)(0, 0);
    const front = sheet === box.sheets - 1;
    const plane = svg("g", { transform: matrix(corner) });
    plane.append(svg("rect", { class: `sheet ${front ? "front" : ""} ${tints[sheet] ?? ""}`, width: box.w, height: box.h }));
    if (front && image) plane.append(svg("image", { href: image, width: box.w, height: box.h, preserveAspectRatio: "none" }));
    const cell = Math.min(box.w / cols, box.h / rows);
    if (front && !image && cell >= GRIDS && Math.max(rows, cols) <= MOST_LINES) plane.append(grid(box, rows, cols));
    if (front && image) plane.append(svg("rect", { class: "rim", width: box.w, height: box.h }));
    group.append(plane);
  }
  return group;
}

function nodes(box, middle) {
  const group = svg("g", { class: "nodes" }), step = box.height / box.n;
  for (let i = 0; i < box.n; i++) {
    group.append(svg("circle", { class: "unit", cx: box.x + box.width / 2, cy: middle - box.height / 2 + (i + 0.5) * step, r: 0.38 * step }));
  }
  return group;
}

function bar(box, middle) {
  return svg("rect", { class: "bar", x: box.x, y: middle - box.height / 2, width: box.width, height: box.height, rx: 3 });
}

function problem(box, middle) {
  const [x, y] = [box.x + box.width / 2, middle];
  return svg("g", { class: "wrong" },
    svg("rect", { x: box.x, y: y - box.height / 2, width: box.width, height: box.height, rx: 6 }),
    svg("path", { d: `M${x} ${y - 12}L${x + 13} ${y + 11}H${x - 13}ZM${x} ${y - 4}v7M${x} ${y + 7}h.01` }));
}

export function figure(block, box, middle, options) {
  if (box.kind === "problem") return problem(box, middle);
  if (box.kind === "maps") return maps(box, block.shape, middle, options);
  return box.kind === "nodes" ? nodes(box, middle) : bar(box, middle);
}

// The right or left outline of a block, from top to bottom.
export function side(block, box, middle, right) {
  if (box.kind !== "maps") {
    const x = right ? box.x + box.width : box.x;
    return [[x, middle - box.height / 2], [x, middle + box.height / 2]];
  }
  const [, rows, cols] = block.shape;
  const at = onSheet(box, rows, cols, right ? box.sheets - 1 : 0, middle);
  const column = right ? cols : 0;
  return [at(0, column), at(rows, column)];
}

// The corners of a box of cells on a sheet: top left, top right, bottom right, bottom left.
export function corners(block, box, middle, { top, left, rows, cols }, sheet = box.sheets - 1) {
  const at = onSheet(box, block.shape[1], block.shape[2], sheet, middle);
  return [at(top, left), at(top, left + cols), at(top + rows, left + cols), at(top + rows, left)];
}

// Where the unit of a flat vector lies: its middle.
export function unitPoint(box, middle, unit) {
  return [box.x + box.width / 2, middle - box.height / 2 + ((unit + 0.5) / box.n) * box.height];
}

/**
 * The faint lines to a block from the one that it reads.
 * @param {import("../shared/types").NetNodeJson} node
 */
export function link(node, from, to, middle, unit) {
  const group = svg("g", { class: "link", "data-type": node.type });
  if (to.box.kind === "problem") {
    const [top, bottom] = side(from.block, from.box, middle, true), x = to.box.x;
    group.append(svg("path", { class: "thread", d: path([[(top[0] + bottom[0]) / 2 + 4, middle], [x - 4, middle]], false) }));
    return group;
  }
  if (node.window) {
    const window = windowOf(node.window, unit);
    const [, topRight, bottomRight] = corners(from.block, from.box, middle, window);
    const [a, b, c, d] = corners(to.block, to.box, middle, { top: unit[0], left: unit[1], rows: 1, cols: 1 }, 0);
    const target = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
    group.append(svg("path", { class: "thread", d: path([topRight, target, bottomRight], false) }));
    return group;
  }
  const [a, b] = side(from.block, from.box, middle, true), [c, d] = side(to.block, to.box, middle, false);
  if (node.shortcut !== null) {
    const y = middle;
    group.append(svg("path", { class: "thread", d: path([[Math.max(a[0], b[0]) + 3, y], [c[0] - 4, y]], false) }));
  } else group.append(svg("path", { class: isMaps(from.block.shape) ? "spread" : "fan", d: path([a, c, d, b]) }));
  return group;
}

// A block's shortcut: up from the block that it adds, along, and down to the sum.
export function arc(from, to, middle, y) {
  const start = [from.box.x + from.box.width / 2, middle - from.box.height / 2 - 4];
  const end = [to.box.x + to.box.width / 2, middle - to.box.height / 2 - 5];
  const r = Math.min(14, Math.max(2, Math.min(start[1], end[1]) - y));
  const d = `M${start[0]} ${start[1]}V${y + r}Q${start[0]} ${y} ${start[0] + r} ${y}H${end[0] - r}Q${end[0]} ${y} ${end[0]} ${y + r}V${end[1]}`;
  const head = path([[end[0] - 5, end[1] - 7], [end[0], end[1]], [end[0] + 5, end[1] - 7]], false);
  return svg("g", { class: "arc" }, svg("path", { d }), svg("path", { d: head }));
}
