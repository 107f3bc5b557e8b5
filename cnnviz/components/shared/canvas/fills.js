// The colour of one cell and of the number on it. No DOM.
import { clamp } from "../maths/clamp.js";

/** @typedef {{background: string, ink: string}} Fill */

/**
 * Black or white, whichever is read better on this colour.
 * @param {number} r
 * @param {number} g
 * @param {number} b
 */
export const inkOn = (r, g, b) => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#14171f" : "#ffffff");

/**
 * @param {number} r
 * @param {number} g
 * @param {number} b
 * @returns {Fill}
 */
const fill = (r, g, b) => ({ background: `rgb(${r}, ${g}, ${b})`, ink: inkOn(r, g, b) });

/** @param {number} t */
const level = (t) => Math.floor(clamp(t, 0, 1) * 255 + 0.5);

/**
 * A value with a sign: 0 in the middle of the diverging table, ±most at its ends.
 * @param {Uint8Array} lut
 * @param {number} value
 * @param {number} most
 */
export function signedFill(lut, value, most) {
  const i = 3 * level((value / (most || 1) + 1) / 2);
  return fill(lut[i], lut[i + 1], lut[i + 2]);
}

/**
 * Brightness: low is black, high is white.
 * @param {number} value
 * @param {readonly [number, number]} range
 */
export function greyFill(value, [low, high]) {
  const v = level((value - low) / (high - low || 1));
  return fill(v, v, v);
}
