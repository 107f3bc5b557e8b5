// How far the axes go: the extremes of what is shown and in view, rounded, so that an axis rests while the run goes on.
import { reach, roundStep } from "../shared/canvas/scale.js";
import { lastNotAbove } from "../shared/maths/search.js";

const FAR = 8; // times the usual loss: beyond that a linear axis ends earlier, and says so

export class Ranges {
  // shown(run, part): whether a part ("raw", "smooth", "validation") of a run is drawn
  constructor(runs, window, shown) {
    this.runs = runs;
    this.window = window;
    this.shown = shown;
  }

  /**
   * The places [from, to) of rising `steps` that are in view, one more on both sides.
   * @param {ArrayLike<number>} steps
   * @returns {[number, number]}
   */
  inView(steps) {
    const [low, high] = this.window.view;
    return [Math.max(0, lastNotAbove(steps, low)), Math.min(steps.length, lastNotAbove(steps, high) + 2)];
  }

  // The extremes of a pane's series in view; null where there are none.
  extremes({ name, smooth }, above = -Infinity) {
    const ends = [];
    const add = (values, view) => ends.push(...(reach(values, ...view, above) ?? []));
    this.runs.forEach((run, i) => {
      if (this.shown(i, "raw")) add(run[name], this.inView(run.steps));
      if (this.shown(i, "smooth")) add(run[smooth], this.inView(run.steps));
      if (this.shown(i, "validation")) add(run.validation[name], this.inView(run.validation.steps));
    });
    return ends.length ? [Math.min(...ends), Math.max(...ends)] : null;
  }

  // Ends of a log axis: whole decades where there are many, parts of one where there are few.
  logLoss(pane) {
    const [low, high] = this.extremes(pane, 0) ?? [0.1, 10], part = Math.log10(high / low) > 3 ? 1 : 5;
    const from = 10 ** (Math.floor(Math.log10(low) * part - 1e-9) / part);
    return [from, Math.max(10 ** (Math.ceil(Math.log10(high) * part + 1e-9) / part), from * 1.2)];
  }

  // [low, high, beyond]: beyond is the highest loss where the axis ends below it, else null.
  linearLoss(pane) {
    const [low, most] = this.extremes(pane) ?? [0, 1], foot = Math.min(0, low);
    const usual = this.usualLoss(), high = most > FAR * usual ? 2 * usual : most;
    const step = roundStep(high - foot, 8), end = Math.ceil(high / step - 1e-9) * step;
    return [foot, end || 1, end < most ? most : null];
  }

  // The loss that nearly all that is in view stays below: one batch at 10¹⁰ must not flatten all others.
  usualLoss() {
    const seen = [];
    this.runs.forEach((run, i) => {
      for (const part of [this.shown(i, "raw") && "loss", this.shown(i, "smooth") && "smoothLoss"])
        if (part) seen.push(...run[part].subarray(...this.inView(run.steps)).filter((v) => v > 0 && v < Infinity));
    });
    return seen.length ? seen.sort((a, b) => a - b)[Math.floor(seen.length * 0.95)] : Infinity;
  }

  // All of 0 … 100 %, unless zoomed in.
  accuracy(pane) {
    const found = this.window.zoom && this.extremes(pane);
    if (!found) return [0, 1];
    const low = Math.max(0, Math.floor(found[0] * 20 - 0.2) / 20), high = Math.min(1, Math.ceil(found[1] * 20 + 0.2) / 20);
    return [low, Math.max(high, low + 0.05)];
  }

  rate() {
    const found = reach(this.runs.flatMap((run) => reach(run.rate) ?? []));
    return [0, found?.[1] || 1];
  }
}
