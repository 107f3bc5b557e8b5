// What the arrow keys mean: one table for cells of a picture, values of a slider and items of a list. No DOM.
// With Control, Meta or Alt a key belongs to the browser (Alt with Left goes back a page), so it means nothing here.

import { clampIndex } from "../maths/clamp.js";

/** @typedef {{key: string, shiftKey?: boolean, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} Key */
/** @typedef {{left: number, top: number}} Corner */

/** @type {ReadonlyMap<string, readonly [number, number]>} */
const ARROWS = new Map([["ArrowUp", [-1, 0]], ["ArrowDown", [1, 0]], ["ArrowLeft", [0, -1]], ["ArrowRight", [0, 1]]]);

/** @param {Key} event */
export const withCommand = (event) => Boolean(event.ctrlKey || event.metaKey || event.altKey);

/**
 * [rows down, columns right] of an arrow key, `far` cells at once with Shift; null for another key.
 * @param {Key} event
 * @param {number} [far]
 * @returns {[number, number] | null}
 */
export function arrowStep(event, far = 1) {
  const step = withCommand(event) ? undefined : ARROWS.get(event.key);
  if (!step) return null;
  const by = event.shiftKey ? far : 1;
  return [step[0] * by + 0, step[1] * by + 0]; // + 0: never −0
}

/**
 * How far a key moves a slider: −∞ and ∞ for Home and End, `large` with Shift or by Page Up and Page Down; null for
 * another key.
 * @param {Key} event
 * @param {number} small
 * @param {number} large
 * @returns {number | null}
 */
export function sliderStep(event, small, large) {
  if (withCommand(event)) return null;
  const by = event.shiftKey ? large : small;
  switch (event.key) {
    case "ArrowLeft":
    case "ArrowDown": return -by;
    case "ArrowRight":
    case "ArrowUp": return by;
    case "PageDown": return -large;
    case "PageUp": return large;
    case "Home": return -Infinity;
    case "End": return Infinity;
    default: return null;
  }
}

/**
 * The item of a list that a key goes to from item `at`: around its ends where it wraps, else held to them; null for
 * another key.
 * @param {Key} event
 * @param {number} at
 * @param {number} count
 * @param {{wrap?: boolean}} [options]
 * @returns {number | null}
 */
export function listStep(event, at, count, { wrap = true } = {}) {
  const arrow = arrowStep(event);
  if (withCommand(event) || count < 1) return null;
  if (event.key === "Home") return 0;
  if (event.key === "End") return count - 1;
  if (!arrow) return null;
  const to = at + arrow[0] + arrow[1];
  return wrap ? (to + count) % count : clampIndex(to, count);
}

const SAME_ROW = 4; // pixels by which the corners of one row may differ

/**
 * The tile that a key goes to from tile `at`, for tiles that flow into rows: left and right follow their order, up
 * and down go to the tile of the next row that is nearest. null for another key, and where there is no such tile.
 * @param {Key} event
 * @param {number} at
 * @param {readonly Corner[]} corners
 * @returns {number | null}
 */
export function tileStep(event, at, corners) {
  const arrow = arrowStep(event);
  if (!arrow?.[0]) return inOrder(listStep(event, at, corners.length, { wrap: false }), at);
  const here = corners[at], way = arrow[0];
  const beyond = corners.map(({ left, top }, i) => ({ left, top, i })).filter(({ top }) => (top - here.top) * way > SAME_ROW);
  if (!beyond.length) return null;
  const nearest = Math.min(...beyond.map(({ top }) => top * way));
  const row = beyond.filter(({ top }) => top * way < nearest + SAME_ROW);
  return row.sort((a, b) => Math.abs(a.left - here.left) - Math.abs(b.left - here.left))[0].i;
}

/**
 * @param {number | null} to
 * @param {number} at
 */
const inOrder = (to, at) => (to === at ? null : to);
