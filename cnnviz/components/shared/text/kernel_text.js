// A kernel as text, both ways: the twin of cnnviz/core/kernels/text.py for what a visitor types or pastes.
// kernel = {rows, cols, slices: [Float64Array, …]}; slices are separated by "|", rows by ";" or line ends.
import { blocksOf, plain } from "./pasted.js";
import { COMMA_TOKEN, NUMBER, oneNumber } from "./pasted_rows.js";

const LONGEST = 100000; // characters: the same bounds as in Python
const LONGEST_CELL = 200;
const LARGEST = 31;
const TOO_LARGE = 2 ** 128 - 2 ** 103; // from here on a number rounds to a float32 infinity
const NOT_FINITE = /^[+-]?(nan|inf|infinity|∞)$/i;

// The number in one cell: 0.5, 0,5, 1/9, −1, ½; null for anything else.
export function parseNumber(text) {
  if (text.length > LONGEST_CELL) return null;
  const cell = oneNumber(plain(text));
  if (cell === null) return null;
  const [above, below = "1"] = cell.split("/"), value = Number(above) / Number(below);
  return Math.abs(value) < TOO_LARGE ? value : null;
}

function weightOf(cell, [above, below], where) {
  const quoted = cell.length > 20 ? `'${cell.slice(0, 20)}…'` : `'${cell}'`;
  if (cell === "") throw new Error(`The cell ${where} is empty.`);
  if (cell.length > LONGEST_CELL) throw new Error(`${quoted} ${where} has ${cell.length} characters, which is too long for a number.`);
  if (NOT_FINITE.test(cell)) throw new Error(`A kernel needs finite numbers, but there is ${quoted} ${where}.`);
  const found = NUMBER.exec(cell);
  if (!found) throw new Error(`${quoted} ${where} is not a number.`);
  if (found[2] !== undefined && Number(found[2]) === 0) throw new Error(`${quoted} ${where} divides by 0.`);
  const value = ((Number(found[1]) / Number(found[2] ?? 1)) * above) / below;
  if (!(Math.abs(value) < TOO_LARGE)) throw new Error(`${quoted} ${where} is too large for a 32-bit number.`);
  return value;
}

/** @param {import("./pasted.js").Block} block */
function sliceOf({ rows, scale }) {
  if (!rows.some((row) => row.length)) throw new Error("There is no number in this text.");
  const cols = rows[0].length, ragged = rows.findIndex((row) => row.length !== cols);
  if (ragged > 0) {
    const count = rows[ragged].length;
    throw new Error(`Row ${ragged + 1} has ${count} ${count === 1 ? "number" : "numbers"}, but row 1 has ${cols}.`);
  }
  if (rows.length > LARGEST || cols > LARGEST) {
    throw new Error(`The kernel is ${rows.length}×${cols}, but the largest is ${LARGEST}×${LARGEST}.`);
  }
  const weights = rows.flatMap((row, i) => row.map((cell, j) => weightOf(cell, scale, `in row ${i + 1}, column ${j + 1}`)));
  return { rows: rows.length, cols, weights: Float64Array.from(weights) };
}

// Text → kernel; throws an Error with one clear sentence.
export function parseKernel(text, most = 15) {
  if (text.length > LONGEST) throw new Error(`The text has ${text.length} characters, which is too long for a kernel.`);
  const signs = plain(text), count = signs.split("|").length;
  if (count !== 1 && count !== 3) throw new Error(`A kernel is one block, or three joined with | (red, green, blue), not ${count}.`);
  const slices = blocksOf(signs).map(sliceOf), { rows, cols } = slices[0];
  if (slices.some((slice) => slice.rows !== rows || slice.cols !== cols)) {
    const sizes = slices.map((slice) => `${slice.rows}×${slice.cols}`).join(", ");
    throw new Error(`The three blocks must have the same size, but they are ${sizes}.`);
  }
  if (rows > most || cols > most) throw new Error(`This is ${rows}×${cols}; a kernel of one's own has at most ${most}×${most} cells.`);
  return { rows, cols, slices: slices.map((slice) => slice.weights) };
}

// Kernel → the shortest text that reads back as the same numbers.
export function formatKernel({ rows, cols, slices }) {
  const one = (weights) => {
    const lines = Array.from({ length: rows }, (_, r) => Array.from(weights.subarray(r * cols, (r + 1) * cols), String).join(","));
    const text = lines.join(";");
    // "0,5" could be one number with a decimal comma: a point before the first comma says that it is not.
    return slices.length === 1 && lines.every((line) => COMMA_TOKEN.test(line)) ? text.replace(",", ".,") : text;
  };
  return slices.map(one).join("|");
}
