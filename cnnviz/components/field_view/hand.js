// Pointer and keyboard on the photo and on the grid of units: what is pointed at, and what is chosen for good.
import { hold, legal, middle, unitAt } from "./maths.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Hand {
  // field: has record, records, unit, pixel, shape, state, photo, grid, change(part), schedule(level)
  constructor(field) {
    this.field = field;
    this.forget();
    const photo = field.photo.marks, grid = field.grid.canvas;
    this.listen(photo, (event) => this.onPhoto(event), (event) => this.keyOnPhoto(event));
    this.listen(grid, (event) => ({ unit: field.grid.unitAt(event) }), (event) => this.moveUnit(event));
  }

  // What the pointer is over, {unit} or {pixel}; nothing of it is kept.
  forget() {
    this.unit = this.pixel = null;
  }

  // at(event) → {unit} or {pixel}
  listen(canvas, at, onKey) {
    const { field } = this;
    canvas.onpointermove = (event) => {
      if (event.pointerType === "touch" && !event.buttons) return;
      const found = at(event);
      // In the view from a pixel the grid only answers a click.
      if (found.unit && field.state.pixel) return;
      this.forget();
      Object.assign(this, found);
      field.schedule("marks");
    };
    canvas.onpointerleave = () => {
      this.forget();
      field.schedule("marks");
    };
    canvas.onclick = (event) => {
      const found = at(event);
      this.forget();
      field.change(found.unit ? { ...found, pixel: false } : found);
    };
    canvas.onkeydown = onKey;
  }

  onPhoto(event) {
    const { field } = this, place = field.photo.placeAt(event);
    if (!field.state.pixel) return { unit: unitAt(field.record, place) };
    return { pixel: place.map((v, a) => hold(Math.floor(v), 0, field.shape[a] - 1)) };
  }

  keyOnPhoto(event) {
    const { field } = this, step = STEPS[event.key];
    if (!field.state.pixel) return this.moveUnit(event);
    if (event.key === "Home") field.change({ pixel: field.shape.map((n) => Math.floor(n / 2)) });
    else if (step) {
      const by = event.shiftKey ? 10 : 1;
      field.change({ pixel: field.pixel.map((v, a) => hold(v + by * step[a], 0, field.shape[a] - 1)) });
    } else return undefined;
    event.preventDefault();
    return this.forget();
  }

  moveUnit(event) {
    const { field } = this, step = STEPS[event.key];
    if (event.key === "Home") field.change({ unit: middle(field.record), pixel: false });
    else if (step) {
      const by = event.shiftKey ? 5 : 1;
      field.change({ unit: legal(field.record, field.unit.map((v, a) => v + by * step[a])), pixel: false });
    } else return;
    event.preventDefault();
    this.forget();
  }
}
