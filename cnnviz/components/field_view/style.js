// The theme's colours, read once per update, and how the view marks things.
import { hatch as slanted } from "../shared/canvas/hatch.js";

const css = (root, name, fallback) => getComputedStyle(root).getPropertyValue(name).trim() || fallback;

export function readStyle(root) {
  const dark = root.dataset.theme === "dark";
  return {
    dark,
    paper: css(root, "--st-background-color", dark ? "#10131a" : "#ffffff"),
    empty: css(root, "--st-secondary-background-color", dark ? "#1a1f2b" : "#f2f4f8"),
    ink: css(root, "--st-text-color", dark ? "#eceff5" : "#14171f"),
    line: css(root, "--st-border-color", dark ? "#39414f" : "#cfd5e0"),
    font: css(root, "--st-font", "sans-serif"),
    mono: css(root, "--st-code-font", "monospace"),
    hatch: dark ? "#8793ab" : "#5d687c",
    veil: dark ? "rgba(16, 19, 26, 0.62)" : "rgba(255, 255, 255, 0.62)",
    input: css(root, "--cv-input", "#066cae"), kernel: css(root, "--cv-kernel", "#7d3a00"),
    output: css(root, "--cv-output", "#1c7f5c"), gradient: css(root, "--cv-gradient", "#622363"),
  };
}

export const pixelRatio = () => Math.min(globalThis.devicePixelRatio || 1, 2);

// Sizes a canvas to width × height CSS pixels; returns its 2-D context in CSS pixels.
export function sized(canvas, width, height) {
  const ratio = pixelRatio();
  const w = Math.max(1, Math.round(width * ratio)), h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(w / width, 0, 0, h / height, 0, 0);
  return ctx;
}

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
