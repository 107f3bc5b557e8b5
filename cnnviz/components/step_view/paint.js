// How one cell and one frame look. Knows nothing of convolution.
import { shortNumber, withoutLeadingZero } from "../shared/text/format.js";

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{x: number, y: number, size: number}} rect
 * @param {import("../shared/canvas/fills.js").Fill} fill
 * @param {string | null} text
 * @param {import("../shared/canvas/theme.js").Theme} style
 * @param {{dashed?: boolean, raised?: boolean}} [look] raised: room is left below the number
 */
export function drawCell(ctx, rect, fill, text, style, look = {}) {
  const { x, y, size } = rect;
  ctx.fillStyle = fill.background;
  ctx.fillRect(x, y, size, size);
  ctx.strokeStyle = style.line;
  ctx.lineWidth = 1;
  ctx.setLineDash(look.dashed ? [3, 3] : []);
  ctx.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
  ctx.setLineDash([]);
  if (text !== null && size >= 17) drawNumber(ctx, text, x + size / 2, y + size / 2 - (look.raised ? size * 0.1 : 0), size, fill.ink, style);
}

export function drawNumber(ctx, text, x, y, size, ink, style, share = 0.42) {
  const px = Math.max(9, Math.min(22, Math.floor(Math.min(size * share, (size - 4) / (0.58 * Math.max(text.length, 2))))));
  ctx.font = `500 ${px}px ${style.mono}`;
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + 0.5, size - 2);
}

export const ROOM = 30; // a cell of this size has room for its value and the weight

// The weight that a cell is multiplied by, small in its lower part.
export function drawFactor(ctx, rect, weight, style) {
  if (rect.size < ROOM) return;
  const high = Math.max(10, Math.round(rect.size * 0.3));
  ctx.fillStyle = style.ground;
  ctx.globalAlpha = 0.88;
  ctx.fillRect(rect.x + 2, rect.y + rect.size - high - 2, rect.size - 4, high);
  ctx.globalAlpha = 1;
  const text = `×${Number.isNaN(weight) ? "?" : fitNumber(weight, rect.size)}`;
  ctx.font = `600 ${Math.max(9, high - 2)}px ${style.mono}`;
  ctx.fillStyle = style.roles.kernel;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, rect.x + rect.size / 2, rect.y + rect.size - high / 2 - 1.5, rect.size - 5);
}

// A number for a cell of this size: as many digits as have room, the leading zero left out where that helps.
export function fitNumber(value, size) {
  const room = Math.max(3, Math.floor((size - 3) / 5.4));
  for (let digits = 4; digits > 1; digits--) {
    const text = shortNumber(value, digits);
    if (text.length <= room) return text;
    const bare = withoutLeadingZero(text);
    if (bare.length <= room) return bare;
  }
  return withoutLeadingZero(shortNumber(value, 1)).replace(".0e", "e");
}

export function drawFrame(ctx, x, y, width, height, colour, thick, dash = []) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = thick;
  ctx.setLineDash(dash);
  ctx.strokeRect(x, y, width, height);
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 * @param {import("../shared/canvas/theme.js").Theme} style
 * @param {{size?: number, align?: string, most?: number}} [look] most: pixels that it may be wide
 */
export function drawLabel(ctx, text, x, y, colour, style, { size = 14, align = "left", most } = {}) {
  ctx.font = `650 ${size}px ${style.font}`;
  ctx.fillStyle = colour;
  ctx.textAlign = /** @type {CanvasTextAlign} */ (align);
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x, y, most);
}
