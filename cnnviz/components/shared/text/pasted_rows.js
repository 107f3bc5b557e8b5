// Rows of a pasted kernel, from a text without brackets: what a comma means in them.
// The twin of cnnviz/core/kernels/pasted_rows.py.

export const DIGITS = "(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
export const NUMBER = new RegExp(`^([+-]?${DIGITS})(?:/([+-]?${DIGITS}))?$`);
const COMMA_NUMBER = /^[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?$/;
export const COMMA_TOKEN = /^[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?$/;
const THOUSANDS = /^[+-]?[1-9][0-9]{0,2},[0-9]{3}$/;
const GROUPED = /^[+-]?[0-9]{1,3}(?: [0-9]{3}){1,9}(?:[.,][0-9]*)?$/;

// Python's strip, lstrip and rstrip: String.trim takes away more kinds of spaces.
export function strip(text, signs = " ", ends = "both") {
  let [start, stop] = [0, text.length];
  if (ends !== "right") while (start < stop && signs.includes(text[start])) start++;
  if (ends !== "left") while (stop > start && signs.includes(text[stop - 1])) stop--;
  return text.slice(start, stop);
}
export const withoutEnd = (text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text);
const short20 = (text) => text.slice(0, 20);

// The text of one cell with a decimal point, or null where it holds no number or two readings.
export function oneNumber(text) {
  let cell = strip(text, " \t\n");
  if (COMMA_NUMBER.test(cell) && !THOUSANDS.test(cell)) cell = cell.replace(",", ".");
  return NUMBER.test(cell) ? cell : null;
}

// What stands between line breaks and semicolons.
function rowsOf(text) {
  return text.split(/[\n;]/).map((piece) => strip(piece)).filter((piece) => strip(piece, " \t"));
}

// As in MATLAB, where a comma separates, and in LaTeX, where & does.
export function linesInBrackets(text) {
  if (text.includes("&")) return decimalCells(rowsOf(text).map((row) => row.split("&")));
  return rowsOf(text.replace(/\t/g, " ")).map((row, i) => separated(row, i + 1));
}

export function linesOf(text, commasSeparate) {
  for (const mark of ["&", "\t"]) if (text.includes(mark)) return decimalCells(rowsOf(text).map((row) => row.split(mark)));
  const lines = text.split("\n").map((line) => strip(strip(line), "; ", "right")).filter((line) => line);
  const cells = lines.map((line) => line.split(";").map((cell) => strip(cell)));
  const isTableOfCells = cells.length > 1 && cells.some((row) => row.length > 1);
  if (isTableOfCells && cells.every((row) => row.every(isNumber))) return decimalCells(cells); // saved with semicolons
  const rows = rowsOf(text);
  return commasSeparate ? rows.map((row, i) => separated(row, i + 1)) : openRows(rows);
}

function isNumber(text) {
  const cell = grouped(text);
  return NUMBER.test(cell) || COMMA_NUMBER.test(cell);
}

// A cell of a table without the spaces that group its thousands, or follow its sign.
function grouped(text) {
  const cell = strip(text.replace(/\u202f/g, " ")).replace(/^([+-]) +/, "$1");
  return cell.length < 50 && GROUPED.test(cell) ? cell.replace(/ /g, "") : cell;
}

// The cells of a table whose columns are marked, so that a comma can only be a decimal comma.
function decimalCells(rows) {
  const table = rows.map((row) => row.map(grouped));
  const commas = table.flat().filter((cell) => COMMA_NUMBER.test(cell));
  if (commas.length === 0) return table;
  if (commas.every((cell) => THOUSANDS.test(cell))) {
    throw new Error(`'${commas[0]}' may be a thousand or a decimal comma: write it with a point, or without.`);
  }
  const point = table.flat().find((cell) => cell.includes(".") && NUMBER.test(cell));
  if (point !== undefined) {
    throw new Error(`'${short20(point)}' has a decimal point and '${short20(commas[0])}' a decimal comma: use one of them.`);
  }
  return table.map((row) => row.map((cell) => (COMMA_NUMBER.test(cell) ? cell.replace(",", ".") : cell)));
}

// Rows that nothing else tells of whether their commas are decimal commas.
function openRows(rows) {
  const tokens = rows.map((row) => row.split(/[ \t]+/));
  const commas = tokens.flat().filter((token) => token.includes(","));
  if (commas.length === 0 || !commas.every((token) => COMMA_TOKEN.test(token))) {
    return rows.map((row, i) => separated(row, i + 1));
  }
  if (tokens.every((row) => row.length === 1)) {
    throw new Error(`'${short20(commas[0])}' may be one number with a decimal comma, or two numbers: ` +
      "write a decimal point, or a space between the numbers.");
  }
  return decimalCells(tokens);
}

// The numbers of a row between commas, or between spaces.
export function separated(text, number) {
  if (text.includes("\u202f")) {
    throw new Error(`Row ${number} has a narrow space between digits, within a number or between two: remove it.`);
  }
  const pieces = withoutEnd(strip(text, " \t"), ",").split(",").map((piece) => strip(piece, " \t"));
  if (pieces.length === 1) return pieces[0].split(/[ \t]+/).filter((cell) => cell);
  if (pieces.includes("")) throw new Error(`Row ${number} has two commas with no number between them.`);
  if (pieces.some((piece) => /[ \t]/.test(piece))) {
    throw new Error(`Row ${number} has commas between some numbers and only spaces between others: use one of them.`);
  }
  return pieces;
}
