// Colours of the theme and tables of colours, read once per theme.
import { lutFromBase64, paint } from "../shared/maths/colour.js";

const css = (root, name, fallback) => getComputedStyle(root).getPropertyValue(name).trim() || fallback;

export function readStyle(root, luts) {
  const dark = root.dataset.theme === "dark";
  return {
    dark,
    empty: css(root, "--st-secondary-background-color", dark ? "#1a1f2b" : "#f2f4f8"),
    hatch: dark ? "#8793ab" : "#5d687c",
    veil: dark ? "rgba(16, 19, 26, 0.72)" : "rgba(255, 255, 255, 0.72)",
    grid: dark ? "rgba(16, 19, 26, 0.55)" : "rgba(255, 255, 255, 0.6)",
    ink: css(root, "--st-text-color", dark ? "#f2f4f8" : "#14171f"),
    mono: css(root, "--st-code-font", "monospace"),
    font: css(root, "--st-font", "sans-serif"),
    input: css(root, "--cv-input", "#066cae"), kernel: css(root, "--cv-kernel", "#7d3a00"),
    output: css(root, "--cv-output", "#1c7f5c"), gradient: css(root, "--cv-gradient", "#622363"),
    luts: {
      plain: lutFromBase64(luts.plain), difference: lutFromBase64(luts.difference),
      signed: lutFromBase64(luts.signed[dark ? "dark" : "light"]),
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

// One range for several maps: from 0, or both ways where there are negative values.
export function sharedRange(planes) {
  let low = 0, high = 0;
  for (const plane of planes) for (let i = 0; i < plane.length; i++) {
    if (plane[i] < low) low = plane[i];
    else if (plane[i] > high) high = plane[i];
  }
  return [low, high > 0 || low < 0 ? high : 1];
}
