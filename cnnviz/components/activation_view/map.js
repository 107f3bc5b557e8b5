// One feature map: its picture, the cell under the cursor and its value. The parent decides what moving means.
import { sharpen } from "../shared/canvas/stage.js";
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { lutFromBase64, paint } from "../shared/maths/colour.js";
import { formatValue } from "../shared/text/format.js";

const PARTS = `<figcaption class="title"></figcaption>
  <button type="button" class="picture"><canvas width="1" height="1"></canvas>
    <span class="cell" hidden></span><span class="value numbers" hidden></span></button>
  <p class="note numbers"></p>`;

export class MapView {
  /** @type {{plane: Float32Array, width: number, height: number}} */ map = null;
  /** @type {[number, number] | null} */ at = null; // the marked cell
  words = ""; // the title

  // onCell(y, x): the cursor is on this cell; onCell(null) when it leaves; onPick(y, x): click, tap or Enter.
  constructor({ title, role = "", onCell, onPick = null }) {
    this.root = document.createElement("figure");
    this.root.className = "map";
    this.root.dataset.role = role;
    this.root.innerHTML = PARTS;
    this.button = this.part(".picture");
    this.canvas = this.part("canvas");
    this.onCell = onCell;
    this.onPick = onPick;
    this.title = title;
    this.listen();
    this.resized = new ResizeObserver(() => sharpen(this.canvas));
    this.resized.observe(this.canvas);
  }

  part(name) {
    return this.root.querySelector(name);
  }

  set title(text) {
    this.part(".title").textContent = text;
    this.words = text;
  }

  set note(text) {
    this.part(".note").textContent = text;
  }

  // map: {plane, width, height}; range: [−m, m]; lut: base64 of a diverging table.
  paint(map, range, lut) {
    this.map = map;
    const { plane, width, height } = map;
    const image = new ImageData(width, height);
    paint([plane], width, height, "signed", lutFromBase64(lut), range, image.data);
    Object.assign(this.canvas, { width, height });
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.button.style.aspectRatio = `${width} / ${height}`;
    this.root.style.setProperty("--ratio", String(width / height));
    const hint = this.onPick ? " Arrow keys read the cells; Enter takes one." : " Arrow keys read the cells.";
    this.button.setAttribute("aria-label", `${this.words}, ${height} by ${width} cells.${hint}`);
    sharpen(this.canvas);
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const hold = (t, n) => clampIndex(Math.floor(t * n), n);
    const { width, height } = this.map;
    return [
      hold((event.clientY - box.top) / box.height, height), hold((event.clientX - box.left) / box.width, width),
    ];
  }

  listen() {
    const { button } = this;
    button.onpointermove = (event) => this.map && this.onCell(...this.cellAt(event));
    button.onpointerleave = () => button.matches(":focus-visible") || this.onCell(null);
    button.onclick = (event) => {
      if (!this.map || !this.onPick) return;
      const cell = event.detail ? this.cellAt(event) : this.at;
      if (cell) this.onPick(...cell);
    };
    button.onkeydown = (event) => {
      const step = arrowStep(event, 10);
      if (event.key === "Escape" && !withCommand(event)) this.onCell(null);
      if (!step || !this.map) return;
      event.preventDefault();
      const { width, height } = this.map, [y, x] = this.at ?? [height >> 1, width >> 1];
      const [down, right] = this.at ? step : [0, 0]; // the first key shows where the cursor is
      this.onCell(clampIndex(y + down, height), clampIndex(x + right, width));
    };
  }

  // Marks a cell, or none (y null), and returns its value.
  show(y, x) {
    const cell = this.part(".cell"), shown = this.part(".value");
    cell.hidden = shown.hidden = y === null || !this.map;
    this.at = cell.hidden ? null : [y, x];
    if (cell.hidden) return null;
    const { plane, width, height } = this.map;
    const value = plane[y * width + x];
    cell.style.left = `${((x + 0.5) / width) * 100}%`;
    cell.style.top = `${((y + 0.5) / height) * 100}%`;
    cell.style.width = `max(11px, ${100 / width}%)`;
    shown.textContent = formatValue(value);
    shown.dataset.at = y > 0.6 * height ? "top" : "bottom"; // out of the way of the cell
    return value;
  }

  destroy() {
    this.resized.disconnect();
  }
}
