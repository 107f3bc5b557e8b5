// How the view marks things.
import { hatch as slanted } from "../shared/canvas/hatch.js";

// What is not part of the picture.
export const hatch = (ctx, x, y, width, height, colour) =>
  slanted(ctx, x, y, width, height, colour, { gap: 8, wide: 1.25, still: true });

// A frame that is seen on any picture: a pale line under a coloured one.
export function frame(ctx, x, y, w, h, colour, { wide = 2.5, dash = [], under = "rgba(255, 255, 255, 0.92)" } = {}) {
  ctx.lineWidth = wide + 2;
  ctx.strokeStyle = under;
  ctx.setLineDash([]);
  ctx.strokeRect(x, y, w, h);
  ctx.lineWidth = wide;
  ctx.strokeStyle = colour;
  ctx.setLineDash(dash);
  ctx.strokeRect(x, y, w, h);
  ctx.setLineDash([]);
}

// Between two colours "#rrggbb", for steps from the input to the unit.
export function blend(from, to, share) {
  const part = (text, at) => parseInt(text.slice(at, at + 2), 16);
  if (![from, to].every((text) => /^#[0-9a-f]{6}$/i.test(text))) return to;
  const mixed = [1, 3, 5].map((at) => Math.round(part(from, at) + (part(to, at) - part(from, at)) * share));
  return `rgb(${mixed.join(", ")})`;
}
