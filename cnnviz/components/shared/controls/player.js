// Time: which step is shown, and how the window glides to it. Knows only how many steps there are.

export const SPEEDS = [0.5, 1, 2, 4, 8, 16]; // steps a second

export class Player {
  total = 0; // steps
  /** @type {number | null} */ step = null; // how many steps are done; null: all, and no step is the current one
  speed = 2; // steps a second
  playing = false;
  share = 1; // of the way to the current step that the window has gone
  due = 0; // ms: when the next step begins
  frame = 0; // the animation frame that is asked for

  /**
   * @param {object} events
   * @param {() => void} events.onFrame something is to be drawn
   * @param {(step: number | null) => void} events.onRest the visitor has let go of it
   */
  constructor({ onFrame, onRest }) {
    this.onFrame = onFrame;
    this.onRest = onRest;
    this.still = globalThis.matchMedia("(prefers-reduced-motion: reduce)");
  }

  // A step beyond the new end goes there.
  setTotal(total) {
    this.total = total;
    if (this.step !== null) this.step = Math.min(this.step, total);
  }

  get done() {
    return this.step ?? this.total;
  }

  // The step that is being shown: index into the order of steps, -1 before the first.
  get current() {
    return this.step === null ? -1 : this.step - 1;
  }

  go(step, { rest = true } = {}) {
    this.step = step === null ? null : Math.min(Math.max(step, 0), this.total);
    this.share = 1;
    this.onFrame();
    if (rest) this.onRest(this.step);
  }

  by(change) {
    this.pause();
    this.go(this.done + change);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.total === 0) return;
    if (this.step === null || this.step >= this.total) this.go(0, { rest: false });
    this.playing = true;
    this.due = performance.now();
    this.tick(this.due);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.share = 1;
    this.onFrame();
    this.onRest(this.step);
  }

  tick(now) {
    if (!this.playing) return;
    const period = 1000 / this.speed;
    if (now >= this.due) {
      if (this.step >= this.total) return this.pause();
      this.step = Math.min(this.total, this.step + 1 + Math.floor((now - this.due) / period));
      this.due = Math.max(this.due + period, now);
    }
    // The window moves during the first half of a step and rests in the second; not at all where motion is unwanted.
    const passed = 1 - (this.due - now) / period;
    const eased = Math.min(1, passed * 2);
    this.share = this.still.matches ? 1 : eased * eased * (3 - 2 * eased);
    this.onFrame();
    this.frame = requestAnimationFrame((time) => this.tick(time));
    return undefined;
  }

  destroy() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
  }
}
