// Mouse, finger and keys on the canvas: which cell they mean, and what happens to it.
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { same } from "./cells.js";
import { cellAt } from "./layout.js";
import { maps, channels } from "./model.js";


export class PointerKeys {
  stroke = false; // a stroke of the brush is being drawn
  /** @type {{cell: any, x: number, y: number} | null} */ press = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./view.js").StepView} view
   */
  constructor(canvas, view) {
    this.canvas = canvas;
    this.view = view;
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerleave = () => this.leave();
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.up(event);
    canvas.onkeydown = (event) => this.key(event);
  }

  at(event) {
    const { model, layout } = this.view;
    if (!layout) return null;
    const box = this.canvas.getBoundingClientRect();
    return this.view.cellAt(event.clientX - box.left, event.clientY - box.top) ?? cellAt(model, layout, event.clientX - box.left, event.clientY - box.top);
  }

  move(event) {
    const cell = this.at(event);
    if (this.stroke) {
      if (cell) this.view.painter.stroke(cell);
      return;
    }
    this.canvas.style.cursor = cell ? (this.view.painter?.on && cell.kind === "input" ? "cell" : "pointer") : "default";
    if (!this.view.player.playing) this.view.setHover(cell);
  }

  leave() {
    if (!this.stroke) this.view.setHover(null);
  }

  down(event) {
    if (event.button !== 0) return;
    const cell = this.at(event);
    this.press = { cell, x: event.clientX, y: event.clientY };
    if (cell && this.view.painter?.start(cell)) {
      this.stroke = true;
      this.canvas.setPointerCapture(event.pointerId);
      event.preventDefault();
      this.canvas.focus({ preventScroll: true });
    }
  }

  up(event) {
    const { press } = this;
    this.press = null;
    if (this.stroke) {
      this.stroke = false;
      this.view.painter.end();
      return;
    }
    if (!press?.cell || event.type === "pointercancel") return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > 10) return;
    this.view.player.pause();
    this.view.setPin(same(this.view.pin, press.cell) ? null : press.cell);
  }

  key(event) {
    const { view } = this, { player } = view;
    if (!view.layout || withCommand(event)) return;
    const step = arrowStep(event);
    if (view.painter?.key(event, view.focus())) {
      event.preventDefault();
      return;
    }
    if (event.key === " ") player.toggle();
    else if (event.key === "Home") this.jump(0);
    else if (event.key === "End") this.jump(1);
    else if (event.key === "Enter") view.setPin(view.pin ? null : view.focus());
    else if (event.key === "Escape") view.setPin(null);
    else if (step) this.arrow(step);
    else if ("iwo".includes(event.key.toLowerCase())) this.part(event.key.toLowerCase());
    else return;
    event.preventDefault();
  }

  // Home and End: to the first or the last step while steps are shown, else to the first or the last cell.
  jump(end) {
    const { view } = this, { player, model } = view;
    player.pause();
    if (player.step !== null) {
      player.go(end ? player.total : 1);
      return;
    }
    const focus = view.focus() ?? view.first("output");
    const far = (n) => (end ? n - 1 : 0);
    const to = {
      output: { y: far(model.height), x: far(model.width) }, weight: { r: far(model.rows), k: far(model.cols) },
      input: { py: far(model.fromRow.length), px: far(model.fromCol.length) },
    };
    view.moveTo({ ...focus, ...to[focus.kind] });
  }

  arrow([dy, dx]) {
    const { view } = this, { model, player } = view;
    player.pause();
    const focus = view.focus() ?? view.first("output");
    if (focus.kind === "output") {
      if (player.step !== null && !model.transposed && !view.pin) {
        return player.go(Math.max(1, player.done + (dx + dy * model.width) * maps(model)));
      }
      return view.moveTo({ ...focus, y: clampIndex(focus.y + dy, model.height), x: clampIndex(focus.x + dx, model.width) });
    }
    if (focus.kind === "input") {
      return view.moveTo({ ...focus, py: clampIndex(focus.py + dy, model.fromRow.length), px: clampIndex(focus.px + dx, model.fromCol.length) });
    }
    return view.moveTo({ ...focus, r: clampIndex(focus.r + dy, model.rows), k: clampIndex(focus.k + dx, model.cols) });
  }

  // i, w and o: to the input, the weights, the output; again: to the next channel, slice or map.
  part(key) {
    const { view } = this, { model } = view, focus = view.focus();
    view.player.pause();
    const kind = { i: "input", w: "weight", o: "output" }[key];
    if (focus?.kind !== kind) return view.moveTo(view.first(kind));
    if (kind === "input") return view.moveTo({ ...focus, c: (focus.c + 1) % channels(model) });
    if (kind === "output") return view.moveTo({ ...focus, n: (focus.n + 1) % maps(model) });
    const slice = (focus.n * channels(model) + focus.c + 1) % (maps(model) * channels(model));
    return view.moveTo({ ...focus, n: Math.floor(slice / channels(model)), c: slice % channels(model) });
  }
}
