// A map drawn as a grid of cells on a canvas: colours, hatched parts outside or left over, numbers where there is
// room for them, and marks on a second canvas above. Everything is measured in cells of the map. No pooling here.
import { inkOn } from "../shared/canvas/fills.js";
import { setSize } from "../shared/canvas/stage.js";
import { hatch } from "../shared/canvas/hatch.js";

const LEAST_NUMBER = 21; // CSS pixels of a cell below which no number is written
const LEAST_MARK = 9; // a cell smaller than the eye can find gets a frame of this size around it

export class GridPane {
  constructor(holder, label) {
    this.picture = document.createElement("canvas");
    this.picture.setAttribute("aria-hidden", "true");
    this.marks = document.createElement("canvas");
    this.marks.className = "marks";
    this.marks.tabIndex = 0;
    this.marks.setAttribute("role", "application");
    this.marks.setAttribute("aria-label", label);
    this.holder = holder;
    this.source = document.createElement("canvas");
    holder.append(this.picture, this.marks);
  }

  // world: {top, left, rows, cols}; cell: CSS pixels of one cell
  resize(world, cell) {
    this.world = world;
    this.cell = cell;
    const width = world.cols * cell, height = world.rows * cell;
    this.holder.style.width = `${Math.max(width, 24)}px`;
    this.holder.style.height = `${Math.max(height, 24)}px`;
    for (const canvas of [this.picture, this.marks]) this.ratio = setSize(canvas, width, height);
  }

  // rows × cols RGBA bytes of the map itself, which lies at 0, 0
  setPixels(rgba, cols, rows) {
    if (this.source.width !== cols || this.source.height !== rows) Object.assign(this.source, { width: cols, height: rows });
    this.rgba = rgba;
    this.source.getContext("2d").putImageData(new ImageData(rgba, cols, rows), 0, 0);
  }

  x(column) {
    return (column - this.world.left) * this.cell * this.ratio;
  }

  y(row) {
    return (row - this.world.top) * this.cell * this.ratio;
  }

  // options: {hatched: [{top, left, rows, cols}], texts: (row, column) → text or null, lines: step or 0}
  draw(style, { hatched = [], texts = null, lines = null } = {}) {
    const ctx = this.picture.getContext("2d", { alpha: false });
    const { width, height } = this.picture, unit = this.cell * this.ratio;
    ctx.fillStyle = style.soft;
    ctx.fillRect(0, 0, width, height);
    ctx.imageSmoothingEnabled = unit < 1; // fewer dots than cells: they are averaged, not left out
    ctx.imageSmoothingQuality = "medium";
    const { width: cols, height: rows } = this.source;
    ctx.drawImage(this.source, this.x(0), this.y(0), cols * unit, rows * unit);
    for (const rect of hatched) this.hatch(ctx, rect, style);
    if (this.cell >= 8) this.grid(ctx, style, rows, cols);
    if (lines) this.windows(ctx, style, lines);
    if (texts && this.cell >= LEAST_NUMBER) this.numbers(ctx, style, texts, rows, cols);
  }

  hatch(ctx, { top, left, rows, cols }, style) {
    if (rows <= 0 || cols <= 0) return;
    const x = this.x(left), y = this.y(top), w = this.x(left + cols) - x, h = this.y(top + rows) - y;
    ctx.fillStyle = style.veil;
    ctx.fillRect(x, y, w, h);
    hatch(ctx, x, y, w, h, style.hatch, { gap: 7 * this.ratio, wide: 1.5 * this.ratio });
  }

  grid(ctx, style, rows, cols) {
    ctx.strokeStyle = style.seam;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let r = 0; r <= rows; r++) {
      ctx.moveTo(this.x(0), Math.round(this.y(r)) + 0.5);
      ctx.lineTo(this.x(cols), Math.round(this.y(r)) + 0.5);
    }
    for (let c = 0; c <= cols; c++) {
      ctx.moveTo(Math.round(this.x(c)) + 0.5, this.y(0));
      ctx.lineTo(Math.round(this.x(c)) + 0.5, this.y(rows));
    }
    ctx.stroke();
  }

  // Thick lines between windows that do not overlap.
  windows(ctx, style, { rows, cols }) {
    if (this.cell * Math.min(rows[1], cols[1]) < 10) return;
    ctx.strokeStyle = style.ink;
    ctx.lineWidth = 1.5 * this.ratio;
    ctx.beginPath();
    const [top, tall, down] = rows, [left, wide, across] = cols;
    for (let r = 0; r <= down; r++) {
      ctx.moveTo(this.x(left), this.y(top + r * tall));
      ctx.lineTo(this.x(left + across * wide), this.y(top + r * tall));
    }
    for (let c = 0; c <= across; c++) {
      ctx.moveTo(this.x(left + c * wide), this.y(top));
      ctx.lineTo(this.x(left + c * wide), this.y(top + down * tall));
    }
    ctx.stroke();
  }

  numbers(ctx, style, texts, rows, cols) {
    const unit = this.cell * this.ratio;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = `${Math.min(this.cell * 0.42, 22) * this.ratio}px ${style.mono}`;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const text = texts(r, c), at = 4 * (r * cols + c);
        ctx.fillStyle = inkOn(this.rgba[at], this.rgba[at + 1], this.rgba[at + 2]);
        ctx.fillText(text, this.x(c) + unit / 2, this.y(r) + unit / 2 + this.ratio * 0.5, unit - 3 * this.ratio);
      }
    }
  }

  // marks: [{top, left, rows, cols, colour, kind?: "frame" | "dot" | "dashed"}]
  mark(marks) {
    const ctx = this.marks.getContext("2d");
    ctx.clearRect(0, 0, this.marks.width, this.marks.height);
    for (const mark of marks) this.one(ctx, mark);
  }

  one(ctx, { top, left, rows, cols, colour, kind = "frame" }) {
    const least = LEAST_MARK * this.ratio;
    const tall = rows * this.cell * this.ratio, wide = cols * this.cell * this.ratio;
    const cx = this.x(left) + wide / 2, cy = this.y(top) + tall / 2;
    if (kind === "dot") return this.dot(ctx, cx, cy, Math.max(wide, 6 * this.ratio), colour);
    const w = Math.max(wide, least) - 2 * this.ratio, h = Math.max(tall, least) - 2 * this.ratio;
    ctx.setLineDash(kind === "dashed" ? [5 * this.ratio, 4 * this.ratio] : []);
    ctx.lineWidth = 5 * this.ratio;
    ctx.strokeStyle = "rgba(255, 255, 255, 0.9)";
    ctx.strokeRect(cx - w / 2, cy - h / 2, w, h);
    ctx.lineWidth = 3 * this.ratio;
    ctx.strokeStyle = colour;
    ctx.strokeRect(cx - w / 2, cy - h / 2, w, h);
    ctx.setLineDash([]);
    return undefined;
  }

  // The winner: a ring that leaves its number free.
  dot(ctx, cx, cy, size, colour) {
    ctx.beginPath();
    ctx.arc(cx, cy, Math.max(size * 0.42, 4 * this.ratio), 0, 2 * Math.PI);
    ctx.lineWidth = 5 * this.ratio;
    ctx.strokeStyle = "rgba(255, 255, 255, 0.9)";
    ctx.stroke();
    ctx.lineWidth = 2.5 * this.ratio;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  // The cell under a pointer event: {row, column}, which may lie outside the map.
  cellAt(event) {
    const box = this.marks.getBoundingClientRect();
    return {
      row: Math.floor(this.world.top + (event.clientY - box.top) / this.cell),
      column: Math.floor(this.world.left + (event.clientX - box.left) / this.cell),
    };
  }
}
