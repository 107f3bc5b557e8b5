// Pointer and keys on the canvas: the cursor, dragging out a stretch, and going back.
import { sliderStep, withCommand } from "../shared/controls/keys.js";
import { clamp, clampIndex } from "../shared/maths/clamp.js";
import { nearest } from "../shared/maths/search.js";

const DRAG = 8; // pixels before a press is a drag

export class PointerKeys {
  /** @type {number | undefined} */ from = undefined; // where the pointer went down, in CSS pixels
  /** @type {[number, number] | null} */ drag = null; // the stretch that is being dragged out

  // view: {canvas, window, plot, steps, changed(spoken)}
  constructor(view) {
    this.view = view;
    const { canvas } = view;
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => this.up(event);
    canvas.onpointercancel = () => this.end();
    canvas.onpointerleave = (event) => event.pointerType === "mouse" && this.from === undefined && this.leave();
    canvas.ondblclick = () => this.reset();
    canvas.onkeydown = (event) => this.key(event);
  }

  place(event) {
    const { x } = this.view.plot, at = event.clientX - this.view.canvas.getBoundingClientRect().left;
    return clamp(at, x.from, x.to);
  }

  down(event) {
    if (event.button || !this.view.plot.x) return;
    this.view.canvas.setPointerCapture(event.pointerId);
    this.from = this.place(event);
    this.drag = null;
    this.point(event);
  }

  move(event) {
    if (!this.view.plot.x) return;
    const at = this.place(event);
    if (this.from !== undefined && (this.drag || Math.abs(at - this.from) > DRAG)) this.drag = [this.from, at];
    this.point(event);
  }

  up(event) {
    if (this.drag) {
      const { x } = this.view.plot;
      this.view.window.show(...this.drag.map((at) => x.value(at)));
    }
    this.end();
    if (event.pointerType !== "mouse") this.view.changed(true);
  }

  end() {
    this.from = undefined;
    this.drag = null;
    this.view.changed(false);
  }

  leave() {
    this.view.window.cursor = null;
    this.view.changed(false);
  }

  // The cursor goes to the nearest step that is drawn.
  point(event) {
    const { steps, window, plot } = this.view, at = nearest(steps, plot.x.value(this.place(event)));
    window.cursor = at < 0 ? null : steps[at];
    this.view.changed(false);
  }

  reset() {
    this.view.window.reset();
    this.view.changed(true);
  }

  key(event) {
    const { window, steps } = this.view;
    if (withCommand(event) || !steps.length) return;
    const step = sliderStep(event, 1, Math.max(1, Math.round(steps.length / 20)));
    const here = window.cursor === null ? null : nearest(steps, window.cursor);
    if (step !== null) {
      const to = here === null && Number.isFinite(step) ? steps.length - 1 : (here ?? 0) + step;
      window.cursor = steps[clampIndex(to, steps.length)];
      window.reveal();
    } else if (event.key === "+" || event.key === "=") window.scale(0.5);
    else if (event.key === "-") window.scale(2);
    else if (event.key === "Escape") {
      if (!window.zoom) window.cursor = null;
      window.reset();
    } else return;
    event.preventDefault();
    this.view.changed(true);
  }
}
