// One convolution, number by number: input, kernels and output in one view that follows the pointer and plays by
// itself. Everything here is computed in the browser; Python hears of what is kept (picture, kernel, pin, step).
import { lutFromBase64 } from "../shared/maths/colour.js";
import { setSize, Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { say } from "../shared/controls/dom.js";
import { Player } from "../shared/controls/player.js";
import { Reporter } from "../shared/controls/report.js";
import { Transport } from "../shared/controls/transport.js";
import { Speaker } from "../shared/text/speak.js";
import { cellOfStep, legal, middleOf, same } from "./cells.js";
import { arrange } from "./layout.js";
import { rangesOf } from "./lighting.js";
import { maps, outputs, outputsAfter, readModel, steps } from "./model.js";
import { arrangeNetwork, drawNetwork, nodeUnder } from "./network.js";
import { Panels } from "./panels.js";
import { PointerKeys } from "./pointer_keys.js";
import { drawBase, drawFocus } from "./scene.js";
import { kernelsText, planesText } from "./texts.js";
import { equation, inputEquation, legend, NAMES, sentence } from "./words.js";

/** @typedef {import("./cells.js").Cell} Cell */

const HTML = `
<div class="bar"><div class="transport" role="group" aria-label="Steps"></div><div class="tools" role="group" aria-label="Tools"></div></div>
<div class="main"><div class="panels"></div>
<div class="stage"><canvas tabindex="0" role="application" aria-label="Input, kernel and output. Arrow keys move from cell to cell, i, w and o go to the input, the weights and the output, Enter pins, Space plays, Home and End jump."></canvas></div></div>
<p class="legend"></p>
<div class="equation numbers" aria-hidden="true"></div>
<p class="spoken" aria-live="polite"></p>`;

const SPOKEN_AFTER = 300; // ms without a move before it is read aloud
const SPOKEN_WHILE_PLAYING = 1200;

export class StepView {
  /** @type {import("../shared/types").StepViewData} */ data = null; // what Python sent last
  /** @type {import("../shared/types").StepPictureJson} */ image = null; // what is edited here
  /** @type {import("../shared/types").StepKernelsJson} */ kernels = null;
  /** @type {any} */ model = null; // of both, and of Python's settings
  /** @type {any} */ layout = null;
  /** @type {Float64Array[]} */ whole = []; // the outputs when all steps are done
  /** @type {any[]} */ order = []; // of the steps
  /** @type {import("./scene.js").Shown["ranges"]} */ ranges = null;
  /** @type {import("./scene.js").Style} */ style = null;
  /** @type {Cell | null} */ pin = null;
  /** @type {Cell | null} */ hover = null;
  spoken = "";
  painted = 0;
  ratio = 1;
  /** @type {{of: unknown[], picture: OffscreenCanvas} | null} */ base = null;

  /** @param {HTMLElement & {stepView?: StepView}} root */
  constructor(root) {
    this.root = root;
    root.innerHTML = HTML;
    this.find = (selector) => root.querySelector(selector);
    this.canvas = this.find("canvas");
    this.reporter = new Reporter();
    this.speaker = new Speaker(this.find(".spoken"), SPOKEN_AFTER);
    this.player = new Player({ onFrame: () => this.schedule(), onRest: (step) => this.reporter.state("step", step) });
    this.transport = new Transport(this.find(".transport"), this.player);
    this.panels = new Panels(this.find(".tools"), this.find(".panels"), this);
    this.stage = new Stage(root, { draw: () => this.render(), onResize: () => this.relayout(), watch: this.find(".stage") });
    this.pointerKeys = new PointerKeys(this.canvas, this);
  }

  // ---- what Python says ---------------------------------------------------------------------------------------

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").StepViewData>} args */
  update(args) {
    const { data } = args, { reporter } = this;
    if (!data) return;
    this.data = data;
    reporter.connect(args);
    const theme = readTheme(this.root);
    this.style = { ...theme, signed: lutFromBase64(data.luts.signed[theme.dark ? "dark" : "light"]) };
    if (reporter.receive("image", data.image)) this.image = structuredClone(data.image);
    if (reporter.receive("kernels", data.kernels)) this.kernels = structuredClone(data.kernels);
    this.rebuild();
    if (reporter.receive("pin", data.pin)) this.pin = legal(this.model, data.pin);
    if (reporter.receive("step", data.step)) this.player.go(data.step, { rest: false });
    if (data.question?.prompt && this.panels.open !== "predict") this.panels.toggle("predict");
    this.panels.show();
    this.relayout();
  }

  // The model of what is edited here and of Python's settings; the old one stays where they do not fit together yet.
  rebuild() {
    const model = readModel({ ...this.data, image: this.image, kernels: this.kernels });
    if (model.height < 1 || model.width < 1 || model.bias.length !== model.weights.length) return;
    this.model = model;
    this.whole = outputs(model);
    this.order = steps(model);
    this.ranges = rangesOf(model, this.whole);
    this.player.setTotal(this.order.length);
    this.pin = legal(model, this.pin);
    this.hover = legal(model, this.hover);
  }

  // ---- what is edited -----------------------------------------------------------------------------------------

  // The cells of model.image were painted; `done`: the stroke has ended.
  changedPicture(done) {
    this.takePlanes(this.model.image.planes, done);
  }

  takePlanes(planes, done) {
    this.image = { ...this.image, planes: planes.map((plane) => Array.from(plane)) };
    this.rebuild();
    this.relayout();
    if (done) this.reporter.state("image", this.image, { wait: 0, sent: { value: planesText(this.image) } });
  }

  takeKernels(kernels, done) {
    this.kernels = kernels;
    this.rebuild();
    this.relayout();
    if (done) this.reporter.state("kernels", kernels, { wait: 0, sent: { value: kernelsText(kernels) } });
  }

  get painter() {
    return this.panels.painter;
  }

  panelChanged(open) {
    this.root.dataset.panel = open ?? "";
    this.canvas.style.touchAction = open === "paint" ? "none" : "pan-y";
    this.schedule();
  }

  // ---- what is looked at --------------------------------------------------------------------------------------

  stepCell(index) {
    return cellOfStep(this.order[index]);
  }

  focus() {
    if (!this.model) return null;
    const current = this.stepCell(this.player.current);
    if (this.player.playing) return current;
    return this.pin ?? this.hover ?? current ?? this.atFirst();
  }

  // Before anybody has pointed at anything: a cell in the middle, or where stamps are set down, one of them.
  atFirst() {
    return (this.model.transposed && this.stepCell(this.order.length >> 1)) || this.first("output");
  }

  first(kind) {
    return middleOf(this.model, kind);
  }

  setHover(cell) {
    if (same(cell, this.hover)) return;
    this.hover = cell;
    this.schedule();
  }

  /**
   * A question has been asked: what it is about comes into view, with its patch.
   * @param {import("../shared/types").HiddenJson | null} hidden
   */
  showAsked(hidden) {
    this.player.pause();
    if (this.player.step !== null) this.player.go(null);
    if (this.pin) this.setPin(null);
    const [n, y, x] = (hidden?.output ?? "").split(",").map(Number);
    this.hover = hidden?.output ? { kind: "output", n, y, x } : null;
    this.schedule();
  }

  setPin(cell) {
    this.pin = cell;
    this.schedule();
    this.reporter.state("pin", cell ?? null);
  }

  moveTo(cell) {
    if (this.pin) this.setPin(cell);
    else this.setHover(cell);
  }

  // What the drawing of a network adds to the cells of the layout: its nodes.
  cellAt(x, y) {
    return this.layout.network ? nodeUnder(this.model, this.layout, x, y) : null;
  }

  // A question or an answer of the quiz.
  trigger(name, value) {
    this.reporter.setTriggerValue(name, value);
  }

  // ---- one frame ----------------------------------------------------------------------------------------------

  relayout() {
    if (!this.model) return;
    const width = this.find(".stage").clientWidth;
    if (width < 2) return;
    const share = width < 620 ? 0.8 : maps(this.model) > 1 ? 0.56 : 0.48; // on a phone one scrolls anyway
    const tallest = Math.max(240, Math.min(globalThis.innerHeight * share, 900));
    this.layout = (this.data.mode === "network" ? arrangeNetwork : arrange)(this.model, width, tallest);
    this.ratio = setSize(this.canvas, Math.ceil(this.layout.width), Math.ceil(this.layout.height));
    this.schedule();
  }

  schedule() {
    this.stage.ask();
  }

  render() {
    if (!this.model || !this.layout) return;
    const focus = this.focus(), shown = this.shown(focus), { canvas, ratio, model, layout, style } = this;
    const ctx = canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    if (layout.network) drawNetwork(ctx, model, layout, shown, style);
    else {
      ctx.drawImage(this.basePicture(shown), 0, 0, canvas.width / ratio, canvas.height / ratio);
      drawFocus(ctx, model, layout, shown, style);
    }
    this.transport.show(Boolean(this.data.question?.hidden?.size));
    this.describe(focus);
    this.root.dataset.painted = String(++this.painted);
  }

  // All cells without a focus, drawn again only when a number, a colour or a size has changed.
  basePicture(shown) {
    const of = [this.model, this.layout, this.style, this.ratio, this.player.step, JSON.stringify(shown.hidden)];
    if (this.base?.of.every((part, i) => part === of[i])) return this.base.picture;
    const picture = new OffscreenCanvas(this.canvas.width, this.canvas.height), ctx = picture.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    drawBase(ctx, this.model, this.layout, shown, this.style);
    this.base = { of, picture };
    return picture;
  }

  shown(focus) {
    const { player, model } = this;
    const outs = player.step === null ? this.whole : outputsAfter(model, this.order, player.step, this.whole);
    return {
      outs, focus, ranges: this.ranges, hidden: this.data.question?.hidden ?? null, glide: this.glide(focus),
      names: NAMES[this.data.mode] ?? NAMES.one,
    };
  }

  // Where the window is on its way from the step before to this one.
  glide(focus) {
    const { player, model } = this;
    if (!player.playing || player.share >= 1 || focus?.kind !== "output") return null;
    const before = this.stepCell(player.current - 1) ?? focus;
    const between = (a, b) => a + (b - a) * player.share;
    return { py: between(before.y, focus.y) * model.stride[0], px: between(before.x, focus.x) * model.stride[1] };
  }

  describe(focus) {
    const hidden = this.data.question?.hidden ?? null, equations = { output: equation, input: inputEquation };
    say(this.find(".legend"), legend(this.model, this.ranges, Boolean(hidden?.size)));
    const lines = hidden?.size ? [] : (equations[focus?.kind]?.(this.model, focus, hidden) ?? []);
    say(this.find(".equation"), lines.join("\n"));
    const spoken = `${this.pin && !this.player.playing ? "Pinned. " : ""}${sentence(this.model, focus, hidden)}`;
    if (spoken === this.spoken) return; // the time since the last move goes on
    this.spoken = spoken;
    this.speaker.say(spoken, this.player.playing ? SPOKEN_WHILE_PLAYING : SPOKEN_AFTER);
  }

  destroy() {
    this.stage.destroy();
    this.player.destroy();
    this.panels.destroy();
    this.reporter.stop();
    this.speaker.stop();
  }
}

/** @param {HTMLElement & {stepView?: StepView}} root */
export function mount(root) {
  const view = new StepView(root);
  root.stepView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
