// A feature map, the curve that every cell goes through, and the map that comes out.
import { extremes } from "../shared/maths/colour.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { sliderStep } from "../shared/controls/keys.js";
import { Reporter } from "../shared/controls/report.js";
import { clamp } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { Curve } from "./curve.js";
import { MapView } from "./map.js";
import { oneSlice } from "../shared/maths/geometry.js";
import { counts, featureMap, functionOf, mapped, shares } from "./maths.js";
import { formatValue, percent, rangeText } from "../shared/text/format.js";

const WIDEST = 20, NARROWEST = 6; // the curve shows −6 … 6, more where the map's values go further
const BENDS_AT_6 = 8; // ReLU6 has a kink at 6, which is to be seen

export class Apply {
  /** @type {import("../shared/types").ActivationApplyData} */ data = null;
  source = ""; // what the map, and what the map after it, was computed from
  result = "";
  /** @type {{f: (x: number) => number, slope: (x: number) => number}} */ shape = null;
  /** @type {{plane: Float32Array, width: number, height: number}} */ map = null;
  /** @type {{before: number, after: number, flat: number}} */ found = null; // shares of cells
  /** @type {any} */ counted = null; // cells in each bin of the curve's axis
  /** @type {number | undefined} */ bound = undefined; // of that axis
  /** @type {number | undefined} */ point = undefined; // the visitor's x on the curve
  /** @type {number | null} */ ghost = null; // the value of the cell under the cursor
  /** @type {[number, number] | null} */ cell = null;
  /** @type {(() => void) | null} */ forget = null; // the picture that is waited for

  constructor(root) {
    root.innerHTML = `<div class="apply"><div class="before"></div>
      <figure class="curve"><figcaption class="title"></figcaption>
        <canvas tabindex="0" role="slider"></canvas>
        <p class="note"><span class="f"></span> <span class="slope"></span> <span class="bars"></span></p></figure>
      <div class="after"></div></div>
      <p class="readout numbers"></p><p class="shares"></p>
      <div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.root = root;
    this.reporter = new Reporter();
    this.speaker = new Speaker(root.querySelector(".spoken"));
    this.canvas = root.querySelector(".curve canvas");
    this.curve = new Curve(this.canvas);
    const onCell = (y, x) => this.over(y, x), onPick = (y, x) => this.pick(y, x);
    this.before = new MapView({ title: "Before", role: "input", onCell, onPick });
    this.after = new MapView({ title: "After", role: "output", onCell, onPick });
    root.querySelector(".before").append(this.before.root);
    root.querySelector(".after").append(this.after.root);
    this.stage = new Stage(root, { draw: () => this.redraw(), watch: this.canvas });
    this.listen();
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").ActivationApplyData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    const source = JSON.stringify([data.digest, data.kernel, data.bias]);
    const result = JSON.stringify([source, data.activation, data.shared, this.root.dataset.theme]);
    const changed = result !== this.result;
    this.result = result;
    this.data = data;
    this.shape = functionOf(data.activation);
    if (this.reporter.receive("point", data.point)) this.point = data.point;
    this.describe();
    if (source !== this.source) {
      this.source = source;
      this.forget?.();
      this.forget = whenPicture(data.digest, (picture) => {
        this.map = featureMap(picture, oneSlice(this.data.kernel), this.data.bias);
        this.apply();
      });
    } else if (this.map && changed) this.apply();
    this.redraw();
  }

  destroy() {
    this.forget?.();
    this.stage.destroy();
    this.before.destroy();
    this.after.destroy();
    this.speaker.stop();
  }

  describe() {
    const { title, mapTitle } = this.data;
    this.before.title = mapTitle;
    this.after.title = this.data.activation.id === "identity" ? "After it: the same" : `After ${title}`;
    this.root.querySelector(".curve .title").textContent = title;
    this.root.querySelector(".f").textContent = "— f(x)";
    this.root.querySelector(".slope").textContent = "‐ ‐ its slope f′(x)";
    this.root.querySelector(".bars").textContent = "▮ where the cells lie (√ of their number)";
  }

  // The map after the activation, both painted, and what can be counted.
  apply() {
    const { f, slope } = this.shape;
    const { plane, width, height } = this.map;
    const out = { plane: mapped(plane, f), width, height };
    const [low, high] = extremes([plane]), [outLow, outHigh] = extremes([out.plane]);
    const most = Math.max(-low, high) || 1, outMost = Math.max(-outLow, outHigh) || 1;
    const lut = this.data.luts[this.root.dataset.theme], shared = Math.max(most, outMost);
    const range = (own) => [-(this.data.shared ? shared : own), this.data.shared ? shared : own];
    this.before.paint(this.map, range(most), lut);
    this.after.paint(out, range(outMost), lut);
    const words = (values, colours) => `${rangeText(values)}, colours ${rangeText(colours)}`;
    this.before.note = words([low, high], range(most));
    this.after.note = words([outLow, outHigh], range(outMost));
    this.bound = clamp(Math.ceil(most), this.least, WIDEST);
    this.point = this.held(this.point); // the axis may have become shorter
    this.found = shares(plane, out.plane, slope, this.limit);
    this.counted = counts(plane, -this.bound, this.bound, this.curve.bins);
    this.say();
    this.root.dataset.painted = this.data.digest;
    this.redraw();
  }

  get least() {
    return this.data.activation.id === "relu6" ? BENDS_AT_6 : NARROWEST;
  }

  // The end of the curve's axis, both ways.
  get end() {
    return this.bound ?? this.least;
  }

  held(x) {
    return Math.round(clamp(x, -this.end, this.end) * 100) / 100;
  }

  get limit() {
    return this.data.threshold * this.data.activation.steepest;
  }

  // What a cell on a flat part is called: inactive where all that is flat is 0, as in ReLU.
  get flatName() {
    const { f, slope } = this.shape, samples = Array.from({ length: 201 }, (_, i) => ((i - 100) / 100) * this.end);
    const outputs = samples.filter((x) => Math.abs(slope(x)) < this.limit).map(f);
    return outputs.length && outputs.every((value) => value === 0) ? "Inactive (0)" : "Saturated";
  }

  say() {
    const { before, after, flat } = this.found;
    const box = this.root.querySelector(".shares");
    box.innerHTML = "<strong></strong> <span></span> <strong></strong> <span></span>";
    const [zeros, zeroWords, saturated, flatWords] = box.children;
    zeros.textContent = `Exactly 0: ${percent(after, 1)} of the cells,`;
    zeroWords.textContent = `${percent(before, 1)} before.`;
    saturated.textContent = `${this.flatName}: ${percent(flat, 1)}.`;
    flatWords.textContent =
      `There the slope is under ${100 * this.data.threshold} % of its steepest (shaded), and hardly any gradient passes. ` +
      `In the maps blue is negative, ${this.root.dataset.theme === "dark" ? "black" : "white"} is 0, orange is positive.`;
    Object.assign(box.dataset, { before, after, flat });
  }

  redraw() {
    if (!this.data) return;
    this.curve.draw({
      shape: this.shape,
      domain: [-this.end, this.end],
      flat: this.limit,
      counts: this.counted,
      point: this.ghost ?? this.point,
      theme: readTheme(this.root),
    });
    this.read();
  }

  // The words for the point that is shown, on screen and for the slider.
  read() {
    const x = this.ghost ?? this.point, { f, slope } = this.shape;
    const passes = slope(x) === 0 ? "no gradient passes" : "hardly any gradient passes";
    const flat = Math.abs(slope(x)) < this.limit ? ` ${this.flatName}: ${passes}.` : "";
    const text = `f(${formatValue(x)}) = ${formatValue(f(x))}, slope ${formatValue(slope(x))}.${flat}`;
    const where = this.cell ? `Row ${this.cell[0]}, column ${this.cell[1]}: ` : "";
    this.root.querySelector(".readout").textContent = where + text;
    const state = {
      label: "Input x of the curve", valuemin: -this.end, valuemax: this.end, valuenow: this.point.toFixed(2),
    };
    for (const [name, value] of Object.entries(state)) this.canvas.setAttribute(`aria-${name}`, String(value));
    this.canvas.setAttribute("aria-valuetext", text);
    return where + text;
  }

  move(x) {
    this.ghost = this.cell = null;
    this.point = this.held(x);
    for (const map of [this.before, this.after]) map.show(null);
    this.redraw();
  }

  // The visitor has let go of the point.
  keep() {
    this.reporter.trigger("point", this.point);
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.move(this.curve.valueAt(event.clientX));
    };
    canvas.onpointermove = (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.move(this.curve.valueAt(event.clientX));
    };
    canvas.onpointerup = () => this.keep();
    canvas.onpointercancel = () => this.keep();
    canvas.onkeydown = (event) => {
      const step = sliderStep(event, 0.1, 1);
      if (step === null) return;
      event.preventDefault();
      this.move(this.point + step);
    };
    canvas.onkeyup = () => this.keep();
  }

  // The cursor is on a cell of a map: its value is shown on the curve, without moving the point.
  over(y, x) {
    const value = this.before.show(y, x);
    this.after.show(y, x);
    this.cell = value === null ? null : [y, x];
    this.ghost = value;
    this.redraw();
    this.speaker.stop();
    if (value !== null) this.speaker.say(() => this.read());
  }

  // A cell was taken: the point goes to its value.
  pick(y, x) {
    this.move(this.map.plane[y * this.map.width + x]);
    this.keep();
  }
}
