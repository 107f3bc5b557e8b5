// Layers × steps as colours, over the whole run. The colours are even steps of log10, or of a share; on the log
// scale 0 and what is no number have colours of their own, which the scale below names.
import { Linear } from "../shared/canvas/scale.js";
import { Panel } from "./panel.js";
import { formatNumber, grouped, percent, powerOfTen } from "../shared/text/format.js";
import { lastNotAbove } from "../shared/maths/search.js";

const ZERO = [128, 128, 128], ODD = [255, 0, 255];

export class Heat extends Panel {
  /** @type {any} */ map = null; // what data.js reads as heat or shares
  /** @type {[number, number]} */ range = [1e-3, 1];
  /** @type {Uint8Array} */ lut;
  share = false; // the values are shares, not sizes
  /** @type {Linear} */ x;

  constructor(over) {
    super(over);
    this.sheet = document.createElement("canvas");
  }

  // map: what data.js reads as heat or shares; range: [low, high], not log10 for shares
  take(title, map, { range, lut, share }, wide, least) {
    this.least = least;
    this.show(title, map.rows, wide);
    this.map = map;
    this.range = range;
    this.lut = lut;
    this.share = share;
    this.paint();
  }

  /** @override */
  get columns() {
    return this.map ? this.map.starts.length - 1 : 1;
  }

  /** @override */
  get below() {
    return this.size * 4.2;
  }

  // One pixel per cell.
  paint() {
    const { values } = this.map, tall = this.rows.length, scaled = this.share ? (v) => v : Math.log10;
    const [low, high] = this.range.map(scaled);
    Object.assign(this.sheet, { width: this.columns, height: Math.max(1, tall) });
    const pen = this.sheet.getContext("2d"), picture = pen.createImageData(this.sheet.width, this.sheet.height);
    values.forEach((value, i) => {
      const place = 3 * Math.round(255 * Math.min(1, Math.max(0, (scaled(value) - low) / (high - low))));
      const colour = value === 0 && !this.share ? ZERO : Number.isFinite(value) ? this.lut.subarray(place, place + 3) : ODD;
      picture.data.set([...colour, 255], 4 * i);
    });
    pen.putImageData(picture, 0, 0);
    this.hasZero = !this.share && values.includes(0);
    this.hasOdd = values.some((value) => !Number.isFinite(value));
  }

  /** @override */
  cells() {
    const { pen, theme: c, left, right, top, bottom, size } = this, { starts } = this.map;
    this.x = new Linear(starts[0], starts.at(-1), left, right);
    pen.pen.imageSmoothingEnabled = false;
    if (this.map.looks) this.stretches();
    else pen.pen.drawImage(this.sheet, left, top, right - left, bottom - top);
    pen.style(c.ground);
    for (let row = 1; row < this.rows.length; row++) pen.pen.fillRect(left, Math.round(top + row * this.pitch) - 1, right - left, 2);
    pen.style(c.ink, 1, [], 0.5);
    pen.pen.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
    pen.style(c.ink);
    for (const tick of this.x.ticks(Math.max(2, Math.floor((right - left) / (size * 4.5))), true)) {
      if (tick < starts[0]) continue;
      const at = this.x.at(tick), words = grouped(tick), half = pen.pen.measureText(words).width / 2;
      pen.line(at, bottom, at, bottom + 4);
      pen.text(words, Math.min(this.right - half, Math.max(left + half, at)), bottom + size, "center");
    }
    pen.text("Step", 0, bottom + size);
    this.legend();
    this.marked();
  }

  // Columns of unequal width: a closer look holds until the next one.
  stretches() {
    const { starts } = this.map, { pen } = this.pen;
    for (let i = 0; i < this.columns; i++) {
      const from = this.x.at(starts[i]), to = this.x.at(starts[i + 1]);
      pen.drawImage(this.sheet, i, 0, 1, this.rows.length, from, this.top, Math.max(1, to - from + 0.5), this.bottom - this.top);
    }
  }

  // The colours and what they mean.
  legend() {
    const { pen, theme: c, left, right, bottom, size, lut } = this, y = bottom + size * 2.2, tall = size * 0.7;
    /** @type {[string, number[]][]} */
    const extra = [];
    if (this.hasZero) extra.push(["0", ZERO]);
    if (this.hasOdd) extra.push(["NaN", ODD]);
    const to = right - extra.length * size * 3.6, wide = Math.max(60, to - left);
    for (let i = 0; i < wide; i++) {
      const place = 3 * Math.floor((i / wide) * 255.99);
      pen.style(`rgb(${lut[place]} ${lut[place + 1]} ${lut[place + 2]})`);
      pen.pen.fillRect(left + i, y, 1.5, tall);
    }
    extra.forEach(([words, [r, g, b]], i) => {
      const x = to + size + i * size * 3.6;
      pen.style(`rgb(${r} ${g} ${b})`);
      pen.pen.fillRect(x, y, tall, tall);
      pen.style(c.ink);
      pen.text(words, x + tall + 4, y + tall / 2);
    });
    pen.style(c.ink);
    for (const [words, share] of this.ends(Math.max(2, wide / (size * 3.5)))) {
      const half = pen.pen.measureText(words).width / 2;
      const at = Math.min(left + wide - half, Math.max(left + half, left + share * wide));
      pen.text(words, at, y + tall + size * 0.75, "center");
    }
    pen.text(this.share ? "Share" : "log₁₀", 0, y + tall / 2);
  }

  // Words along the colours, at most `most`: [text, share of the width].
  ends(most) {
    if (this.share) return [["0 %", 0], ["50 %", 0.5], ["100 %", 1]];
    const [low, high] = this.range.map((end) => Math.round(Math.log10(end)));
    const every = Math.max(1, Math.ceil((high - low) / most)), found = [];
    for (let ten = low; ten <= high; ten += every) found.push([powerOfTen(ten), (ten - low) / (high - low)]);
    return found;
  }

  marked() {
    if (!this.cursor) return;
    const { pen, theme: c } = this, { row, column } = this.cursor, { starts } = this.map;
    const from = this.x.at(starts[column]), to = this.x.at(starts[column + 1]), y = this.top + row * this.pitch;
    pen.style(c.ground, 4);
    pen.pen.strokeRect(from - 1, y + 1, Math.max(3, to - from) + 2, this.pitch - 2);
    pen.style(c.ink, 2);
    pen.pen.strokeRect(from - 1, y + 1, Math.max(3, to - from) + 2, this.pitch - 2);
  }

  /** @override */
  columnAt(event) {
    const at = event.clientX - this.canvas.getBoundingClientRect().left;
    const step = this.x ? this.x.value(Math.min(this.right, Math.max(this.left, at))) : 1;
    return Math.min(this.columns - 1, Math.max(0, lastNotAbove(this.map.starts, step)));
  }

  read(row, column) {
    const { starts, values, label } = this.map, from = starts[column], to = starts[column + 1] - 1;
    const value = (this.share ? percent : formatNumber)(values[row * this.columns + column]);
    const when = to > from && !this.map.looks ? `largest of steps ${grouped(from)}–${grouped(to)}` : `step ${grouped(from)}`;
    return `${label}, ${when}: ${value}`;
  }
}
