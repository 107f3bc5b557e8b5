// Numbers as people read them: a real minus sign, never −0, and never more digits than mean something. No DOM.

const MINUS = "\u2212";

/**
 * |value| with this many decimals; an exact half goes to the even digit, as in Python.
 * @param {number} size
 * @param {number} digits
 */
function decimals(size, digits) {
  const scaled = size * 10 ** digits, below = Math.floor(scaled);
  const half = scaled - below === 0.5 && (2 * below + 1) % 5 ** digits === 0;
  return (half && below % 2 === 0 ? below / 10 ** digits : size).toFixed(digits);
}

/**
 * A value with up to four significant digits, as Python's format_value.
 * @param {number} value
 */
export function formatValue(value) {
  if (!Number.isFinite(value)) return "not a finite number";
  const size = Math.abs(value);
  let text;
  if (size >= 1000) text = size < 1e21 ? decimals(size, 0) : BigInt(size).toString();
  else {
    const [digits, exponent] = size.toExponential(3).split("e").map(Number);
    if (size === 0) return "0";
    if (exponent < -4) text = `${digits}e${MINUS}${String(-exponent).padStart(2, "0")}`;
    else text = String(Number(decimals(size, Math.min(3 - exponent, 3 - Math.floor(Math.log10(size))))));
  }
  return value < 0 ? `${MINUS}${text}` : text;
}

/**
 * A value that may be none: NaN and infinities keep their names, very large ones are written with a power of ten.
 * @param {number | undefined} value
 */
export function formatNumber(value) {
  if (value === undefined || Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  if (Math.abs(value) < 1e5) return formatValue(value);
  const [digits, power] = Math.abs(value).toExponential(3).split("e");
  return `${value < 0 ? MINUS : ""}${Number(digits)}e${power.replace("+", "")}`;
}

/**
 * A number for a small cell: at most `digits` significant digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function shortNumber(value, digits = 3) {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 0.001 || size >= 1e6) ? rounded.toExponential(1) : String(rounded);
  return text.replaceAll("-", MINUS);
}

/**
 * “.5” for “0.5”, where there is no room.
 * @param {string} text
 */
export const withoutLeadingZero = (text) => text.replace(/^(\u2212?)0\./, "$1.");

/**
 * A whole number, its thousands apart: “1,024”.
 * @param {number} n
 */
export const grouped = (n) => Math.round(n).toLocaleString("en-GB");

/**
 * “1 cell”, “1,024 cells”.
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (n, one, many = `${one}s`) => `${grouped(n)} ${n === 1 ? one : many}`;

/**
 * A size: “3×224×224”.
 * @param {readonly number[]} shape
 * @param {string} [times]
 */
export const shapeText = (shape, times = "×") => shape.map(grouped).join(times);

/**
 * A share of 1 in percent: with this many decimals, or up to four significant digits; without a number where there
 * is none.
 * @param {number} share
 * @param {number} [digits]
 */
export function percent(share, digits) {
  if (!Number.isFinite(share)) return formatNumber(share);
  return `${digits === undefined ? formatValue(100 * share) : (100 * share).toFixed(digits).replace("-", MINUS)} %`;
}

/**
 * A share for a table or a bar: whole percents, one decimal below ten.
 * @param {number} share
 */
export const roughPercent = (share) => percent(share, share > 0 && share < 0.0995 ? 1 : 0);

/**
 * “−1.2 … 1.2”
 * @param {readonly number[]} range low and high
 * @param {(value: number) => string} [format]
 */
export const rangeText = (range, format = formatValue) => `${format(range[0])} … ${format(range[1])}`;

/**
 * Terms of a sum: “1 + 2 − 3”.
 * @param {readonly string[]} terms
 */
export const sumText = (terms) => terms.join(" + ").replaceAll(`+ ${MINUS}`, `${MINUS} `);

/**
 * “a, b and c”
 * @param {readonly string[]} parts
 */
export const listText = (parts) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * 10⁻³ and the like.
 * @param {number} exponent
 */
export function powerOfTen(exponent) {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
