// Cells of the input, of the kernels and of the output by their names, and which of them there are. No DOM.
import { channels, maps } from "./model.js";

/**
 * {kind: "input", c, py, px}, {kind: "weight", n, c, r, k} or {kind: "output", n, y, x}
 * @typedef {any} Cell
 */

/** @param {Cell | null} a @param {Cell | null} b */
export const same = (a, b) => a === b || Boolean(a && b && JSON.stringify(a) === JSON.stringify(b));

const within = (v, n) => Number.isInteger(v) && v >= 0 && v < n;

const EXISTS = {
  input: (model, { c, py, px }) => within(c, channels(model)) && within(py, model.fromRow.length) && within(px, model.fromCol.length),
  weight: (model, { n, c, r, k }) =>
    within(n, maps(model)) && within(c, channels(model)) && within(r, model.rows) && within(k, model.cols),
  output: (model, { n, y, x }) => within(n, maps(model)) && within(y, model.height) && within(x, model.width),
};

/** The cell, if these settings have it. @param {Cell | null} cell @returns {Cell | null} */
export const legal = (model, cell) => (cell && model && EXISTS[cell.kind]?.(model, cell) ? cell : null);

/** One in the middle. @returns {Cell} */
export function middleOf(model, kind) {
  if (kind === "input") return { kind, c: 0, py: model.fromRow.length >> 1, px: model.fromCol.length >> 1 };
  if (kind === "weight") return { kind, n: 0, c: 0, r: model.rows >> 1, k: model.cols >> 1 };
  return { kind: "output", n: 0, y: (model.height - 1) >> 1, x: (model.width - 1) >> 1 };
}

/** The cell that a step is about. @returns {Cell | null} */
export function cellOfStep(step) {
  return step?.kind === "input" ? { kind: "input", c: 0, py: step.y, px: step.x } : (step ?? null);
}
