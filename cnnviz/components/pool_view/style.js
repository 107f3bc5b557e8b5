// Colours of the theme and tables of colours.
import { readTheme } from "../shared/canvas/theme.js";
import { lutFromBase64, paint } from "../shared/maths/colour.js";

/** @typedef {import("../shared/canvas/theme.js").Theme & {luts: Record<string, Uint8Array>}} Style */

/** @returns {Style} */
export function readStyle(root, luts) {
  const theme = readTheme(root);
  return {
    ...theme,
    luts: {
      plain: lutFromBase64(luts.plain), difference: lutFromBase64(luts.difference),
      signed: lutFromBase64(luts.signed[theme.dark ? "dark" : "light"]),
    },
  };
}

// Values as RGBA bytes on a range: signed about 0 where low is below 0, else from dark to bright.
export function coloured(plane, width, height, [low, high], luts, name = "plain") {
  const out = new Uint8ClampedArray(4 * width * height);
  const display = low < 0 ? "signed" : "stretch";
  const range = low < 0 ? [-Math.max(-low, high), Math.max(-low, high)] : [low, high];
  return paint([plane], width, height, display, low < 0 ? luts.signed : luts[name], range, out);
}

/**
 * One range for several maps: from 0, or both ways where there are negative values.
 * @returns {[number, number]}
 */
export function sharedRange(planes) {
  let low = 0, high = 0;
  for (const plane of planes) for (let i = 0; i < plane.length; i++) {
    if (plane[i] < low) low = plane[i];
    else if (plane[i] > high) high = plane[i];
  }
  return [low, high > 0 || low < 0 ? high : 1];
}
