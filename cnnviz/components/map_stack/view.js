// The input and the maps of each layer, side by side at their true relative sizes. Pointing at a map, or
// reaching it by Tab and the arrow keys, marks the maps that it reads with the signs of its weights on them,
// and the cells of the earlier stages that the pixel under the pointer is made of.
import { extremes, lutFromBase64, paint } from "../shared/maths/colour.js";
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { IdleQueue } from "../shared/controls/idle.js";
import { whenPicture } from "../shared/canvas/store.js";
import { sharpen, Stage } from "../shared/canvas/stage.js";
import { arrowStep } from "../shared/controls/keys.js";
import { clamp, clampIndex } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { fieldOf, runStack } from "./layers.js";
import { formatValue, rangeText } from "../shared/text/format.js";

const ARROW = '<svg viewBox="0 0 32 16" aria-hidden="true"><path d="M2 8h27M23 2l6 6-6 6"/></svg>';
const PARTS = `
  <div class="flow"></div>
  <p class="problem" hidden></p>
  <div class="below">
    <canvas class="patch" role="img" width="1" height="1"></canvas>
    <div><p class="story"></p><p class="words"></p>
      <button type="button" class="range" aria-pressed="false">One range for each layer</button></div>
  </div>
  <div class="visually-hidden spoken" aria-live="polite"></div>`;

const mapElement = (at) => element("button", { type: "button", class: "map", role: "radio", "data-map": at },
  element("canvas", { width: 1, height: 1 }));

// A kernel's slice as a grid of signs, or nothing where it is all zeros.
function signs(spec, slice) {
  const grid = element("span", { class: "weights" });
  grid.style.setProperty("--cols", spec.cols);
  for (const weight of spec.slices[slice]) {
    const cell = element("span", {}, weight > 0 ? "+" : weight < 0 ? "−" : " ");
    if (weight) cell.dataset.sign = weight > 0 ? "+" : "−";
    grid.append(cell);
  }
  return grid;
}

class Stack {
  /** @type {import("../shared/types").MapStackData} */ data = null; // what Python sent last, that as text, and the text of its layers
  sent = "";
  shape = "";
  /** @type {any[]} */ stages = []; // their elements
  /** @type {any[] | null} */ values = null; // their maps
  /** @type {{stage: number, at: number}} */ chosen = null;
  /** @type {[number, number] | null} */ place = null; // fractions of the picture, down and across
  shared = false; // one range for each layer
  /** @type {(() => void) | null} */ forget = null; // the picture that is waited for

  constructor(root) {
    root.innerHTML = PARTS;
    this.root = root;
    this.flow = root.querySelector(".flow");
    this.queue = new IdleQueue();
    this.speaker = new Speaker(root.querySelector(".spoken"));
    this.stage = new Stage(root, { draw: () => this.sharpen() });
    root.querySelector(".range").onclick = () => this.share(!this.shared);
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").MapStackData>} args */
  update({ data }) {
    const sent = JSON.stringify(data);
    if (sent === this.sent) return;
    const shape = JSON.stringify(data.layers);
    if (shape !== this.shape) this.arrange(data.layers);
    this.sent = sent;
    this.shape = shape;
    this.data = data;
    this.forget?.();
    this.queue.clear();
    this.forget = whenPicture(data.digest, (picture) => this.queue.add(this.compute(picture)));
  }

  destroy() {
    this.forget?.();
    this.queue.clear();
    this.stage.destroy();
    this.speaker.stop();
  }

  share(on) {
    this.shared = on;
    this.root.querySelector(".range").setAttribute("aria-pressed", String(on));
    if (this.values) this.paint();
  }

  /** @param {import("../shared/types").StackLayerJson[]} layers */
  arrange(layers) {
    const stages = [{ title: "Grey", columns: 1, maps: [{ title: "Grey", about: "" }] }, ...layers];
    this.stages = stages.map(({ title, columns, maps }, stage) => {
      const root = element("div", { class: "stage" }), box = element("div", { class: "maps" });
      root.append(element("p", { class: "name" }, title), element("p", { class: "size numbers" }), box);
      box.style.setProperty("--columns", String(columns));
      const buttons = maps.map((_, map) => mapElement(map));
      buttons.forEach((button, at) => this.listen(button, stage, at));
      box.append(...buttons);
      // One group for each stage, each with its tab stop; a map is checked in one of them only.
      const choices = new Choices(box, { name: "map", tiles: true, choose: (map) => this.choose(stage, Number(map)) });
      return { root, box, buttons, choices, title, maps };
    });
    const parts = this.stages.flatMap(({ root }, stage) => (stage ? [this.arrow(layers[stage - 1]), root] : [root]));
    this.flow.replaceChildren(...parts);
    this.chosen = { stage: layers.length, at: 0 };
    this.place = null;
  }

  /** @param {import("../shared/types").StackLayerJson} layer */
  arrow({ maps, pool }) {
    const made = element("div", { class: "arrow" });
    const { rows, cols, slices } = maps[0];
    const depth = slices.length > 1 ? `×${slices.length}` : "";
    made.innerHTML = ARROW;
    for (const text of [`${maps.length} kernels ${rows}×${cols}${depth}`, "ReLU", `max pool ${pool}×${pool}`]) {
      made.append(element("span", {}, text));
    }
    return made;
  }

  *compute(picture) {
    try {
      this.values = yield* runStack(picture, this.data.layers, this.data.mode);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.values = null;
      this.refuse(error.message);
      return;
    }
    this.refuse("");
    yield;
    this.paint();
  }

  refuse(sentence) {
    this.root.querySelector(".problem").textContent = sentence;
    this.root.querySelector(".problem").hidden = !sentence;
    for (const name of [".flow", ".below"]) this.root.querySelector(name).hidden = Boolean(sentence);
  }

  paint() {
    const [input] = this.values;
    this.values.forEach(({ planes, width, height }, stage) => {
      const { box, buttons, root, title, maps } = this.stages[stage];
      const lut = lutFromBase64(stage ? this.data.lut : this.data.grey);
      box.style.setProperty("--share", width / input.width);
      box.style.setProperty("--ratio", `${width} / ${height}`);
      const size = stage ? `${planes.length} maps, (${planes.length}, ${height}, ${width})` : `(${height}, ${width})`;
      root.querySelector(".size").textContent = size;
      box.setAttribute("aria-label", `${title}: ${size}`);
      planes.forEach((plane, at) => {
        this.draw(buttons[at], plane, width, height, lut, this.range(stage, plane));
        this.name(buttons[at], maps[at], plane, `${height}×${width}`);
      });
    });
    this.root.querySelector(".words").textContent = this.rangeWords();
    this.root.dataset.painted = this.data.digest;
    this.place ??= this.brightest();
    this.sharpen();
    this.show();
  }

  sharpen() {
    for (const canvas of this.flow.querySelectorAll("canvas")) sharpen(canvas);
  }

  range(stage, plane) {
    if (stage === 0) return [0, 255];
    return [0, extremes(this.shared ? this.values[stage].planes : [plane])[1] || 1];
  }

  rangeWords() {
    if (!this.shared) return "Dark is 0; the brightest yellow is the largest value of each map by itself.";
    const tops = this.data.layers.map(({ title }, at) => `${formatValue(this.range(at + 1)[1])} in ${title}`);
    return `Dark is 0; the brightest yellow is ${tops.join(" and ")}, the largest value of all its maps.`;
  }

  /**
   * Where the chosen map is largest: the first thing shown is something found.
   * @returns {[number, number]}
   */
  brightest() {
    const { planes, width, height } = this.values[this.chosen.stage], plane = planes[this.chosen.at];
    const best = plane.reduce((top, value, i) => (value > plane[top] ? i : top), 0);
    return [(Math.floor(best / width) + 0.5) / height, ((best % width) + 0.5) / width];
  }

  draw(button, plane, width, height, lut, range) {
    const canvas = button.querySelector("canvas"), image = new ImageData(width, height);
    paint([plane], width, height, "clip", lut, range, image.data);
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  name(button, { title, about }, plane, size) {
    const where = about ? ` Bright where ${about}.` : "";
    button.setAttribute("aria-label", `${title}.${where} ${size} values, ${rangeText(extremes([plane]))}.`);
  }

  listen(button, stage, at) {
    button.onpointermove = (event) => this.point(button, stage, at, event);
    button.onpointerdown = button.onpointermove;
    button.onfocus = () => button.matches(":focus-visible") && this.choose(stage, at);
    button.onkeydown = (event) => this.onKey(event, stage, at);
  }

  point(button, stage, at, event) {
    const box = button.getBoundingClientRect();
    const hold = (t) => clamp(t, 0, 0.999999);
    this.place = [hold((event.clientY - box.top) / box.height), hold((event.clientX - box.left) / box.width)];
    this.choose(stage, at);
  }

  choose(stage, at) {
    this.chosen = { stage, at };
    this.show();
  }

  // With Shift the arrow keys go from pixel to pixel of a map; without it they are the group's.
  onKey(event, stage, at) {
    const step = event.shiftKey ? arrowStep(event) : null;
    if (!step || !this.values) return;
    event.preventDefault();
    event.stopPropagation();
    const { width, height } = this.values[stage];
    const next = (t, n, by) => (clampIndex(Math.floor(t * n) + by, n) + 0.5) / n;
    this.place = [next(this.place[0], height, step[0]), next(this.place[1], width, step[1])];
    this.choose(stage, at);
  }

  // Everything that says which map is chosen and what it is made of.
  show() {
    if (!this.values) return;
    const { stage, at } = this.chosen, spec = this.stages[stage].maps[at];
    const value = this.values[stage];
    const cell = [Math.floor(this.place[0] * value.height), Math.floor(this.place[1] * value.width)];
    const rows = fieldOf(this.data.layers, stage, cell[0], "rows");
    const cols = fieldOf(this.data.layers, stage, cell[1], "cols");
    this.stages.forEach(({ buttons, choices }, s) => {
      choices.mark(s === stage ? String(at) : null);
      buttons.forEach((button, b) => {
        const reads = s === stage - 1 && spec.slices[b].some((weight) => weight);
        button.toggleAttribute("data-unread", s === stage - 1 && !reads);
        button.querySelectorAll(".weights, .field").forEach((mark) => mark.remove());
        button.toggleAttribute("data-read", reads);
        if (reads) button.append(signs(spec, b));
        if (s === 0 || reads || (s === stage && b === at)) this.mark(button, s, rows[s], cols[s]);
      });
    });
    this.magnify(rows[0], cols[0]);
    this.tell(stage, spec, value.planes[at][cell[0] * value.width + cell[1]], cell, rows[0], cols[0]);
  }

  // The frame around the cells of this stage that the chosen pixel is made of, cut at the picture's edge.
  mark(button, stage, rows, cols) {
    const { width, height } = this.values[stage], frame = element("span", { class: "field" });
    const cut = ([first, last], n) => [Math.max(0, first), Math.min(n, last + 1)];
    const [top, bottom] = cut(rows, height), [left, right] = cut(cols, width);
    const place = { left: left / width, top: top / height, width: (right - left) / width, height: (bottom - top) / height };
    for (const [name, share] of Object.entries(place)) frame.style[name] = `${100 * share}%`;
    button.append(frame);
  }

  // The cells in the frame on the input, enlarged; those outside the picture are left out.
  magnify([top, bottom], [left, right]) {
    const { planes, width, height } = this.values[0], canvas = this.root.querySelector(".patch");
    const lut = lutFromBase64(this.data.grey);
    const [y0, x0] = [Math.max(0, top), Math.max(0, left)];
    const rows = Math.min(height - 1, bottom) - y0 + 1, cols = Math.min(width - 1, right) - x0 + 1;
    const cells = Float32Array.from({ length: rows * cols }, (_, i) => planes[0][(y0 + Math.floor(i / cols)) * width + x0 + (i % cols)]);
    const image = new ImageData(cols, rows);
    paint([cells], cols, rows, "clip", lut, [0, 255], image.data);
    Object.assign(canvas, { width: cols, height: rows });
    canvas.getContext("2d").putImageData(image, 0, 0);
    const range = rangeText(extremes([cells]));
    canvas.setAttribute("aria-label", `The ${rows}×${cols} pixels in the frame on the grey picture, ${range}`);
  }

  tell(stage, spec, value, cell, rows, cols) {
    const story = this.root.querySelector(".story");
    const size = ([first, last]) => last - first + 1;
    /** @type {(string | HTMLElement)[]} */
    const parts = [element("b", {}, `${spec.title}.`)];
    if (stage) {
      const read = spec.slices.flatMap((slice, at) => (slice.some(Boolean) ? [at] : []));
      const names = read.map((at) => this.stages[stage - 1].maps[at].title);
      const many = this.stages[stage - 1].buttons.length;
      const from = many > 1 ? ` Its kernel reads ${read.length} of the ${many} maps before it: ${names.join(", ")}.` : "";
      parts.push(` Bright where ${spec.about}.${from} `);
    } else parts.push(" The picture that the first layer reads. ");
    const field = stage ? `, made of the ${size(rows)}×${size(cols)} pixels in the frame on the grey picture, enlarged here` : "";
    parts.push(`Row ${cell[0]}, column ${cell[1]}: ${formatValue(value)}${field}.`);
    story.replaceChildren(...parts);
    this.speaker.say(String(parts.at(-1)));
  }
}

export const mount = (root) => new Stack(root);
