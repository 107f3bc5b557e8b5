// Pointer and keys on the canvas: the cursor, dragging out a stretch, and going back.
import { nearest } from "../shared/maths/search.js";

const DRAG = 8; // pixels before a press is a drag

export class Hand {
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
    return Math.min(x.to, Math.max(x.from, at));
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
    if (event.ctrlKey || event.metaKey || event.altKey || !steps.length) return;
    const far = Math.max(1, Math.round(steps.length / 20)), by = event.shiftKey ? far : 1;
    const here = window.cursor === null ? null : nearest(steps, window.cursor);
    const moves = {
      ArrowLeft: -by, ArrowDown: -by, ArrowRight: by, ArrowUp: by, PageDown: -far, PageUp: far,
      Home: -Infinity, End: Infinity,
    };
    if (event.key in moves) {
      const to = here === null && Number.isFinite(moves[event.key]) ? steps.length - 1 : (here ?? 0) + moves[event.key];
      window.cursor = steps[Math.min(steps.length - 1, Math.max(0, to))];
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
