// The photo with what is seen of it: a canvas with the picture, and one above it with boxes, hatching and marks.
// Places are in pixels of the network's input; what lies outside it is drawn around the picture.
import { clamp } from "../shared/maths/clamp.js";
import { sized } from "../shared/canvas/stage.js";
import { overhang } from "./maths.js";
import { blend, frame, hatch } from "./style.js";

const MOST_MARGIN = 0.2; // of the input's side: a field that reaches farther is cut, and its line left open
const LABEL = 12; // CSS pixels

export class Photo {
  /** @type {[number, number]} */ shape = null; // of the network's input
  margin = [0, 0]; // pixels around it, down and across
  scale = 1; // CSS pixels for each of its pixels
  width = 0; // CSS pixels
  height = 0;
  /** @type {any} */ shown = null; // the picture in `source`
  /** @type {{top: number, left: number, rows: number, cols: number}} */ crop = null; // the part of it that is shown
  /** @type {CanvasRenderingContext2D} */ ctx = null; // of the marks

  constructor(host, label) {
    host.innerHTML = `<canvas aria-hidden="true"></canvas><canvas class="marks" tabindex="0" role="application"></canvas>`;
    const [picture, marks] = host.querySelectorAll("canvas");
    this.picture = picture;
    this.marks = marks;
    this.marks.setAttribute("aria-label", label);
    this.host = host;
    this.source = document.createElement("canvas");
  }

  // shape: [rows, cols] of the input; records: all layers'; room: CSS pixels [wide, tall]
  lay(shape, records, room) {
    this.shape = shape;
    const most = [0, 1].map((a) => Math.max(...records.map((record) => overhang(record, shape)[a])));
    this.margin = shape.map((n, a) => Math.ceil(Math.min(most[a], MOST_MARGIN * n)));
    const [rows, cols] = shape.map((n, a) => n + 2 * this.margin[a]);
    this.scale = Math.min(room[0] / cols, room[1] / rows);
    this.width = Math.floor(cols * this.scale);
    this.height = Math.floor(rows * this.scale);
    Object.assign(this.host.style, { width: `${this.width}px`, height: `${this.height}px` });
  }

  x(column) {
    return (column + this.margin[1]) * this.scale;
  }

  y(row) {
    return (row + this.margin[0]) * this.scale;
  }

  // picture: from the store; crop: the part of it that is shown, {top, left, rows, cols}
  paint(picture, crop, style) {
    if (this.shown !== picture) {
      const { width, height, rgb } = picture, image = new ImageData(width, height);
      for (let i = 0, o = 0; i < rgb.length; i += 3, o += 4) {
        for (let c = 0; c < 3; c++) image.data[o + c] = rgb[i + c];
        image.data[o + 3] = 255;
      }
      Object.assign(this.source, { width, height });
      this.shown = picture;
      this.source.getContext("2d").putImageData(image, 0, 0);
    }
    this.crop = crop;
    const ctx = sized(this.picture, this.width, this.height);
    ctx.fillStyle = style.soft;
    ctx.fillRect(0, 0, this.width, this.height);
    this.copy(ctx, { top: 0, left: 0, bottom: this.shape[0], right: this.shape[1] }, this.x(0), this.y(0), this.scale);
    ctx.strokeStyle = style.grid;
    ctx.strokeRect(this.x(0), this.y(0), this.shape[1] * this.scale, this.shape[0] * this.scale);
  }

  // The part of the picture under a box of the input, at x, y with this many CSS pixels for one pixel of the input.
  copy(ctx, { top, left, bottom, right }, x, y, scale) {
    if (!this.crop || bottom <= top || right <= left) return;
    const down = this.crop.rows / this.shape[0], across = this.crop.cols / this.shape[1];
    ctx.imageSmoothingEnabled = scale < down; // fewer dots than pixels: they are averaged, not left out
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(
      this.source, this.crop.left + left * across, this.crop.top + top * down, (right - left) * across, (bottom - top) * down,
      x, y, (right - left) * scale, (bottom - top) * scale,
    );
  }

  begin() {
    this.ctx = sized(this.marks, this.width, this.height);
  }

  /** @returns {[number, number, number, number]} */
  rect({ top, left, bottom, right }) {
    return [this.x(left), this.y(top), (right - left) * this.scale, (bottom - top) * this.scale];
  }

  // What the unit sees stays bright; all else lies under a veil, and what of the box is outside is hatched.
  see(box, style) {
    const { ctx } = this, [x, y, w, h] = this.rect(box);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.x(0), this.y(0), this.shape[1] * this.scale, this.shape[0] * this.scale);
    ctx.rect(x, y, w, h);
    ctx.clip("evenodd"); // the input without the box, and the box without the input
    ctx.fillStyle = style.veil;
    ctx.fillRect(this.x(0), this.y(0), this.shape[1] * this.scale, this.shape[0] * this.scale);
    ctx.restore();
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, this.width, this.height);
    ctx.rect(this.x(0), this.y(0), this.shape[1] * this.scale, this.shape[0] * this.scale);
    ctx.clip("evenodd");
    const [left, top, wide, tall] = this.rect(this.visible(box));
    hatch(ctx, left, top, wide, tall, style.hatch);
    ctx.restore();
    frame(ctx, x, y, w, h, style.roles.output, { wide: 3 });
  }

  // Rows and columns inside the box that the unit does not read lie under the veil too.
  skip({ top, left, bottom, right }, [rows, columns], style) {
    const { ctx } = this;
    ctx.fillStyle = style.veil;
    for (const [from, to] of rows) ctx.fillRect(...this.rect({ top: top + from, bottom: top + to, left, right }));
    for (const [from, to] of columns) ctx.fillRect(...this.rect({ top, bottom, left: left + from, right: left + to }));
  }

  // A box without what lies outside the canvas: hatching it would take long and show nothing.
  visible({ top, left, bottom, right }) {
    const [down, across] = this.margin, [rows, cols] = this.shape;
    return {
      top: clamp(top, -down, rows + down), left: clamp(left, -across, cols + across),
      bottom: clamp(bottom, -down, rows + down), right: clamp(right, -across, cols + across),
    };
  }

  // Boxes inside each other, each with its name; the outermost is drawn by `see`.
  nest(boxes, names, style) {
    boxes.forEach((box, at) => {
      const share = boxes.length > 1 ? at / (boxes.length - 1) : 0;
      frame(this.ctx, ...this.rect(box), blend(style.roles.input, style.roles.output, share), { wide: 1.5 });
    });
    let above = Infinity;
    for (let at = boxes.length - 1; at >= 0; at--) {
      const [x, y, w] = this.rect(this.visible(boxes[at]));
      // Where the names would overlap, the outer one stays.
      const free = above === Infinity || y - above >= LABEL + 2;
      if (free && w > this.labelWidth(names[at], style) + 6) {
        this.label(x + 3, y + 2, names[at], style);
        above = y;
      }
    }
  }

  labelWidth(text, style) {
    this.ctx.font = `600 ${LABEL}px ${style.font}`;
    return this.ctx.measureText(text).width;
  }

  label(x, y, text, style) {
    const { ctx } = this, wide = this.labelWidth(text, style);
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.fillStyle = style.ground;
    ctx.globalAlpha = 0.85;
    ctx.fillRect(x, y, wide + 6, LABEL + 3);
    ctx.globalAlpha = 1;
    ctx.fillStyle = style.ink;
    ctx.fillText(text, x + 3, y + 2);
  }

  // The centre of the field: a cross; it may lie between pixels, and outside the picture.
  cross([row, column], style, size = 8) {
    const { ctx } = this, x = this.x(column), y = this.y(row);
    for (const [wide, colour] of [[5, "rgba(255, 255, 255, 0.92)"], [2, style.roles.output]]) {
      ctx.lineWidth = wide;
      ctx.strokeStyle = colour;
      ctx.beginPath();
      ctx.moveTo(x - size, y);
      ctx.lineTo(x + size, y);
      ctx.moveTo(x, y - size);
      ctx.lineTo(x, y + size);
      ctx.stroke();
    }
  }

  outline(box, colour, dash = []) {
    frame(this.ctx, ...this.rect(box), colour, { wide: 2, dash });
  }

  // One pixel of the input, never smaller than the eye can find.
  pixel([row, column], style) {
    const side = Math.max(this.scale, 9);
    const x = this.x(column + 0.5) - side / 2, y = this.y(row + 0.5) - side / 2;
    frame(this.ctx, x, y, side, side, style.roles.input, { wide: 3 });
  }

  // The place under the pointer in pixels of the input, as decimals; it may lie outside.
  placeAt(event) {
    const area = this.marks.getBoundingClientRect(), zoom = area.width / this.width || 1;
    return [
      (event.clientY - area.top) / zoom / this.scale - this.margin[0],
      (event.clientX - area.left) / zoom / this.scale - this.margin[1],
    ];
  }
}
