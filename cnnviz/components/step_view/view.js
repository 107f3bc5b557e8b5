// One convolution, number by number: input, kernels and output in one view that follows the hand and plays by itself.
// Everything here is computed in the browser; Python hears of what is kept (picture, kernel, pin, step).
import { say } from "../shared/controls/dom.js";
import { Hand, same } from "./hand.js";
import { arrange } from "./layout.js";
import { channels, maps, outputs, outputsAfter, readModel, steps } from "./model.js";
import { EchoGuard } from "../shared/controls/echo.js";
import { arrangeNetwork, drawNetwork, nodeUnder } from "./network.js";
import { readStyle } from "./paint.js";
import { Panels } from "./panels.js";
import { Player } from "../shared/controls/player.js";
import { drawBase, drawFocus, rangesOf } from "./scene.js";
import { Transport } from "../shared/controls/transport.js";
import { kernelsText, planesText } from "./texts.js";
import { equation, inputEquation, legend, NAMES, sentence } from "./words.js";

const HTML = `
<div class="bar"><div class="transport" role="group" aria-label="Steps"></div><div class="tools" role="group" aria-label="Tools"></div></div>
<div class="main"><div class="panels"></div>
<div class="stage"><canvas tabindex="0" role="application" aria-label="Input, kernel and output. Arrow keys move from cell to cell, i, w and o go to the input, the weights and the output, Enter pins, Space plays, Home and End jump."></canvas></div></div>
<p class="legend"></p>
<div class="equation numbers" aria-hidden="true"></div>
<p class="spoken" aria-live="polite"></p>`;

const SPOKEN_AFTER = 300; // ms without a move before it is read aloud
const KEPT_AFTER = 350; // ms without a move before Python hears of a pin or a step

class StepView {
  constructor(root) {
    this.root = root;
    root.innerHTML = HTML;
    this.find = (selector) => root.querySelector(selector);
    this.canvas = this.find("canvas");
    this.painted = 0;
    this.timers = {};
    this.kept = { pin: new EchoGuard(), step: new EchoGuard(), image: new EchoGuard(), kernels: new EchoGuard() };
    this.player = new Player({ onFrame: () => this.schedule(), onRest: (step) => this.report("step", step) });
    this.transport = new Transport(this.find(".transport"), this.player);
    this.panels = new Panels(this.find(".tools"), this.find(".panels"), this);
    this.hand = new Hand(this.canvas, this);
    this.resized = new ResizeObserver(() => this.relayout());
    this.resized.observe(this.find(".stage"));
  }

  // ---- what Python says ---------------------------------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    if (!data) return;
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.style = readStyle(this.root, data);
    if (this.kept.image.receive(data.image)) this.image = structuredClone(data.image);
    if (this.kept.kernels.receive(data.kernels)) this.kernels = structuredClone(data.kernels);
    this.rebuild();
    if (this.kept.pin.receive(data.pin)) this.pin = this.legal(data.pin);
    if (this.kept.step.receive(data.step)) this.player.go(data.step, { rest: false });
    if (data.question?.prompt && this.panels.open !== "predict") this.panels.toggle("predict");
    this.panels.show();
    this.relayout();
  }

  // The model of what is edited here and of Python's settings; the old one stays where they do not fit together yet.
  rebuild() {
    const model = readModel({ ...this.data, image: this.image, kernels: this.kernels });
    if (model.height < 1 || model.width < 1 || model.bias.length !== model.weights.length) return;
    this.setModel(model);
  }

  setModel(model) {
    this.model = model;
    this.whole = outputs(model);
    this.order = steps(model);
    this.ranges = rangesOf(model, this.whole);
    this.player.setTotal(this.order.length);
    this.pin = this.legal(this.pin);
    this.hover = this.legal(this.hover);
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
    if (done) this.keep("image", this.image, planesText(this.image));
  }

  takeKernels(kernels, done) {
    this.kernels = kernels;
    this.rebuild();
    this.relayout();
    if (done) this.keep("kernels", kernels, kernelsText(kernels));
  }

  get painter() {
    return this.panels.painter;
  }

  panelChanged(open) {
    this.root.dataset.panel = open ?? "";
    this.canvas.style.touchAction = open === "paint" ? "none" : "pan-y";
    this.schedule();
  }

  // The cell, if these settings have it.
  legal(cell) {
    const { model } = this;
    if (!cell || !model) return null;
    const within = (v, n) => Number.isInteger(v) && v >= 0 && v < n;
    if (cell.kind === "input") return within(cell.c, channels(model)) && within(cell.py, model.fromRow.length) && within(cell.px, model.fromCol.length) ? cell : null;
    if (!within(cell.n, maps(model))) return null;
    if (cell.kind === "weight") return within(cell.c, channels(model)) && within(cell.r, model.rows) && within(cell.k, model.cols) ? cell : null;
    return cell.kind === "output" && within(cell.y, model.height) && within(cell.x, model.width) ? cell : null;
  }

  // ---- what is looked at --------------------------------------------------------------------------------------

  stepCell(index) {
    const step = this.order[index];
    return step?.kind === "input" ? { kind: "input", c: 0, py: step.y, px: step.x } : step ?? null;
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
    const { model } = this;
    if (kind === "input") return { kind, c: 0, py: model.fromRow.length >> 1, px: model.fromCol.length >> 1 };
    if (kind === "weight") return { kind, n: 0, c: 0, r: model.rows >> 1, k: model.cols >> 1 };
    return { kind: "output", n: 0, y: (model.height - 1) >> 1, x: (model.width - 1) >> 1 };
  }

  setHover(cell) {
    if (same(cell, this.hover)) return;
    this.hover = cell;
    this.schedule();
  }

  // A question has been asked: what it is about comes into view, with its patch.
  lookAt(hidden) {
    const numbers = (hidden?.output ?? hidden?.weight ?? "").split(",").map(Number);
    this.player.pause();
    if (this.player.step !== null) this.player.go(null);
    if (this.pin) this.setPin(null);
    if (hidden?.output) this.hover = { kind: "output", n: numbers[0], y: numbers[1], x: numbers[2] };
    else this.hover = null;
    this.schedule();
  }

  setPin(cell) {
    this.pin = cell;
    this.schedule();
    this.report("pin", cell);
  }

  moveTo(cell) {
    if (this.pin) this.setPin(cell);
    else this.setHover(cell);
  }

  // What the drawing of a network adds to the cells of the layout: its nodes.
  cellAt(x, y) {
    return this.layout.network ? nodeUnder(this.model, this.layout, x, y) : null;
  }

  // Python hears of a pin or a step when it has come to rest.
  report(name, value) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => this.keep(name, value ?? null, value ?? null), KEPT_AFTER);
  }

  // Streamlit passes a state on only if it differs from the last one that this view sent; a link or an experiment may
  // have changed the value since, so each report carries a time that makes it new.
  keep(name, known, value) {
    if (this.kept[name].send(known)) this.setStateValue(name, { value, at: Date.now() });
  }

  trigger(name, value) {
    this.setTriggerValue(name, value);
  }

  // ---- one frame ----------------------------------------------------------------------------------------------

  relayout() {
    if (!this.model) return;
    const width = this.find(".stage").clientWidth;
    if (width < 2) return;
    const share = width < 620 ? 0.8 : maps(this.model) > 1 ? 0.56 : 0.48; // on a phone one scrolls anyway
    const tallest = Math.max(240, Math.min(globalThis.innerHeight * share, 900));
    this.layout = (this.data.mode === "network" ? arrangeNetwork : arrange)(this.model, width, tallest);
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    const { width: w, height: h } = this.layout;
    Object.assign(this.canvas, { width: Math.ceil(w * ratio), height: Math.ceil(h * ratio) });
    Object.assign(this.canvas.style, { width: `${Math.ceil(w)}px`, height: `${Math.ceil(h)}px` });
    this.ratio = ratio;
    this.schedule();
  }

  schedule() {
    this.ticket ||= requestAnimationFrame(() => {
      this.ticket = 0;
      this.render();
    });
  }

  render() {
    if (!this.model || !this.layout || !this.root.isConnected) return;
    const focus = this.focus();
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, this.layout.width, this.layout.height);
    const shown = this.shown(focus);
    if (this.layout.network) drawNetwork(ctx, this.model, this.layout, shown, this.style);
    else {
      ctx.drawImage(this.base(shown), 0, 0, this.canvas.width / this.ratio, this.canvas.height / this.ratio);
      drawFocus(ctx, this.model, this.layout, shown, this.style);
    }
    this.transport.show(Boolean(this.data.question?.hidden?.size));
    this.describe();
    this.say(focus);
    this.root.dataset.painted = String(++this.painted);
  }

  // All cells without a focus, as a picture that is drawn again only when a number, a colour or a size has changed.
  base(shown) {
    const made = [this.model, this.layout, this.style, this.player.step, JSON.stringify(shown.hidden)];
    if (this.baseOf?.every((part, i) => part === made[i])) return this.basePicture;
    this.baseOf = made;
    this.basePicture = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const ctx = this.basePicture.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    drawBase(ctx, this.model, this.layout, shown, this.style);
    return this.basePicture;
  }

  shown(focus) {
    const { player, model } = this;
    const outs = player.step === null ? this.whole : outputsAfter(model, this.order, player.step, this.whole);
    return {
      outs, focus, ranges: this.ranges, hidden: this.data.question?.hidden ?? null, glide: this.glide(focus), names: NAMES[this.data.mode] ?? NAMES.one,
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

  describe() {
    const text = legend(this.model, this.ranges, Boolean(this.data.question?.hidden?.size));
    const host = this.find(".legend");
    say(host, text);
  }

  say(focus) {
    const hidden = this.data.question?.hidden ?? null;
    const lines = hidden?.size ? [] : focus?.kind === "output" ? equation(this.model, focus, hidden) : focus?.kind === "input" ? inputEquation(this.model, focus, hidden) : [];
    const text = lines.join("\n");
    const host = this.find(".equation");
    say(host, text);
    const spoken = `${this.pin && !this.player.playing ? "Pinned. " : ""}${sentence(this.model, focus, hidden)}`;
    if (spoken === this.spoken) return;
    this.spoken = spoken;
    clearTimeout(this.timers.say);
    this.timers.say = setTimeout(() => (this.find(".spoken").textContent = spoken), this.player.playing ? 1200 : SPOKEN_AFTER);
  }

  destroy() {
    cancelAnimationFrame(this.ticket);
    this.player.destroy();
    this.panels.destroy();
    this.resized.disconnect();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}

export function mount(root) {
  const view = new StepView(root);
  root.stepView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
