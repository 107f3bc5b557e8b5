// Draws input, kernels and output as numbers and colours, and what the chosen cell has to do with each of them.
import { hatch } from "../shared/canvas/hatch.js";
import { rectOf } from "./layout.js";
import { channels, idle, sources, sums, usesOfInput, usesOfWeight, valueAt } from "./model.js";
import { cell, factor, frame, greyFill, label, ROOM, short, signedFill } from "./paint.js";
import { shortNumber } from "../shared/text/format.js";

const RGB = ["red", "green", "blue"];

// The value ranges that the colours stand for: named beside the picture, the same for all cells of a kind.
export function rangesOf(model, whole) {
  const values = model.image.planes.flatMap((plane) => Array.from(plane));
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const most = (lists) => lists.reduce((m, list) => list.reduce((a, v) => Math.max(a, Math.abs(v)), m), 0) || 1;
  return {
    input: low < 0 ? [-Math.max(-low, high), Math.max(-low, high)] : [0, [1, 4, 9, 255].find((top) => high <= top) ?? high],
    kernel: most(model.weights.flat()), output: most(whole),
  };
}

// What is lit for a focus: sets of cell names, and the weights written into input cells.
export function lit(model, focus, hidden = null) {
  const marks = { input: new Map(), kernel: new Set(), output: new Map(), window: null };
  const secret = (n, c, r, k) => hidden?.weight === `${n},${c},${r},${k}`;
  if (!focus) return marks;
  if (focus.kind === "output") {
    for (const s of sources(model, focus.n, focus.y, focus.x)) {
      if (model.sparse && s.value === 0) continue;
      marks.input.set(`${s.c},${s.py},${s.px}`, secret(focus.n, s.c, s.r, s.k) ? NaN : s.weight);
      marks.kernel.add(`${focus.n},${s.c},${s.r},${s.k}`);
    }
    marks.output.set(`${focus.n},${focus.y},${focus.x}`, null);
  } else if (focus.kind === "input") {
    marks.input.set(`${focus.c},${focus.py},${focus.px}`, null);
    for (const use of usesOfInput(model, focus.c, focus.py, focus.px)) {
      marks.kernel.add(`${use.n},${focus.c},${use.r},${use.k}`);
      const name = `${use.n},${use.y},${use.x}`;
      const weight = secret(use.n, focus.c, use.r, use.k) ? NaN : use.weight;
      marks.output.set(name, (marks.output.get(name) ?? 0) + weight); // through the padding it may come twice
    }
  } else {
    marks.kernel.add(`${focus.n},${focus.c},${focus.r},${focus.k}`);
    for (const use of usesOfWeight(model, focus.r, focus.k)) {
      marks.input.set(`${focus.c},${use.py},${use.px}`, null);
      marks.output.set(`${focus.n},${use.y},${use.x}`, null);
    }
  }
  return marks;
}

const NOTHING = { input: new Map(), kernel: new Set(), output: new Map() };

// shown: {outs (NaN = not yet), focus, ranges, hidden, glide: {py, px} of the window, names}. Drawn in two passes: all
// cells (`drawBase`, kept as a picture by the caller), and over it what belongs to the focus.
export function drawBase(ctx, model, layout, shown, style) {
  drawBlocks(ctx, model, layout, { ...shown, focus: null, all: true }, NOTHING, style);
  signs(ctx, model, layout, style);
}

export function drawFocus(ctx, model, layout, shown, style) {
  drawBlocks(ctx, model, layout, shown, lit(model, shown.focus, shown.hidden), style);
  if (shown.focus?.kind === "output" && !model.transposed) drawWindow(ctx, model, layout, shown, style);
}

function drawBlocks(ctx, model, layout, shown, marks, style) {
  for (const block of layout.blocks) {
    if (block.kind === "input") drawInput(ctx, model, layout, block, shown, marks, style);
    else if (block.kind === "kernel") drawKernel(ctx, model, block, shown, marks, style);
    else drawOutput(ctx, model, layout, block, shown, marks, style);
  }
}

function title(ctx, block, text, colour, style, most) {
  label(ctx, text, block.x, block.y - 7, colour, style, { most });
}

function drawInput(ctx, model, layout, block, shown, marks, style) {
  const c = block.index, { frame: pad, image } = model;
  const [idleRows, idleCols] = idle(model);
  for (let py = 0; py < block.rows; py++) {
    for (let px = 0; px < block.cols; px++) {
      if (!shown.all && !marks.input.has(`${c},${py},${px}`)) continue;
      const rect = rectOf(layout, { kind: "input", c, py, px });
      const inside = py >= pad.top && py < pad.top + image.height && px >= pad.left && px < pad.left + image.width;
      const value = valueAt(model, c, py, px), name = `${c},${py},${px}`;
      const fill = inside ? inputFill(value, shown, style) : { background: style.soft, ink: style.muted };
      const weight = marks.input.get(name);
      const raised = weight !== undefined && weight !== null;
      cell(ctx, rect, fill, short(value, rect.size), style, { dashed: !inside, raised: raised && rect.size >= ROOM });
      if (idleRows[py] || idleCols[px]) hatch(ctx, rect.x, rect.y, rect.size, rect.size, style.muted);
      if (raised) factor(ctx, rect, weight, style);
      if (marks.input.has(name)) frame(ctx, rect.x + 1.5, rect.y + 1.5, rect.size - 3, rect.size - 3, shown.focus.kind === "input" ? style.roles.input : style.roles.kernel, shown.focus.kind === "output" ? 1.5 : 3);
    }
  }
  const inner = rectOf(layout, { kind: "input", c, py: pad.top, px: pad.left });
  frame(ctx, inner.x, inner.y, image.width * block.cell, image.height * block.cell, style.roles.input, 2.5);
  if (!shown.all) return;
  const name = channels(model) > 1 ? `${shown.names.input}, ${RGB[c] ?? c}` : shown.names.input;
  title(ctx, block, `${name} ${image.height}×${image.width}`, style.roles.input, style, block.width);
}

const inputFill = (value, { ranges }, style) =>
  ranges.input[0] < 0 ? signedFill(style, value, ranges.input[1]) : greyFill(value, ranges.input);

function drawKernel(ctx, model, block, shown, marks, style) {
  const [n, c] = block.index;
  for (let r = 0; r < block.rows; r++) {
    for (let k = 0; k < block.cols; k++) {
      if (!shown.all && !marks.kernel.has(`${n},${c},${r},${k}`)) continue;
      const weight = model.weights[n][c][r * block.cols + k];
      const rect = { x: block.x + k * block.cell, y: block.y + r * block.cell, size: block.cell };
      const secret = shown.hidden?.weight === `${n},${c},${r},${k}`;
      const fill = secret ? { background: style.soft, ink: style.ink } : signedFill(style, weight, shown.ranges.kernel);
      cell(ctx, rect, fill, secret ? "?" : short(weight, rect.size), style);
      if (marks.kernel.has(`${n},${c},${r},${k}`) && shown.focus.kind !== "output") {
        frame(ctx, rect.x + 1.5, rect.y + 1.5, rect.size - 3, rect.size - 3, style.roles.kernel, 3);
      }
    }
  }
  const on = shown.focus?.kind === "output" && shown.focus.n === n;
  frame(ctx, block.x, block.y, block.width, block.height, style.roles.kernel, on ? 3.5 : 2);
  if (shown.all) title(ctx, block, kernelTitle(model, n, c, shown), style.roles.kernel, style, block.width + 40);
  if (on && channels(model) > 1) drawPart(ctx, model, block, shown, style);
}

function kernelTitle(model, n, c, { names }) {
  if (channels(model) === 1) return `${names.kernel} ${model.rows}×${model.cols}`;
  return model.weights.length > 1 ? `kernel ${n}, ${RGB[c] ?? c}` : `slice, ${RGB[c] ?? c} ${model.rows}×${model.cols}`;
}

// The partial sum of one channel, beside its slice.
function drawPart(ctx, model, block, { focus, hidden }, style) {
  const [n, c] = block.index;
  if (hidden?.size || hidden?.weight?.startsWith(`${n},${c},`) || hidden?.output === `${n},${focus.y},${focus.x}`) return;
  const part = sums(model, n, focus.y, focus.x).parts[c];
  label(ctx, `= ${shortNumber(part, 4)}`, block.x + block.width + 8, block.y + block.height / 2 + 6, style.ink, style, { size: 17 });
}

function drawOutput(ctx, model, layout, block, shown, marks, style) {
  const n = block.index, { outline } = layout;
  if (outline && shown.all) drawOutline(ctx, model, block, outline, style);
  for (let y = 0; y < model.height; y++) {
    for (let x = 0; x < model.width; x++) {
      if (!shown.all && !marks.output.has(`${n},${y},${x}`)) continue;
      const rect = rectOf(layout, { kind: "output", n, y, x });
      const name = `${n},${y},${x}`, value = shown.outs[n][y * model.width + x];
      const secret = shown.hidden?.output === name || shown.hidden?.size;
      const empty = Number.isNaN(value) || secret;
      const weight = marks.output.get(name), raised = weight !== undefined && weight !== null && !empty;
      const fill = empty ? { background: style.ground, ink: style.ink } : signedFill(style, value, shown.ranges.output);
      const text = secret && !shown.hidden.size ? "?" : empty ? null : short(value, rect.size);
      if (!shown.hidden?.size) cell(ctx, rect, fill, text, style, { raised: raised && rect.size >= ROOM });
      if (raised) factor(ctx, rect, weight, style);
      if (marks.output.has(name) && !shown.hidden?.size) frame(ctx, rect.x + 1.5, rect.y + 1.5, rect.size - 3, rect.size - 3, style.roles.output, 3);
    }
  }
  const first = rectOf(layout, { kind: "output", n, y: 0, x: 0 });
  if (!shown.hidden?.size) frame(ctx, first.x, first.y, model.width * block.cell, model.height * block.cell, style.roles.output, 2.5);
  if (!shown.all) return;
  const name = model.weights.length > 1 ? `output, map ${n}` : shown.names.output;
  title(ctx, block, shown.hidden?.size ? `${name} ?×?` : `${name} ${model.height}×${model.width}`, style.roles.output, style, Math.max(block.width, 90));
  if (model.bias[n] !== 0) label(ctx, `bias ${shortNumber(model.bias[n], 4)}`, block.x + block.width, block.y - 7, style.roles.kernel, style, { align: "right" });
}

// The input's outline around the output: what lies between the two is the empty border.
function drawOutline(ctx, model, block, outline, style) {
  const x = block.x + outline.inputLeft * block.cell, y = block.y + outline.inputTop * block.cell;
  const { image } = model;
  ctx.fillStyle = style.soft;
  ctx.fillRect(x, y, image.width * block.cell, image.height * block.cell);
  frame(ctx, x + 0.5, y + 0.5, image.width * block.cell - 1, image.height * block.cell - 1, style.roles.input, 1.5, [5, 4]);
}

function signs(ctx, model, layout, style) {
  if (channels(model) > 1) return;
  const [input, kernel, output] = layout.blocks;
  const middle = kernel.y + kernel.height / 2 + 7;
  if (output.x > kernel.x + kernel.width && kernel.x > input.x + input.width) {
    label(ctx, "∗", (input.x + input.width + kernel.x) / 2, middle, style.ink, style, { size: 22, align: "center" });
  }
  if (output.x > kernel.x + kernel.width) label(ctx, "→", (kernel.x + kernel.width + output.x) / 2, middle, style.ink, style, { size: 22, align: "center" });
}

// The window that the kernel covers; while it plays it glides from place to place.
function drawWindow(ctx, model, layout, shown, style) {
  const { focus } = shown;
  const py = shown.glide?.py ?? focus.y * model.stride[0], px = shown.glide?.px ?? focus.x * model.stride[1];
  const high = model.dilation[0] * (model.rows - 1) + 1, wide = model.dilation[1] * (model.cols - 1) + 1;
  for (const block of layout.blocks.filter((b) => b.kind === "input")) {
    const { cell: size } = block;
    frame(ctx, block.x + px * size, block.y + py * size, wide * size, high * size, style.roles.kernel, 4);
  }
}
