// The log axis that the panels with sizes share: decades, a lane of its own for exactly 0, and what is no number.
import { Log } from "../shared/canvas/scale.js";
import { powerOfTen } from "../shared/text/format.js";

// [low, high] in whole decades about all finite sizes above 0, so that the axis rests; at least two decades.
export function decades(lists) {
  let low = Infinity, high = -Infinity;
  for (const list of lists) {
    for (const v of list ?? []) {
      if (v > 0 && v < low) low = v;
      if (v > high && v < Infinity) high = v;
    }
  }
  if (!(low <= high)) return [1e-3, 1];
  const from = Math.floor(Math.log10(low) + 1e-9);
  return [10 ** from, 10 ** Math.max(from + 2, Math.ceil(Math.log10(high) - 1e-9))];
}

export class SizeAxis {
  // panel: where it lies; range: [low, high]; spare: room on the right, in pixels
  constructor(panel, range, spare = panel.size) {
    this.panel = panel;
    this.lane = panel.size * 1.6;
    this.scale = new Log(...range, panel.left + this.lane + panel.size * 1.3, panel.right - spare);
  }

  // Where a size is drawn: {x, sign} with sign "" | "0" | "NaN" | "∞".
  place(value) {
    if (Number.isNaN(value)) return { x: this.panel.left + this.lane / 2, sign: "NaN" };
    if (value === 0) return { x: this.panel.left + this.lane / 2, sign: "0" };
    if (value === Infinity) return { x: this.scale.to, sign: "∞" };
    return { x: this.scale.at(value), sign: "" };
  }

  draw() {
    const { pen, theme: c, top, bottom, left, size } = this.panel;
    const most = Math.max(2, Math.floor((this.scale.to - this.scale.from) / (size * 3)));
    for (const ten of this.scale.powers(most)) {
      const x = Math.round(this.scale.at(10 ** ten)) + 0.5;
      pen.style(c.grid);
      pen.line(x, top, x, bottom);
      pen.style(c.ink);
      pen.text(powerOfTen(ten), x, bottom + size, "center");
    }
    pen.style(c.ink);
    pen.text("0", left + this.lane / 2, bottom + size, "center");
    pen.style(c.ink, 1, [2, 3]);
    pen.line(left + this.lane - 3, top, left + this.lane - 3, bottom);
  }

  // The sign of a value that has no place on the scale.
  sign({ x, sign }, y) {
    const { pen, theme: c, size } = this.panel;
    if (sign === "0") {
      pen.style(c.ink, 2);
      pen.mark("dot", x, y, size * 0.32, c.ground);
      pen.line(x - size * 0.45, y + size * 0.45, x + size * 0.45, y - size * 0.45);
    } else {
      pen.style(c.alarm, 3);
      pen.mark("cross", x, y, size * 0.35);
      pen.text(sign, x + size * 0.7, y);
    }
  }
}
