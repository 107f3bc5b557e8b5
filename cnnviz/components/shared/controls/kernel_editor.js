// The kernel as a small spreadsheet: type, Tab, arrows, paste a block, drag a number, or move the slider.
// It holds the kernel that is being edited and says what changed; what the picture does with it is not its business.
import { parseKernel, parseNumber, shortNumber } from "../text/kernel_text.js";
import { reshape, sumOf, transformed } from "./kernel_moves.js";

const MOST = 15; // rows and columns that a hand can edit, unless a view allows fewer

const TOOLS = [
  ["flipX", "Flip ↔", "Mirror left and right"],
  ["flipY", "Flip ↕", "Mirror top and bottom"],
  ["transpose", "Transpose", "Swap rows and columns"],
  ["rotate", "Rotate 90°", "Turn by 90° clockwise"],
  ["negate", "Negate", "Change every sign"],
  ["divide", "÷ sum", "Divide every weight by their sum"],
  ["clear", "Clear", "Set every weight to 0"],
  ["undo", "Undo", "Take the last change back"],
];

const HTML = `
  <div class="weights">
  <div class="head"><strong class="name"></strong><span class="size numbers"></span></div>
  <div class="slices" role="radiogroup" aria-label="Which slice of the kernel is shown" hidden></div>
  <div class="grid-scroll"><div class="grid" role="grid" aria-label="Kernel weights"></div></div>
  <label class="slide"><span class="which"></span><input type="range" class="slider"></label>
  <p class="sum numbers"></p>
  </div>
  <details class="more"><summary>Size and tools</summary>
  <div class="shape">
    <label>rows <input class="rows numbers" type="number" min="1" max="${MOST}" step="1"></label>
    <span aria-hidden="true">×</span>
    <label>columns <input class="cols numbers" type="number" min="1" max="${MOST}" step="1"></label>
  </div>
  <div class="tools"></div>
  <label class="text">Type or paste a kernel
    <textarea class="numbers" rows="2" spellcheck="false" placeholder="1 0 -1; 2 0 -2; 1 0 -1"></textarea></label>
    <button type="button" class="use">Use this kernel</button>
  </details>
  <p class="complaint" role="status"></p>`;

const exact = (weight) => String(Number(weight.toPrecision(7)));
const clone = (kernel) => ({ ...kernel, slices: kernel.slices.map((s) => Float64Array.from(s)) });

export class KernelEditor {
  // events: onScrubStart(row, col, slice), onScrub(weight), onChange(kernel, divide, live); limit: rows and columns
  constructor(host, events, limit = MOST) {
    this.host = host;
    this.events = events;
    this.limit = limit;
    host.innerHTML = HTML.replaceAll(`max="${MOST}"`, `max="${limit}"`);
    this.at = { row: 0, col: 0 };
    this.slice = null; // null = all slices together
    this.past = [];
    this.find = (selector) => host.querySelector(selector);
    this.buildTools();
    this.find(".more").open = host.getRootNode().host.clientWidth >= 700; // on a phone the pictures come first
  }

  buildTools() {
    for (const [id, label, hint] of TOOLS) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: label, title: hint });
      button.dataset.tool = id;
      button.onclick = () => this.tool(id);
      this.find(".tools").append(button);
    }
    this.find(".use").onclick = () => this.takeText(this.find("textarea").value);
    for (const name of ["rows", "cols"]) {
      const box = this.find(`.${name}`);
      box.oninput = () => (this.sizing = true); // an answer of Python must not overwrite what is being typed
      box.onchange = () => this.resize();
    }
    const slider = this.find(".slider");
    slider.oninput = () => this.scrub(Number(slider.value));
    slider.onchange = () => this.endScrub();
  }

  // Takes a kernel from outside; colours = {cell(weight, most) → {background, ink}}
  show({ kernel, divide, name, note, threeSlices, cell }) {
    const resized = !this.kernel || this.kernel.rows !== kernel.rows || this.kernel.cols !== kernel.cols;
    Object.assign(this, { kernel: clone(kernel), divide, cell, threeSlices, note });
    if (!threeSlices) this.slice = null;
    this.at = { row: Math.min(this.at.row, kernel.rows - 1), col: Math.min(this.at.col, kernel.cols - 1) };
    this.find(".name").textContent = name;
    if (resized || !this.find(".grid").children.length) this.buildGrid();
    this.buildSlices();
    this.refresh();
  }

  get shown() {
    return this.kernel.slices[Math.min(this.slice ?? 0, this.kernel.slices.length - 1)];
  }

  get most() {
    return this.kernel.slices.reduce((m, s) => s.reduce((a, v) => Math.max(a, Math.abs(v)), m), 0);
  }

  // New cells in the place of the old ones; the focus stays where it was.
  buildGrid() {
    const { rows, cols } = this.kernel;
    const grid = this.find(".grid"), active = this.host.getRootNode().activeElement;
    const focused = grid.contains(active) ? { ...active.dataset } : null;
    this.rebuilding = true; // a cell that goes loses the focus, and must not write the new kernel into the old cells
    grid.style.setProperty("--cols", cols);
    grid.dataset.size = cols <= 3 ? "large" : cols <= 5 ? "middle" : cols <= 7 ? "snug" : "small";
    grid.replaceChildren();
    this.rebuilding = false;
    this.buildTooLarge(grid);
    if (this.tooLarge) return;
    for (let row = 0; row < rows; row++) {
      const line = document.createElement("div");
      line.setAttribute("role", "row");
      for (let col = 0; col < cols; col++) line.append(this.buildCell(row, col));
      grid.append(line);
    }
    if (focused) this.box(Math.min(focused.row, rows - 1), Math.min(focused.col, cols - 1)).focus();
  }

  // More cells than a hand can edit are shown as colours only.
  buildTooLarge(grid) {
    const { rows, cols } = this.kernel;
    this.tooLarge = Math.max(rows, cols) > this.limit;
    for (const control of this.host.querySelectorAll(".slide input, .shape input, .tools button")) control.disabled = this.tooLarge;
    if (!this.tooLarge) return;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: cols, height: rows });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `The ${rows}×${cols} weights as colours`);
    grid.append(canvas);
  }

  paintTooLarge() {
    const canvas = this.find(".grid canvas"), ctx = canvas.getContext("2d"), most = this.most;
    this.shown.forEach((weight, i) => {
      ctx.fillStyle = this.cell(weight, most).background;
      ctx.fillRect(i % canvas.width, Math.floor(i / canvas.width), 1, 1);
    });
  }

  buildCell(row, col) {
    const holder = document.createElement("div");
    holder.setAttribute("role", "gridcell");
    const box = document.createElement("input");
    Object.assign(box, { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false, className: "numbers" });
    box.setAttribute("aria-label", `weight row ${row + 1} column ${col + 1}`);
    Object.assign(box.dataset, { row, col });
    box.onfocus = () => this.select(row, col, box);
    box.onkeydown = (event) => this.key(event, row, col, box);
    box.oninput = () => this.typed(row, col, box);
    box.onchange = () => this.commit(box);
    box.onblur = () => this.rebuilding || this.refresh();
    box.onpaste = (event) => this.paste(event, row, col);
    box.onpointerdown = (event) => this.grab(event, row, col, box);
    box.ondragstart = (event) => event.preventDefault(); // a selected number would be dragged as text
    holder.append(box);
    return holder;
  }

  buildSlices() {
    const host = this.find(".slices");
    host.hidden = !this.threeSlices;
    host.replaceChildren();
    for (const [slice, label] of [[null, "all"], [0, "R"], [1, "G"], [2, "B"]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: label });
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", String(this.slice === slice));
      button.onclick = () => {
        this.slice = slice;
        this.buildSlices();
        this.refresh();
      };
      host.append(button);
    }
  }

  box(row, col) {
    return this.find(`input[data-row="${row}"][data-col="${col}"]`);
  }

  // Writes numbers, colours, the sum and the slider; leaves the cell alone in which somebody types.
  refresh() {
    const { rows, cols } = this.kernel;
    const weights = this.shown, most = this.most;
    if (this.tooLarge) this.paintTooLarge();
    else this.refreshCells(weights, most);
    const sum = sumOf(this.kernel);
    this.find(".sum").textContent = this.note + this.sumText(sum) + (this.tooLarge ? ` More than ${this.limit}×${this.limit} cells cannot be edited by hand.` : "");
    this.find(".size").textContent = `${rows}×${cols}${this.kernel.slices.length === 3 ? "×3" : ""}`;
    if (!this.sizing) {
      this.find(".rows").value = rows;
      this.find(".cols").value = cols;
    }
    const divide = this.find('[data-tool="divide"]');
    divide.setAttribute("aria-pressed", String(this.divide));
    divide.disabled = this.tooLarge || (!this.divide && sum === 0);
    divide.title = sum === 0 ? "The weights sum to 0, so there is nothing to divide by" : "Divide every weight by their sum";
    this.find('[data-tool="undo"]').disabled = this.past.length === 0;
    this.refreshSlider(most);
  }

  refreshCells(weights, most) {
    const { rows, cols } = this.kernel;
    const active = this.host.getRootNode().activeElement;
    const short = (v) => (cols > 5 ? shortNumber(v, 2).replace(/^(\u2212?)0\./, "$1.") : shortNumber(v));
    const boxes = this.find(".grid").querySelectorAll("input"); // one look-up: a refresh runs at every frame of a drag
    for (let i = 0; i < rows * cols; i++) {
      const box = boxes[i], state = `${weights[i]} ${most}`;
      if (box.dataset.state === state && box !== active) continue;
      box.dataset.state = box === active ? "" : state; // written anew when the focus has left it
      const { background, ink } = this.cell(weights[i], most);
      if (box.style.backgroundColor !== background) Object.assign(box.style, { backgroundColor: background, color: ink });
      if (box !== active) box.value = short(weights[i]);
      else if (!this.typing) box.value = exact(weights[i]); // an equal text leaves the selection as it is
      box.title = String(weights[i]);
    }
  }

  sumText(sum) {
    const text = shortNumber(sum, 4);
    return this.divide ? `Every weight is divided by the sum, ${text}.` : `The weights sum to ${text}.`;
  }

  refreshSlider(most) {
    const { row, col } = this.at;
    const slider = this.find(".slider");
    const reach = this.reach ?? Math.max(1, 2 * most);
    Object.assign(slider, { min: -reach, max: reach, step: reach / 200 });
    slider.value = this.shown[row * this.kernel.cols + col];
    this.find(".which").textContent = `row ${row + 1}, column ${col + 1}`;
    slider.setAttribute("aria-label", `weight row ${row + 1} column ${col + 1}`);
  }

  select(row, col, box) {
    this.at = { row, col };
    box.dataset.state = "";
    this.typing = false;
    this.reach = null;
    box.value = exact(this.shown[row * this.kernel.cols + col]);
    box.select();
    this.refreshSlider(this.most);
  }

  set(row, col, weight) {
    const cell = row * this.kernel.cols + col;
    if (this.slice !== null && this.kernel.slices.length === 1) this.kernel.slices = [0, 1, 2].map(() => Float64Array.from(this.kernel.slices[0]));
    this.kernel.slices.forEach((weights, s) => (this.slice === null || s === this.slice) && (weights[cell] = weight));
  }

  remember() {
    this.past.push({ kernel: clone(this.kernel), divide: this.divide });
    if (this.past.length > 50) this.past.shift();
  }

  typed(row, col, box) {
    this.typing = true;
    const value = parseNumber(box.value);
    box.setAttribute("aria-invalid", String(value === null));
    if (value === null) return;
    if (!this.changed) this.remember();
    this.changed = true;
    this.set(row, col, value);
    this.refresh();
    this.events.onChange(clone(this.kernel), this.divide, true);
  }

  // Enter commits before the browser reports the change: the second time there is nothing left to say.
  commit(box) {
    if (!this.typing) return;
    const bad = parseNumber(box.value) === null;
    this.complain(bad && box.value.trim() !== "" ? `“${box.value.slice(0, 20)}” is not a number; the weight stays as it was.` : "");
    box.removeAttribute("aria-invalid");
    this.typing = false;
    if (this.changed) this.publish();
    this.changed = false;
    this.refresh();
  }

  publish() {
    this.refresh();
    this.events.onChange(clone(this.kernel), this.divide, false);
  }

  key(event, row, col, box) {
    const { rows, cols } = this.kernel;
    const whole = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] }[event.key]
      ?? (event.key === "ArrowLeft" && (whole || box.selectionEnd === 0) ? [0, -1] : null)
      ?? (event.key === "ArrowRight" && (whole || box.selectionStart === box.value.length) ? [0, 1] : null);
    if (step) {
      event.preventDefault();
      if (event.key === "Enter") this.commit(box);
      this.box(Math.min(Math.max(row + step[0], 0), rows - 1), Math.min(Math.max(col + step[1], 0), cols - 1)).focus();
    } else if (event.key === "Escape") {
      if (this.changed) this.tool("undo");
      this.changed = false;
      box.blur();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !this.typing) {
      event.preventDefault();
      this.tool("undo");
    }
  }

  paste(event, row, col) {
    const text = event.clipboardData.getData("text");
    let block;
    try {
      block = parseKernel(text, this.limit);
    } catch (error) {
      event.preventDefault();
      this.complain(error.message);
      return;
    }
    if (block.rows === 1 && block.cols === 1) return; // an ordinary paste into the cell
    event.preventDefault();
    if (row === 0 && col === 0) this.take(block);
    else this.pasteAt(block, row, col);
  }

  // A block that is not pasted at the top left overwrites from there; the kernel grows as far as it may.
  pasteAt(block, row, col) {
    const rows = Math.min(this.limit, Math.max(this.kernel.rows, row + block.rows));
    const cols = Math.min(this.limit, Math.max(this.kernel.cols, col + block.cols));
    const grown = reshape(this.kernel, rows, cols, 0, 0);
    for (let r = row; r < Math.min(rows, row + block.rows); r++) {
      for (let c = col; c < Math.min(cols, col + block.cols); c++) {
        for (const weights of grown.slices) weights[r * cols + c] = block.slices[0][(r - row) * block.cols + c - col];
      }
    }
    this.take(grown);
  }

  takeText(text) {
    try {
      this.take(parseKernel(text, this.limit));
    } catch (error) {
      this.complain(error.message);
    }
  }

  // Makes a whole new kernel the present one.
  take(kernel, divide = false) {
    this.remember();
    const slices = !this.threeSlices && kernel.slices.length === 3 ? [kernel.slices[0]] : kernel.slices;
    this.kernel = clone({ ...kernel, slices });
    this.divide = divide;
    this.complain("");
    this.buildGrid();
    this.publish();
  }

  resize() {
    this.sizing = false;
    const size = (name, old) => Math.min(Math.max(Math.round(Number(this.find(`.${name}`).value)) || old, 1), this.limit);
    const rows = size("rows", this.kernel.rows), cols = size("cols", this.kernel.cols);
    if (rows === this.kernel.rows && cols === this.kernel.cols) return this.refresh();
    const middle = (k) => Math.floor((k - 1) / 2);
    this.take(reshape(this.kernel, rows, cols, middle(rows) - middle(this.kernel.rows), middle(cols) - middle(this.kernel.cols)), this.divide);
  }

  tool(id) {
    if (id === "undo") {
      const last = this.past.pop();
      if (!last) return;
      this.kernel = last.kernel;
      this.divide = last.divide;
      this.buildGrid();
      this.publish();
    } else if (id === "divide") {
      this.remember();
      this.divide = !this.divide;
      this.publish();
    } else this.take(transformed(this.kernel, id), id === "clear" ? false : this.divide);
  }

  // Dragging a number: one pixel is about a hundredth of the largest weight, a tenth of that with Shift.
  grab(event, row, col, box) {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY, weight: this.shown[row * this.kernel.cols + col] };
    const unit = 10 ** Math.floor(Math.log10(Math.max(this.most, 0.02) / 50));
    let dragging = false;
    const move = (e) => {
      const way = e.clientX - start.x - (e.clientY - start.y);
      if (!dragging && Math.abs(way) < 4) return;
      if (!dragging) {
        dragging = true;
        box.blur();
        this.at = { row, col };
        this.reach = Math.max(1, 2 * this.most);
        box.setPointerCapture(event.pointerId);
      }
      e.preventDefault();
      const fine = e.shiftKey ? unit / 10 : unit;
      this.scrub(Number((Math.round((start.weight + way * fine) / fine) * fine).toPrecision(10)));
    };
    const end = () => {
      box.onpointermove = box.onpointerup = box.onpointercancel = null;
      if (dragging) this.endScrub();
    };
    box.onpointermove = move;
    box.onpointerup = box.onpointercancel = end;
  }

  scrub(weight) {
    const { row, col } = this.at;
    if (!this.scrubbing) {
      this.scrubbing = true;
      this.remember();
      this.reach ??= Math.max(1, 2 * this.most);
      this.set(row, col, weight); // first, so that a kernel with one slice has become one with three where it must
      this.events.onScrubStart(clone(this.kernel), row, col, this.slice);
    }
    this.set(row, col, weight);
    this.refresh();
    this.events.onScrub(clone(this.kernel), weight);
  }

  endScrub() {
    if (!this.scrubbing) return;
    this.scrubbing = false;
    this.reach = null;
    this.publish();
  }

  complain(sentence) {
    this.find(".complaint").textContent = sentence;
  }
}
