// The grammar of pasted kernels: from a text to the cells of its rows. The twin of cnnviz/core/kernels/pasted.py, which
// says more: both pass the same table of texts (tests/data/pasted_kernels.json). Every pattern is linear, or looks at a
// bounded piece of the text.

/** @typedef {{rows: string[][], scale: [number, number]}} Block cells as text, and what all are multiplied with and divided by */
/** @typedef {Array<any>} List a bracket: the brackets in it, or one text */

import { DIGITS, linesInBrackets, linesOf, separated, strip, withoutEnd } from "./pasted_rows.js";

const SHORTENED = "The text is shortened (…): some of its numbers are missing.";
const NO_ROWS = "The brackets in this text do not enclose rows of numbers.";
const TOO_DEEP = "The lists are nested too deeply; join three two-dimensional blocks with | instead.";
const DEEPEST = 6;
const ORDERS = [["# (channels, height, width)", "first"], ["# (height, width, channels)", "last"]]; // as we export it

const VULGAR = new Map(Object.entries({
  "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6",
  "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10",
}));
/** @type {[RegExp, string | ((sign: string) => string)][]} */
const SIGNS = [
  [/\r\n?|[\u2028\u2029]/g, "\n"],
  [/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)], // full width
  [/[−‐‑‒–—―˗﹣➖]/g, "-"],
  [/[⁄∕÷]/g, "/"],
  [/[×·⋅∙∗]/g, "*"],
  [/[\u00a0\u0085\u1680\u205f\u3000\ufeff\u200b\v\f\u2000-\u2008\u200a]/g, " "],
  [/\u2009/g, "\u202f"],
  [/…/g, "..."],
  [/﹢/g, "+"],
  [/\u066b/g, ","],
  [/(?<![0-9])[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒](?![0-9])/g, (sign) => VULGAR.get(sign)],
];
// In this order: what the pattern finds becomes what stands beside it.
/** @type {[RegExp, string][]} */
const LATEX = [
  [/\{,\}/g, ","],
  [/\\\\(?:\[[0-9.]{1,9}[a-z]{2}\])?/g, "\n"],
  [/\\begin\{(?:[bBpvV]?(?:small)?matrix\*?|array)\}(?:\[[lcr]\])?(?:\{[lcr| ]{0,99}\})?/g, "["],
  [/\\end\{[A-Za-z*]{1,20}\}/g, "]"],
  [/\\[dt]?frac\{([^{}\\\n]{1,40})\}\{([^{}\\\n]{1,40})\}/g, "$1/$2 "],
  [/\\[dt]?frac ?([0-9])([0-9])/g, "$1/$2 "],
  [/\\(?:cdot|times|ast)(?![A-Za-z])/g, "*"],
  [/\\(?:left|right|[bB]igg?|displaystyle|hline|q?quad)(?![A-Za-z])|\\[,;:!() [\]]|\$/g, " "],
];
const SCALE = `\\( *([+-]?${DIGITS}(?:/${DIGITS})?) *\\)|([+-]?${DIGITS}(?:/${DIGITS})?)`;
const HEAD = new RegExp(`^(?:${SCALE})[ \\t]*(\\*?)[ \\t]*(?=([[({A-Za-z\\n]))`);
const TAIL = new RegExp(`[\\])}][ \\t]*(?:\\*[ \\t]*(?:${SCALE})|/[ \\t]*(${DIGITS})|/[ \\t]*\\( *(${DIGITS}) *\\))$`);
const ASSIGNED = /^[A-Za-z_][A-Za-z0-9_ .:{}[\]\\]{0,80}=(?!=)/;
const WRAPPER = /^(?:[A-Za-z0-9_]+\.)*(?:array|asarray|(?:as_)?tensor|(?:Float)?Tensor|[mM]atrix)$/;
const FILLED = /^(?:[A-Za-z0-9_]+\.)*(full|ones|zeros)$/;
const SIZES = /^\(?((?:[0-9]{1,3},){1,2}[0-9]{1,3}),?\)?(?:,([^,()]{1,60}))?$/;
const KEYWORD = /^[a-z_]{1,30} *= *[A-Za-z0-9_.:'"<> ]{1,60}$/;

// The text with the signs of a keyboard; a narrow space between groups of digits stays one.
export function plain(text) {
  for (const [pattern, sign] of SIGNS) text = text.replace(pattern, /** @type {any} */ (sign));
  if (text.includes("\\") || text.includes("{,}")) for (const [pattern, sign] of LATEX) text = text.replace(pattern, sign);
  return text.replace(/\u202f(?![0-9]{3}(?![0-9]))|(?<![0-9])\u202f/g, " ");
}

/**
 * The one or three blocks of a plain text.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(text) {
  if (text.includes("...")) throw new Error(SHORTENED);
  const parts = text.split("|");
  return parts.length > 1 ? parts.flatMap((part) => blockOf(part, true)) : blockOf(text, false);
}

function blockOf(text, commasSeparate) {
  const order = ORDERS.find(([note]) => text.includes(note))?.[1];
  text = strip(strip(text.replace(/#[^\n]*/g, ""), " \t\n"), "; \t\n", "right");
  if (text.startsWith("Parameter containing:")) text = text.slice("Parameter containing:".length);
  text = strip(text, " \n", "left");
  const assigned = ASSIGNED.exec(text);
  if (assigned) text = strip(text.slice(assigned[0].length), " \n");
  const { rest, scale } = scaled(withoutIndex(text));
  const { inside, filled, isTorch } = argumentOf(rest);
  if (filled) return filled.map((rows) => ({ rows, scale }));
  text = inside.split("/").map((part) => strip(part)).join("/");
  if (/[[({]/.test(text)) return bracketed(text, isTorch ? "first" : order).map((rows) => ({ rows, scale }));
  return [{ rows: linesOf(text, commasSeparate), scale }];
}

// Without an index that adds an axis, as in [:, :, None].
function withoutIndex(text) {
  const start = text.lastIndexOf("["), inside = text.slice(start + 1, -1);
  const adds = (inside.includes("None") || inside.includes(":")) && strip(inside, ":, None.") === "";
  return text.endsWith("]") && start > 0 && adds ? strip(text.slice(0, start), " ", "right") : text;
}

/** @returns {[number, number]} */
function fractionOf(text) {
  const [above, below = "1"] = text.split("/");
  if (Number(below) === 0) throw new Error(`'${text}' divides by 0.`);
  return [Number(above), Number(below)];
}

// The text without a factor before or behind its brackets, and the factor.
function scaled(text) {
  const head = HEAD.exec(text.slice(0, 300));
  // Without a star a fraction alone is a factor: 2 [1 0] may be a row that lost its bracket.
  if (head && (head[3] || (head[2]?.includes("/") && head[4] !== "\n"))) {
    return { rest: strip(text.slice(head[0].length), " \n"), scale: fractionOf(head[1] ?? head[2]) };
  }
  const end = text.slice(-300), tail = TAIL.exec(end);
  if (!tail) return { rest: text, scale: /** @type {[number, number]} */ ([1, 1]) };
  const rest = text.slice(0, text.length - end.length + tail.index + 1);
  if (!isOnePiece(rest)) throw new Error(NO_ROWS);
  const factor = tail[1] ?? tail[2];
  return { rest, scale: fractionOf(factor ?? `1/${tail[3] ?? tail[4]}`) };
}

// Whether the first bracket closes at the end.
function isOnePiece(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ("[({".includes(text[at])) depth++;
    if (!"])}".includes(text[at])) continue;
    if (--depth === 0) return at === text.length - 1;
  }
  return false;
}

// What stands in a call such as array(…), without keywords; and whether it is PyTorch's.
function argumentOf(text) {
  const open = text.indexOf("("), name = strip(text.slice(0, Math.max(open, 0)));
  let inside = text.slice(open + 1);
  const filledCall = FILLED.exec(name);
  if (open < 0 || !inside.endsWith(")") || name.length > 60 || !(filledCall || WRAPPER.test(name))) return { inside: text };
  inside = withoutEnd(strip(inside.slice(0, -1), " \t\n"), ",");
  for (let turn = 0; turn < 6; turn++) {
    const comma = inside.lastIndexOf(",");
    if (comma < 0 || !KEYWORD.test(strip(inside.slice(comma + 1), " \t\n"))) break;
    inside = strip(inside.slice(0, comma), " \t\n,", "right");
  }
  if (filledCall) return { filled: filledRows(filledCall[1], inside) };
  return { inside, isTorch: name.toLowerCase().endsWith("tensor") };
}

function filledRows(name, inside) {
  const found = SIZES.exec(inside.replace(/[ \t\n]/g, ""));
  if (!found || (name === "full") !== Boolean(found[2])) {
    throw new Error(`The sizes in ${name}(…) could not be read; write ${name}((3, 3)) with both sizes.`);
  }
  const sizes = found[1].split(",").map(Number);
  if (Math.min(...sizes) < 1 || Math.max(...sizes) > 99 || (sizes.length === 3 && sizes[0] !== 1 && sizes[0] !== 3)) {
    throw new Error(`There is no kernel with these sizes: ${found[1]}.`);
  }
  const cell = { full: found[2], ones: "1", zeros: "0" }[name], [rows, cols] = sizes.slice(-2);
  const block = Array.from({ length: rows }, () => Array(cols).fill(cell));
  return Array(sizes.length === 3 ? sizes[0] : 1).fill(block);
}

// ---- brackets -------------------------------------------------------------------------------------------------

const lists = (node) => node.filter(Array.isArray);
const textOf = (leaf) => (leaf.length ? String(leaf[0]) : "");

// The brackets of the text; between them stand commas, semicolons and spaces alone.
function treeOf(text) {
  /** @type {List} */
  const top = [], stack = [top];
  for (const piece of text.match(/[[({]|[\])}]|[^[\](){}]+/g) ?? []) {
    if ("[({".includes(piece)) {
      if (stack.length > DEEPEST) throw new Error(TOO_DEEP);
      const inner = [];
      stack.at(-1).push(inner);
      stack.push(inner);
    } else if ("])}".includes(piece)) {
      stack.pop();
      if (stack.length === 0) throw new Error(NO_ROWS);
    } else if (strip(piece, ",; \t\n") || (stack.length > 1 && stack.at(-1).length === 0)) stack.at(-1).push(piece);
  }
  if (stack.length !== 1) throw new Error(NO_ROWS);
  return top;
}

// How deep a bracket is; all in it are equally deep. An empty one, or one with a text, is 1 deep.
function depthOf(node) {
  const inner = lists(node);
  if (inner.length === 0) {
    if (node.length > 1) throw new Error(NO_ROWS);
    return 1;
  }
  const texts = node.filter((one) => typeof one === "string" && strip(one, ",; \t\n"));
  const depths = new Set(inner.map(depthOf));
  if (texts.length || depths.size !== 1) throw new Error(NO_ROWS);
  return 1 + [...depths][0];
}

// One bracket within another whose text has rows of its own, as in LaTeX's brackets round an array.
function isTable(node) {
  const inner = lists(node);
  return inner.length === 1 && lists(inner[0]).length === 0 && /[&;]/.test(textOf(inner[0]));
}

function bracketed(text, order) {
  const top = treeOf(text);
  let depth = depthOf(top) - 1; // the text itself is no bracket
  let children = lists(top);
  const isGrid = depth < 3 || order !== "last";
  while (depth > 1 && children.length === 1 && (depth > 2 || isTable(children[0]))) {
    children = lists(children[0]);
    depth--;
  }
  if (depth === 1) return [children.length === 1 ? linesInBrackets(textOf(children[0])) : leafRows(children)];
  if (depth > 2) throw new Error(TOO_DEEP);
  const tables = children.map((child) => leafRows(lists(child)));
  return tables.length === 1 && isGrid ? tables : slicesOf(tables, order);
}

function leafRows(leaves) {
  // NumPy breaks long rows over several lines, so within a row a line break is only a space.
  const texts = leaves.map((leaf) => strip(textOf(leaf).replace(/[\t\n]/g, " ")));
  if (texts.length > 1 && texts.some((text) => text.includes(";"))) throw new Error(NO_ROWS);
  return texts.flatMap((text, i) => (text ? [separated(text, i + 1)] : []));
}

// Three blocks from (3, kh, kw), or from (kh, kw, 3); order: which, where the text says so.
function slicesOf(tables, order) {
  const isTable = tables[0].length > 0 && tables.every((rows) => rows.length === tables[0].length && rows.every((row) => row.length === 3));
  const first = tables.length === 3 && order !== "last", last = isTable && order !== "first";
  if (first && last && !order) {
    const sizes = `3×${tables[0].length}×3`;
    throw new Error(`Either the first or the last size of ${sizes} may be the colours: join three blocks with |.`);
  }
  if (first) return tables;
  if (last) return [0, 1, 2].map((channel) => tables.map((rows) => rows.map((cell) => cell[channel])));
  throw new Error(TOO_DEEP);
}
