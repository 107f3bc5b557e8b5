// Which steps are in view, and where the cursor stands. Both outlive every update.

const NARROWEST = 4; // steps

export class StepWindow {
  constructor() {
    this.first = 1;
    this.last = 1;
    this.zoom = null; // [from, to], or null: everything, and the end is followed
    this.cursor = null; // a step, or null
  }

  // The steps that there are.
  holds(first, last) {
    this.first = first;
    this.last = Math.max(last, first + 1);
    if (this.zoom && this.zoom[0] > this.last) this.zoom = null; // a new, shorter run
    if (this.cursor !== null) this.cursor = Math.min(last, Math.max(first, this.cursor));
  }

  get view() {
    return this.zoom ?? [this.first, this.last];
  }

  show(from, to) {
    let [low, high] = from < to ? [from, to] : [to, from];
    if (high - low < NARROWEST) [low, high] = [(low + high - NARROWEST) / 2, (low + high + NARROWEST) / 2];
    low = Math.max(this.first, low);
    high = Math.min(this.last, high);
    this.zoom = low <= this.first && high >= this.last ? null : [low, high];
  }

  // Zoom by a factor about the cursor, or the middle.
  scale(factor) {
    const [low, high] = this.view, about = this.cursor ?? (low + high) / 2;
    this.show(about - (about - low) * factor, about + (high - about) * factor);
  }

  // Brings the cursor back into view by moving the zoom, never its width.
  reveal() {
    if (!this.zoom || this.cursor === null) return;
    const [low, high] = this.zoom, wide = high - low;
    if (this.cursor < low) this.zoom = [this.cursor, this.cursor + wide];
    if (this.cursor > high) this.zoom = [this.cursor - wide, this.cursor];
  }

  reset() {
    this.zoom = null;
  }
}
