// One size per layer, now: a dot on a log axis with a stem and its number. Two runs lie in two lanes of each row.
import { Panel } from "./panel.js";
import { SizeAxis } from "./axis.js";
import { formatNumber } from "../shared/text/format.js";

export class Dots extends Panel {
  // series: [{label, step, values, index}]; options: {range, guide}
  take(title, series, options, wide) {
    this.least = series.length > 1 ? 34 : 0;
    this.show(title, series[0].rows, wide);
    Object.assign(this, { series, ...options });
  }

  cells() {
    const { pen, colours: c } = this, axis = new SizeAxis(this, this.range, this.size * 4.4);
    axis.draw();
    if (this.guide) this.guideLine(axis);
    this.series.forEach((one, place) => {
      one.values?.forEach((value, row) => this.dot(axis, one, value, this.laneOf(row, place)));
      if (!one.values) pen.text("Not measured yet.", axis.scale.from, this.middle(0));
    });
    pen.style(c.text);
  }

  laneOf(row, place) {
    const lanes = this.series.length;
    return this.top + (row + (place + 0.5) / lanes) * this.pitch;
  }

  dot(axis, { index }, value, y) {
    const { pen, colours: c, size } = this, at = axis.place(value), tone = index ? c.text : c.gradient;
    if (at.sign) {
      axis.sign(at, y);
      return;
    }
    pen.style(tone, index ? 2 : 4, index ? [6, 4] : []);
    pen.line(axis.scale.from, y, at.x, y);
    pen.style(tone, 2.5);
    pen.mark(index ? "square" : "dot", at.x, y, size * 0.36, index ? c.ground : null);
    this.label(short(value), at.x + size * 0.65, y);
  }

  // Words that can be read on top of the guide line.
  label(words, x, y) {
    const { pen, colours: c } = this;
    pen.style(c.ground, 4);
    pen.pen.lineJoin = "round";
    pen.pen.textAlign = "left";
    pen.pen.textBaseline = "middle";
    pen.pen.strokeText(words, x, y);
    pen.style(c.text);
    pen.text(words, x, y);
  }

  guideLine(axis) {
    const { pen, colours: c } = this, x = axis.scale.at(this.guide);
    if (x < axis.scale.from || x > axis.scale.to) return;
    pen.style(c.text, 2, [8, 4]);
    pen.line(x, this.top, x, this.bottom);
  }

  read(row) {
    return this.series.map((one) => {
      const value = one.values ? formatNumber(one.values[row]) : "not measured yet";
      return `${this.series.length > 1 ? `${one.label}: ` : ""}${value}${one.step === null ? "" : ` at step ${one.step.toLocaleString("en-GB")}`}`;
    }).join("; ");
  }
}

// Three digits, for a label.
export function short(value) {
  if (value >= 1e-3 && value < 1e4) return formatNumber(Number(value.toPrecision(3)));
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits}e${power.replace("-", "−").replace("+", "")}`;
}
