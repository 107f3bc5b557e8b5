// The stage "windows": a map, what pooling makes of it, and where the gradient returns. Hovering an output shows its
// window and the winner; hovering an input cell shows the windows that it lies in.
import { globalSettings, pool, poolAxes, poolGradient, sourceRect, windowAt } from "../shared/maths/pool.js";
import { GridPane } from "./grid_pane.js";
import { Speaker } from "../shared/text/speak.js";
import { goalOf, hatchedRects, windowLines, windowsWith, worldOf } from "./layout.js";
import { Lens } from "./lens.js";
import { Locator } from "./locator.js";
import { cut } from "./maps.js";
import { coloured, sharedRange } from "./style.js";
import { equation, inputSentence, outputSentence, shapeText } from "./words.js";
import { formatValue, shortNumber } from "../shared/text/format.js";

const HTML = `<div class="three">
  <figure class="input"><figcaption><b>Map</b> <span class="about numbers"></span></figcaption><div class="pane"></div></figure>
  <figure class="output"><figcaption><b>Pooled</b> <span class="about numbers"></span></figcaption><div class="pane"></div></figure>
  <figure class="gradient"><figcaption><b>Gradient</b> <span class="about numbers"></span></figcaption><div class="pane"></div></figure>
</div>
<p class="range"></p>
<div class="readout"><div class="locator" hidden></div><div class="words"><p class="equation numbers" aria-hidden="true"></p><div class="lens"></div><p class="spoken" aria-live="polite"></p></div></div>`;
const NAMES = ["input", "output", "gradient"];
const LABELS = {
  input: "The map. Arrow keys move from cell to cell and tell which windows each lies in; Enter pins its window.",
  output: "The pooled map. Arrow keys move from output to output and show the window of each; Home and End jump; Enter pins.",
  gradient: "The gradient that returns to each cell of the map. Arrow keys move from cell to cell.",
};
const TYPE = " Type a digit on a cell of the map to change it.";
const HINT = "Move over the pooled map (mouse, finger or arrow keys): the window of each output and its winner are marked. A click pins it.";

export class Windows {
  /** @type {import("../shared/types").PoolWindowsData} */ data = null;
  /** @type {import("./style.js").Style} */ style = null;
  /** @type {any} */ whole = null; // the map that the patch is cut from, or null
  /** @type {import("../shared/types").PatchJson | null} */ patch = null;
  /** @type {any} */ map = null; // that is shown
  /** @type {import("../shared/types").PoolSettingsJson} */ settings = null; // of the pool
  /** @type {any} */ axes = null;
  /** @type {any} */ pooled = null;
  /** @type {Float32Array} */ gradient = null;
  /** @type {number[]} */ range = [0, 1]; // of map and pooled map
  /** @type {number[]} */ gradientRange = [0, 1];
  /** @type {{kind: string, row: number, column: number} | null} */ hover = null;
  /** @type {number[] | null} */ pin = null;

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").PoolView} view
   */
  constructor(host, view) {
    host.innerHTML = HTML;
    this.host = host;
    this.view = view;
    this.find = (selector) => host.querySelector(selector);
    this.panes = Object.fromEntries(NAMES.map((name) => [name, new GridPane(this.find(`.${name} .pane`), LABELS[name])]));
    this.speaker = new Speaker(this.find(".spoken"), 250);
    this.lens = new Lens(this.find(".lens"));
    this.locator = new Locator(this.find(".locator"), (at) => this.moveTo(at));
    for (const name of NAMES) this.wire(name, this.panes[name].marks);
  }

  // ---- what is shown --------------------------------------------------------------------------------------------

  /** @param {import("./view.js").Taken<import("../shared/types").PoolWindowsData>} shown */
  take({ data, map, maps, picture, style }) {
    this.whole = data.map.kind === "patch" ? maps.whole(picture, data.map.of) : null;
    if (this.view.reporter.receive("map", [data.map, data.digest])) {
      this.patch = data.map.kind === "patch" ? data.map : null;
      this.shown = map;
    }
    if (this.view.reporter.receive("pin", data.pin)) this.pin = data.pin;
    this.data = data;
    this.style = style;
    this.compute();
  }

  // Everything that follows from the map that is shown.
  compute() {
    const { data, shown: map } = this;
    const settings = data.wholeMap ? globalSettings(data.pool.mode, map.width, map.height) : data.pool;
    this.map = map;
    this.settings = settings;
    this.axes = poolAxes(map.width, map.height, settings);
    this.pooled = pool(map.plane, map.width, map.height, settings);
    this.gradient = poolGradient(map.plane, map.width, map.height, settings);
    this.range = sharedRange([map.plane, this.pooled.plane]);
    this.fill();
    this.describe();
    this.layOut();
  }

  // The patch follows the pointer; the map of a patch comes back from Python as an echo, which changes nothing.
  moveTo([top, left]) {
    this.patch = { ...this.patch, top, left };
    this.shown = cut(this.whole, this.patch);
    this.compute();
    this.reportMap("at", [top, left], this.patch);
  }

  // A digit typed on a cell of given numbers takes its place; a minus sign turns it over.
  type({ row, column }, key) {
    const plane = Float32Array.from(this.map.plane), at = row * this.map.width + column;
    plane[at] = key === "-" ? -plane[at] + 0 : Number(key);
    this.shown = { ...this.map, plane };
    this.compute();
    const values = [...plane];
    this.reportMap("own", values, { ...this.data.map, values });
  }

  // What changes the map comes back from Python as a map.
  reportMap(name, value, map) {
    this.view.reporter.state(name, [map, this.data.digest], { sent: { value }, guard: "map" });
  }

  fill() {
    const { map, pooled, style, panes } = this;
    const shades = (plane, width, height, range, name) => coloured(plane, width, height, range, style.luts, name);
    panes.input.setPixels(shades(map.plane, map.width, map.height, this.range), map.width, map.height);
    panes.output.setPixels(shades(pooled.plane, pooled.width, pooled.height, this.range), pooled.width, pooled.height);
    const most = sharedRange([this.gradient]);
    panes.gradient.setPixels(shades(this.gradient, map.width, map.height, most, "difference"), map.width, map.height);
    this.gradientRange = most;
  }

  describe() {
    const { map, pooled, gradient } = this;
    const returned = gradient.reduce((count, v) => count + (v === 0 ? 0 : 1), 0);
    this.find(".input .about").textContent = shapeText(map.height, map.width);
    this.find(".output .about").textContent = shapeText(pooled.height, pooled.width);
    this.find(".gradient .about").textContent = `to ${returned} of ${gradient.length} cells`;
    const [low, high] = this.range.map(formatValue), [, top] = this.gradientRange.map(formatValue);
    const mapping = this.range[0] < 0 ? `signed, ${low} … ${high}, 0 in the middle` : `0 … ${high}`;
    this.find(".range").textContent =
      `Map and pooled map are on one range: ${mapping}. The gradient (dark 0, bright ${top}) is what returns if each output sends back 1.`;
  }

  layOut() {
    const world = worldOf(this.axes), { pooled } = this;
    const room = (name) => this.find(`.${name}`).clientWidth;
    const tallest = Math.max(240, Math.min(globalThis.innerHeight * 0.5, 900));
    const cell = Math.min(room("input") / world.cols, tallest / world.rows, 64);
    if (!(cell > 0)) return;
    // Small maps keep the cell's size, so that the pooled map is seen to shrink; pictures fill the room.
    const own = Math.min(room("output") / pooled.width, tallest / pooled.height);
    this.panes.input.resize(world, cell);
    this.panes.gradient.resize(world, cell);
    this.panes.output.resize({ top: 0, left: 0, rows: pooled.height, cols: pooled.width }, cell >= 8 ? Math.min(own, cell) : own);
    this.find(".locator").hidden = !this.whole;
    if (this.whole) this.locator.show(this.whole, this.patch, this.style);
    this.paint();
  }

  paint() {
    const { map, pooled, style } = this;
    const digits = (plane, width) => (row, column) => shortNumber(plane[row * width + column], 3);
    const hatched = hatchedRects(this.axes), lines = windowLines(this.axes);
    this.panes.input.draw(style, { hatched, lines, texts: digits(map.plane, map.width) });
    this.panes.output.draw(style, { texts: digits(pooled.plane, pooled.width) });
    this.panes.gradient.draw(style, { hatched, lines, texts: digits(this.gradient, map.width) });
    this.mark();
  }

  // ---- what is marked ---------------------------------------------------------------------------------------------

  // {kind: "output" | "input", row, column}: the pinned output, else what is under the pointer.
  focus() {
    const { pooled, map } = this;
    if (this.pin && this.pin[0] < pooled.height && this.pin[1] < pooled.width) {
      return { kind: "output", row: this.pin[0], column: this.pin[1], pinned: true };
    }
    const limits = this.hover?.kind === "input" ? map : pooled;
    return this.hover && this.hover.row < limits.height && this.hover.column < limits.width ? this.hover : null;
  }

  mark() {
    const focus = this.focus();
    this.host.toggleAttribute("data-empty", !focus);
    if (!focus) {
      for (const pane of Object.values(this.panes)) pane.mark([]);
      this.lens.show(null);
      this.find(".equation").textContent = "";
      this.speaker.say(this.data.map.kind === "numbers" ? HINT + TYPE : HINT, 0);
    } else if (focus.kind === "output") this.markOutput(focus);
    else this.markInput(focus);
  }

  markOutput(focus) {
    const { map, settings, style } = this, { mode } = settings;
    const found = windowAt(map.plane, map.width, map.height, settings, focus.row, focus.column);
    const frame = { ...sourceRect(settings, { top: focus.row, left: focus.column, rows: 1, cols: 1 }), colour: style.roles.kernel };
    const winner = found.cells.find((cell) => mode === "max" && cell.share === 1);
    const won = winner ? [{ top: winner.y, left: winner.x, rows: 1, cols: 1, colour: style.roles.output, kind: "dot" }] : [];
    this.panes.input.mark([frame, ...won]);
    this.panes.output.mark([{ top: focus.row, left: focus.column, rows: 1, cols: 1, colour: style.roles.output }]);
    this.panes.gradient.mark([{ ...frame, colour: style.roles.gradient }, ...won.map((one) => ({ ...one, colour: style.roles.gradient }))]);
    this.find(".equation").textContent = equation(found, mode);
    this.lens.show(this.panes.input.cell < 21 ? found : null, { ...this, mode });
    this.speaker.say(outputSentence(found, mode, focus.pinned));
  }

  windowsOf(row, column) {
    const { winners, width } = this.pooled, cell = row * this.map.width + column;
    return windowsWith(this.axes, row, column).map((one) => ({ ...one, won: winners?.[one.row * width + one.column] === cell }));
  }

  markInput({ row, column }) {
    const { map, style } = this, at = row * map.width + column;
    const windows = this.windowsOf(row, column);
    const cell = { top: row, left: column, rows: 1, cols: 1 };
    this.panes.input.mark([{ ...cell, colour: style.roles.input }]);
    this.panes.gradient.mark([{ ...cell, colour: style.roles.gradient }]);
    this.panes.output.mark(windows.map((one) => ({
      top: one.row, left: one.column, rows: 1, cols: 1, colour: style.roles.output,
      kind: this.settings.mode !== "max" || one.won ? "frame" : "dashed",
    })));
    this.find(".equation").textContent = `input[${row}, ${column}] = ${formatValue(map.plane[at])}`;
    this.lens.show(null);
    const known = { row, column, value: map.plane[at], windows, gradient: this.gradient[at] };
    this.speaker.say(inputSentence(known, this.settings.mode));
  }

  // ---- what the visitor does ----------------------------------------------------------------------------------------

  wire(name, canvas) {
    canvas.onpointermove = (event) => this.pin || this.setHover(this.under(name, event));
    canvas.onpointerdown = (event) => event.pointerType === "touch" && !this.pin && this.setHover(this.under(name, event));
    canvas.onpointerleave = (event) => this.pin || event.pointerType === "touch" || this.setHover(null);
    canvas.onclick = (event) => this.toggle(this.under(name, event));
    canvas.onkeydown = (event) => this.key(name, event);
    canvas.onfocus = () => canvas.matches(":focus-visible") && !this.focus() && this.setHover(this.middle(name));
    canvas.style.touchAction = "pan-y";
  }

  under(name, event) {
    if (!this.map) return null;
    const { row, column } = this.panes[name].cellAt(event);
    const { width, height } = name === "output" ? this.pooled : this.map;
    if (row < 0 || column < 0 || row >= height || column >= width) return null;
    return { kind: name === "output" ? "output" : "input", row, column };
  }

  middle(name) {
    const { width, height } = name === "output" ? this.pooled : this.map;
    return { kind: name === "output" ? "output" : "input", row: height >> 1, column: width >> 1 };
  }

  setHover(hover) {
    this.hover = hover;
    this.view.schedule("marks");
  }

  // A click on an output pins it; on an input cell it pins the first window that the cell lies in.
  toggle(at) {
    if (!at) return;
    const target = at.kind === "output" ? at : this.windowsOf(at.row, at.column)[0];
    const same = this.pin && (!target || (this.pin[0] === target.row && this.pin[1] === target.column));
    this.setPin(same || !target ? null : [target.row, target.column]);
  }

  setPin(pin) {
    this.pin = pin;
    this.view.schedule("marks");
    this.view.reporter.state("pin", pin);
  }

  key(name, event) {
    if (!this.map || event.altKey || event.metaKey) return;
    const now = this.standing(name);
    const goal = goalOf(event, now, name === "output" || this.pin ? this.pooled : this.map);
    if (goal) this.go(goal);
    else if (event.key === "Enter" || event.key === " ") this.toggle(now);
    else if (event.key === "Escape") this.setPin(null);
    else if (this.takes(event, now)) this.type(now, event.key);
    else return;
    event.preventDefault();
  }

  // The cell that the keys start from: the pinned one, else the one that is marked on this pane, else its middle.
  standing(name) {
    if (this.pin) return this.focus() ?? this.middle("output"); // the pinned one may lie beyond another map
    return this.hover && (name === "output") === (this.hover.kind === "output") ? this.hover : this.middle(name);
  }

  go(goal) {
    if (this.pin) this.setPin([goal.row, goal.column]);
    else this.setHover(goal);
  }

  // A digit or a minus sign on a cell of given numbers; with Control they zoom the page.
  takes(event, { kind }) {
    return /^[0-9-]$/.test(event.key) && !event.ctrlKey && kind === "input" && this.data.map.kind === "numbers";
  }

  destroy() {
    this.speaker.stop();
  }
}
