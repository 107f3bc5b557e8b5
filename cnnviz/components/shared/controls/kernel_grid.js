// The weights as a small spreadsheet: cells to type into, arrow keys, a block that is pasted, a number that is dragged.
import { clampIndex } from "../maths/clamp.js";
import { shortNumber, withoutLeadingZero } from "../text/format.js";
import { parseNumber } from "../text/kernel_text.js";
import { element } from "./dom.js";
import { arrowStep } from "./keys.js";

/** @typedef {{row: number, col: number}} Cell */
/**
 * @typedef {object} GridEvents what a visitor does with the cells
 * @property {(cell: Cell) => void} select
 * @property {(cell: Cell, weight: number) => void} type a number is complete; others may follow
 * @property {(text: string, bad: boolean) => void} commit the cell is left, or Enter pressed; bad: it holds no number
 * @property {() => void} cancel
 * @property {() => void} undo
 * @property {(text: string, cell: Cell) => boolean} paste true where the text was taken
 * @property {(cell: Cell) => void} grab
 * @property {(weight: number) => void} drag
 * @property {() => void} drop
 */

const DRAG = 4; // pixels before a press is a drag

const exact = (weight) => String(Number(weight.toPrecision(7)));

export class KernelGrid {
  typing = false; // somebody writes into the cell that has the focus
  rebuilding = false;
  tooLarge = false; // more cells than can be edited: shown as colours

  /**
   * @param {HTMLElement} host
   * @param {import("./edited_kernel.js").EditedKernel} edited
   * @param {GridEvents} on
   */
  constructor(host, edited, on) {
    this.host = host;
    this.edited = edited;
    this.on = on;
    this.root = /** @type {ShadowRoot | Document} */ (host.getRootNode());
  }

  // New cells in the place of the old ones; the focus stays where it was.
  build() {
    const { host, edited: { rows, cols, limit } } = this, active = this.root.activeElement;
    const focused = active instanceof HTMLElement && host.contains(active) ? { ...active.dataset } : null;
    this.rebuilding = true; // a cell that goes loses the focus, and must not write the new kernel into the old cells
    host.style.setProperty("--cols", String(cols));
    host.dataset.size = cols <= 3 ? "large" : cols <= 5 ? "middle" : cols <= 7 ? "snug" : "small";
    host.replaceChildren();
    this.rebuilding = false;
    this.tooLarge = Math.max(rows, cols) > limit;
    if (this.tooLarge) {
      host.append(element("canvas", {
        width: cols, height: rows, role: "img", "aria-label": `The ${rows}×${cols} weights as colours`,
      }));
      return;
    }
    for (let row = 0; row < rows; row++) {
      host.append(element("div", { role: "row" }, ...Array.from({ length: cols }, (_, col) => this.cell({ row, col }))));
    }
    if (focused) this.box({ row: clampIndex(Number(focused.row), rows), col: clampIndex(Number(focused.col), cols) }).focus();
  }

  get built() {
    return this.host.childElementCount > 0;
  }

  /** @param {Cell} cell */
  cell({ row, col }) {
    const box = /** @type {HTMLInputElement} */ (element("input", {
      type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", class: "numbers",
      "aria-label": `weight row ${row + 1} column ${col + 1}`, "data-row": row, "data-col": col,
    }));
    const at = { row, col };
    box.onfocus = () => this.select(at, box);
    box.onkeydown = (event) => this.key(event, at, box);
    box.oninput = () => this.typed(at, box);
    box.onchange = () => this.commit(box);
    box.onblur = () => this.rebuilding || this.refresh();
    box.onpaste = (event) => {
      if (this.on.paste(event.clipboardData.getData("text"), at)) event.preventDefault();
    };
    box.onpointerdown = (event) => this.grab(event, at, box);
    box.ondragstart = (event) => event.preventDefault(); // a selected number would be dragged as text
    return element("div", { role: "gridcell" }, box);
  }

  /** @param {Cell} cell @returns {HTMLInputElement} */
  box({ row, col }) {
    return this.host.querySelector(`input[data-row="${row}"][data-col="${col}"]`);
  }

  // ---- what is shown ------------------------------------------------------------------------------------------

  // fill(weight, most) → {background, ink}
  refresh(fill = this.fill) {
    this.fill = fill;
    if (this.tooLarge) this.paint();
    else this.write();
  }

  paint() {
    const canvas = this.host.querySelector("canvas"), ctx = canvas.getContext("2d"), { most, weights } = this.edited;
    weights.forEach((weight, i) => {
      ctx.fillStyle = this.fill(weight, most).background;
      ctx.fillRect(i % canvas.width, Math.floor(i / canvas.width), 1, 1);
    });
  }

  // Numbers and colours; leaves the cell alone in which somebody types.
  write() {
    const { cols, most, weights } = this.edited, active = this.root.activeElement;
    const short = (v) => (cols > 5 ? withoutLeadingZero(shortNumber(v, 2)) : shortNumber(v));
    const boxes = this.host.querySelectorAll("input"); // one look-up: this runs at every frame of a drag
    boxes.forEach((box, i) => {
      const weight = weights[i], state = `${weight} ${most}`;
      if (box.dataset.state === state && box !== active) return;
      box.dataset.state = box === active ? "" : state; // written anew when the focus has left it
      const { background, ink } = this.fill(weight, most);
      if (box.style.backgroundColor !== background) Object.assign(box.style, { backgroundColor: background, color: ink });
      if (box !== active) box.value = short(weight);
      else if (!this.typing) box.value = exact(weight); // an equal text leaves the selection as it is
      box.title = String(weight);
    });
  }

  // ---- what a visitor does ------------------------------------------------------------------------------------

  select(at, box) {
    box.dataset.state = "";
    this.typing = false;
    box.value = exact(this.edited.weightAt(at));
    box.select();
    this.on.select(at);
  }

  typed(at, box) {
    this.typing = true;
    const value = parseNumber(box.value);
    box.setAttribute("aria-invalid", String(value === null));
    if (value !== null) this.on.type(at, value);
  }

  // Enter commits before the browser reports the change: the second time there is nothing left to say.
  commit(box) {
    if (!this.typing) return;
    box.removeAttribute("aria-invalid");
    this.typing = false;
    this.on.commit(box.value, parseNumber(box.value) === null);
  }

  key(event, { row, col }, box) {
    const { rows, cols } = this.edited, step = this.step(event, box);
    if (step) {
      event.preventDefault();
      if (event.key === "Enter") this.commit(box);
      this.box({ row: clampIndex(row + step[0], rows), col: clampIndex(col + step[1], cols) }).focus();
    } else if (event.key === "Escape") {
      this.on.cancel();
      box.blur();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !this.typing) {
      event.preventDefault();
      this.on.undo();
    }
  }

  // Left and right first move within the number, and leave the cell at its ends.
  step(event, box) {
    const whole = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    if (event.key === "ArrowLeft" && !whole && box.selectionEnd !== 0) return null;
    if (event.key === "ArrowRight" && !whole && box.selectionStart !== box.value.length) return null;
    return event.key === "Enter" ? [1, 0] : arrowStep(event);
  }

  // Dragging a number: one pixel is about a hundredth of the largest weight, a tenth of that with Shift.
  grab(event, at, box) {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY, weight: this.edited.weightAt(at) };
    const unit = 10 ** Math.floor(Math.log10(Math.max(this.edited.most, 0.02) / 50));
    let dragging = false;
    box.onpointermove = (moved) => {
      const way = moved.clientX - start.x - (moved.clientY - start.y);
      if (!dragging && Math.abs(way) < DRAG) return;
      if (!dragging) {
        dragging = true;
        box.blur();
        box.setPointerCapture(event.pointerId);
        this.on.grab(at);
      }
      moved.preventDefault();
      const fine = moved.shiftKey ? unit / 10 : unit;
      this.on.drag(Number((Math.round((start.weight + way * fine) / fine) * fine).toPrecision(10)));
    };
    box.onpointerup = box.onpointercancel = () => {
      box.onpointermove = box.onpointerup = box.onpointercancel = null;
      if (dragging) this.on.drop();
    };
  }
}
