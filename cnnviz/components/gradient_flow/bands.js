// How the sizes of a layer's gradients are spread: thin 0–100 %, wider 5–95 %, thick 25–75 %, and the median.
import { SizeAxis } from "./axis.js";
import { Panel } from "./panel.js";
import { formatNumber } from "../shared/text/format.js";

const SPANS = [[0, 6, 0.06, 1], [1, 5, 0.24, 0.45], [2, 4, 0.5, 0.8]]; // from, to, height, opacity

export class Bands extends Panel {
  /** @type {any[]} */ series = [];
  /** @type {[number, number]} */ range = [1e-3, 1];

  // series: [{label, step, bands: [Float32Array per row], percentiles, index}]
  take(title, series, range, wide) {
    this.least = series.length > 1 ? 44 : 0;
    this.show(title, series[0].rows, wide);
    this.series = series;
    this.range = range;
  }

  /** @override */
  cells() {
    const axis = new SizeAxis(this, this.range), lanes = this.series.length;
    axis.draw();
    this.series.forEach((one, place) => {
      one.bands.forEach((band, row) => {
        const y = this.top + (row + (place + 0.5) / lanes) * this.pitch;
        if (band.some(Number.isNaN)) axis.sign(axis.place(NaN), y);
        else this.band(axis, one.index, band, y, this.pitch / lanes);
      });
      if (!one.bands.length) this.pen.text("Not measured yet.", axis.scale.from, this.middle(0));
    });
  }

  band(axis, index, band, y, room) {
    const { pen, theme: c, size } = this, tone = index ? c.ink : c.roles.gradient;
    const at = Array.from(band, (value) => axis.place(value));
    for (const [from, to, share, alpha] of SPANS) {
      const tall = Math.max(2, room * share), left = at[from].sign ? axis.scale.from - 3 : at[from].x;
      if (at[to].sign === "0") continue; // all of it is 0
      pen.style(tone, 1, [], alpha);
      pen.pen.fillRect(left, y - tall / 2, Math.max(1, at[to].x - left), tall);
      if (index) {
        pen.style(tone, 1.5);
        pen.pen.strokeRect(left, y - tall / 2, Math.max(1, at[to].x - left), tall);
      }
    }
    if (band[0] === 0) axis.sign(at[0], y);
    if (at[3].sign) return;
    pen.style(c.ground, 6);
    pen.line(at[3].x, y - room * 0.33, at[3].x, y + room * 0.33);
    pen.style(c.ink, 3);
    pen.line(at[3].x, y - room * 0.33, at[3].x, y + room * 0.33);
    pen.style(c.ink, size);
  }

  read(row) {
    return this.series.map((one) => {
      const band = one.bands[row];
      if (!band) return "not measured yet";
      const parts = one.percentiles.map((p, i) => `${p} %: ${formatNumber(band[i])}`);
      return `${this.series.length > 1 ? `${one.label}: ` : ""}${parts.join(", ")}`;
    }).join("; ");
  }
}
