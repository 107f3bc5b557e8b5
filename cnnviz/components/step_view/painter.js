// Painting the small picture by hand: mouse, finger or keys on the cells of the input. Knows values, not drawing.

import { element } from "../shared/controls/dom.js";
import { clamp } from "../shared/maths/clamp.js";

const HTML = `
  <label>value <input class="value numbers" type="number" step="1" min="-999" max="999" value="9"></label>
  <div class="swatches" role="group" aria-label="Values to paint with"></div>
  <button type="button" data-do="undo">Undo</button>
  <button type="button" data-do="clear">Set all to 0</button>
  <span class="hint">Draw on the input. With the keyboard: arrows move, digits write a number, Delete writes 0.</span>`;
const MOST = 999;

export class Painter {
  on = false; // is shown
  value = 9; // to paint with
  brush = 9; // what this stroke paints
  /** @type {Float32Array[][]} */ past = [];
  offered = ""; // the values on the buttons
  typed = ""; // digits of one number, typed into one cell without a pause
  typedAt = "";
  typedWhen = 0;

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").StepView} view
   */
  constructor(host, view) {
    this.host = host;
    this.view = view;
    host.innerHTML = HTML;
    this.find = (selector) => host.querySelector(selector);
    const box = this.find(".value");
    box.oninput = () => (this.value = clamp(Number(box.value) || 0, -MOST, MOST));
    this.find('[data-do="undo"]').onclick = () => this.undo();
    this.find('[data-do="clear"]').onclick = () => {
      this.remember();
      for (const plane of view.model.image.planes) plane.fill(0);
      view.changedPicture(true);
    };
    this.offer();
  }

  // Small values for pictures that can be checked by head; the whole scale of grey where the picture has it.
  offer() {
    const high = this.view.ranges?.input[1] ?? 9;
    const values = high > 9 ? [0, 64, 128, 192, 255] : high > 4 ? [0, 1, 3, 5, 9] : [0, 1, 2, 3, 4];
    if (this.offered === String(values)) return;
    this.offered = String(values);
    const host = this.find(".swatches");
    host.replaceChildren(...values.map((value) => {
      const button = element("button", { type: "button" }, String(value));
      button.onclick = () => this.take(value);
      return button;
    }));
    if (!values.includes(this.value)) this.take(values.at(-1));
  }

  take(value) {
    this.value = value;
    this.find(".value").value = String(value);
  }

  // The place on the picture of an input cell; null for the padding.
  index({ c, py, px }) {
    const { frame, image } = this.view.model;
    const y = py - frame.top, x = px - frame.left;
    return y >= 0 && x >= 0 && y < image.height && x < image.width ? { plane: image.planes[c], at: y * image.width + x } : null;
  }

  remember() {
    this.past.push(this.view.model.image.planes.map((plane) => Float64Array.from(plane)));
    if (this.past.length > 50) this.past.shift();
  }

  start(cell) {
    const place = this.on && cell.kind === "input" ? this.index(cell) : null;
    if (!place) return false;
    this.remember();
    // Starting on a cell that has the value already takes it away, so that a finger needs no second tool.
    this.brush = place.plane[place.at] === this.value ? 0 : this.value;
    this.stroke(cell);
    return true;
  }

  stroke(cell) {
    const place = cell.kind === "input" ? this.index(cell) : null;
    if (!place || place.plane[place.at] === this.brush) return;
    place.plane[place.at] = this.brush;
    this.view.changedPicture(false);
    this.view.setHover(cell);
  }

  end() {
    this.view.changedPicture(true);
  }

  undo() {
    const last = this.past.pop();
    if (!last || last.length !== this.view.model.image.planes.length || last[0].length !== this.view.model.image.planes[0].length) return;
    last.forEach((plane, c) => this.view.model.image.planes[c].set(plane));
    this.view.changedPicture(true);
  }

  // Digits write into the chosen input cell; true where the key was taken.
  key(event, focus) {
    const place = this.on && focus?.kind === "input" ? this.index(focus) : null;
    if (!place || event.ctrlKey || event.metaKey) return false;
    const where = JSON.stringify(focus);
    if (this.typedAt !== where || performance.now() - this.typedWhen > 1500) this.typed = "";
    if (/^[0-9]$/.test(event.key)) this.typed += event.key;
    else if (event.key === "-") this.typed = this.typed.startsWith("-") ? this.typed.slice(1) : `-${this.typed}`;
    else if (event.key === "Delete" || event.key === "Backspace") this.typed = "";
    else return false;
    this.typedAt = where;
    this.typedWhen = performance.now();
    const value = clamp(Number(this.typed === "-" ? 0 : this.typed), -MOST, MOST);
    this.remember();
    place.plane[place.at] = value;
    this.view.changedPicture(true);
    return true;
  }
}
