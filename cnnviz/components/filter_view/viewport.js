// Two panes that show the same part of one plane: the input's pixels are the unit, and the output is drawn where
// its cells' patches have their centres. Zoom, pan, hatched padding and overlays; no convolution here.
import { hatch } from "../shared/canvas/hatch.js";

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

// The smallest rectangle that holds the padded input and the output.
export function worldRect(geometry) {
  const { padding, width, height } = geometry;
  const out = outputRect(geometry);
  const left = Math.min(-padding.left, out.left), top = Math.min(-padding.top, out.top);
  const right = Math.max(width + padding.right, out.left + out.width);
  const bottom = Math.max(height + padding.bottom, out.top + out.height);
  return { left, top, width: right - left, height: bottom - top };
}

// What part of the world is on screen, shared by both panes.
export class Viewport {
  constructor() {
    this.zoom = 1;
    this.world = { left: 0, top: 0, width: 1, height: 1 };
    this.centre = null; // in input pixels; null = the world's
  }

  setWorld(world) {
    this.world = world;
    this.clamp();
  }

  setZoom(zoom, around = null) {
    const before = this.zoom;
    this.zoom = Math.min(Math.max(zoom, 1), 256);
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
      x: Math.min(Math.max(centre.x, left + halfW), left + width - halfW),
      y: Math.min(Math.max(centre.y, top + halfH), top + height - halfH),
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

  resize(cssWidth, cssHeight) {
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    this.ratio = ratio;
    const w = Math.max(1, Math.round(cssWidth * ratio)), h = Math.max(1, Math.round(cssHeight * ratio));
    if (this.picture.width === w && this.picture.height === h) return;
    for (const canvas of [this.picture, this.marks]) {
      canvas.width = w;
      canvas.height = h;
      canvas.style.width = `${cssWidth}px`;
      canvas.style.height = `${cssHeight}px`;
    }
  }

  // layers: [{source: canvas, left, top, width, height, clipRight?}] in input pixels
  draw(viewport, layers, colours, padding = null) {
    const ctx = this.picture.getContext("2d", { alpha: false });
    const { width, height } = this.picture;
    const t = viewport.transform(width, height);
    ctx.fillStyle = colours.empty;
    ctx.fillRect(0, 0, width, height);
    if (padding) this.hatch(ctx, t, padding, colours);
    for (const layer of layers) {
      ctx.save();
      if (layer.from !== undefined || layer.to !== undefined) {
        const from = (layer.from ?? 0) * width, to = (layer.to ?? 1) * width;
        ctx.beginPath();
        ctx.rect(from, 0, to - from, height);
        ctx.clip();
      }
      ctx.imageSmoothingEnabled = (t.scale * layer.width) / layer.source.width < 1;
      ctx.imageSmoothingQuality = "medium";
      ctx.drawImage(layer.source, t.x + layer.left * t.scale, t.y + layer.top * t.scale, layer.width * t.scale, layer.height * t.scale);
      ctx.restore();
    }
  }

  // The padding as padding: slanted lines around the input, no more of them than can be seen.
  hatch(ctx, t, rect, colours) {
    const x = t.x + rect.left * t.scale, left = Math.max(x, 0), right = Math.min(x + rect.width * t.scale, ctx.canvas.width);
    const look = { gap: 7 * this.ratio, wide: this.ratio };
    hatch(ctx, left, t.y + rect.top * t.scale, right - left, rect.height * t.scale, colours.hatch, look);
  }

  // marks: [{left, top, width, height, colour, cells?}] in input pixels
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
