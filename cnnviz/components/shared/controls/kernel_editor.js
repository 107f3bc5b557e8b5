// The kernel as a small spreadsheet: type, Tab, arrows, paste a block, drag a number, or move the slider.
// It holds the kernel that is being edited and says what changed; what the picture does with it is not its business.
import { clamp, clampIndex } from "../maths/clamp.js";
import { shortNumber } from "../text/format.js";
import { parseKernel, parseNumber } from "../text/kernel_text.js";
import { choiceButton, Choices } from "./choices.js";
import { element } from "./dom.js";
import { EditedKernel } from "./edited_kernel.js";
import { HTML, MOST, SLICES, TOOLS } from "./kernel_editor_parts.js";
import { KernelGrid } from "./kernel_grid.js";
import { sumOf } from "./kernel_moves.js";

/** @typedef {import("../maths/geometry.js").Kernel} Kernel */
/** @typedef {import("./kernel_grid.js").Cell} Cell */
/**
 * @typedef {object} EditorEvents
 * @property {(kernel: Kernel, row: number, col: number, slice: number | null) => void} onScrubStart
 * @property {(kernel: Kernel, weight: number) => void} onScrub a weight moves with the pointer
 * @property {(kernel: Kernel, divide: boolean, live: boolean) => void} onChange live: more will follow at once
 */
/**
 * @typedef {object} Shown what the editor takes from outside
 * @property {Kernel} kernel
 * @property {boolean} divide
 * @property {string} name
 * @property {string} note
 * @property {boolean} threeSlices
 * @property {(weight: number, most: number) => import("../canvas/fills.js").Fill} cell
 */

export class KernelEditor {
  /** @type {Cell} */ at = { row: 0, col: 0 }; // of the slider
  /** @type {number | null} */ reach = null; // of the slider while a weight is dragged
  note = "";
  /** @type {Shown["cell"]} */ fill = null;
  changed = false; // by what is being typed
  sizing = false; // a size is being typed: an answer of Python must not overwrite it
  scrubbing = false;

  /**
   * @param {HTMLElement} host
   * @param {EditorEvents} events
   * @param {number} [limit] rows and columns
   */
  constructor(host, events, limit = MOST) {
    this.host = host;
    this.events = events;
    this.limit = limit;
    host.innerHTML = HTML.replaceAll(`max="${MOST}"`, `max="${limit}"`);
    this.find = (selector) => host.querySelector(selector);
    this.edited = new EditedKernel(limit);
    this.grid = new KernelGrid(this.find(".grid"), this.edited, this.gridEvents());
    this.slices = new Choices(this.find(".slices"), { choose: (id) => this.chooseSlice(id) });
    this.find(".slices").append(...SLICES.map(([id, label]) => choiceButton(id, label)));
    this.buildTools();
    this.find(".more").open = this.roomFor() >= 700; // on a phone the pictures come first
  }

  roomFor() {
    const root = this.host.getRootNode();
    return root instanceof ShadowRoot ? root.host.clientWidth : this.host.clientWidth;
  }

  gridEvents() {
    return {
      select: (at) => this.select(at),
      type: (at, weight) => this.type(at, weight),
      commit: (text, bad) => this.commit(text, bad),
      cancel: () => this.cancel(),
      undo: () => this.tool("undo"),
      paste: (text, at) => this.paste(text, at),
      grab: (at) => {
        this.at = at;
        this.reach = this.span;
      },
      drag: (weight) => this.scrub(weight),
      drop: () => this.endScrub(),
    };
  }

  buildTools() {
    for (const [id, label, title] of TOOLS) {
      const button = element("button", { type: "button", title, "data-tool": id }, label);
      button.onclick = () => this.tool(id);
      this.find(".tools").append(button);
    }
    this.find(".use").onclick = () => this.takeText(this.find("textarea").value);
    for (const name of ["rows", "cols"]) {
      const box = this.find(`.${name}`);
      box.oninput = () => (this.sizing = true);
      box.onchange = () => this.resize();
    }
    const slider = this.find(".slider");
    slider.oninput = () => this.scrub(Number(slider.value));
    slider.onchange = () => this.endScrub();
  }

  // ---- what is shown ------------------------------------------------------------------------------------------

  /** @param {Shown} shown */
  show({ kernel, divide, name, note, threeSlices, cell }) {
    const resized = this.edited.show(kernel, divide, threeSlices);
    this.note = note;
    this.fill = cell;
    this.at = { row: clampIndex(this.at.row, kernel.rows), col: clampIndex(this.at.col, kernel.cols) };
    this.find(".name").textContent = name;
    this.find(".slices").hidden = !threeSlices;
    if (resized || !this.grid.built) this.build();
    this.refresh();
  }

  // The slice that is edited; null: all together.
  get slice() {
    return this.edited.slice;
  }

  // How far the slider goes, both ways.
  get span() {
    return Math.max(1, 2 * this.edited.most);
  }

  build() {
    this.grid.build();
    const controls = this.host.querySelectorAll(".slide input, .shape input, .tools button");
    for (const control of controls) /** @type {HTMLInputElement} */ (control).disabled = this.grid.tooLarge;
  }

  // Writes numbers, colours, the sum and the slider.
  refresh() {
    const { kernel, rows, cols } = this.edited;
    this.grid.refresh(this.fill);
    this.slices.mark(this.slice === null ? "all" : String(this.slice));
    this.find(".size").textContent = `${rows}×${cols}${kernel.slices.length === 3 ? "×3" : ""}`;
    if (!this.sizing) Object.assign(this.find(".rows"), { value: rows });
    if (!this.sizing) Object.assign(this.find(".cols"), { value: cols });
    this.refreshSum(sumOf(kernel));
    this.find('[data-tool="undo"]').disabled = this.edited.past.length === 0;
    this.refreshSlider();
  }

  refreshSum(sum) {
    const { divide } = this.edited, { tooLarge } = this.grid, text = shortNumber(sum, 4);
    const words = divide ? `Every weight is divided by the sum, ${text}.` : `The weights sum to ${text}.`;
    const large = tooLarge ? ` More than ${this.limit}×${this.limit} cells cannot be edited by hand.` : "";
    this.find(".sum").textContent = this.note + words + large;
    const button = this.find('[data-tool="divide"]');
    button.setAttribute("aria-pressed", String(divide));
    button.disabled = tooLarge || (!divide && sum === 0);
    button.title = sum === 0 ? "The weights sum to 0, so there is nothing to divide by" : "Divide every weight by their sum";
  }

  refreshSlider() {
    const { row, col } = this.at, slider = this.find(".slider"), reach = this.reach ?? this.span;
    Object.assign(slider, { min: -reach, max: reach, step: reach / 200 });
    slider.value = this.edited.weightAt(this.at);
    this.find(".which").textContent = `row ${row + 1}, column ${col + 1}`;
    slider.setAttribute("aria-label", `weight row ${row + 1} column ${col + 1}`);
  }

  complain(sentence) {
    this.find(".complaint").textContent = sentence;
  }

  // ---- typing -------------------------------------------------------------------------------------------------

  select(at) {
    this.at = at;
    this.reach = null;
    this.refreshSlider();
  }

  type(at, weight) {
    if (!this.changed) this.edited.remember();
    this.changed = true;
    this.edited.set(at, weight);
    this.refresh();
    this.events.onChange(this.edited.copy(), this.edited.divide, true);
  }

  commit(text, bad) {
    this.complain(bad && text.trim() !== "" ? `“${text.slice(0, 20)}” is not a number; the weight stays as it was.` : "");
    if (this.changed) this.publish();
    this.changed = false;
    this.refresh();
  }

  cancel() {
    if (this.changed) this.tool("undo");
    this.changed = false;
  }

  paste(text, at) {
    if (parseNumber(text) !== null) return false; // an ordinary paste into the cell
    let block;
    try {
      block = parseKernel(text, this.limit);
    } catch (error) {
      this.complain(/** @type {Error} */ (error).message);
      return true;
    }
    this.edited.paste(block, at);
    this.renewed();
    return true;
  }

  // ---- whole kernels ------------------------------------------------------------------------------------------

  takeText(text) {
    try {
      this.edited.take(parseKernel(text, this.limit));
    } catch (error) {
      this.complain(/** @type {Error} */ (error).message);
      return;
    }
    this.renewed();
  }

  resize() {
    this.sizing = false;
    const size = (name) => clamp(Math.round(Number(this.find(`.${name}`).value)) || this.edited[name], 1, this.limit);
    if (this.edited.resize(size("rows"), size("cols"))) this.renewed();
    else this.refresh();
  }

  tool(id) {
    if (id === "divide") {
      this.edited.toggleDivide();
      this.publish();
      return;
    }
    if (id !== "undo") this.edited.transform(id);
    else if (!this.edited.undo()) return;
    this.renewed();
  }

  // Another kernel is there, perhaps of another size.
  renewed() {
    const { rows, cols } = this.edited;
    this.at = { row: clampIndex(this.at.row, rows), col: clampIndex(this.at.col, cols) };
    this.complain("");
    this.build();
    this.publish();
  }

  publish() {
    this.refresh();
    this.events.onChange(this.edited.copy(), this.edited.divide, false);
  }

  chooseSlice(id) {
    this.edited.slice = id === "all" ? null : Number(id);
    this.refresh();
  }

  // ---- a weight that is dragged -------------------------------------------------------------------------------

  scrub(weight) {
    const { edited, at } = this;
    if (!this.scrubbing) {
      this.scrubbing = true;
      edited.remember();
      this.reach ??= this.span;
      edited.set(at, weight); // first, so that a kernel with one slice has become one with three where it must
      this.events.onScrubStart(edited.copy(), at.row, at.col, edited.slice);
    }
    edited.set(at, weight);
    this.refresh();
    this.events.onScrub(edited.copy(), weight);
  }

  endScrub() {
    if (!this.scrubbing) return;
    this.scrubbing = false;
    this.reach = null;
    this.publish();
  }
}
