// Two panes that show the same part of one plane: the input's pixels are the unit, and the output is drawn where
// its cells' patches have their centres. Zoom, pan, hatched padding and overlays; no convolution here.
import { clamp } from "../shared/maths/clamp.js";
import { hatch } from "../shared/canvas/hatch.js";
import { setSize } from "../shared/canvas/stage.js";

/** @typedef {{left: number, top: number, width: number, height: number}} Rect in input pixels */
/**
 * @typedef {object} Geometry
 * @property {{top: number, bottom: number, left: number, right: number}} padding
 * @property {[number, number]} stride
 * @property {[number, number]} dilation
 * @property {number} width of the input
 * @property {number} height
 * @property {number} rows of the kernel
 * @property {number} cols
 * @property {number} outWidth
 * @property {number} outHeight
 */
/** @typedef {Rect & {source: HTMLCanvasElement, from?: number, to?: number}} Layer shown between two shares of the width */
/** @typedef {Rect & {colour: string, cross?: boolean}} Mark */

// Where the output lies, in input pixels: cell i covers [left + i * sx, left + (i + 1) * sx].
export function outputRect(geometry) {
  const { padding, stride, dilation, rows, cols, outWidth, outHeight } = geometry;
  const centreX = -padding.left + (dilation[1] * (cols - 1)) / 2 + 0.5;
  const centreY = -padding.top + (dilation[0] * (rows - 1)) / 2 + 0.5;
  return {
    left: centreX - stride[1] / 2, top: centreY - stride[0] / 2,
    width: outWidth * stride[1], height: outHeight * stride[0],
  };
}

// What the kernel covers for one output cell.
export function patchRect({ padding, stride, dilation, rows, cols }, cell) {
  return {
    left: cell.x * stride[1] - padding.left, top: cell.y * stride[0] - padding.top,
    width: dilation[1] * (cols - 1) + 1, height: dilation[0] * (rows - 1) + 1,
  };
}

// The smallest rectangle that holds the padded input and the output.
export function worldRect(geometry) {
  const { padding, width, height } = geometry;
  const out = outputRect(geometry);
  const left = Math.min(-padding.left, out.left), top = Math.min(-padding.top, out.top);
  const right = Math.max(width + padding.right, out.left + out.width);
  const bottom = Math.max(height + padding.bottom, out.top + out.height);
  return { left, top, width: right - left, height: bottom - top };
}

const MOST = 256; // times

// What part of the world is on screen, shared by both panes.
export class Viewport {
  zoom = 1;
  /** @type {Rect} */ world = { left: 0, top: 0, width: 1, height: 1 };
  /** @type {{x: number, y: number} | null} */ centre = null; // in input pixels; null = the world's

  setWorld(world) {
    this.world = world;
    this.clamp();
  }

  setZoom(zoom, around = null) {
    const before = this.zoom;
    this.zoom = clamp(zoom, 1, MOST);
    if (around && this.centre) {
      const keep = before / this.zoom;
      this.centre = { x: around.x + (this.centre.x - around.x) * keep, y: around.y + (this.centre.y - around.y) * keep };
    }
    this.clamp();
  }

  clamp() {
    const { left, top, width, height } = this.world;
    if (this.zoom === 1) this.centre = null;
    const centre = this.centre ?? { x: left + width / 2, y: top + height / 2 };
    const halfW = width / 2 / this.zoom, halfH = height / 2 / this.zoom;
    this.centre = {
      x: clamp(centre.x, left + halfW, left + width - halfW), y: clamp(centre.y, top + halfH, top + height - halfH),
    };
  }

  pan(dx, dy) {
    this.centre = { x: this.centre.x - dx, y: this.centre.y - dy };
    this.clamp();
  }

  // Scale and offset for a canvas of w × h device pixels.
  transform(w, h) {
    const scale = Math.min(w / this.world.width, h / this.world.height) * this.zoom;
    return { scale, x: w / 2 - this.centre.x * scale, y: h / 2 - this.centre.y * scale };
  }
}

// One canvas stack: the picture below, marks above.
export class Pane {
  ratio = 1; // device pixels for each CSS pixel

  /**
   * @param {HTMLElement} holder
   * @param {string} label
   */
  constructor(holder, label) {
    this.holder = holder;
    this.picture = document.createElement("canvas");
    this.marks = document.createElement("canvas");
    this.marks.className = "marks";
    this.marks.tabIndex = 0;
    this.marks.setAttribute("role", "application");
    this.marks.setAttribute("aria-label", label);
    holder.append(this.picture, this.marks);
  }

  // In CSS pixels.
  setSize(width, height) {
    for (const canvas of [this.picture, this.marks]) this.ratio = setSize(canvas, width, height);
  }

  /**
   * @param {Viewport} viewport
   * @param {Layer[]} layers
   * @param {import("../shared/canvas/theme.js").Theme} theme
   * @param {Rect | null} [padded] the input with its padding, which is hatched
   */
  draw(viewport, layers, theme, padded = null) {
    const ctx = this.picture.getContext("2d", { alpha: false });
    const { width, height } = this.picture;
    const t = viewport.transform(width, height);
    ctx.fillStyle = theme.soft;
    ctx.fillRect(0, 0, width, height);
    if (padded) this.hatch(ctx, t, padded, theme.hatch);
    for (const layer of layers) this.layer(ctx, t, layer);
  }

  layer(ctx, t, { source, left, top, width, height, from = 0, to = 1 }) {
    const canvas = ctx.canvas;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from * canvas.width, 0, (to - from) * canvas.width, canvas.height);
    ctx.clip();
    ctx.imageSmoothingEnabled = (t.scale * width) / source.width < 1;
    ctx.imageSmoothingQuality = "medium";
    ctx.drawImage(source, t.x + left * t.scale, t.y + top * t.scale, width * t.scale, height * t.scale);
    ctx.restore();
  }

  // The padding as padding: slanted lines around the input, no more of them than can be seen.
  hatch(ctx, t, rect, colour) {
    const x = t.x + rect.left * t.scale, left = Math.max(x, 0), right = Math.min(x + rect.width * t.scale, ctx.canvas.width);
    const lines = { gap: 7 * this.ratio, wide: this.ratio };
    hatch(ctx, left, t.y + rect.top * t.scale, right - left, rect.height * t.scale, colour, lines);
  }

  /**
   * @param {Viewport} viewport
   * @param {Mark[]} marks
   */
  mark(viewport, marks) {
    const ctx = this.marks.getContext("2d");
    ctx.clearRect(0, 0, this.marks.width, this.marks.height);
    const t = viewport.transform(this.marks.width, this.marks.height);
    for (const m of marks) {
      const x = t.x + m.left * t.scale, y = t.y + m.top * t.scale;
      // A cell smaller than the eye can find gets a frame around it instead.
      const least = 9 * this.ratio;
      const w = Math.max(m.width * t.scale, least), h = Math.max(m.height * t.scale, least);
      const cx = x + (m.width * t.scale) / 2, cy = y + (m.height * t.scale) / 2;
      ctx.lineWidth = 4 * this.ratio;
      ctx.strokeStyle = "rgba(255,255,255,0.9)";
      ctx.strokeRect(cx - w / 2, cy - h / 2, w, h);
      ctx.lineWidth = 2 * this.ratio;
      ctx.strokeStyle = m.colour;
      ctx.strokeRect(cx - w / 2, cy - h / 2, w, h);
      if (m.cross) this.cross(ctx, cx, cy, w, h, m.colour);
    }
  }

  cross(ctx, cx, cy, w, h, colour) {
    const reach = 10 * this.ratio;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      ctx.moveTo(cx + dx * (w / 2), cy + dy * (h / 2));
      ctx.lineTo(cx + dx * (w / 2 + reach), cy + dy * (h / 2 + reach));
    }
    ctx.stroke();
  }

  // The point of the input under a pointer event, in input pixels.
  pointAt(viewport, event) {
    const box = this.marks.getBoundingClientRect();
    const t = viewport.transform(this.marks.width, this.marks.height);
    return {
      x: ((event.clientX - box.left) * (this.marks.width / box.width) - t.x) / t.scale,
      y: ((event.clientY - box.top) * (this.marks.height / box.height) - t.y) / t.scale,
    };
  }
}
