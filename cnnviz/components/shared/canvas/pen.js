// The marks that charts are made of, on a canvas whose size the style sheet gives.
import { filled } from "./stage.js";

export class Pen {
  width = 0; // CSS pixels
  height = 0;
  size = 0; // of the type

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  /**
   * Ready to draw from nothing; false while there is no room.
   * @param {string} font
   * @param {number} size
   */
  begin(font, size) {
    if (!filled(this.canvas)) return false;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.pen.font = `${size}px ${font}`;
    this.size = size;
    return true;
  }

  style(colour, width = 1, dash = [], alpha = 1) {
    Object.assign(this.pen, { strokeStyle: colour, fillStyle: colour, lineWidth: width, globalAlpha: alpha });
    this.pen.setLineDash(dash);
  }

  line(x1, y1, x2, y2) {
    this.pen.beginPath();
    this.pen.moveTo(x1, y1);
    this.pen.lineTo(x2, y2);
    this.pen.stroke();
  }

  /**
   * @param {string} words
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} [align]
   * @param {CanvasTextBaseline} [base]
   */
  text(words, x, y, align = "left", base = "middle") {
    this.pen.textAlign = align;
    this.pen.textBaseline = base;
    this.pen.fillText(words, x, y);
  }

  /**
   * Words that can be read on top of lines.
   * @param {string} words
   * @param {number} x
   * @param {number} y
   * @param {import("./theme.js").Theme} theme
   * @param {{align?: CanvasTextAlign, wide?: number}} [look]
   */
  halo(words, x, y, { ground, ink }, { align = "left", wide = 5 } = {}) {
    this.style(ground, wide);
    Object.assign(this.pen, { lineJoin: "round", textAlign: align, textBaseline: "middle" });
    this.pen.strokeText(words, x, y);
    this.style(ink);
    this.text(words, x, y, align);
  }

  // Words on a ground of their own, kept inside [left, right].
  tag(words, x, y, { ground, colour, left, right }) {
    const wide = this.pen.measureText(words).width + 10, tall = this.size + 8;
    const from = Math.max(left, Math.min(right - wide, x));
    this.style(ground);
    this.pen.fillRect(from, y, wide, tall);
    this.style(colour);
    this.pen.strokeRect(from + 0.5, y + 0.5, wide - 1, tall - 1);
    this.text(words, from + 5, y + tall / 2 + 1);
  }

  inside({ left, top, right, bottom }, draw) {
    this.pen.save();
    this.pen.beginPath();
    this.pen.rect(left, top, right - left, bottom - top);
    this.pen.clip();
    draw();
    this.pen.restore();
  }

  // A line through (xs[i], ys[i]) for from ≤ i < to, broken where a value is not finite. Where many points share
  // a pixel column only the first, lowest, highest and last are drawn: the picture is the same, the time is not.
  curve(x, y, xs, ys, from, to) {
    const { pen } = this;
    let column = NaN, low = 0, high = 0, last = 0, open = false;
    const close = () => {
      if (!open || Number.isNaN(column)) return;
      if (low !== last || high !== last) {
        pen.lineTo(column, low);
        pen.lineTo(column, high);
      }
      pen.lineTo(column, last);
    };
    pen.beginPath();
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(ys[i])) {
        close();
        column = NaN;
        open = false;
        continue;
      }
      const at = Math.round(x.at(xs[i]) * 2) / 2, tall = y.at(ys[i]);
      if (at === column) {
        if (tall < low) low = tall;
        if (tall > high) high = tall;
        last = tall;
        continue;
      }
      close();
      if (open) pen.lineTo(at, tall);
      else pen.moveTo(at, tall);
      open = true;
      column = at;
      low = high = last = tall;
    }
    close();
    pen.stroke();
  }

  // Marks: "dot", "square" (hollow where asked), "cross", "up" (a triangle).
  mark(kind, x, y, r, hollow = null) {
    const { pen } = this;
    pen.beginPath();
    if (kind === "cross") {
      pen.moveTo(x - r, y - r);
      pen.lineTo(x + r, y + r);
      pen.moveTo(x - r, y + r);
      pen.lineTo(x + r, y - r);
      pen.stroke();
      return;
    }
    if (kind === "up") {
      pen.moveTo(x, y - r);
      pen.lineTo(x + r, y + r);
      pen.lineTo(x - r, y + r);
    } else if (kind === "square") pen.rect(x - r, y - r, 2 * r, 2 * r);
    else pen.arc(x, y, r, 0, 2 * Math.PI);
    if (hollow) pen.fillStyle = hollow;
    pen.fill();
    if (hollow) pen.stroke();
  }
}
