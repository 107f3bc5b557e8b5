// Input, kernel and output of one convolution, in one view that follows the hand: everything here is computed in
// the browser at every frame. What is kept (own kernel, pinned cell, layout, a camera still) goes to Python.
import { say } from "../shared/controls/dom.js";
import { convolve, Drag, frequencyResponse, outputShape, padAmounts, patch, planesOf } from "../shared/maths/engine.js";
import { lutFromBase64, paint, valueRange } from "../shared/maths/colour.js";
import { formatKernel } from "../shared/text/kernel_text.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Camera } from "./camera.js";
import { Inspector } from "./inspector.js";
import { KernelEditor } from "../shared/controls/kernel_editor.js";
import { usedKernel } from "../shared/controls/kernel_moves.js";
import { outputRect, Pane, Viewport, worldRect } from "./viewport.js";
import { shortNumber } from "../shared/text/format.js";

const HTML = `
<div class="bar">
  <div class="layout" role="radiogroup" aria-label="Layout">
    <button type="button" role="radio" data-layout="side">Side by side</button>
    <button type="button" role="radio" data-layout="slider">Compare slider</button>
  </div>
  <div class="zoom" role="group" aria-label="Zoom">
    <button type="button" data-zoom="out" aria-label="Zoom out">−</button>
    <output class="numbers factor">1×</output>
    <button type="button" data-zoom="in" aria-label="Zoom in">+</button>
    <button type="button" data-zoom="fit">Fit</button>
  </div>
  <div class="live">
    <button type="button" class="camera" aria-pressed="false">Live camera</button>
    <button type="button" class="still" hidden>Take a still</button>
  </div>
  <p class="problem" role="status"></p>
</div>
<div class="stage">
  <figure class="input"><figcaption><b>Input</b> <span class="about numbers"></span></figcaption><div class="pane"></div></figure>
  <section class="kernel" aria-label="Kernel"><div class="editor"></div>
    <figure class="response"><canvas width="64" height="64"></canvas><figcaption></figcaption></figure></section>
  <figure class="output"><figcaption><b>Output</b> <span class="about numbers"></span></figcaption><div class="pane"></div>
    <div class="legend"><span class="low numbers"></span><canvas width="256" height="1"></canvas><span class="high numbers"></span></div><p class="mapping"></p></figure>
</div>
<div class="inspector"></div>`;

const MAPPINGS = {
  signed: "Colours: signed, 0 in the middle",
  absolute: "Colours: absolute value, the sign is not shown",
  clip: "Colours: clipped to 0 … 255",
  shift: "Colours: 128 added, then clipped to 0 … 255",
  stretch: "Colours: stretched from the smallest to the largest value",
};

const clampTo = (value, low, high) => Math.min(Math.max(value, low), high);
const css = (root, name, fallback) => getComputedStyle(root).getPropertyValue(name).trim() || fallback;

class FilterView {
  constructor(root) {
    this.root = root;
    root.innerHTML = HTML;
    const find = (this.find = (selector) => root.querySelector(selector));
    this.viewport = new Viewport();
    this.panes = {
      input: new Pane(find(".input .pane"), "Input picture. Move over it, or use the arrow keys, to choose an output cell."),
      output: new Pane(find(".output .pane"), "Output picture. Arrow keys move from cell to cell, Enter pins, plus and minus zoom."),
    };
    this.inspector = new Inspector(find(".inspector"));
    this.editor = new KernelEditor(find(".editor"), {
      onScrubStart: (kernel, row, col, slice) => this.startDrag(kernel, row, col, slice),
      onScrub: (kernel, weight) => this.dragged(kernel, weight),
      onChange: (kernel, divide, live) => this.edited(kernel, divide, live),
    });
    this.camera = new Camera((frame) => this.frame(frame), (sentence) => this.complain(sentence));
    this.sources = { input: document.createElement("canvas"), output: document.createElement("canvas") };
    Object.assign(this, { layout: "side", split: 0.5, pin: null, hover: null, pending: [], picture: null, painted: 0 });
    this.wire();
    this.observer = new ResizeObserver(() => this.schedule("size"));
    this.observer.observe(root);
  }

  // ---- what Python says -------------------------------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    if (!data) return;
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.lut = lutFromBase64(data.lut);
    this.signedLut = lutFromBase64(data.signedLut);
    this.powerLut = lutFromBase64(data.powerLut);
    this.readTheme();
    this.adoptKernel(data);
    if (data.layout !== this.saidLayout) this.layout = this.saidLayout = data.layout;
    const pin = JSON.stringify(data.pin);
    if (pin !== this.saidPin) {
      this.saidPin = pin;
      this.pin = data.pin;
    }
    if (!this.camera.running) {
      this.cancelWait?.();
      this.cancelWait = whenPicture(data.digest, (picture) => this.takePicture(picture));
    }
    this.schedule("planes");
  }

  // An own kernel that we sent comes back as an echo, perhaps after newer edits: those stay.
  adoptKernel(data) {
    const at = this.pending.indexOf(data.token);
    if (at >= 0) this.pending.splice(0, at + 1);
    else if (data.token !== this.token || !this.kernel) {
      this.pending = [];
      this.kernel = { ...data.kernel, slices: data.kernel.slices.map((s) => Float64Array.from(s)) };
      this.divide = data.divide;
      this.name = data.name;
    }
    this.token = data.token;
    this.showKernel();
  }

  showKernel() {
    this.editor.show({
      kernel: this.kernel, divide: this.divide, name: this.name,
      threeSlices: this.data.settings.channels === "sum",
      note: this.data.settings.flip ? "Applied turned by 180°. " : "",
      cell: (weight, most) => this.signed(weight, most),
    });
  }

  takePicture(picture) {
    if (this.camera.running || this.picture === picture) return;
    this.picture = picture;
    this.schedule("planes");
  }

  readTheme() {
    const root = this.root;
    this.colours = {
      empty: css(root, "--st-secondary-background-color", "#f2f4f8"),
      hatch: root.dataset.theme === "dark" ? "#6b7790" : "#8b96aa",
      input: css(root, "--cv-input", "#1f5fc4"), kernel: css(root, "--cv-kernel", "#a4510b"),
      output: css(root, "--cv-output", "#0d7a55"),
    };
    this.style = {
      roles: this.colours, hatch: this.colours.hatch,
      font: css(root, "--st-font", "sans-serif"), mono: css(root, "--st-code-font", "monospace"),
      ink: css(root, "--st-text-color", "#14171f"),
      input: (v) => this.greyCell(v), weight: (v, most) => this.signed(v, most),
    };
  }

  signed(value, most) {
    const i = 3 * Math.floor(clampTo((value / (most || 1) + 1) / 2, 0, 1) * 255 + 0.5);
    const [r, g, b] = this.signedLut.subarray(i, i + 3);
    return { background: `rgb(${r}, ${g}, ${b})`, ink: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#14171f" : "#ffffff" };
  }

  greyCell(value) {
    const v = clampTo(Math.round(value), 0, 255);
    return { background: `rgb(${v}, ${v}, ${v})`, ink: v > 127 ? "#14171f" : "#ffffff" };
  }

  // ---- what the visitor does ----------------------------------------------------------------------------------

  wire() {
    for (const button of this.root.querySelectorAll("[data-layout]")) button.onclick = () => this.setLayout(button.dataset.layout);
    for (const button of this.root.querySelectorAll("[data-zoom]")) button.onclick = () => this.zoomBy(button.dataset.zoom);
    this.find(".camera").onclick = () => this.toggleCamera();
    this.find(".still").onclick = () => this.takeStill();
    for (const name of ["input", "output"]) this.wirePane(name, this.panes[name].marks);
  }

  wirePane(name, canvas) {
    canvas.onpointermove = (event) => this.pointerMove(name, event);
    canvas.onpointerleave = () => this.setHover(null);
    canvas.onpointerdown = (event) => this.pointerDown(name, event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.pointerUp(name, event);
    canvas.onkeydown = (event) => this.key(event);
    canvas.onfocus = () => this.cell() ?? this.setHover(this.middle());
    canvas.onwheel = (event) => {
      if (!event.ctrlKey) return; // a plain wheel scrolls the page
      event.preventDefault();
      this.viewport.setZoom(this.viewport.zoom * Math.exp(-event.deltaY / 200), this.panes[name].pointAt(this.viewport, event));
      this.schedule("panes");
    };
  }

  cellAt(name, event) {
    const point = this.panes[name].pointAt(this.viewport, event);
    const rect = outputRect(this.geometry);
    const x = Math.floor((point.x - rect.left) / this.geometry.stride[1]);
    const y = Math.floor((point.y - rect.top) / this.geometry.stride[0]);
    const { outWidth, outHeight } = this.geometry;
    if (name === "input" || (x >= 0 && y >= 0 && x < outWidth && y < outHeight)) {
      return { y: clampTo(y, 0, outHeight - 1), x: clampTo(x, 0, outWidth - 1) };
    }
    return null;
  }

  pointerDown(name, event) {
    if (!this.geometry) return;
    this.press = { x: event.clientX, y: event.clientY, moved: false, split: this.onDivider(name, event) };
    if (this.press.split || this.viewport.zoom > 1) this.panes[name].marks.setPointerCapture(event.pointerId);
  }

  pointerMove(name, event) {
    if (!this.geometry) return;
    const press = this.press;
    if (press) {
      const dx = event.clientX - press.x, dy = event.clientY - press.y;
      press.moved ||= Math.hypot(dx, dy) > 4;
      if (press.split) return this.moveSplit(name, event);
      if (press.moved && this.viewport.zoom > 1) {
        const box = this.panes[name].marks.getBoundingClientRect();
        const { scale } = this.viewport.transform(box.width, box.height);
        this.viewport.pan(dx / scale, dy / scale);
        Object.assign(press, { x: event.clientX, y: event.clientY });
        return this.schedule("panes");
      }
    }
    this.panes[name].marks.style.cursor = this.onDivider(name, event) ? "ew-resize" : this.viewport.zoom > 1 ? "grab" : "crosshair";
    if (!this.pin) this.setHover(this.cellAt(name, event));
    return undefined;
  }

  pointerUp(name, event) {
    const press = this.press;
    this.press = null;
    if (!press || press.moved || press.split || event.type === "pointercancel" || !this.geometry) return;
    const cell = this.cellAt(name, event);
    if (cell) this.setPin(this.pin && this.pin[0] === cell.y && this.pin[1] === cell.x ? null : [cell.y, cell.x]);
  }

  onDivider(name, event) {
    if (this.layout !== "slider" || name !== "output") return false;
    const box = this.panes.output.marks.getBoundingClientRect();
    return Math.abs(event.clientX - box.left - this.split * box.width) < (event.pointerType === "touch" ? 24 : 8);
  }

  moveSplit(name, event) {
    const box = this.panes[name].marks.getBoundingClientRect();
    this.split = clampTo((event.clientX - box.left) / box.width, 0, 1);
    this.find(".divider")?.setAttribute("aria-valuenow", String(Math.round(this.split * 100)));
    this.schedule("panes");
  }

  key(event) {
    if (!this.geometry) return;
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowUp: [-step, 0], ArrowDown: [step, 0], ArrowLeft: [0, -step], ArrowRight: [0, step] };
    const cell = this.cell() ?? this.middle();
    const { outWidth, outHeight } = this.geometry;
    if (moves[event.key]) {
      const [dy, dx] = moves[event.key];
      this.moveTo({ y: clampTo(cell.y + dy, 0, outHeight - 1), x: clampTo(cell.x + dx, 0, outWidth - 1) });
    } else if (event.key === "Home") this.moveTo({ y: cell.y, x: 0 });
    else if (event.key === "End") this.moveTo({ y: cell.y, x: outWidth - 1 });
    else if (event.key === "Enter" || event.key === " ") this.setPin(this.pin ? null : [cell.y, cell.x]);
    else if (event.key === "Escape") this.setPin(null);
    else if (event.key === "+" || event.key === "=") this.zoomBy("in");
    else if (event.key === "-") this.zoomBy("out");
    else if (event.key === "0") this.zoomBy("fit");
    else return;
    event.preventDefault();
  }

  moveTo(cell) {
    if (this.pin) this.setPin([cell.y, cell.x]);
    else this.setHover(cell);
    if (this.viewport.zoom > 1) {
      this.viewport.centre = this.centreOf(cell);
      this.viewport.clamp();
      this.schedule("panes");
    }
  }

  centreOf(cell) {
    const rect = outputRect(this.geometry), { stride } = this.geometry;
    return { x: rect.left + (cell.x + 0.5) * stride[1], y: rect.top + (cell.y + 0.5) * stride[0] };
  }

  middle() {
    return this.geometry ? { y: this.geometry.outHeight >> 1, x: this.geometry.outWidth >> 1 } : null;
  }

  // The inspected cell: the pinned one, else the one under the pointer.
  cell() {
    if (!this.geometry) return null;
    const cell = this.pin ? { y: this.pin[0], x: this.pin[1] } : this.hover;
    return cell && cell.y < this.geometry.outHeight && cell.x < this.geometry.outWidth ? cell : null;
  }

  setHover(cell) {
    this.hover = cell;
    this.schedule("marks");
  }

  setPin(pin) {
    this.pin = pin;
    if (!pin) this.hover = null;
    this.schedule("marks");
    this.report("pin", pin, 300);
  }

  setLayout(layout) {
    this.layout = layout;
    this.schedule("size");
    this.report("layout", layout, 0);
  }

  zoomBy(how) {
    const cell = this.cell();
    const around = cell && this.geometry ? this.centreOf(cell) : null;
    const { zoom } = this.viewport;
    if (around && zoom === 1 && how === "in") this.viewport.centre = around;
    this.viewport.setZoom(how === "fit" ? 1 : zoom * (how === "in" ? 2 : 0.5), null);
    this.schedule("panes");
  }

  // Python hears of a value when it has come to rest, once.
  report(name, value, wait) {
    this.timers ??= {};
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => {
      if (name === "pin") this.saidPin = JSON.stringify(value);
      if (name === "layout") this.saidLayout = value;
      this.keep(name, value);
    }, wait);
  }

  // Streamlit passes a state on only if it differs from the last one that this view sent. A link, an experiment or
  // the gallery may have changed the value since, so each report carries a time that makes it new.
  keep(name, value) {
    this.setStateValue(name, { value, at: Date.now() });
  }

  complain(sentence) {
    this.find(".problem").textContent = sentence;
  }

  // ---- the kernel under the hand ------------------------------------------------------------------------------

  startDrag(kernel, row, col, slice) {
    if (!this.geometry) return;
    this.kernel = kernel;
    const settings = this.settings();
    this.drag = new Drag(this.planes, this.picture.width, this.picture.height, kernel, settings, row, col, slice);
  }

  dragged(kernel, weight) {
    this.kernel = kernel;
    this.name = "Your own kernel";
    this.weight = weight;
    this.schedule("output");
  }

  edited(kernel, divide, live) {
    const resized = kernel.rows !== this.kernel.rows || kernel.cols !== this.kernel.cols;
    Object.assign(this, { kernel, divide, drag: null, name: "Your own kernel" });
    this.find(".name").textContent = this.name;
    this.schedule(resized ? "planes" : "output");
    if (live) return;
    const text = formatKernel(kernel) + (divide ? "/sum" : "");
    this.pending.push(text);
    this.token = text;
    this.keep("own", text);
  }

  // ---- the camera ---------------------------------------------------------------------------------------------

  async toggleCamera() {
    this.complain("");
    if (this.camera.running) this.stopCamera();
    else if (await this.camera.start(this.data.liveSize)) this.showCamera(true);
  }

  showCamera(on) {
    this.find(".camera").setAttribute("aria-pressed", String(on));
    this.find(".camera").textContent = on ? "Stop the camera" : "Live camera";
    this.find(".still").hidden = !on;
  }

  stopCamera() {
    this.camera.stop();
    this.showCamera(false);
    this.picture = null;
    this.update(this);
  }

  frame(frame) {
    this.picture = frame;
    this.schedule("planes");
  }

  async takeStill() {
    const image = await this.camera.still();
    this.camera.stop();
    this.showCamera(false);
    this.setTriggerValue("still", image);
  }

  // ---- one frame ----------------------------------------------------------------------------------------------

  // Each level includes those after it: planes → output → size → panes → marks.
  schedule(level) {
    const levels = ["marks", "panes", "size", "output", "planes"];
    this.dirty = Math.max(this.dirty ?? 0, levels.indexOf(level));
    this.unsized ||= level === "size" || level === "planes";
    if (this.ticket) return;
    this.ticket = requestAnimationFrame(() => {
      this.ticket = 0;
      const dirty = this.dirty;
      this.dirty = 0;
      this.render(dirty);
    });
  }

  render(dirty) {
    if (!this.picture || !this.data || !this.root.isConnected) return;
    if (dirty >= 4) this.readPlanes();
    if (dirty >= 3 && !this.compute()) return;
    if (dirty >= 2) this.resizeIfNeeded();
    if (dirty >= 1) this.drawPanes();
    this.drawMarks();
    if (dirty >= 3) this.root.dataset.painted = String(++this.painted);
  }

  settings() {
    const { settings } = this.data;
    return { ...settings, padding: padAmounts(settings.padding, this.kernel, settings.dilation) };
  }

  readPlanes() {
    const { channels } = this.data.settings;
    const { width, height } = this.picture;
    if (this.planesOf !== this.picture || this.planesFor !== channels) {
      this.planes = planesOf(this.picture, channels);
      this.planesOf = this.picture;
      this.planesFor = channels;
      this.inputPainted = false;
    }
    if (this.inputPainted) return;
    this.inputPainted = true;
    const grey = Uint8Array.from({ length: 768 }, (_, i) => (i / 3) | 0);
    this.blit(this.sources.input, this.planes, width, height, "clip", grey, [0, 255]);
    this.drag = null;
  }

  compute() {
    const settings = this.settings();
    const { width, height } = this.picture;
    const shape = outputShape(width, height, this.kernel, settings);
    if (shape.width < 1 || shape.height < 1) return this.doesNotFit(settings);
    if (this.refused) {
      this.refused = false;
      this.complain("");
    }
    if (this.drag) {
      this.result = this.drag.at(this.weight);
      this.scaleBySum();
    } else this.result = convolve(this.planes, width, height, usedKernel(this.kernel, this.divide), settings, this.result);
    this.geometry = {
      padding: settings.padding, stride: settings.stride, dilation: settings.dilation, width, height,
      rows: this.kernel.rows, cols: this.kernel.cols, outWidth: this.result.width, outHeight: this.result.height,
    };
    this.viewport.setWorld(worldRect(this.geometry));
    this.range = valueRange(this.result.planes, this.data.display);
    this.blit(this.sources.output, this.result.planes, this.result.width, this.result.height, this.data.display, this.lut, this.range);
    this.describe();
    this.drawResponse();
    return true;
  }

  doesNotFit({ padding, dilation }) {
    const { width, height } = this.picture;
    const spans = `${dilation[0] * (this.kernel.rows - 1) + 1}×${dilation[1] * (this.kernel.cols - 1) + 1}`;
    this.refused = true;
    this.complain(`The kernel spans ${spans} cells; the padded picture has ${height + padding.top + padding.bottom}×${width + padding.left + padding.right}.`);
    return false;
  }

  // While a cell is dragged, the division by the sum is one more factor on the whole output.
  scaleBySum() {
    const before = this.kernel.slices[0], after = usedKernel(this.kernel, this.divide).slices[0];
    const at = before.findIndex((w) => w !== 0);
    if (at < 0 || before[at] === after[at]) return;
    const factor = after[at] / before[at];
    for (const plane of this.result.planes) for (let i = 0; i < plane.length; i++) plane[i] *= factor;
  }

  blit(canvas, planes, width, height, display, lut, range) {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const ctx = canvas.getContext("2d", { willReadFrequently: true });
    const key = canvas === this.sources.input ? "inputPixels" : "outputPixels";
    if (this[key]?.width !== width || this[key]?.height !== height) this[key] = new ImageData(width, height);
    paint(planes, width, height, display, lut, range, this[key].data);
    ctx.putImageData(this[key], 0, 0);
  }

  describe() {
    const { width, height } = this.picture;
    const { channels } = this.data.settings;
    const [low, high] = this.range.map((v) => shortNumber(v, 4));
    const [least, most] = valueRange(this.result.planes, "stretch").map((v) => shortNumber(v, 4));
    const kind = channels === "grey" ? "grey = 0.299 R + 0.587 G + 0.114 B" : "red, green, blue";
    this.find(".mapping").textContent = `${MAPPINGS[this.data.display]}${this.result.planes.length === 3 ? "; one range for red, green and blue" : ""}.`;
    this.find(".input .about").textContent = `${height}×${width}${channels === "grey" ? "" : "×3"}, ${kind}`;
    const maps = this.result.planes.length === 3 ? "×3" : "";
    this.find(".output .about").textContent = `${this.result.height}×${this.result.width}${maps}, values ${least} … ${most}`;
    const absolute = this.data.display === "absolute";
    this.find(".low").textContent = absolute ? `|${low}|` : low;
    this.find(".high").textContent = absolute ? `|${high}|` : high;
    this.drawLegend();
  }

  drawLegend() {
    const canvas = this.find(".legend canvas");
    const key = `${this.data.lut.length}${this.data.lut.slice(0, 60)}${this.result.planes.length}`;
    if (canvas.dataset.key === key) return;
    canvas.dataset.key = key;
    const image = new ImageData(256, 1);
    for (let i = 0; i < 256; i++) {
      const from = this.result.planes.length === 1 ? this.lut.subarray(3 * i, 3 * i + 3) : [i, i, i];
      image.data.set([...from, 255], 4 * i);
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  drawResponse() {
    const n = 64, kernel = usedKernel(this.kernel, this.divide);
    const slice = Math.min(this.editor.slice ?? 0, kernel.slices.length - 1);
    const values = frequencyResponse(kernel, n, slice);
    const range = valueRange([values], "absolute");
    const image = (this.responsePixels ??= new ImageData(n, n));
    paint([values], n, n, "absolute", this.powerLut, range, image.data);
    const canvas = this.find(".response canvas");
    canvas.getContext("2d").putImageData(image, 0, 0);
    const caption = `frequency response: dark 0, bright ${shortNumber(range[1])}; slow changes in the middle, fine detail at the rim`;
    say(this.find(".response figcaption"), caption);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Frequency response of the kernel, 0 to ${shortNumber(range[1])}; at frequency zero it is ${shortNumber(values[(n >> 1) * n + (n >> 1)])}.`);
  }

  // Reading the room makes the browser lay out the page: not at every frame of a drag.
  resizeIfNeeded() {
    const { width, height } = this.viewport.world;
    const size = `${width}×${height}, ${this.kernel.cols}`;
    if (!this.unsized && size === this.sized) return;
    this.unsized = false;
    this.sized = size;
    this.resize();
  }

  resize() {
    const { width, height } = this.viewport.world;
    this.root.dataset.layout = this.layout;
    this.root.dataset.wide = String(this.kernel.cols > 7);
    for (const button of this.root.querySelectorAll("[data-layout]")) {
      button.setAttribute("aria-checked", String(button.dataset.layout === this.layout));
    }
    const tallest = clampTo(globalThis.innerHeight * 0.62, 260, 1400);
    for (const name of ["input", "output"]) {
      const room = this.find(`.${name} .pane`).clientWidth;
      if (room < 2) continue;
      const cssHeight = Math.min((room * height) / width, tallest);
      this.panes[name].resize(Math.min(room, Math.max(120, (cssHeight * width) / height)), cssHeight);
    }
    this.divider();
  }

  divider() {
    const pane = this.find(".output .pane");
    let line = this.find(".divider");
    if (this.layout !== "slider") return line?.remove();
    if (!line) {
      line = document.createElement("div");
      line.className = "divider";
      line.tabIndex = 0;
      line.setAttribute("role", "slider");
      line.setAttribute("aria-label", "Border between input (left) and output (right)");
      line.setAttribute("aria-valuemin", "0");
      line.setAttribute("aria-valuemax", "100");
      line.setAttribute("aria-valuenow", String(Math.round(this.split * 100)));
      line.onkeydown = (event) => {
        const way = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
        if (!way) return;
        event.preventDefault();
        this.split = clampTo(this.split + way, 0, 1);
        line.setAttribute("aria-valuenow", String(Math.round(this.split * 100)));
        this.schedule("panes");
      };
      pane.append(line);
    }
    return line;
  }

  drawPanes() {
    const { width, height, padding } = this.geometry;
    const input = { source: this.sources.input, left: 0, top: 0, width, height };
    const output = { source: this.sources.output, ...outputRect(this.geometry) };
    const hatch = {
      left: -padding.left, top: -padding.top,
      width: width + padding.left + padding.right, height: height + padding.top + padding.bottom,
    };
    this.panes.input.draw(this.viewport, [input], this.colours, hatch);
    if (this.layout === "slider") {
      this.panes.output.draw(this.viewport, [{ ...input, to: this.split }, { ...output, from: this.split }], this.colours);
      this.find(".divider").style.left = `${this.split * this.panes.output.marks.clientWidth}px`;
    } else this.panes.output.draw(this.viewport, [output], this.colours);
    this.find(".factor").textContent = `${Number(this.viewport.zoom.toPrecision(2))}×`;
    for (const pane of Object.values(this.panes)) pane.marks.style.touchAction = this.viewport.zoom > 1 || this.layout === "slider" ? "none" : "pan-y";
  }

  drawMarks() {
    const cell = this.cell();
    if (!cell) {
      for (const pane of Object.values(this.panes)) pane.mark(this.viewport, []);
      return this.inspector.show(null);
    }
    const { padding, stride, dilation, rows, cols } = this.geometry;
    const seen = {
      left: cell.x * stride[1] - padding.left, top: cell.y * stride[0] - padding.top,
      width: dilation[1] * (cols - 1) + 1, height: dilation[0] * (rows - 1) + 1, colour: this.colours.kernel,
    };
    const rect = outputRect(this.geometry);
    const made = {
      left: rect.left + cell.x * stride[1], top: rect.top + cell.y * stride[0], width: stride[1], height: stride[0],
      colour: this.colours.output, cross: true,
    };
    this.panes.input.mark(this.viewport, [seen]);
    this.panes.output.mark(this.viewport, this.layout === "slider" ? [seen, made] : [made]);
    const kernel = usedKernel(this.kernel, this.divide);
    const found = patch(this.planes, this.geometry.width, this.geometry.height, kernel, this.settings(), cell.y, cell.x);
    return this.inspector.show(
      { patch: found, ...cell, channels: this.data.settings.channels, pinned: Boolean(this.pin) }, this.style,
    );
  }

  destroy() {
    cancelAnimationFrame(this.ticket);
    this.observer.disconnect();
    this.cancelWait?.();
    this.camera.stop();
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
  }
}

export function mount(root) {
  const view = new FilterView(root);
  root.filterView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
