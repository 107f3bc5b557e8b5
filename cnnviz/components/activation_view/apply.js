// A feature map, the curve that every cell goes through, and the map that comes out.
import { extremes } from "../shared/maths/colour.js";
import { convolve, padAmounts, planesOf } from "../shared/maths/engine.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Curve } from "./curve.js";
import { MapView } from "./map.js";
import { counts, functionOf, mapped, shares } from "./maths.js";
import { formatValue } from "../shared/text/format.js";

const SPOKEN_AFTER = 350; // ms without a move before the read-out is spoken
const WIDEST = 20, NARROWEST = 6; // the curve shows −6 … 6, more where the map's values go further
const BENDS_AT_6 = 8; // ReLU6 has a kink at 6, which is to be seen

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

// The feature map: grey / 256 through the kernel, plus the bias; the edge cells are repeated outside.
export function featureMap(picture, { kernel, bias }) {
  const settings = {
    channels: "grey", padding: padAmounts("same", kernel, [1, 1]), mode: "replicate", stride: [1, 1],
    dilation: [1, 1], flip: false,
  };
  const scaled = { ...kernel, slices: kernel.slices.map((slice) => Float64Array.from(slice, (w) => w / 256)) };
  const { planes, width, height } = convolve(planesOf(picture, "grey"), picture.width, picture.height, scaled, settings);
  const plane = bias ? planes[0].map((v) => v + bias) : planes[0];
  return { plane, width, height };
}

export class Apply {
  constructor(root, commit) {
    root.innerHTML = `<div class="apply"><div class="before"></div>
      <figure class="curve"><figcaption class="title"></figcaption>
        <canvas tabindex="0" role="slider"></canvas>
        <p class="note"><span class="f"></span> <span class="slope"></span> <span class="bars"></span></p></figure>
      <div class="after"></div></div>
      <p class="readout numbers"></p><p class="shares"></p>
      <div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.root = root;
    this.commit = commit;
    this.canvas = root.querySelector(".curve canvas");
    this.curve = new Curve(this.canvas);
    const onCell = (y, x) => this.over(y, x), onPick = (y, x) => this.pick(y, x);
    this.before = new MapView({ title: "Before", role: "input", onCell, onPick });
    this.after = new MapView({ title: "After", role: "output", onCell, onPick });
    root.querySelector(".before").append(this.before.root);
    root.querySelector(".after").append(this.after.root);
    this.resized = new ResizeObserver(() => this.redraw());
    this.resized.observe(this.canvas);
    this.listen();
  }

  update(data) {
    const source = JSON.stringify([data.digest, data.kernel, data.bias]);
    const result = JSON.stringify([source, data.activation, data.shared, this.root.dataset.theme]);
    const changed = result !== this.result;
    this.result = result;
    this.data = data;
    this.shape = functionOf(data.activation);
    if (data.point !== this.sent || this.point === undefined) this.point = this.sent = data.point;
    this.describe();
    if (source !== this.source) {
      this.source = source;
      this.forget?.();
      this.forget = whenPicture(data.digest, (picture) => {
        this.map = featureMap(picture, this.data);
        this.apply();
      });
    } else if (this.map && changed) this.apply();
    this.redraw();
  }

  destroy() {
    this.forget?.();
    this.resized.disconnect();
    this.before.destroy();
    this.after.destroy();
    clearTimeout(this.timer);
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
    const words = (a, b, [start, end]) =>
      `${formatValue(a)} … ${formatValue(b)}, colours ${formatValue(start)} … ${formatValue(end)}`;
    this.before.note = words(low, high, range(most));
    this.after.note = words(outLow, outHigh, range(outMost));
    this.bound = Math.min(WIDEST, Math.max(this.least, Math.ceil(most)));
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
    return Math.round(Math.min(this.end, Math.max(-this.end, x)) * 100) / 100;
  }

  get limit() {
    return this.data.threshold * this.data.activation.steepest;
  }

  say() {
    const { before, after, flat } = this.found;
    const box = this.root.querySelector(".shares");
    box.innerHTML = "<strong></strong> <span></span> <strong></strong> <span></span>";
    const [zeros, zeroWords, saturated, flatWords] = box.children;
    zeros.textContent = `Exactly 0: ${percent(after)} of the cells,`;
    zeroWords.textContent = `${percent(before)} before.`;
    saturated.textContent = `Saturated: ${percent(flat)}.`;
    flatWords.textContent =
      `There the slope is under ${100 * this.data.threshold} % of its steepest (shaded), and hardly any gradient passes. ` +
      `In the maps blue is negative, ${this.root.dataset.theme === "dark" ? "black" : "white"} is 0, orange is positive.`;
    Object.assign(box.dataset, { before, after, flat });
  }

  redraw() {
    if (!this.data) return;
    const style = getComputedStyle(this.root), colour = (name) => style.getPropertyValue(name).trim();
    this.curve.draw({
      shape: this.shape,
      domain: [-this.end, this.end],
      flat: this.limit,
      counts: this.counted,
      point: this.ghost ?? this.point,
      font: style.fontFamily,
      colours: {
        input: colour("--cv-input"), output: colour("--cv-output"), gradient: colour("--cv-gradient"),
        grid: colour("--st-border-color"), text: colour("--st-text-color"), ground: colour("--st-background-color"),
        flat: this.root.dataset.theme === "dark" ? "#ffffff14" : "#00000010",
      },
    });
    this.read();
  }

  // The words for the point that is shown, on screen and for the slider.
  read() {
    const x = this.ghost ?? this.point, { f, slope } = this.shape;
    const flat = Math.abs(slope(x)) < this.limit ? " Saturated: hardly any gradient passes." : "";
    const text = `f(${formatValue(x)}) = ${formatValue(f(x))}, slope ${formatValue(slope(x))}.${flat}`;
    const where = this.cell ? `Row ${this.cell[0]}, column ${this.cell[1]}: ` : "";
    this.root.querySelector(".readout").textContent = where + text;
    const state = {
      label: "Input x of the curve", valuemin: -this.end, valuemax: this.end, valuenow: this.point.toFixed(2),
    };
    for (const [name, value] of Object.entries(state)) this.canvas.setAttribute(`aria-${name}`, value);
    this.canvas.setAttribute("aria-valuetext", text);
    return where + text;
  }

  move(x) {
    this.ghost = this.cell = null;
    this.point = this.held(x);
    for (const map of [this.before, this.after]) map.show(null);
    this.redraw();
  }

  keep() {
    if (this.point === this.sent) return;
    this.sent = this.point;
    this.commit(this.point);
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
      const by = event.shiftKey ? 1 : 0.1;
      const steps = { ArrowLeft: -by, ArrowDown: -by, ArrowRight: by, ArrowUp: by, PageDown: -1, PageUp: 1 };
      const to = { Home: -this.end, End: this.end }[event.key] ?? this.point + steps[event.key];
      if (Number.isNaN(to)) return;
      event.preventDefault();
      this.move(to);
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
    clearTimeout(this.timer);
    if (value === null) return;
    this.timer = setTimeout(() => (this.root.querySelector(".spoken").textContent = this.read()), SPOKEN_AFTER);
  }

  // A cell was taken: the point goes to its value.
  pick(y, x) {
    this.move(this.map.plane[y * this.map.width + x]);
    this.keep();
  }
}
