// Draws the panes: loss, accuracy and the rate over the same steps. Knows nothing of pointers or keys.
import { nearest, placeOf } from "./decode.js";
import { Linear, Log, reach } from "./scale.js";
import { number, percent, whole } from "./words.js";

const RATE = 30; // height of the strip with the rate

// The look of each run: colours say which, and so do dashes, marks and names.
export function lookOf(index, c) {
  return index
    ? { smooth: c.text, validation: c.text, dash: [9, 5], mark: "square" }
    : { smooth: c.primary, validation: c.output, dash: [], mark: "dot" };
}

export class Plot {
  constructor(pen) {
    this.pen = pen;
  }

  // state: {runs, window, log, shown(run, part), colours, drag}
  draw(state) {
    Object.assign(this, state);
    const size = this.pen.canvas.clientWidth < 560 ? 13 : this.pen.canvas.clientWidth > 1300 ? 17 : 15;
    if (!this.pen.begin(state.colours.font, size)) return;
    this.place();
    this.frame();
    for (const pane of [this.loss, this.accuracy]) {
      this.pen.inside({ ...pane, top: pane.top - 3, bottom: pane.bottom + 3 }, () => this.curves(pane));
      this.best(pane);
    }
    this.pen.inside(this.rate, () => this.rates());
    this.names();
    this.oddMarks();
    this.cursor();
    if (this.drag) this.selection();
  }

  place() {
    const { width, height, size } = this.pen;
    const left = size * 3.9, right = width - 10, bottom = height - size - 10, top = size * 1.9;
    const gap = size * 2.3; // between panes, for the title of the next
    const stripped = this.shown(0, "rate") ? RATE + gap * 0.9 : 0;
    const room = bottom - top - gap - stripped, middle = top + room * 0.55;
    this.x = new Linear(...this.window.view, left, right);
    this.loss = { name: "loss", smooth: "smoothLoss", best: "bestLoss", left, right, top, bottom: middle };
    this.accuracy = {
      name: "accuracy", smooth: "smoothAccuracy", best: "bestAccuracy", left, right, top: middle + gap, bottom: bottom - stripped,
    };
    this.rate = { name: "rate", left, right, top: bottom - (stripped ? RATE : 0), bottom };
    this.loss.y = this.lossScale();
    this.accuracy.y = this.accuracyScale();
    const rates = reach(this.runs.flatMap((run) => [...(reach(run.rate) ?? [])])) ?? [0, 1];
    this.rate.y = new Linear(0, rates[1] || 1, bottom, this.rate.top + 2);
  }

  // The places [from, to) of a run's steps that are in view, one more on both sides.
  inView(steps) {
    const [low, high] = this.window.view;
    return [Math.max(0, placeOf(steps, low)), Math.min(steps.length, placeOf(steps, high) + 2)];
  }

  // The extremes of everything that is drawn in a pane.
  extremes({ name, smooth }, above) {
    const ends = [];
    this.runs.forEach((run, i) => {
      const view = this.inView(run.steps);
      if (this.shown(i, "raw")) ends.push(...(reach(run[name], ...view, above) ?? []));
      if (this.shown(i, "smooth")) ends.push(...(reach(run[smooth], ...view, above) ?? []));
      const checks = this.inView(run.validation.steps);
      if (this.shown(i, "validation")) ends.push(...(reach(run.validation[name], ...checks, above) ?? []));
    });
    return ends.length ? [Math.min(...ends), Math.max(...ends)] : null;
  }

  // Ends are rounded, so that the axis rests while the run goes on.
  lossScale() {
    const { bottom, top } = this.loss;
    if (this.log) {
      const [low, high] = this.extremes(this.loss, 0) ?? [0.1, 10];
      const part = Math.log10(high / low) > 3 ? 1 : 5;
      const round = (v, up) => 10 ** ((up ? Math.ceil : Math.floor)(Math.log10(v) * part + (up ? 1e-9 : -1e-9)) / part);
      return new Log(round(low, false), Math.max(round(high, true), round(low, false) * 1.2), bottom, top);
    }
    const [low, high] = this.extremes(this.loss, -Infinity) ?? [0, 1];
    const step = new Linear(Math.min(0, low), high, 0, 1).ticks(4)[1] / 4 || high / 4 || 1;
    return new Linear(Math.min(0, low), Math.ceil(high / Math.abs(step)) * Math.abs(step), bottom, top);
  }

  // All of 0 … 100 %, unless zoomed in.
  accuracyScale() {
    const { bottom, top } = this.accuracy;
    const found = this.window.zoom && this.extremes(this.accuracy, -Infinity);
    if (!found) return new Linear(0, 1, bottom, top);
    const low = Math.max(0, Math.floor(found[0] * 20 - 0.2) / 20), high = Math.min(1, Math.ceil(found[1] * 20 + 0.2) / 20);
    return new Linear(low, Math.max(high, low + 0.05), bottom, top);
  }

  frame() {
    const { pen, colours: c, x } = this, { size } = pen;
    this.epochs();
    for (const pane of [this.loss, this.accuracy]) {
      const most = Math.max(2, Math.floor((pane.bottom - pane.top) / (size * 2.2)));
      for (const tick of pane.y.ticks(most)) {
        const y = Math.round(pane.y.at(tick)) + 0.5;
        pen.style(c.grid);
        pen.line(pane.left, y, pane.right, y);
        pen.style(c.text);
        pen.text(pane === this.loss ? number(tick) : `${Math.round(tick * 1000) / 10} %`, pane.left - 6, y, "right");
      }
    }
    pen.style(c.text);
    const zeros = this.log && this.runs.some((run) => run.loss.some((v) => v <= 0));
    pen.text(`Loss${this.log ? ", log scale" : ""}${zeros ? " (0 is drawn at the lower edge)" : ""}`, 2, this.loss.top - size * 1.25);
    pen.text("Accuracy", 2, this.accuracy.top - size * 1.25);
    if (this.shown(0, "rate")) pen.text(`Rate, 0 … ${number(this.rate.y.high)}`, 2, this.rate.top - size * 0.8);
    const room = Math.max(2, Math.floor((x.to - x.from) / (size * 5)));
    for (const tick of x.ticks(room, true)) {
      const at = Math.round(x.at(tick)) + 0.5;
      pen.style(c.text);
      pen.line(at, this.rate.bottom, at, this.rate.bottom + 5);
      const label = whole(tick), half = pen.pen.measureText(label).width / 2;
      pen.text(label, Math.min(pen.width - half - 1, at), this.rate.bottom + 8, "center", "top");
    }
    pen.style(c.text);
    pen.text("Step", 2, this.rate.bottom + 8, "left", "top");
    pen.line(x.from, this.rate.bottom + 0.5, x.to, this.rate.bottom + 0.5);
  }

  // Where epochs begin: dotted lines, numbered at the top.
  epochs() {
    const { pen, colours: c, x } = this, each = this.runs[0].stepsPerEpoch;
    if (!each) return;
    const [low, high] = this.window.view, wide = (each / (high - low)) * (x.to - x.from);
    const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n * wide > pen.size * 5) ?? 5000;
    for (let n = Math.ceil((low - 1) / each / every) * every; n * each + 1 <= high; n += every) {
      if (!n) continue;
      const at = Math.round(x.at(n * each + 1)) + 0.5;
      pen.style(c.text, 1, [1, 4], 0.6);
      pen.line(at, this.loss.top, at, this.rate.bottom);
      pen.style(c.text, 1, [], 1);
      const words = `epoch ${n + 1}`, left = pen.size * 9;
      if (at > left && at + pen.pen.measureText(words).width < pen.width) pen.text(words, at, this.loss.top - pen.size * 1.25);
    }
    pen.style(c.text);
  }

  curves(pane) {
    const { pen, x } = this, { y } = pane;
    this.runs.forEach((run, i) => {
      const look = lookOf(i, this.colours), view = this.inView(run.steps);
      if (this.shown(i, "raw")) {
        pen.style(look.smooth, 1, [], i ? 0.22 : 0.34);
        pen.curve(x, y, run.steps, run[pane.name], ...view);
      }
      if (this.shown(i, "validation")) {
        const { steps } = run.validation, checks = this.inView(steps);
        pen.style(look.validation, 1.5, look.dash);
        pen.curve(x, y, steps, run.validation[pane.name], ...checks);
        this.points(run, pane, look, checks);
      }
      if (this.shown(i, "smooth")) {
        pen.style(look.smooth, 3, look.dash);
        pen.curve(x, y, run.steps, run[pane.smooth], ...view);
      }
    });
    pen.style(this.colours.text);
  }

  points({ validation }, { name, y }, look, [from, to]) {
    const { pen, x } = this, small = (to - from) * 9 > x.to - x.from;
    pen.style(look.validation, 1.5);
    for (let i = from; i < to; i++) {
      const value = validation[name][i];
      if (!Number.isFinite(value)) continue;
      pen.style(look.validation, 1.5);
      pen.mark(look.mark, x.at(validation.steps[i]), y.at(value), small ? 2 : 4, look.mark === "square" ? this.colours.ground : null);
    }
  }

  // A ring about the best validation, and its number.
  best({ name, best, y, left, right, top, bottom }) {
    const { pen, x, colours: c } = this, [low, high] = this.window.view;
    this.runs.forEach((run, i) => {
      const at = run.validation[best], step = run.validation.steps[at];
      if (at < 0 || !this.shown(i, "validation") || step < low || step > high) return;
      const value = run.validation[name][at], place = [x.at(step), y.at(value)];
      if (place[1] < top - 4 || place[1] > bottom + 4) return;
      pen.style(lookOf(i, c).validation, 2);
      pen.pen.beginPath();
      pen.pen.arc(...place, 9, 0, 2 * Math.PI);
      pen.pen.stroke();
      const words = `best ${name === "loss" ? number(value) : percent(value)}`, wide = pen.pen.measureText(words).width;
      const down = name === "loss" ? -1 : 1, across = Math.min(right - wide, Math.max(left, place[0] - wide / 2));
      const tall = place[1] + down * (pen.size + 4);
      this.halo(words, across, Math.min(bottom - 8, Math.max(top + 8, tall)));
    });
    pen.style(c.text);
  }

  // Words that can be read on top of lines.
  halo(words, x, y, align = "left") {
    const { pen, colours: c } = this;
    pen.style(c.ground, 5);
    pen.pen.lineJoin = "round";
    pen.pen.textAlign = align;
    pen.pen.textBaseline = "middle";
    pen.pen.strokeText(words, x, y);
    pen.style(c.text);
    pen.text(words, x, y, align);
  }

  rates() {
    const { pen, x } = this;
    if (!this.shown(0, "rate")) return;
    this.runs.forEach((run, i) => {
      pen.style(this.colours.text, 1.5, lookOf(i, this.colours).dash, 0.55);
      pen.curve(x, this.rate.y, run.steps, run.rate, ...this.inView(run.steps));
    });
    pen.style(this.colours.text);
  }

  // Two runs carry their names at their ends.
  names() {
    if (this.runs.length < 2) return;
    for (const pane of [this.loss, this.accuracy]) {
      this.runs.forEach((run, i) => {
        const at = this.inView(run.steps)[1] - 1, value = run[pane.smooth][at];
        if (!this.shown(i, "smooth") || !Number.isFinite(value)) return;
        const y = pane.y.at(value) + (i ? 1 : -1) * (this.pen.size * 0.9);
        const held = Math.min(pane.bottom - 8, Math.max(pane.top + 8, y));
        this.halo(run.label, Math.min(pane.right - 4, this.x.at(run.steps[at])), held, "right");
      });
    }
  }

  // A loss that is no number is never left out: a line through all panes with its name.
  oddMarks() {
    const { pen, colours: c, x } = this, [low, high] = this.window.view;
    let row = 0;
    this.runs.forEach((run, i) => {
      for (const { step, sign } of run.odd) {
        if (step < low || step > high) continue;
        const at = x.at(step), y = this.loss.top + 6 + row * (pen.size + 12);
        row = (row + 1) % 4;
        pen.style(c.alarm, 2, [4, 3]);
        pen.line(at, this.loss.top, at, this.accuracy.bottom);
        pen.style(c.alarm, 3);
        pen.mark("cross", at, this.loss.bottom, 6);
        const words = `${this.runs.length > 1 ? `${run.label}: ` : ""}${sign} at step ${whole(step)}`;
        const wide = pen.pen.measureText(words).width + 10;
        pen.style(c.alarm, 1);
        pen.tag(words, at + wide + 8 > x.to ? at - wide - 8 : at + 8, y, { ground: c.ground, colour: c.alarm, left: x.from, right: x.to });
      }
    });
  }

  cursor() {
    const { pen, colours: c, x } = this, step = this.window.cursor;
    if (step === null) return;
    const at = x.at(step);
    if (at < x.from - 1 || at > x.to + 1) return;
    pen.style(c.text, 1, [3, 3]);
    pen.line(at, this.loss.top, at, this.rate.bottom);
    for (const pane of [this.loss, this.accuracy]) {
      this.runs.forEach((run, i) => {
        const place = nearest(run.steps, step);
        if (place < 0) return;
        for (const [part, series] of [["raw", pane.name], ["smooth", pane.smooth]]) {
          const value = run[series][place];
          if (!this.shown(i, part) || !Number.isFinite(value)) continue;
          pen.style(lookOf(i, c).smooth, 2);
          pen.mark(i ? "square" : "dot", x.at(run.steps[place]), pane.y.at(value), part === "raw" ? 3 : 5, c.ground);
        }
      });
    }
  }

  // The stretch that is being dragged out.
  selection() {
    const { pen, colours: c } = this, [a, b] = this.drag;
    pen.style(c.primary, 1, [], 0.18);
    pen.pen.fillRect(Math.min(a, b), this.loss.top, Math.abs(b - a), this.rate.bottom - this.loss.top);
    pen.style(c.primary, 2);
    for (const at of [a, b]) pen.line(at, this.loss.top, at, this.rate.bottom);
  }
}
