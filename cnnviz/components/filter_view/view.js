// Input, kernel and output of one convolution, in one view that follows the pointer: everything here is computed in
// the browser at every frame. What is kept (own kernel, pinned cell, layout, a camera still) goes to Python.
import { lutFromBase64 } from "../shared/maths/colour.js";
import { patch } from "../shared/maths/engine.js";
import { signedFill } from "../shared/canvas/fills.js";
import { Stage } from "../shared/canvas/stage.js";
import { whenPicture } from "../shared/canvas/store.js";
import { readTheme } from "../shared/canvas/theme.js";
import { findAll, say } from "../shared/controls/dom.js";
import { Choices } from "../shared/controls/choices.js";
import { KernelEditor } from "../shared/controls/kernel_editor.js";
import { usedKernel } from "../shared/controls/kernel_moves.js";
import { Reporter } from "../shared/controls/report.js";
import { formatKernel } from "../shared/text/kernel_text.js";
import { CameraButtons } from "./camera_buttons.js";
import { Captions } from "./captions.js";
import { Filtering } from "./filtering.js";
import { HTML } from "./html.js";
import { Inspector } from "./inspector.js";
import { PointerKeys } from "./pointer_keys.js";
import { Scene } from "./scene.js";

const OWN = "Your own kernel";

export class FilterView {
  /** @type {import("../shared/types").FilterViewData} */ data = null; // what Python sent last
  /** @type {import("../shared/maths/geometry.js").Kernel} */ kernel = null; // that is edited, before the division
  divide = false;
  name = "";
  token = ""; // what Python calls the kernel; an own one by its text
  /** @type {{width: number, height: number, rgb: Uint8Array, digest?: string}} */ picture = null;
  layout = "side";
  /** @type {[number, number] | null} */ pin = null;
  /** @type {{y: number, x: number} | null} */ hover = null;
  painted = 0;

  /** @param {HTMLElement & {filterView?: FilterView}} root */
  constructor(root) {
    this.root = root;
    root.innerHTML = HTML;
    const find = (this.find = (selector) => root.querySelector(selector));
    this.scene = new Scene(find, () => this.stage.ask("panes"));
    this.inspector = new Inspector(find(".inspector"));
    this.captions = new Captions(find);
    this.editor = new KernelEditor(find(".editor"), {
      onScrubStart: (kernel, row, col, slice) => this.startDrag(kernel, { row, col, slice }),
      onScrub: (kernel, weight) => this.dragged(kernel, weight),
      onChange: (kernel, divide, live) => this.edited(kernel, divide, live),
    });
    this.live = new CameraButtons(this);
    this.filtering = new Filtering();
    this.reporter = new Reporter();
    this.layouts = new Choices(find(".layout"), { name: "layout", choose: (layout) => this.setLayout(layout) });
    for (const button of findAll(root, "[data-zoom]")) button.onclick = () => this.zoomBy(button.dataset.zoom);
    this.stage = new Stage(root, {
      levels: ["planes", "output", "size", "panes", "marks"], resized: "size", draw: (due) => this.render(due),
      onResize: () => (this.scene.unsized = true),
    });
    this.pointerKeys = new PointerKeys(this);
  }

  // ---- what Python says -------------------------------------------------------------------------------------

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").FilterViewData>} args */
  update(args) {
    const { data } = args;
    if (!data) return;
    this.data = data;
    this.reporter.connect(args);
    this.luts = { shown: lutFromBase64(data.lut), signed: lutFromBase64(data.signedLut), power: lutFromBase64(data.powerLut) };
    this.theme = readTheme(this.root);
    this.takeKernel(data);
    if (this.reporter.receive("layout", data.layout)) this.layout = data.layout;
    if (this.reporter.receive("pin", data.pin)) this.pin = data.pin;
    if (!this.live.running) this.followPicture();
    this.scene.unsized = true;
    this.stage.ask("planes");
  }

  /**
   * An own kernel that we sent comes back as an echo, perhaps after newer edits: those stay.
   * @param {import("../shared/types").FilterViewData} data
   */
  takeKernel(data) {
    if (this.reporter.receive("own", data.token)) {
      this.kernel = { ...data.kernel, slices: data.kernel.slices.map((s) => Float64Array.from(s)) };
      this.divide = data.divide;
      this.name = data.name;
    }
    this.token = data.token;
    this.editor.show({
      kernel: this.kernel, divide: this.divide, name: this.name, threeSlices: data.settings.channels === "sum",
      note: data.settings.flip ? "Applied turned by 180°. " : "",
      cell: (weight, most) => signedFill(this.luts.signed, weight, most),
    });
  }

  followPicture() {
    this.forget?.();
    this.forget = whenPicture(this.data.digest, (picture) => {
      if (!this.live.running) this.setPicture(picture);
    });
  }

  setPicture(picture) {
    if (this.picture === picture) return;
    this.picture = picture;
    this.stage.ask("planes");
  }

  // ---- what the visitor does ----------------------------------------------------------------------------------

  get geometry() {
    return this.filtering.geometry;
  }

  get result() {
    return this.filtering.result;
  }

  moveTo(cell) {
    if (this.pin) this.setPin([cell.y, cell.x]);
    else this.setHover(cell);
    const { viewport } = this.scene;
    if (viewport.zoom === 1) return;
    viewport.centre = this.scene.centreOf(cell);
    viewport.clamp();
    this.stage.ask("panes");
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
    this.stage.ask("marks");
  }

  setPin(pin) {
    this.pin = pin;
    if (!pin) this.hover = null;
    this.stage.ask("marks");
    this.reporter.state("pin", pin);
  }

  setLayout(layout) {
    this.layout = layout;
    this.scene.unsized = true;
    this.stage.ask("size");
    this.reporter.state("layout", layout, { wait: 0 });
  }

  zoomBy(how) {
    const cell = this.cell(), { viewport } = this.scene, { zoom } = viewport;
    if (cell && zoom === 1 && how === "in") viewport.centre = this.scene.centreOf(cell);
    viewport.setZoom(how === "fit" ? 1 : zoom * (how === "in" ? 2 : 0.5));
    this.stage.ask("panes");
  }

  complain(sentence) {
    this.find(".problem").textContent = sentence;
  }

  // ---- the kernel while it is edited --------------------------------------------------------------------------

  startDrag(kernel, cell) {
    if (!this.geometry) return;
    this.kernel = kernel;
    this.filtering.startDrag(kernel, this.data.settings, cell);
  }

  dragged(kernel, weight) {
    this.kernel = kernel;
    this.name = OWN;
    this.filtering.weight = weight;
    this.stage.ask("output");
  }

  // live: more will follow at once
  edited(kernel, divide, live) {
    this.kernel = kernel;
    this.divide = divide;
    this.name = OWN;
    this.filtering.drag = null;
    this.find(".name").textContent = this.name;
    this.stage.ask("output");
    if (live) return;
    this.token = formatKernel(kernel) + (divide ? "/sum" : "");
    this.reporter.state("own", this.token, { wait: 0 });
  }

  // ---- one frame ----------------------------------------------------------------------------------------------

  render(due) {
    if (!this.picture || !this.data) return;
    if (due("planes")) this.readPlanes();
    if (due("output") && !this.compute()) return;
    if (due("size")) this.arrange();
    if (due("panes")) this.scene.draw(this.theme);
    say(this.find(".factor"), `${Number(this.scene.viewport.zoom.toPrecision(2))}×`);
    this.inspect();
    if (due("output")) this.root.dataset.painted = String(++this.painted);
  }

  readPlanes() {
    const { width, height } = this.picture;
    if (this.filtering.read(this.picture, this.data.settings.channels)) this.scene.setInput(this.filtering.planes, width, height);
  }

  compute() {
    const { filtering, data } = this;
    const problem = filtering.compute(this.kernel, this.divide, data.settings, data.display);
    if (problem || this.refused) this.complain(problem);
    this.refused = Boolean(problem);
    if (problem) return false;
    this.scene.setOutput(filtering, data.display, this.luts.shown);
    this.captions.describe(filtering, { channels: data.settings.channels, display: data.display });
    this.captions.drawLegend(this.luts.shown, filtering.result.planes.length);
    this.captions.drawResponse(usedKernel(this.kernel, this.divide), this.editor.slice, this.luts.power);
    return true;
  }

  arrange() {
    const wide = String(this.kernel.cols > 7);
    if (this.root.dataset.layout !== this.layout || this.root.dataset.wide !== wide) this.scene.unsized = true;
    Object.assign(this.root.dataset, { layout: this.layout, wide });
    this.layouts.mark(this.layout);
    this.scene.setLayout(this.layout);
    this.scene.resize();
  }

  inspect() {
    const cell = this.cell(), { filtering, geometry, theme } = this, { settings } = this.data;
    this.scene.mark(cell, theme);
    if (!cell) {
      this.inspector.show(null);
      return;
    }
    const kernel = usedKernel(this.kernel, this.divide), padded = filtering.settings(settings, this.kernel);
    const found = patch(filtering.planes, geometry.width, geometry.height, kernel, padded, cell.y, cell.x);
    const said = { patch: found, ...cell, channels: settings.channels, pinned: Boolean(this.pin) };
    this.inspector.show(said, theme, this.luts.signed);
  }

  destroy() {
    this.stage.destroy();
    this.forget?.();
    this.live.stop();
    this.inspector.destroy();
    this.reporter.stop();
  }
}

/** @param {HTMLElement & {filterView?: FilterView}} root */
export function mount(root) {
  const view = new FilterView(root);
  root.filterView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
