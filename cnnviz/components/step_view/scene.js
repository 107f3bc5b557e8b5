// Draws input, kernels and output as numbers and colours, and what the chosen cell has to do with each of them.
import { hatch } from "../shared/canvas/hatch.js";
import { greyFill, signedFill } from "../shared/canvas/fills.js";
import { shortNumber } from "../shared/text/format.js";
import { rectOf } from "./layout.js";
import { litFor, nothingLit } from "./lighting.js";
import { channels, idle, sums, valueAt } from "./model.js";
import { drawCell, drawFactor, drawFrame, drawLabel, fitNumber, ROOM } from "./paint.js";

const RGB = ["red", "green", "blue"];

/**
 * @typedef {object} Shown
 * @property {Float64Array[]} outs the outputs; NaN: not yet
 * @property {any} focus the cell that is looked at, or null
 * @property {{input: number[], kernel: number, output: number}} ranges
 * @property {import("../shared/types").HiddenJson | null} hidden what a quiz asks for
 * @property {{py: number, px: number} | null} glide where the window is on its way
 * @property {{input: string, kernel: string, output: string}} names
 * @property {boolean} [all] every cell is drawn, not only what is lit
 */
/** @typedef {import("../shared/canvas/theme.js").Theme & {signed: Uint8Array}} Style */

// All cells without a focus: kept as a picture by the caller.
export function drawBase(ctx, model, layout, shown, style) {
  new Scene(ctx, model, layout, { ...shown, focus: null, all: true }, nothingLit(), style).draw();
  drawSigns(ctx, model, layout, style);
}

// What belongs to the focus, over that picture.
export function drawFocus(ctx, model, layout, shown, style) {
  const scene = new Scene(ctx, model, layout, shown, litFor(model, shown.focus, shown.hidden), style);
  scene.draw();
  if (shown.focus?.kind === "output" && !model.transposed) scene.window();
}

class Scene {
  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} model
   * @param {any} layout
   * @param {Shown} shown
   * @param {import("./lighting.js").Lit} lit
   * @param {Style} style
   */
  constructor(ctx, model, layout, shown, lit, style) {
    this.ctx = ctx;
    this.model = model;
    this.layout = layout;
    this.shown = shown;
    this.lit = lit;
    this.style = style;
  }

  draw() {
    for (const block of this.layout.blocks) {
      if (block.kind === "input") this.input(block);
      else if (block.kind === "kernel") this.kernel(block);
      else this.output(block);
    }
  }

  title(block, text, colour, most) {
    drawLabel(this.ctx, text, block.x, block.y - 7, colour, this.style, { most });
  }

  // A frame just inside a cell.
  ring({ x, y, size }, colour, thick = 3) {
    drawFrame(this.ctx, x + 1.5, y + 1.5, size - 3, size - 3, colour, thick);
  }

  // ---- the input ----------------------------------------------------------------------------------------------

  input(block) {
    const { model, layout, shown, style } = this, { frame: pad, image } = model, c = block.index;
    const unused = idle(model);
    for (let py = 0; py < block.rows; py++) {
      for (let px = 0; px < block.cols; px++) {
        if (shown.all || this.lit.input.has(`${c},${py},${px}`)) this.inputCell({ kind: "input", c, py, px }, unused);
      }
    }
    const inner = rectOf(layout, { kind: "input", c, py: pad.top, px: pad.left });
    drawFrame(this.ctx, inner.x, inner.y, image.width * block.cell, image.height * block.cell, style.roles.input, 2.5);
    if (!shown.all) return;
    const name = channels(model) > 1 ? `${shown.names.input}, ${RGB[c] ?? c}` : shown.names.input;
    this.title(block, `${name} ${image.height}×${image.width}`, style.roles.input, block.width);
  }

  inputCell(cell, [rows, cols]) {
    const { ctx, model, shown, style, lit } = this, { c, py, px } = cell, { frame: pad, image } = model;
    const rect = rectOf(this.layout, cell), name = `${c},${py},${px}`;
    const inside = py >= pad.top && py < pad.top + image.height && px >= pad.left && px < pad.left + image.width;
    const value = valueAt(model, c, py, px), weight = lit.input.get(name) ?? null;
    const fill = inside ? this.inputFill(value) : { background: style.soft, ink: style.muted };
    drawCell(ctx, rect, fill, fitNumber(value, rect.size), style, { dashed: !inside, raised: weight !== null && rect.size >= ROOM });
    if (rows[py] || cols[px]) hatch(ctx, rect.x, rect.y, rect.size, rect.size, style.muted);
    if (weight !== null) drawFactor(ctx, rect, weight, style);
    if (!lit.input.has(name)) return;
    const { kind } = shown.focus;
    this.ring(rect, kind === "input" ? style.roles.input : style.roles.kernel, kind === "output" ? 1.5 : 3);
  }

  inputFill(value) {
    const { ranges: { input: [low, high] } } = this.shown;
    return low < 0 ? signedFill(this.style.signed, value, high) : greyFill(value, [low, high]);
  }

  // ---- the kernels --------------------------------------------------------------------------------------------

  kernel(block) {
    const { ctx, model, shown, style } = this, [n, c] = block.index;
    for (let r = 0; r < block.rows; r++) {
      for (let k = 0; k < block.cols; k++) {
        if (shown.all || this.lit.kernel.has(`${n},${c},${r},${k}`)) this.weight(block, r, k);
      }
    }
    const on = shown.focus?.kind === "output" && shown.focus.n === n;
    drawFrame(ctx, block.x, block.y, block.width, block.height, style.roles.kernel, on ? 3.5 : 2);
    if (shown.all) this.title(block, this.kernelTitle(n, c), style.roles.kernel, block.width + 40);
    if (on && channels(model) > 1) this.part(block);
  }

  weight(block, r, k) {
    const { shown, style } = this, [n, c] = block.index, name = `${n},${c},${r},${k}`;
    const weight = this.model.weights[n][c][r * block.cols + k], secret = shown.hidden?.weight === name;
    const rect = { x: block.x + k * block.cell, y: block.y + r * block.cell, size: block.cell };
    const fill = secret ? { background: style.soft, ink: style.ink } : signedFill(style.signed, weight, shown.ranges.kernel);
    drawCell(this.ctx, rect, fill, secret ? "?" : fitNumber(weight, rect.size), style);
    if (this.lit.kernel.has(name) && shown.focus.kind !== "output") this.ring(rect, style.roles.kernel);
  }

  kernelTitle(n, c) {
    const { model, shown: { names } } = this;
    if (channels(model) === 1) return `${names.kernel} ${model.rows}×${model.cols}`;
    return model.weights.length > 1 ? `kernel ${n}, ${RGB[c] ?? c}` : `slice, ${RGB[c] ?? c} ${model.rows}×${model.cols}`;
  }

  // The partial sum of one channel, beside its slice.
  part(block) {
    const { focus, hidden } = this.shown, [n, c] = block.index;
    if (hidden?.size || hidden?.weight?.startsWith(`${n},${c},`) || hidden?.output === `${n},${focus.y},${focus.x}`) return;
    const part = sums(this.model, n, focus.y, focus.x).parts[c], y = block.y + block.height / 2 + 6;
    drawLabel(this.ctx, `= ${shortNumber(part, 4)}`, block.x + block.width + 8, y, this.style.ink, this.style, { size: 17 });
  }

  // ---- the output ---------------------------------------------------------------------------------------------

  output(block) {
    const { ctx, model, layout, shown, style } = this, n = block.index, secret = Boolean(shown.hidden?.size);
    if (layout.outline && shown.all) this.outline(block);
    for (let y = 0; y < model.height && !secret; y++) {
      for (let x = 0; x < model.width; x++) {
        if (shown.all || this.lit.output.has(`${n},${y},${x}`)) this.outputCell({ kind: "output", n, y, x });
      }
    }
    const first = rectOf(layout, { kind: "output", n, y: 0, x: 0 });
    if (!secret) drawFrame(ctx, first.x, first.y, model.width * block.cell, model.height * block.cell, style.roles.output, 2.5);
    if (!shown.all) return;
    const name = model.weights.length > 1 ? `output, map ${n}` : shown.names.output;
    this.title(block, secret ? `${name} ?×?` : `${name} ${model.height}×${model.width}`, style.roles.output, Math.max(block.width, 90));
    if (model.bias[n] === 0) return;
    const bias = `bias ${shortNumber(model.bias[n], 4)}`;
    drawLabel(ctx, bias, block.x + block.width, block.y - 7, style.roles.kernel, style, { align: "right" });
  }

  outputCell(cell) {
    const { ctx, model, shown, style, lit } = this, { n, y, x } = cell, name = `${n},${y},${x}`;
    const rect = rectOf(this.layout, cell), value = shown.outs[n][y * model.width + x];
    const asked = shown.hidden?.output === name, empty = Number.isNaN(value) || asked;
    const weight = empty ? null : (lit.output.get(name) ?? null);
    const fill = empty ? { background: style.ground, ink: style.ink } : signedFill(style.signed, value, shown.ranges.output);
    const text = asked ? "?" : empty ? null : fitNumber(value, rect.size);
    drawCell(ctx, rect, fill, text, style, { raised: weight !== null && rect.size >= ROOM });
    if (weight !== null) drawFactor(ctx, rect, weight, style);
    if (lit.output.has(name)) this.ring(rect, style.roles.output);
  }

  // The input's outline around the output: what lies between the two is the empty border.
  outline(block) {
    const { ctx, style, layout: { outline } } = this, { image } = this.model;
    const x = block.x + outline.inputLeft * block.cell, y = block.y + outline.inputTop * block.cell;
    const width = image.width * block.cell, height = image.height * block.cell;
    ctx.fillStyle = style.soft;
    ctx.fillRect(x, y, width, height);
    drawFrame(ctx, x + 0.5, y + 0.5, width - 1, height - 1, style.roles.input, 1.5, [5, 4]);
  }

  // What the kernel covers; while it plays it glides from place to place.
  window() {
    const { model, shown: { focus, glide }, style } = this;
    const py = glide?.py ?? focus.y * model.stride[0], px = glide?.px ?? focus.x * model.stride[1];
    const high = model.dilation[0] * (model.rows - 1) + 1, wide = model.dilation[1] * (model.cols - 1) + 1;
    for (const { x, y, cell } of this.layout.blocks.filter((block) => block.kind === "input")) {
      drawFrame(this.ctx, x + px * cell, y + py * cell, wide * cell, high * cell, style.roles.kernel, 4);
    }
  }
}

// Between the blocks, where they stand in a row.
function drawSigns(ctx, model, layout, style) {
  if (channels(model) > 1) return;
  const [input, kernel, output] = layout.blocks, look = { size: 22, align: "center" };
  const middle = kernel.y + kernel.height / 2 + 7, inputEnd = input.x + input.width, kernelEnd = kernel.x + kernel.width;
  if (output.x <= kernelEnd) return;
  if (kernel.x > inputEnd) drawLabel(ctx, "∗", (inputEnd + kernel.x) / 2, middle, style.ink, style, look);
  drawLabel(ctx, "→", (kernelEnd + output.x) / 2, middle, style.ink, style, look);
}
