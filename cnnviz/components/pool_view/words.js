// What the views say in words and sums. No DOM, no arithmetic but what is written out.
import { formatValue } from "../shared/text/format.js";

const MOST_TERMS = 9;
const NAMES = { max: "the largest", average: "the mean", l2: "the root of the summed squares" };

const plural = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

function list(values, join, text) {
  const shown = values.slice(0, MOST_TERMS).map(text).join(join);
  return values.length > MOST_TERMS ? `${shown}${join}… (${values.length - MOST_TERMS} more)` : shown;
}

// "output[1, 2] = max(3, 7, 1, 0) = 7"
export function equation(found, mode) {
  const { row, column, cells, count, full } = found;
  const left = `output[${row}, ${column}] =`, value = formatValue(found.value);
  const inside = cells.filter((cell) => cell.inside).map((cell) => cell.value);
  if (mode === "max") return `${left} max(${list(inside, ", ", formatValue)}) = ${value}`;
  const padding = cells.length - inside.length;
  const zeros = padding ? ` + ${padding} × 0` : "";
  const signed = (v) => (v < 0 ? `(${formatValue(v)})` : formatValue(v));
  if (mode === "average") return `${left} (${list(inside, " + ", signed)}${zeros}) / ${count} = ${value}`;
  const scale = full === count ? "" : `${full}/${count} · `;
  return `${left} √(${scale}(${list(inside, " + ", (v) => `${signed(v)}²`)}${zeros})) = ${value}`;
}

const place = (cell) => `row ${cell.y}, column ${cell.x}`;

// What happens to the gradient of this output.
export function returning(found, mode) {
  const { cells, count } = found;
  const outside = cells.filter((cell) => !cell.inside).length;
  if (mode === "max") {
    const won = cells.find((cell) => cell.share === 1);
    const ties = cells.filter((cell) => cell.inside && cell.value === won.value).length;
    const tie = ties > 1 ? ` (${ties} cells are equal: the first one takes it)` : "";
    return `Input ${place(won)} won${tie}; all of the gradient returns to it.`;
  }
  const lost = outside ? ` What falls on ${plural(outside, "cell")} of padding is lost.` : "";
  if (mode === "average") return `Each of the ${count} cells gets 1/${count} of the gradient.${lost}`;
  return found.value > 0
    ? "Each cell gets gradient in proportion to its value: value ÷ output."
    : "All cells are 0, so no gradient returns.";
}

export function outputSentence(found, mode, pinned) {
  const where = `${pinned ? "Pinned: output" : "Output"} row ${found.row}, column ${found.column}`;
  const inside = found.cells.filter((cell) => cell.inside).length;
  return `${where} is ${NAMES[mode]} of ${plural(inside, "cell")}: ${formatValue(found.value)}. ${returning(found, mode)}`;
}

// One input cell: in which windows it lies, and what returns to it.
export function inputSentence({ row, column, value, windows, gradient }, mode) {
  const head = `Input row ${row}, column ${column} has the value ${formatValue(value)}.`;
  if (windows.length === 0) return `${head} No window reaches it: it is dropped.`;
  const where = windows.length === 1 ? `output row ${windows[0].row}, column ${windows[0].column}` : `${windows.length} outputs`;
  const won = windows.filter((one) => one.won).length;
  const wins = mode === "max" ? (won ? ` and wins ${won === windows.length ? "" : `${won} of them`}`.trimEnd() : " and does not win") : "";
  return `${head} It feeds ${where}${wins}. Gradient that returns to it: ${formatValue(gradient)}.`;
}

export function shapeText(height, width) {
  return `${height}×${width}`;
}
