// What is drawn over the network for the layer that is looked at: the window of one unit with the lines to it, and the
// pixels of the input that the unit sees.
import { INPUT, fieldOf, isMaps, windowOf } from "./blocks.js";
import { corners, side, unitPoint } from "./figures.js";
import { path, svg } from "../shared/controls/svg.js";

const MOST_LINES = 40; // from a flat vector to one node
const LARGE = 14; // pixels: a cell at least so large is framed, not filled
const MOST_TAPS = 81; // of a dilated kernel, drawn one by one

const ONE = { rows: 1, cols: 1 };

// stage: {nodes, blocks, home, boxes, middle}; at: a node; unit: [row, column] of its output
export function overlay(stage, at, unit) {
  const parts = [];
  const to = stage.home.get(at), node = stage.nodes[at];
  const target = part(stage, to);
  if (at !== INPUT && !node.output) return parts;
  if (at !== INPUT && to !== 0) parts.push(...seenPart(stage, node, unit, target));
  if (at === INPUT || node.pointwise) return [...parts, ...mark(target, unit, stage.middle)];
  const from = part(stage, target.block.source);
  if (node.window) parts.push(...windowParts(node, from, target, unit, stage.middle));
  else if (node.shortcut === null) parts.push(...spreadParts(node, from, target, unit, stage.middle));
  return [...parts, ...mark(target, unit, stage.middle)];
}

const part = (stage, at) => ({ block: stage.blocks[at], box: stage.boxes[at] });

// The unit itself.
function mark({ block, box }, unit, middle) {
  if (box.kind === "maps") {
    const large = Math.min(box.h / block.shape[1], box.w / block.shape[2]) > LARGE ? "large" : "";
    return [svg("path", { class: `cell ${large}`, d: path(corners(block, box, middle, { top: unit[0], left: unit[1], ...ONE })) })];
  }
  const [x, y] = unitPoint(box, middle, unit[0]);
  return [svg("circle", { class: "cell", cx: x, cy: y, r: box.kind === "nodes" ? 0.43 * (box.height / box.n) : 5 })];
}

/** @param {import("../shared/types").NetNodeJson} node */
function seenPart(stage, node, unit, target) {
  const input = part(stage, 0);
  const field = fieldOf(node.seen, unit, target.block.shape);
  const [, rows, cols] = stage.input;
  const top = Math.max(0, field.top), left = Math.max(0, field.left);
  const bottom = Math.min(rows, field.top + field.rows), right = Math.min(cols, field.left + field.cols);
  if (bottom <= top || right <= left) return [];
  const d = path(corners(input.block, input.box, stage.middle, { top, left, rows: bottom - top, cols: right - left }));
  return [svg("path", { class: "seen under", d }), svg("path", { class: "seen", d })];
}

/** @param {import("../shared/types").NetNodeJson} node */
function windowParts({ window }, from, to, unit, middle) {
  const reads = windowOf(window, unit), front = from.box.sheets - 1;
  const parts = [];
  const near = corners(from.block, from.box, middle, reads, front);
  // Of the sheets that stand for the maps, as large a share as the window goes through; to the first for all.
  const through = Math.round((front + 1) * (window.maps / from.block.shape[0]));
  if (window.maps > 1 && through > 1) {
    const far = corners(from.block, from.box, middle, reads, front + 1 - through);
    parts.push(svg("path", { class: "depth", d: [0, 1, 2, 3].map((i) => path([far[i], near[i]], false)).join("") }));
    parts.push(svg("path", { class: "depth", d: path(far) }));
  }
  const cell = corners(to.block, to.box, middle, { top: unit[0], left: unit[1], ...ONE });
  parts.push(svg("path", { class: "beam", d: path([near[1], cell[0], cell[3], near[2]]) }));
  parts.push(svg("path", { class: "ray", d: [0, 1, 2, 3].map((i) => path([near[i], cell[i]], false)).join("") }));
  parts.push(svg("path", { class: "window", d: path(near) }));
  parts.push(...taps(window, from, reads, middle));
  return parts;
}

/**
 * The cells of a dilated kernel; a dense one fills its window.
 * @param {import("../shared/types").WindowJson} window
 */
function taps(window, from, reads, middle) {
  const [rows, cols] = window.kernel;
  if (window.dilation.every((d) => d === 1) || rows * cols > MOST_TAPS) return [];
  const cells = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const cell = { top: reads.top + r * window.dilation[0], left: reads.left + c * window.dilation[1], ...ONE };
      cells.push(path(corners(from.block, from.box, middle, cell)));
    }
  }
  return [svg("path", { class: "taps", d: cells.join("") })];
}

/**
 * Layers that give a flat vector: a flatten's number comes from one cell, any other's from all of them.
 * @param {import("../shared/types").NetNodeJson} node
 */
function spreadParts(node, from, to, unit, middle) {
  const target = unitPoint(to.box, middle, unit[0]);
  if (node.reads === "cell") return flattened(from, to, unit, middle, target);
  if (isMaps(from.block.shape)) {
    const [, rows, cols] = from.block.shape, whole = { top: 0, left: 0, rows, cols };
    const edge = corners(from.block, from.box, middle, whole);
    return [
      svg("path", { class: "beam", d: path([edge[1], target, edge[2]]) }),
      svg("path", { class: "ray", d: edge.map((corner) => path([corner, target], false)).join("") }),
      svg("path", { class: "window", d: path(edge) }),
    ];
  }
  const [n] = from.block.shape, count = Math.min(n, MOST_LINES);
  const rays = Array.from({ length: count }, (_, i) => {
    const [, y] = unitPoint(from.box, middle, ((i + 0.5) / count) * n - 0.5);
    return path([[from.box.x + from.box.width, y], [target[0] - 7, target[1]]], false);
  });
  return [svg("path", { class: "rays", d: rays.join("") })];
}

// A number of the flat vector, and the cell of the map that it comes from.
function flattened(from, to, unit, middle, target) {
  if (!isMaps(from.block.shape)) return [];
  const [maps, rows, cols] = from.block.shape, cell = unit[0] % (rows * cols);
  const place = { top: Math.floor(cell / cols), left: cell % cols, ...ONE };
  const map = Math.floor(unit[0] / (rows * cols));
  const sheet = Math.round((map / Math.max(1, maps - 1)) * (from.box.sheets - 1));
  const edge = corners(from.block, from.box, middle, place, sheet);
  const [a, b] = side(from.block, from.box, middle, true);
  const [c, d] = side(to.block, to.box, middle, false);
  return [
    svg("path", { class: "pale", d: path([a, c, d, b]) }),
    svg("path", { class: "ray", d: path([edge[1], target, edge[2]], false) }),
    svg("path", { class: "window", d: path(edge) }),
  ];
}
