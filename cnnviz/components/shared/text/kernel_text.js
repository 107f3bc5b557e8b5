// A kernel as text, both ways: the twin of cnnviz/core/kernels/text.py for what a visitor types or pastes.
// kernel = {rows, cols, slices: [Float64Array, …]}; slices are separated by "|", rows by ";" or line ends.

// The same bounds as in Python, and patterns that are linear like its own: no two repetitions side by side match
// the same character, or n digits would be tried n × n times while the page stands still.
const LONGEST = 100000;
const LONGEST_CELL = 200;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

// A number or a fraction such as 1/9; null for anything else.
export function parseNumber(text) {
  if (text.length > LONGEST_CELL) return null;
  const parts = text.trim().replace(/\u2212/g, "-").split("/");
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part.trim()))) return null;
  const value = parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  return Number.isFinite(value) ? value : null;
}

function splitRow(row) {
  // A tab or semicolon layout may carry decimal commas; elsewhere a comma separates.
  const cells = row.includes("\t") ? row.replace(/(\d),(\d)/g, "$1.$2").split("\t") : row.split(/[\s,]+/);
  return cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
}

function parseSlice(text) {
  const plain = text.replace(/\]\s*(?:,\s*)?\[/g, ";").replace(/[[\](){}]/g, " ").replace(/\barray\b|\bdtype\s*=\s*[\w.]+/g, " ");
  const rows = plain.split(/[;\n\r]+/).map(splitRow).filter((row) => row.length > 0);
  if (rows.length === 0) throw new Error("There is no number in this text.");
  const cols = rows[0].length;
  const ragged = rows.findIndex((row) => row.length !== cols);
  if (ragged > 0) throw new Error(`Row 1 has ${cols} numbers and row ${ragged + 1} has ${rows[ragged].length}; all rows need the same.`);
  const weights = rows.flat().map((cell) => {
    const value = parseNumber(cell);
    if (value === null) throw new Error(`“${cell.slice(0, 20)}” is not a number.`);
    return value;
  });
  return { rows: rows.length, cols, weights: Float64Array.from(weights) };
}

// Text → kernel; throws an Error with one clear sentence.
export function parseKernel(text, most = 15) {
  if (text.length > LONGEST) throw new Error(`The text has ${text.length} characters, which is too long for a kernel.`);
  const slices = text.split("|").map(parseSlice);
  const { rows, cols } = slices[0];
  if (slices.some((slice) => slice.rows !== rows || slice.cols !== cols)) throw new Error("All slices of a kernel need the same size.");
  if (rows > most || cols > most) throw new Error(`This is ${rows}×${cols}; a kernel of one's own has at most ${most}×${most} cells.`);
  return { rows, cols, slices: slices.map((slice) => slice.weights) };
}

// Kernel → the shortest text that reads back as the same numbers.
export function formatKernel({ rows, cols, slices }) {
  const one = (weights) =>
    Array.from({ length: rows }, (_, r) => Array.from(weights.subarray(r * cols, (r + 1) * cols), String).join(",")).join(";");
  return slices.map(one).join("|");
}
