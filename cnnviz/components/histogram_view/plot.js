// Draws the bars, the range of the colours, and the strip that shows each value's colour. Knows no pointers or keys.
import { lutFromBase64, paint } from "../shared/maths/colour.js";
import { Linear, Log } from "../shared/canvas/scale.js";
import { coloured, domain } from "../shared/maths/bins.js";
import { formatNumber, grouped } from "../shared/text/format.js";

export const DASHES = [[], [7, 4], [2, 3]]; // so that colour is not the only difference
const LOWEST = 0.6; // of a cell: the foot of the log scale, so that one cell can be seen
const RIM = 8; // pixels beside the outermost values

export class Plot {
  // What is drawn.
  /** @type {import("../shared/maths/bins.js").Bins} */ bins;
  /** @type {import("../shared/types").HistogramViewData} */ data;
  /** @type {number | null} */ cursor; // the bin that is read out
  /** @type {import("../shared/canvas/theme.js").Theme} */ theme;
  /** @type {string[]} */ channels; // their three colours
  /** @type {[number, number]} */ colours; // the values that have a colour of their own

  /** @param {import("../shared/canvas/pen.js").Pen} pen */
  constructor(pen) {
    this.pen = pen;
    this.strip = document.createElement("canvas");
  }

  /** @param {Pick<Plot, "bins" | "data" | "cursor" | "theme" | "channels">} state */
  draw(state) {
    this.bins = state.bins;
    this.data = state.data;
    this.cursor = state.cursor;
    this.theme = state.theme;
    this.channels = state.channels;
    this.colours = coloured(state.data);
    const wide = this.pen.canvas.clientWidth;
    if (!this.pen.begin(this.theme.font, wide < 560 ? 13 : wide > 1300 ? 17 : 15)) return;
    this.place();
    this.range();
    this.grid();
    if (this.bins.counts.length > 1) this.bins.counts.forEach((counts, c) => this.outline(counts, this.channels[c], 2, DASHES[c]));
    else this.bars();
    this.ends();
    this.colourStrip();
    this.axis();
    if (this.cursor !== null) this.mark();
  }

  place() {
    const { pen, bins } = this, { width, height, size } = pen;
    const most = Math.max(2, bins.most * 1.25);
    const ticks = new Log(LOWEST, most, 1, 0).ticks(6).filter((n) => n >= 1 && Number.isInteger(n));
    const label = Math.max(...ticks.map((n) => pen.pen.measureText(grouped(n)).width));
    const left = Math.ceil(label) + 9, right = width - 1, top = Math.round(size * 1.9);
    this.stripTall = Math.round(size * 0.8);
    this.box = { left, right, top, bottom: Math.round(height - this.stripTall - 2.9 * size - 10) };
    this.x = new Linear(...domain(bins, this.colours), left + RIM, right - RIM);
    this.y = new Log(LOWEST, most, this.box.bottom, top);
    this.ticks = ticks;
  }

  // A value's place, held to the frame.
  across(value) {
    return Math.min(this.box.right, Math.max(this.box.left, this.x.at(value)));
  }

  // The band as far as the colours reach.
  range() {
    const { pen, box } = this, [from, to] = this.colours.map((end) => this.across(end));
    pen.style(this.theme.roles.kernel, 1, [], 0.1);
    pen.pen.fillRect(from, box.top, to - from, box.bottom - box.top);
  }

  grid() {
    const { pen, box, theme } = this;
    for (const tick of this.ticks) {
      const y = Math.round(this.y.at(tick)) + 0.5;
      pen.style(theme.grid);
      pen.line(box.left, y, box.right, y);
      pen.style(theme.ink);
      pen.text(grouped(tick), box.left - 7, y, "right");
    }
    pen.text("Cells, log scale", 1, pen.size * 0.75);
  }

  // A bin's rectangle on whole pixels: [x, y, width, height].
  bar(count, i) {
    const from = Math.round(this.x.at(this.bins.edge(i))), to = Math.round(this.x.at(this.bins.edge(i + 1)));
    const y = count ? this.y.at(count) : this.box.bottom;
    return [from, y, Math.max(1, to - from), this.box.bottom - y];
  }

  // Bars whose cells take one of the end colours are pale.
  bars() {
    const { pen, bins, theme } = this, [counts] = bins.counts;
    counts.forEach((count, i) => {
      const [x, y, wide, tall] = this.bar(count, i), outside = ["below", "above"].includes(bins.side(i, this.colours));
      pen.style(theme.roles.output, 1, [], outside ? 0.3 : 0.8);
      pen.pen.fillRect(x, y, wide > 4 ? wide - 1 : wide, tall);
    });
    this.outline(counts, theme.roles.output, 1.5, []);
  }

  outline(counts, colour, width, dash) {
    const { pen, box } = this;
    pen.style(colour, width, dash);
    pen.pen.lineJoin = "round";
    pen.pen.beginPath();
    counts.forEach((count, i) => {
      const [x, y, wide] = this.bar(count, i);
      if (!i) pen.pen.moveTo(x, box.bottom);
      pen.pen.lineTo(x, y);
      pen.pen.lineTo(x + wide, y);
    });
    pen.pen.lineTo(this.x.at(this.bins.high), box.bottom);
    pen.pen.stroke();
  }

  // A line at each end of the range; an arrow with its number where an end lies beyond the axis.
  ends() {
    const { pen, box, theme, x, colours } = this, y = box.top + pen.size * 0.7;
    const left = colours.filter((end) => end < x.low), right = colours.filter((end) => end > x.high);
    pen.style(theme.ink);
    if (left.length) pen.text(`◂ ${left.map(formatNumber).join(" … ")}`, box.left + 4, y);
    if (right.length) pen.text(`${right.map(formatNumber).join(" … ")} ▸`, box.right - 4, y, "right");
    pen.style(theme.roles.kernel, 2, [6, 4]);
    for (const end of colours) if (end >= x.low && end <= x.high) pen.line(Math.round(x.at(end)), box.top - 4, Math.round(x.at(end)), box.bottom);
  }

  // The picture's own painter paints the values from left to right.
  colourStrip() {
    const { pen, box, data, strip, theme } = this, wide = box.right - box.left;
    const values = Float32Array.from({ length: wide }, (_, i) => this.x.value(box.left + i + 0.5));
    const image = new ImageData(wide, 1);
    paint([values], wide, 1, data.display, lutFromBase64(data.lut), data.range, image.data);
    strip.width = wide;
    strip.height = 1;
    strip.getContext("2d").putImageData(image, 0, 0);
    pen.style(theme.grid);
    pen.pen.drawImage(strip, box.left, box.bottom + 3, wide, this.stripTall);
    pen.pen.strokeRect(box.left + 0.5, box.bottom + 3.5, wide - 1, this.stripTall - 1);
  }

  axis() {
    const { pen, box, theme, x } = this, { size } = pen, foot = box.bottom + this.stripTall + 3;
    pen.style(theme.ink);
    pen.line(box.left, box.bottom + 0.5, box.right, box.bottom + 0.5);
    let last = "";
    for (const tick of x.ticks(Math.max(2, Math.floor((x.to - x.from) / (size * 5))))) {
      const at = Math.round(x.at(tick)) + 0.5, label = formatNumber(tick), half = pen.pen.measureText(label).width / 2;
      if (label === last) continue; // a short axis at large values: four digits cannot tell its ticks apart
      last = label;
      pen.line(at, foot, at, foot + 5);
      pen.text(label, Math.min(pen.width - half - 1, at), foot + 8, "center", "top");
    }
    pen.text("Value of an output cell, and its colour", (box.left + box.right) / 2, pen.height - 2, "center", "bottom");
  }

  // The bin that is read out.
  mark() {
    const { pen, box, bins, theme, cursor } = this, [x, , wide] = this.bar(0, cursor);
    pen.style(theme.ink, 1, [], 0.16);
    pen.pen.fillRect(x - 1, box.top, wide + 2, box.bottom - box.top);
    pen.style(theme.ink, 2);
    for (const counts of bins.counts) {
      const [, y] = this.bar(counts[cursor], cursor);
      pen.line(x - 2, y, x + wide + 2, y);
    }
    pen.style(theme.ink, 2);
    pen.pen.strokeRect(x - 1, box.bottom + 2, wide + 2, this.stripTall + 2);
  }
}
