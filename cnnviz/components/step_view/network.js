// The same convolution as a layer of a network: a node for each pixel and each output, a line for each product.
// Lines that carry the same weight have the same colour, and there are only as many colours as weights.
import { sources, usesOfInput, usesOfWeight, valueAt } from "./model.js";
import { greyFill, signedFill } from "../shared/canvas/fills.js";
import { drawFrame, drawLabel, drawNumber, fitNumber } from "./paint.js";

const LEAN = 0.28; // how far a plane is turned: a column further right lies this much lower
const NARROW = 0.62; // and this much closer to its neighbour
const TITLE = 24;

// Where the nodes and the small kernel lie. The blocks are those of layout.js, so that the kernel can be pointed at.
export function arrangeNetwork(model, width, tallest) {
  const rows = model.fromRow.length, cols = model.fromCol.length;
  const tall = Math.max(rows + cols * LEAN, model.height + model.width * LEAN);
  const kernelCell = 34, kernelRoom = model.cols * kernelCell + 24;
  const wide = (cols + model.width) * NARROW;
  const beside = width >= 700;
  const room = (beside ? width - kernelRoom : width) - 30;
  const spacing = Math.max(11, Math.min(64, (Math.max(tallest, 280) - TITLE) / tall, (room * 0.72) / wide));
  const high = Math.max(tall * spacing, beside ? model.rows * kernelCell : 0) + TITLE;
  const used = Math.min(room, (wide * spacing) / 0.42);
  const left = 8 + spacing / 2, right = used - model.width * NARROW * spacing + spacing / 2;
  const plane = (x, lines, columns) => ({ x, y: TITLE + (high - TITLE - (lines + columns * LEAN) * spacing) / 2 + spacing / 2 });
  const kernel = {
    kind: "kernel", index: [0, 0], rows: model.rows, cols: model.cols, cell: kernelCell,
    x: beside ? used + 40 : 2, y: beside ? TITLE + (high - TITLE - model.rows * kernelCell) / 2 : high + TITLE + 6,
    width: model.cols * kernelCell, height: model.rows * kernelCell,
  };
  return {
    network: true, spacing, cell: spacing, outline: null, blocks: [kernel],
    input: plane(left, rows, cols), output: plane(right, model.height, model.width),
    width: beside ? kernel.x + kernel.width + 4 : Math.max(used, kernel.width) + 6,
    height: beside ? high + 4 : kernel.y + kernel.height + 4,
  };
}

function nodeAt(layout, plane, row, col) {
  const { spacing } = layout, { x, y } = layout[plane];
  return { x: x + col * NARROW * spacing, y: y + (row + col * LEAN) * spacing };
}

const radius = (layout) => Math.max(4, layout.spacing * 0.29);

// The node under a point of the canvas, as a cell; null where there is none.
export function nodeUnder(model, layout, x, y) {
  const near = (plane, rows, cols) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const node = nodeAt(layout, plane, r, c);
        if (Math.hypot(node.x - x, node.y - y) <= radius(layout) + 2) return [r, c];
      }
    }
    return null;
  };
  const input = near("input", model.fromRow.length, model.fromCol.length);
  if (input) return { kind: "input", c: 0, py: input[0], px: input[1] };
  const output = near("output", model.height, model.width);
  return output ? { kind: "output", n: 0, y: output[0], x: output[1] } : null;
}

// One colour for each weight, told apart by hue and by two levels of lightness.
function tapColour(model, r, k, dark) {
  const count = model.rows * model.cols, at = r * model.cols + k;
  const light = (dark ? 66 : 40) + (at % 2 ? 9 : -4);
  return `hsl(${Math.round((360 * at) / count)} 75% ${light}%)`;
}

// The products that are lit: those of the chosen node, or all that share the chosen weight.
function litLines(model, focus) {
  if (!focus) return [];
  if (focus.kind === "output") return sources(model, 0, focus.y, focus.x).map((s) => ({ ...s, y: focus.y, x: focus.x }));
  if (focus.kind === "input") return usesOfInput(model, 0, focus.py, focus.px);
  return usesOfWeight(model, focus.r, focus.k).map((use) => ({ ...use, r: focus.r, k: focus.k, weight: model.weights[0][0][focus.r * model.cols + focus.k] }));
}

const MOST_FAINT = 6000;

export function drawNetwork(ctx, model, layout, shown, style) {
  const lines = litLines(model, shown.focus);
  drawFaint(ctx, model, layout, style);
  for (const line of lines) drawLine(ctx, model, layout, line, lines.length, style);
  drawNodes(ctx, model, layout, shown, lines, style);
  drawWeights(ctx, model, layout, shown, style);
}

function path(ctx, layout, line) {
  const from = nodeAt(layout, "input", line.py, line.px), to = nodeAt(layout, "output", line.y, line.x);
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
}

function drawFaint(ctx, model, layout, style) {
  if (model.height * model.width * model.rows * model.cols > MOST_FAINT) return;
  ctx.globalAlpha = style.dark ? 0.2 : 0.16;
  ctx.lineWidth = 1;
  for (let r = 0; r < model.rows; r++) {
    for (let k = 0; k < model.cols; k++) {
      ctx.strokeStyle = tapColour(model, r, k, style.dark);
      ctx.beginPath();
      for (const use of usesOfWeight(model, r, k)) path(ctx, layout, use);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
}

function drawLine(ctx, model, layout, line, many, style) {
  ctx.strokeStyle = tapColour(model, line.r, line.k, style.dark);
  ctx.lineWidth = many > 30 ? 1.8 : 3;
  ctx.setLineDash(line.weight === 0 ? [3, 5] : []); // a weight of 0 passes nothing on
  ctx.beginPath();
  path(ctx, layout, line);
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawNodes(ctx, model, layout, shown, lines, style) {
  drawInputs(ctx, model, layout, shown, new Set(lines.map((line) => `${line.py},${line.px}`)), style);
  drawOutputs(ctx, model, layout, shown, new Set(lines.map((line) => `${line.y},${line.x}`)), style);
}

// feeding: those that lit lines start from, as "row,column"
function drawInputs(ctx, model, layout, shown, feeding, style) {
  const { image } = model;
  drawLabel(ctx, `input nodes: ${image.height}×${image.width} = ${image.height * image.width}`, 2, 15, style.roles.input, style);
  for (let py = 0; py < model.fromRow.length; py++) {
    for (let px = 0; px < model.fromCol.length; px++) {
      const inside = inImage(model, py, px), value = valueAt(model, 0, py, px);
      const fill = inside ? inputFill(value, shown.ranges.input, style) : { background: style.soft, ink: style.muted };
      node(ctx, nodeAt(layout, "input", py, px), layout, fill, fitNumber(value, 30), feeding.has(`${py},${px}`), inside, style.roles.input, style);
    }
  }
}

function inImage({ frame, image }, py, px) {
  const y = py - frame.top, x = px - frame.left;
  return y >= 0 && y < image.height && x >= 0 && x < image.width;
}

const inputFill = (value, range, style) => (range[0] < 0 ? signedFill(style.signed, value, range[1]) : greyFill(value, range));

// fed: those that lit lines end at, as "row,column"
function drawOutputs(ctx, model, layout, shown, fed, style) {
  const end = nodeAt(layout, "output", 0, model.width - 1).x + layout.spacing / 2;
  const count = shown.hidden?.size ? "?" : `${model.height}×${model.width} = ${model.height * model.width}`;
  drawLabel(ctx, `hidden nodes: ${count}`, Math.max(end, 330), 15, style.roles.output, style, { align: "right" });
  if (shown.hidden?.size) return;
  for (let y = 0; y < model.height; y++) {
    for (let at = 0; at < model.width; at++) {
      const value = shown.outs[0][y * model.width + at], secret = shown.hidden?.output === `0,${y},${at}`;
      const empty = Number.isNaN(value) || secret;
      const fill = empty ? { background: style.ground, ink: style.ink } : signedFill(style.signed, value, shown.ranges.output);
      node(ctx, nodeAt(layout, "output", y, at), layout, fill, secret ? "?" : empty ? "" : fitNumber(value, 30), fed.has(`${y},${at}`), true, style.roles.output, style);
    }
  }
}

function node(ctx, { x, y }, layout, fill, text, on, solid, colour, style) {
  const size = radius(layout);
  ctx.beginPath();
  ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.fillStyle = fill.background;
  ctx.fill();
  ctx.strokeStyle = on ? colour : style.line;
  ctx.lineWidth = on ? 3.5 : 1;
  ctx.setLineDash(solid ? [] : [3, 3]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (size >= 10) drawNumber(ctx, text, x, y, size * 2, fill.ink, style, 0.5);
}

// The kernel as the key of the colours.
function drawWeights(ctx, model, layout, shown, style) {
  const [block] = layout.blocks;
  drawLabel(ctx, `${model.rows * model.cols} shared weights`, block.x, block.y - 8, style.roles.kernel, style);
  for (let r = 0; r < model.rows; r++) {
    for (let k = 0; k < model.cols; k++) {
      const x = block.x + k * block.cell, y = block.y + r * block.cell;
      const secret = shown.hidden?.weight === `0,0,${r},${k}`;
      ctx.fillStyle = style.soft;
      ctx.fillRect(x, y, block.cell, block.cell);
      ctx.fillStyle = tapColour(model, r, k, style.dark);
      ctx.fillRect(x + 2, y + block.cell - 8, block.cell - 4, 6);
      drawNumber(ctx, secret ? "?" : fitNumber(model.weights[0][0][r * model.cols + k], 30), x + block.cell / 2, y + block.cell / 2 - 4, block.cell, style.ink, style);
      const on = shown.focus?.kind === "weight" && shown.focus.r === r && shown.focus.k === k;
      drawFrame(ctx, x + 1, y + 1, block.cell - 2, block.cell - 2, on ? style.roles.kernel : style.line, on ? 3 : 1);
    }
  }
}
