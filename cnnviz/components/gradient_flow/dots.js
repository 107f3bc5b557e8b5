// One size per layer, now: a dot on a log axis with a stem and its number. Two runs lie in two lanes of each row.
import { Panel } from "./panel.js";
import { SizeAxis } from "./axis.js";
import { formatNumber, grouped } from "../shared/text/format.js";

export class Dots extends Panel {
  /** @type {any[]} */ series = [];
  /** @type {[number, number]} */ range = [1e-3, 1];
  /** @type {number | null} */ guide = null;

  // series: [{label, step, values, index}]
  take(title, series, { range, guide }, wide) {
    this.least = series.length > 1 ? 34 : 0;
    this.show(title, series[0].rows, wide);
    this.series = series;
    this.range = range;
    this.guide = guide;
  }

  /** @override */
  cells() {
    const { pen, theme: c } = this, axis = new SizeAxis(this, this.range, this.size * 4.4);
    axis.draw();
    if (this.guide) this.guideLine(axis);
    this.series.forEach((one, place) => {
      one.values?.forEach((value, row) => this.dot(axis, one, value, this.laneOf(row, place)));
      if (!one.values) pen.text("Not measured yet.", axis.scale.from, this.middle(0));
    });
    pen.style(c.ink);
  }

  laneOf(row, place) {
    const lanes = this.series.length;
    return this.top + (row + (place + 0.5) / lanes) * this.pitch;
  }

  dot(axis, { index }, value, y) {
    const { pen, theme: c, size } = this, at = axis.place(value), tone = index ? c.ink : c.roles.gradient;
    if (at.sign) {
      axis.sign(at, y);
      return;
    }
    pen.style(tone, index ? 2 : 4, index ? [6, 4] : []);
    pen.line(axis.scale.from, y, at.x, y);
    pen.style(tone, 2.5);
    pen.mark(index ? "square" : "dot", at.x, y, size * 0.36, index ? c.ground : null);
    pen.halo(short(value), at.x + size * 0.65, y, c, { wide: 4 });
  }

  guideLine(axis) {
    const { pen, theme: c } = this, x = axis.scale.at(this.guide);
    if (x < axis.scale.from || x > axis.scale.to) return;
    pen.style(c.ink, 2, [8, 4]);
    pen.line(x, this.top, x, this.bottom);
  }

  read(row) {
    return this.series.map((one) => {
      const value = one.values ? formatNumber(one.values[row]) : "not measured yet";
      return `${this.series.length > 1 ? `${one.label}: ` : ""}${value}${one.step === null ? "" : ` at step ${grouped(one.step)}`}`;
    }).join("; ");
  }
}

// Three digits, for a label.
function short(value) {
  if (value >= 1e-3 && value < 1e4) return formatNumber(Number(value.toPrecision(3)));
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits}e${power.replace("-", "−").replace("+", "")}`;
}
