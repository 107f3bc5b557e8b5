// Pointer and keyboard on the photo and on the grid of units: what is pointed at, and what is chosen for good.
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clamp } from "../shared/maths/clamp.js";
import { legal, middle, unitAt } from "./maths.js";


export class PointerKeys {
  /** @type {number[] | null} */ unit = null; // what the pointer is over; nothing of it is kept
  /** @type {number[] | null} */ pixel = null;

  /** @param {import("./field.js").Field} field */
  constructor(field) {
    this.field = field;
    const photo = field.photo.marks, grid = field.grid.canvas;
    this.listen(photo, (event) => this.onPhoto(event), (event) => this.keyOnPhoto(event));
    this.listen(grid, (event) => ({ unit: field.grid.unitAt(event) }), (event) => this.moveUnit(event));
  }

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
      this.unit = found.unit ?? null;
      this.pixel = found.pixel ?? null;
      field.stage.ask("marks");
    };
    canvas.onpointerleave = () => {
      this.forget();
      field.stage.ask("marks");
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
    return { pixel: place.map((v, a) => clamp(Math.floor(v), 0, field.shape[a] - 1)) };
  }

  keyOnPhoto(event) {
    const { field } = this, step = arrowStep(event, 10);
    if (!field.state.pixel) {
      this.moveUnit(event);
      return;
    }
    if (event.key === "Home" && !withCommand(event)) field.change({ pixel: field.shape.map((n) => Math.floor(n / 2)) });
    else if (step) field.change({ pixel: field.pixel.map((v, a) => clamp(v + step[a], 0, field.shape[a] - 1)) });
    else return;
    event.preventDefault();
    this.forget();
  }

  moveUnit(event) {
    const { field } = this, step = arrowStep(event, 5);
    if (event.key === "Home" && !withCommand(event)) field.change({ unit: middle(field.record), pixel: false });
    else if (step) field.change({ unit: legal(field.record, field.unit.map((v, a) => v + step[a])), pixel: false });
    else return;
    event.preventDefault();
    this.forget();
  }
}
