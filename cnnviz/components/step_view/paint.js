// How one cell and one frame look. Knows nothing of convolution.
import { lutFromBase64 } from "../shared/maths/colour.js";
import { shortNumber } from "../shared/text/format.js";

const css = (root, name, fallback) => getComputedStyle(root).getPropertyValue(name).trim() || fallback;
const hold = (t) => Math.min(Math.max(t, 0), 1);

// Colours and fonts of the page, read anew when the theme changes.
export function readStyle(root, data) {
  const dark = root.dataset.theme === "dark";
  return {
    dark,
    signed: lutFromBase64(data.luts.signed[dark ? "dark" : "light"]),
    ground: css(root, "--st-background-color", dark ? "#10131a" : "#ffffff"),
    soft: css(root, "--st-secondary-background-color", "#f2f4f8"),
    line: dark ? "#5a6478" : "#aab3c2",
    faint: dark ? "#39414f" : "#d5dae3",
    ink: css(root, "--st-text-color", "#14171f"),
    muted: dark ? "#aeb6c6" : "#525b6b",
    font: css(root, "--st-font", "sans-serif"), mono: css(root, "--st-code-font", "monospace"),
    roles: {
      input: css(root, "--cv-input", "#066cae"), kernel: css(root, "--cv-kernel", "#7d3a00"),
      output: css(root, "--cv-output", "#1c7f5c"),
    },
  };
}

const inkOn = (r, g, b) => (0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#14171f" : "#ffffff");

// Signed values: 0 in the middle of the diverging map, ±most at its ends.
export function signedFill(style, value, most) {
  const i = 3 * Math.floor(hold((value / (most || 1) + 1) / 2) * 255 + 0.5);
  const [r, g, b] = style.signed.subarray(i, i + 3);
  return { background: `rgb(${r}, ${g}, ${b})`, ink: inkOn(r, g, b) };
}

// Brightness: low is black, high is white.
export function greyFill(value, [low, high]) {
  const v = Math.floor(hold((value - low) / (high - low || 1)) * 255 + 0.5);
  return { background: `rgb(${v}, ${v}, ${v})`, ink: inkOn(v, v, v) };
}

export function cell(ctx, rect, fill, text, style, look = {}) {
  const { x, y, size } = rect;
  ctx.fillStyle = fill.background;
  ctx.fillRect(x, y, size, size);
  ctx.strokeStyle = style.line;
  ctx.lineWidth = 1;
  ctx.setLineDash(look.dashed ? [3, 3] : []);
  ctx.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
  ctx.setLineDash([]);
  if (text !== null && size >= 17) number(ctx, text, x + size / 2, y + size / 2 - (look.raised ? size * 0.1 : 0), size, fill.ink, style);
}

export function number(ctx, text, x, y, size, ink, style, share = 0.42) {
  const px = Math.max(9, Math.min(22, Math.floor(Math.min(size * share, (size - 4) / (0.58 * Math.max(text.length, 2))))));
  ctx.font = `500 ${px}px ${style.mono}`;
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + 0.5, size - 2);
}

// The weight that a cell is multiplied by, small in its lower part.
export const ROOM = 30; // a cell of this size has room for its value and the weight

export function factor(ctx, rect, weight, style) {
  if (rect.size < ROOM) return;
  const high = Math.max(10, Math.round(rect.size * 0.3));
  ctx.fillStyle = style.ground;
  ctx.globalAlpha = 0.88;
  ctx.fillRect(rect.x + 2, rect.y + rect.size - high - 2, rect.size - 4, high);
  ctx.globalAlpha = 1;
  const text = `×${Number.isNaN(weight) ? "?" : short(weight, rect.size)}`;
  ctx.font = `600 ${Math.max(9, high - 2)}px ${style.mono}`;
  ctx.fillStyle = style.roles.kernel;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, rect.x + rect.size / 2, rect.y + rect.size - high / 2 - 1.5, rect.size - 5);
}

// A number for a cell of this size: as many digits as have room, the leading zero left out where that helps.
export function short(value, size) {
  const room = Math.max(3, Math.floor((size - 3) / 5.4));
  for (let digits = 4; digits > 1; digits--) {
    const text = shortNumber(value, digits);
    if (text.length <= room) return text;
    const bare = text.replace(/^(\u2212?)0\./, "$1.");
    if (bare.length <= room) return bare;
  }
  return shortNumber(value, 1).replace(/^(\u2212?)0\./, "$1.").replace(".0e", "e");
}

export function frame(ctx, x, y, width, height, colour, thick, dash = []) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = thick;
  ctx.setLineDash(dash);
  ctx.strokeRect(x, y, width, height);
  ctx.setLineDash([]);
}

export function label(ctx, text, x, y, colour, style, { weight = 650, size = 14, align = "left", most } = {}) {
  ctx.font = `${weight} ${size}px ${style.font}`;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x, y, most);
}
