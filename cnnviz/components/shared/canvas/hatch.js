// Slanted lines over a rectangle of a canvas: padding, and what no window or kernel reaches. They start at the
// rectangle's corner; `still` lines lie on a raster that does not move with the rectangle.
export function hatch(ctx, x, y, width, height, colour, { gap = 7, wide = 1.5, still = false } = {}) {
  if (width <= 0 || height <= 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = wide;
  ctx.beginPath();
  const first = still ? Math.floor((x + y) / gap) * gap - y : x;
  for (let at = first - height; at < x + width + wide; at += gap) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  ctx.stroke();
  ctx.restore();
}
