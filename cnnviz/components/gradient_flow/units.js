// Dead units and saturated values of each activation layer, as shares: solid bars and hatched bars.
import { Linear } from "../shared/canvas/scale.js";
import { Panel } from "./panel.js";
import { percent } from "../shared/text/format.js";

export class Units extends Panel {
  /** @type {any[]} */ series = [];

  // series: what data.js reads as units, with index
  take(title, series, wide) {
    this.least = series.length > 1 ? 64 : 40;
    this.show(title, series[0].rows, wide);
    this.series = series;
  }

  /** @override */
  get below() {
    return this.size * 3.6;
  }

  /** @override */
  cells() {
    const { pen, theme: c, left, right, top, bottom, size } = this, x = new Linear(0, 1, left, right - size * 2.5);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const at = Math.round(x.at(share)) + 0.5;
      pen.style(c.grid);
      pen.line(at, top, at, bottom);
      pen.style(c.ink);
      pen.text(percent(share), at, bottom + size, share ? "center" : "left");
    }
    const bars = this.series.flatMap((one) => [["dead", one], ["saturated", one]]);
    const tall = Math.min(size * 1.3, (this.pitch - 6) / bars.length);
    for (let row = 0; row < this.rows.length; row++) {
      bars.forEach(([kind, one], i) => {
        const y = this.middle(row) + (i - bars.length / 2) * tall;
        this.bar(x, kind, one, one[kind][row], y, tall - 2);
      });
    }
    this.legend();
  }

  bar(x, kind, { index }, share, y, tall) {
    const { pen, theme: c } = this, tone = index ? c.ink : c.roles.gradient;
    if (!Number.isFinite(share)) return;
    const wide = Math.max(0.5, x.at(share) - x.from);
    this.fill(x.from, y, wide, tall, tone, kind);
    pen.style(c.ink);
    if (tall > this.size * 0.75) pen.text(percent(Math.round(share * 1000) / 1000), x.from + wide + 5, y + tall / 2);
  }

  fill(left, top, wide, tall, tone, kind) {
    const { pen } = this;
    pen.style(tone, 1.5);
    if (kind === "dead") pen.pen.fillRect(left, top, wide, tall);
    else {
      pen.inside({ left, top, right: left + wide, bottom: top + tall }, () => {
        for (let at = left - tall; at < left + wide; at += 5) pen.line(at, top + tall, at + tall, top);
      });
    }
    pen.pen.strokeRect(left + 0.5, top + 0.5, wide, tall - 1);
  }

  legend() {
    const { pen, theme: c, left, bottom, size } = this, y = bottom + size * 2.3;
    let at = Math.min(left, 4);
    for (const [kind, words] of [["dead", "dead units"], ["saturated", "saturated values"]]) {
      this.fill(at, y, size * 1.6, size * 0.8, this.series[0].index ? c.ink : c.roles.gradient, kind);
      pen.style(c.ink);
      pen.text(words, at + size * 2, y + size * 0.45);
      at += size * 3 + pen.pen.measureText(words).width;
    }
  }

  read(row) {
    return this.series.map((one) =>
      `${this.series.length > 1 ? `${one.label}: ` : ""}dead units ${percent(one.dead[row])}, saturated values ${percent(one.saturated[row])}`).join("; ");
  }
}
