// Draws the panes: loss, accuracy and the rate over the same steps. Knows nothing of pointers or keys.
import { Linear, Log } from "../shared/canvas/scale.js";
import { Ranges } from "./ranges.js";
import { clamp } from "../shared/maths/clamp.js";
import { nearest } from "../shared/maths/search.js";
import { formatNumber, grouped, percent } from "../shared/text/format.js";

const RATE = 30; // height of the strip with the rate

// The look of each run: colours say which, and so do dashes, marks and names.
function lookOf(index, c) {
  return index
    ? { smooth: c.ink, validation: c.ink, dash: [9, 5], mark: "square" }
    : { smooth: c.primary, validation: c.roles.output, dash: [], mark: "dot" };
}

export class Plot {
  /** @type {import("./decode.js").Run[]} */ runs = [];
  /** @type {import("./window.js").StepWindow} */ window;
  log = false; // the scale of the loss
  /** @type {(run: number, part: string) => boolean} */ shown;
  /** @type {import("../shared/canvas/theme.js").Theme} */ theme;
  /** @type {[number, number] | null} */ drag = null;
  /** @type {Ranges} */ ranges;
  /** @type {any} */ loss; // the panes: names of the series, and where they lie
  /** @type {any} */ accuracy;
  /** @type {any} */ rate;

  constructor(pen) {
    this.pen = pen;
  }

  // state: {runs, window, log, shown(run, part), theme, drag}
  draw(state) {
    this.runs = state.runs;
    this.window = state.window;
    this.log = state.log;
    this.shown = state.shown;
    this.theme = state.theme;
    this.drag = state.drag;
    this.ranges = new Ranges(state.runs, state.window, state.shown);
    const size = this.pen.canvas.clientWidth < 560 ? 13 : this.pen.canvas.clientWidth > 1300 ? 17 : 15;
    if (!this.pen.begin(state.theme.font, size)) return;
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
    const [low, high, beyond] = this.log ? this.ranges.logLoss(this.loss) : this.ranges.linearLoss(this.loss);
    this.beyond = beyond ?? null; // the highest loss, where the axis ends below it: said in the title, and marked
    this.loss.y = new (this.log ? Log : Linear)(low, high, this.loss.bottom, this.loss.top);
    this.accuracy.y = new Linear(...this.ranges.accuracy(this.accuracy), this.accuracy.bottom, this.accuracy.top);
    this.rate.y = new Linear(...this.ranges.rate(), bottom, this.rate.top + 2);
  }

  frame() {
    const { pen, theme: c, x } = this, { size } = pen;
    this.epochs();
    for (const pane of [this.loss, this.accuracy]) {
      const most = Math.max(2, Math.floor((pane.bottom - pane.top) / (size * 2.2)));
      for (const tick of pane.y.ticks(most)) {
        const y = Math.round(pane.y.at(tick)) + 0.5;
        pen.style(c.grid);
        pen.line(pane.left, y, pane.right, y);
        pen.style(c.ink);
        pen.text(pane === this.loss ? formatNumber(tick) : percent(Math.round(tick * 1000) / 1000), pane.left - 6, y, "right");
      }
    }
    pen.style(c.ink);
    pen.text(this.lossTitle(), 2, this.loss.top - size * 1.25);
    pen.text("Accuracy", 2, this.accuracy.top - size * 1.25);
    if (this.shown(0, "rate")) pen.text(`Rate, 0 … ${formatNumber(this.rate.y.high)}`, 2, this.rate.top - size * 0.8);
    const room = Math.max(2, Math.floor((x.to - x.from) / (size * 5)));
    for (const tick of x.ticks(room, true)) {
      const at = Math.round(x.at(tick)) + 0.5;
      pen.style(c.ink);
      pen.line(at, this.rate.bottom, at, this.rate.bottom + 5);
      const label = grouped(tick), half = pen.pen.measureText(label).width / 2;
      pen.text(label, Math.min(pen.width - half - 1, at), this.rate.bottom + 8, "center", "top");
    }
    pen.style(c.ink);
    pen.text("Step", 2, this.rate.bottom + 8, "left", "top");
    pen.line(x.from, this.rate.bottom + 0.5, x.to, this.rate.bottom + 0.5);
  }

  lossTitle() {
    if (this.beyond) return `Loss (▲ beyond the axis, up to ${formatNumber(this.beyond)}: see Log)`;
    const zeros = this.log && this.runs.some((run) => run.loss.some((v) => v <= 0));
    return `Loss${this.log ? ", log scale" : ""}${zeros ? " (0 is drawn at the lower edge)" : ""}`;
  }

  // Where epochs begin: dotted lines, numbered at the top.
  epochs() {
    const { pen, theme: c, x } = this, each = this.runs[0].stepsPerEpoch;
    if (!each) return;
    const [low, high] = this.window.view, wide = (each / (high - low)) * (x.to - x.from);
    const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n * wide > pen.size * 5) ?? 5000;
    for (let n = Math.ceil((low - 1) / each / every) * every; n * each + 1 <= high; n += every) {
      if (!n) continue;
      const at = Math.round(x.at(n * each + 1)) + 0.5;
      pen.style(c.ink, 1, [1, 4], 0.6);
      pen.line(at, this.loss.top, at, this.rate.bottom);
      pen.style(c.ink, 1, [], 1);
      const words = `epoch ${n + 1}`, left = pen.pen.measureText(this.lossTitle()).width + pen.size;
      if (at > left && at + pen.pen.measureText(words).width < pen.width) pen.text(words, at, this.loss.top - pen.size * 1.25);
    }
    pen.style(c.ink);
  }

  curves(pane) {
    const { pen, x } = this, { y } = pane;
    this.runs.forEach((run, i) => {
      const look = lookOf(i, this.theme), view = this.ranges.inView(run.steps);
      if (this.shown(i, "raw")) {
        pen.style(look.smooth, 1, [], i ? 0.22 : 0.34);
        pen.curve(x, y, run.steps, run[pane.name], ...view);
        if (pane === this.loss && this.beyond) this.peaks(run, look, view);
      }
      if (this.shown(i, "validation")) {
        const { steps } = run.validation, checks = this.ranges.inView(steps);
        pen.style(look.validation, 1.5, look.dash);
        pen.curve(x, y, steps, run.validation[pane.name], ...checks);
        this.points(run, pane, look, checks);
      }
      if (this.shown(i, "smooth")) {
        pen.style(look.smooth, 3, look.dash);
        pen.curve(x, y, run.steps, run[pane.smooth], ...view);
      }
    });
    pen.style(this.theme.ink);
  }

  // Losses of single batches beyond the axis, one mark per stretch of pixels.
  peaks(run, look, [from, to]) {
    const { pen, x } = this, { y } = this.loss;
    let last = -Infinity;
    pen.style(look.smooth, 1);
    for (let i = from; i < to; i++) {
      const at = x.at(run.steps[i]);
      if (!(run.loss[i] > y.high && run.loss[i] < Infinity) || at - last < 14) continue;
      pen.mark("up", at, y.to + 6, 6);
      last = at;
    }
  }

  points({ validation }, { name, y }, look, [from, to]) {
    const { pen, x } = this, small = (to - from) * 9 > x.to - x.from;
    pen.style(look.validation, 1.5);
    for (let i = from; i < to; i++) {
      const value = validation[name][i], at = x.at(validation.steps[i]);
      if (!Number.isFinite(value)) continue;
      pen.style(look.validation, 1.5);
      if (value > Math.max(y.low, y.high)) pen.mark("up", at, y.to + 6, 6);
      else pen.mark(look.mark, at, y.at(value), small ? 2 : 4, look.mark === "square" ? this.theme.ground : null);
    }
  }

  // A ring about the best validation, and its number.
  best({ name, best, y, left, right, top, bottom }) {
    const { pen, x, theme: c } = this, [low, high] = this.window.view;
    this.runs.forEach((run, i) => {
      const at = run.validation[best], step = run.validation.steps[at];
      if (at < 0 || run.validation.steps.length < 2 || !this.shown(i, "validation") || step < low || step > high) return;
      const value = run.validation[name][at], place = [x.at(step), y.at(value)];
      if (place[1] < top - 4 || place[1] > bottom + 4) return;
      pen.style(lookOf(i, c).validation, 2);
      pen.pen.beginPath();
      pen.pen.arc(place[0], place[1], 9, 0, 2 * Math.PI);
      pen.pen.stroke();
      const words = `best ${name === "loss" ? formatNumber(value) : percent(value)}`, wide = pen.pen.measureText(words).width;
      const down = (name === "loss") === !i ? -1 : 1, across = clamp(place[0] - wide / 2, left, right - wide);
      const tall = place[1] + down * (pen.size + 4);
      pen.halo(words, across, clamp(tall, top + 8, bottom - 8), c);
    });
    pen.style(c.ink);
  }

  rates() {
    const { pen, x } = this;
    if (!this.shown(0, "rate")) return;
    this.runs.forEach((run, i) => {
      pen.style(this.theme.ink, 1.5, lookOf(i, this.theme).dash, 0.55);
      pen.curve(x, this.rate.y, run.steps, run.rate, ...this.ranges.inView(run.steps));
    });
    pen.style(this.theme.ink);
  }

  // Two runs carry their names at their ends.
  names() {
    if (this.runs.length < 2) return;
    for (const pane of [this.loss, this.accuracy]) {
      this.runs.forEach((run, i) => {
        const at = this.ranges.inView(run.steps)[1] - 1, value = run[pane.smooth][at];
        if (!this.shown(i, "smooth") || !Number.isFinite(value)) return;
        const y = pane.y.at(value) + (i ? 1 : -1) * (this.pen.size * 0.9);
        const x = Math.min(pane.right - 4, this.x.at(run.steps[at]));
        this.pen.halo(run.label, x, clamp(y, pane.top + 8, pane.bottom - 8), this.theme, { align: "right" });
      });
    }
  }

  // A loss that is no number is never left out: a line through all panes with its name.
  oddMarks() {
    const { pen, theme: c, x } = this, [low, high] = this.window.view;
    let row = 0;
    this.runs.forEach((run) => {
      for (const { step, sign } of run.odd) {
        if (step < low || step > high) continue;
        const at = x.at(step), y = this.loss.top + 6 + row * (pen.size + 12);
        row = (row + 1) % 4;
        pen.style(c.alarm, 2, [4, 3]);
        pen.line(at, this.loss.top, at, this.accuracy.bottom);
        pen.style(c.alarm, 3);
        pen.mark("cross", at, this.loss.bottom, 6);
        const words = `${this.runs.length > 1 ? `${run.label}: ` : ""}${sign} at step ${grouped(step)}`;
        const wide = pen.pen.measureText(words).width + 10;
        pen.style(c.alarm, 1);
        pen.tag(words, at + wide + 8 > x.to ? at - wide - 8 : at + 8, y, { ground: c.ground, colour: c.alarm, left: x.from, right: x.to });
      }
    });
  }

  cursor() {
    const { pen, theme: c, x } = this, step = this.window.cursor;
    if (step === null) return;
    const at = x.at(step);
    if (at < x.from - 1 || at > x.to + 1) return;
    pen.style(c.ink, 1, [3, 3]);
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
    const { pen, theme: c } = this, [a, b] = this.drag;
    pen.style(c.primary, 1, [], 0.18);
    pen.pen.fillRect(Math.min(a, b), this.loss.top, Math.abs(b - a), this.rate.bottom - this.loss.top);
    pen.style(c.primary, 2);
    for (const at of [a, b]) pen.line(at, this.loss.top, at, this.rate.bottom);
  }
}
