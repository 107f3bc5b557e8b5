// What is highlighted, in words and as an equation. No DOM.
import { channels, idle, sources, sums, usesOfInput, usesOfWeight, valueAt } from "./model.js";
import { counted, shortNumber, sumText } from "../shared/text/format.js";

const CHANNEL_NAMES = ["red", "green", "blue"];

// What the three parts are called.
export const NAMES = {
  one: { input: "input", kernel: "kernel", output: "output" },
  stamp: { input: "points", kernel: "stamp", output: "sheet" },
};

const num = (value) => shortNumber(value, 6);
const factorText = (value) => (value < 0 ? `(${shortNumber(value, 4)})` : shortNumber(value, 4));

const cellName = (model, { n, y, x }) => `output[${model.weights.length > 1 ? `${n}, ` : ""}${y}, ${x}]`;

// The equation of an output cell: one line for one channel; for several, one partial sum each and their sum.
// hidden: a quiz must not give its answer away.
export function equation(model, cell, hidden = null) {
  const found = sources(model, cell.n, cell.y, cell.x).filter((s) => !model.sparse || s.value !== 0);
  const { parts, bias, total } = sums(model, cell.n, cell.y, cell.x);
  const secret = (s) => hidden?.weight === `${cell.n},${s.c},${s.r},${s.k}`;
  const answer = hidden?.output === `${cell.n},${cell.y},${cell.x}` ? "?" : num(total);
  const lines = parts.map((part, c) => {
    const terms = found.filter((s) => s.c === c).map((s) => `${factorText(s.value)}·${secret(s) ? "?" : factorText(s.weight)}`);
    return { name: channels(model) > 1 ? CHANNEL_NAMES[c] ?? `channel ${c}` : "", terms: terms.length ? terms : ["0"], part };
  });
  const withheld = (c) => answer === "?" || found.some((s) => s.c === c && secret(s));
  if (lines.length === 1) {
    const tail = bias !== 0 ? ` + bias ${factorText(bias)}` : "";
    return [`${cellName(model, cell)} = ${lines[0].terms.join(" + ")}${tail} = ${answer}`];
  }
  const each = lines.map((line, c) => `${line.name}: ${line.terms.join(" + ")} = ${withheld(c) ? "?" : num(line.part)}`);
  const shownParts = parts.map((part, c) => (withheld(c) ? "?" : num(part)));
  return [...each, `${cellName(model, cell)} = ${sumText([...shownParts, `bias ${factorText(bias)}`])} = ${answer}`];
}

function stepSentence(model, cell, hidden) {
  const found = sources(model, cell.n, cell.y, cell.x).filter((s) => !model.sparse || s.value !== 0);
  const { total } = sums(model, cell.n, cell.y, cell.x);
  const map = model.weights.length > 1 ? ` of map ${cell.n}` : "";
  const where = `Output row ${cell.y}, column ${cell.x}${map}`;
  if (hidden?.output === `${cell.n},${cell.y},${cell.x}`) return `${where} is what you are asked for.`;
  const { frame, image } = model;
  const outside = found.filter(({ py, px }) =>
    py < frame.top || py >= frame.top + image.height || px < frame.left || px >= frame.left + image.width).length;
  const border = outside ? ` ${outside} of them ${outside === 1 ? "lies" : "lie"} in the padding.` : "";
  const made = model.transposed ? `${counted(found.length, "stamp")} ${found.length === 1 ? "reaches" : "reach"} it` : `${counted(found.length, "product")}`;
  return `${where}: ${made}, together ${num(total)}.${border}`;
}

function inputSentence(model, { c, py, px }) {
  const uses = usesOfInput(model, c, py, px), { frame, image } = model;
  const y = py - frame.top, x = px - frame.left;
  const inside = y >= 0 && y < image.height && x >= 0 && x < image.width;
  const channel = channels(model) > 1 ? ` ${CHANNEL_NAMES[c]}` : "";
  const value = num(valueAt(model, c, py, px));
  const name = inside ? `Input${channel} row ${y}, column ${x}, value ${value}` : `Padding${channel} beside the input (row ${y}, column ${x}), value ${value}`;
  if (uses.length === 0) return `${name}: no output uses it.`;
  const cells = new Set(uses.map((use) => `${use.n},${use.y},${use.x}`)).size;
  const copies = uses.length > cells || new Set(uses.map((use) => `${use.py},${use.px}`)).size > 1 ? `, some of them through its copies in the padding` : "";
  return `${name}: it feeds ${counted(cells, "output cell")}${copies}. The small number in each is the weight.`;
}

function weightSentence(model, { n, c, r, k }) {
  const uses = usesOfWeight(model, r, k);
  const channel = channels(model) > 1 ? ` of the ${CHANNEL_NAMES[c]} slice` : "";
  const map = model.weights.length > 1 ? ` of kernel ${n}` : "";
  const cells = new Set(uses.map(({ py, px }) => `${py},${px}`)).size;
  const weight = num(model.weights[n][c][r * model.cols + k]);
  return `Weight row ${r}, column ${k}${channel}${map}, ${weight}: it multiplies ${counted(cells, "input cell")}, one for each of ${counted(uses.length, "output cell")}.`;
}

export function sentence(model, focus, hidden = null) {
  if (!focus) return "Move over a cell of the input, the kernel or the output, or use the arrow keys. A click pins it, Space plays.";
  if (hidden?.size) return "The output is hidden until you have answered.";
  if (focus.kind === "output") return stepSentence(model, focus, hidden);
  if (focus.kind === "input") return inputSentence(model, focus);
  return hidden?.weight === `${focus.n},${focus.c},${focus.r},${focus.k}` ? "This weight is what you are asked for." : weightSentence(model, focus);
}

// Products written out for an input cell: where each goes.
export function inputEquation(model, { c, py, px }, hidden = null, most = 12) {
  const uses = usesOfInput(model, c, py, px).filter((use) => !model.sparse || use.weight !== 0);
  const value = valueAt(model, c, py, px);
  const terms = uses.slice(0, most).map((use) => {
    const secret = hidden?.weight === `${use.n},${c},${use.r},${use.k}`;
    return `${cellName(model, use)} gets ${factorText(value)}·${secret ? "? = ?" : `${factorText(use.weight)} = ${num(value * use.weight)}`}`;
  });
  if (uses.length > most) terms.push(`… ${uses.length - most} more`);
  return terms.length ? [terms.join(";  ")] : [];
}

// What the colours stand for, the shapes, and what the stride leaves out.
export function legend(model, ranges, secret) {
  const [low, high] = ranges.input;
  const { image } = model;
  const input = low < 0 ? `input: blue ${num(low)}, 0 pale, orange ${num(high)}` : `input: black 0 … white ${num(high)}`;
  const signed = `kernel ±${num(ranges.kernel)} and output${secret ? "" : ` ±${num(ranges.output)}`}: blue below 0, orange above`;
  const c = channels(model), shape = `${image.height}×${image.width}×${c} → ${secret ? "?" : `${model.height}×${model.width}×${model.weights.length}`}`;
  const [rows, cols] = idle(model).map((lines) => lines.filter(Boolean).length);
  const lost = rows + cols ? ` Hatched: ${[rows && counted(rows, "row"), cols && counted(cols, "column")].filter(Boolean).join(" and ")} that no position of the kernel reaches.` : "";
  return `${shape}. Colours: ${input}; ${signed}.${lost}`;
}
