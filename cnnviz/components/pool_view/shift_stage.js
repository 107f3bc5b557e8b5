// The stage "shift test": drag the picture by whole pixels and see what the map, the pooled maps, a strided
// convolution and blur-then-subsample do, each with its difference picture and the difference as a number.
import { pixelRatio } from "../shared/canvas/stage.js";
import { Choices } from "../shared/controls/choices.js";
import { findAll } from "../shared/controls/dom.js";
import { arrowStep } from "../shared/controls/keys.js";
import { clamp } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { along, KINDS, measure, reduced, spread, stay, stepOf, wide } from "./shift_maths.js";
import { sharedRange } from "./style.js";
import { Tile } from "./tile.js";
import { formatValue, percent } from "../shared/text/format.js";

const HTML = `
<div class="bar">
  <div role="group" aria-label="Shift by one pixel" class="moves">
    <button type="button" data-move="0,-1" aria-label="One pixel to the left">←</button><button type="button" data-move="-1,0" aria-label="One pixel up">↑</button><button type="button" data-move="1,0" aria-label="One pixel down">↓</button><button type="button" data-move="0,1" aria-label="One pixel to the right">→</button>
    <button type="button" data-move="home">Back to 0</button>
  </div>
  <output class="numbers where"></output>
  <div role="radiogroup" aria-label="Compare with the result before" class="compare">
    <button type="button" role="radio" data-compare="along">moved along</button><button type="button" role="radio" data-compare="stay">as it stood</button>
  </div>
</div>
<div class="tiles"></div>
<p class="range"></p><p class="spoken" aria-live="polite"></p>`;
/** @returns {[number, number]} */
const held = ([down, right], most) => [clamp(Math.round(down), -most, most), clamp(Math.round(right), -most, most)];
// In tenths of a percent.
const tenths = (share) => percent(Math.round(share * 1000) / 1000);

export class ShiftStage {
  /** @type {import("../shared/types").PoolShiftData} */ data = null;
  /** @type {any} */ map = null;
  /** @type {import("./style.js").Style} */ style = null;
  /** @type {import("../shared/types").FrameJson} */ frame = null;
  size = 1; // of the pool
  stride = 1;
  /** @type {[number, number]} */ shift = [0, 0]; // rows down, columns right
  compare = "along";
  known = ""; // what `before`, `range` and `spreads` belong to
  /** @type {any[]} */ before = [];
  /** @type {any[]} */ results = [];
  /** @type {any[]} */ differences = [];
  /** @type {number[]} */ spreads = [];
  /** @type {[number, number]} */ range = [0, 1];
  top = 1; // of the range
  wide = 1; // CSS pixels of a tile
  /** @type {{x: number, y: number, shift: number[]} | null} */ from = null; // where a drag began

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").PoolView} view
   */
  constructor(host, view) {
    host.innerHTML = HTML;
    this.host = host;
    this.view = view;
    this.find = (selector) => host.querySelector(selector);
    this.tiles = KINDS.map((kind) => this.column(kind));
    this.find(".tiles").append(...this.tiles.map((tile) => tile.root));
    this.speaker = new Speaker(this.find(".spoken"));
    this.choices = new Choices(this.find(".compare"), { name: "compare", choose: (compare) => this.setCompare(compare) });
    for (const button of findAll(host, "[data-move]")) button.onclick = () => this.press(button.dataset.move);
  }

  column(kind) {
    const root = document.createElement("figure");
    root.innerHTML = `<figcaption><b></b> <span class="about numbers"></span></figcaption>
      <div class="drag" tabindex="0" role="application"><canvas></canvas></div>
      <canvas class="difference" role="img"></canvas><p class="measured numbers"></p>`;
    const drag = root.querySelector(".drag"), part = (name) => root.querySelector(name);
    this.wire(drag);
    return { kind, root, drag, part, result: new Tile(part(".drag canvas")), difference: new Tile(part(".difference")) };
  }

  /** @param {import("./view.js").Taken<import("../shared/types").PoolShiftData>} shown */
  take({ data, map, style }) {
    const { frame, pool } = data;
    const known = JSON.stringify([frame, pool, data.map, data.digest]);
    [this.size, this.stride] = [pool.size[0], pool.stride[0]];
    this.data = data;
    this.map = map;
    this.style = style;
    this.frame = frame;
    if (known !== this.known) {
      this.known = known;
      this.before = KINDS.map((kind) => wide(map, frame, kind, this.size, this.stride));
      // The ranges do not change while the picture moves, so that only the picture moves.
      this.range = sharedRange(this.before.map(({ plane }) => plane));
      this.top = this.range[1] - this.range[0];
      this.spreads = KINDS.map((kind) => spread(reduced(map, frame, kind, this.size, this.stride, [0, 0]).plane));
    }
    if (this.view.reporter.receive("shift", [...data.shift, data.compare])) {
      this.shift = data.shift;
      this.compare = data.compare;
    }
    this.shift = held(this.shift, frame.limit);
    this.layOut();
  }

  compute() {
    const { map, frame, size, stride, shift } = this;
    this.results = KINDS.map((kind) => reduced(map, frame, kind, size, stride, shift));
    this.differences = KINDS.map((kind, i) => {
      const before = this.before[i], after = this.results[i];
      return this.compare === "along" ? along(before, after, frame, stepOf(kind, stride), shift) : stay(before, after);
    });
    this.measured = this.differences.map(({ plane }) => measure(plane));
  }

  layOut() {
    const column = this.tiles[0].root.clientWidth; // on a phone result and difference lie side by side in it
    const room = this.host.clientWidth < 700 ? (column - 6) / 2 : column, tallest = Math.max(150, globalThis.innerHeight * 0.29);
    // All tiles show the frame at one size, at which the small results are enlarged evenly: see tile.js.
    const cols = this.frame.cols / this.stride, ratio = pixelRatio();
    const scale = (Math.min(room, (tallest * this.frame.cols) / this.frame.rows) * ratio) / cols;
    this.wide = ((scale < 1 ? scale : Math.floor(2 * scale) / 2) * cols) / ratio;
    if (room > 1) this.mark(); // computed again: a shift may have come in the same frame
  }

  draw() {
    this.tiles.forEach((tile, i) => {
      tile.result.draw(this.results[i], this.range, this.style, this.wide);
      tile.difference.draw(this.differences[i], [0, this.top / 2], this.style, this.wide, { table: "difference" });
      this.describe(tile, i);
    });
    this.words();
  }

  title(kind) {
    const { size, stride } = this, { map } = this.data, sobel = map.kind !== "numbers" && map.of === "sobel";
    return {
      map: sobel ? "Sobel map, stride 1" : "Map, stride 1",
      max: `Max ${size}×${size}`, average: `Average ${size}×${size}`,
      stride: `${sobel ? "Sobel" : "Convolution"}, stride ${stride}`,
      blur: `Blur, then every ${["", "", "2nd", "3rd"][stride] ?? `${stride}th`}`,
    }[kind];
  }

  describe(tile, i) {
    const { height, width } = this.results[i], { mean, same } = this.measured[i];
    const share = this.spreads[i] > 0 ? tenths(mean / this.spreads[i]) : "0 %";
    const title = this.title(tile.kind);
    tile.part("b").textContent = title;
    tile.part(".about").textContent = `${height}×${width}`;
    tile.part(".measured").textContent = `mean change ${formatValue(mean)} (${share} of the spread); ${tenths(same)} of cells unchanged`;
    tile.drag.setAttribute("aria-label", `${title}. Drag, or press the arrow keys, to move the picture by whole pixels.`);
    tile.part(".difference").setAttribute("aria-label", `Difference of ${title}: mean ${formatValue(mean)}, ${share} of its spread.`);
    tile.sentence = `${title} ${share}`;
  }

  words() {
    const [down, right] = this.shift, { limit } = this.frame;
    const one = (n, plus, minus) => (n ? `${Math.abs(n)} ${n > 0 ? plus : minus}` : "");
    const where = [one(down, "down", "up"), one(right, "right", "left")].filter(Boolean).join(", ") || "not moved";
    this.find(".where").textContent = `Shift: ${where} (at most ${limit})`;
    this.choices.mark(this.compare);
    const [low, high] = this.range.map(formatValue);
    const other = this.compare === "along" ? "the result before, moved along with the picture" : "the result before, in the same cell";
    this.find(".range").textContent =
      `Upper row: all on ${low} … ${high}. Lower row: |result − ${other}|, all on 0 … ${formatValue(this.top / 2)}. Below: its mean, that mean as a share of the result's own standard deviation, and the share of cells where it is exactly 0.`;
    this.speaker.say(`Shift ${where}. Mean difference from ${other}: ${this.tiles.map((tile) => tile.sentence).join("; ")}.`);
  }

  mark() {
    this.compute();
    this.draw();
  }

  // ---- what the visitor does --------------------------------------------------------------------------------------

  wire(drag) {
    drag.style.touchAction = "none";
    drag.onpointerdown = (event) => {
      drag.setPointerCapture(event.pointerId);
      this.from = { x: event.clientX, y: event.clientY, shift: this.shift };
    };
    drag.onpointermove = (event) => {
      if (!this.from) return;
      const scale = drag.querySelector("canvas").clientWidth / this.frame.cols;
      const { x, y, shift } = this.from;
      this.setShift([shift[0] + (event.clientY - y) / scale, shift[1] + (event.clientX - x) / scale]);
    };
    drag.onpointerup = drag.onpointercancel = () => (this.from = null);
    drag.onkeydown = (event) => this.key(event);
  }

  key(event) {
    const step = arrowStep(event);
    if (step) this.setShift([this.shift[0] + step[0], this.shift[1] + step[1]]);
    else if (event.key === "Home" || event.key === "Escape") this.setShift([0, 0]);
    else return;
    event.preventDefault();
  }

  press(move) {
    const [down, right] = move.split(",").map(Number);
    this.setShift(move === "home" ? [0, 0] : [this.shift[0] + down, this.shift[1] + right]);
  }

  setShift(shift) {
    const [down, right] = held(shift, this.frame.limit);
    if (down === this.shift[0] && right === this.shift[1]) return;
    this.shift = [down + 0, right + 0]; // never −0
    this.keep();
  }

  setCompare(compare) {
    this.compare = compare;
    this.keep();
  }

  keep() {
    this.view.schedule("marks");
    this.view.reporter.state("shift", [...this.shift, this.compare]);
  }

  destroy() {
    this.speaker.stop();
  }
}
