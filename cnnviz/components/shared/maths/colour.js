// Values to colours: the twin of cnnviz/core/colour/displays.py, byte for byte. t = (value - low) / (high - low), held to
// 0 … 1, then index = floor(t * 255 + 0.5), in doubles; "absolute" takes |value|; a value that is not a finite
// number is shown in NOT_FINITE.
import { unpack } from "./arrays.js";

const NOT_FINITE = [255, 0, 255];
const OUT = 256; // the index of a value that is not a finite number
const TAU = 2 * Math.PI;

/**
 * The smallest and the largest finite value of all planes; 0 and 0 where there is none.
 * @param {ArrayLike<number>[]} planes
 * @returns {[number, number]}
 */
export function extremes(planes) {
  let low = Infinity, high = -Infinity;
  for (const plane of planes) {
    for (let i = 0; i < plane.length; i++) {
      const v = plane[i];
      if (v < low && v > -Infinity) low = v;
      if (v > high && v < Infinity) high = v;
    }
  }
  return low > high ? [0, 0] : [low, high];
}

/**
 * [low, high] of a display over all planes together, as Python's value_range.
 * @param {ArrayLike<number>[]} planes
 * @param {string} display
 * @returns {[number, number]}
 */
export function valueRange(planes, display) {
  if (display === "clip") return [0, 255];
  if (display === "shift") return [-128, 127];
  const [low, high] = extremes(planes);
  if (display === "stretch") return [low, high > low ? high : low + 1];
  const most = Math.max(-low, high) || 1;
  return [display === "signed" ? -most : 0, most];
}

// The place 0 … 255 of one value, or OUT.
function place(v, low, span) {
  const t = (v - low) / span;
  if (t > 0) return t < 1 ? (t * 255 + 0.5) | 0 : t < Infinity ? 255 : OUT;
  return t > -Infinity ? 0 : OUT; // NaN is not above anything
}

// The 768 bytes of a look-up table as pixels in the byte order of this machine, NOT_FINITE at OUT.
function pixelTable(lut) {
  const bytes = new Uint8Array(4 * 257);
  for (let i = 0; i < 256; i++) bytes.set([lut[3 * i], lut[3 * i + 1], lut[3 * i + 2], 255], 4 * i);
  bytes.set([...NOT_FINITE, 255], 4 * OUT);
  return new Uint32Array(bytes.buffer);
}

function paintOne(plane, low, span, absolute, table, pixels) {
  for (let i = 0; i < plane.length; i++) {
    const v = plane[i];
    pixels[i] = table[place(absolute && v < 0 ? -v : v, low, span)];
  }
}

function paintThree([red, green, blue], low, span, absolute, out) {
  for (let i = 0, o = 0; i < red.length; i++, o += 4) {
    const r = place(absolute ? Math.abs(red[i]) : red[i], low, span);
    const g = place(absolute ? Math.abs(green[i]) : green[i], low, span);
    const b = place(absolute ? Math.abs(blue[i]) : blue[i], low, span);
    const shown = (r | g | b) < OUT;
    out[o] = shown ? r : NOT_FINITE[0];
    out[o + 1] = shown ? g : NOT_FINITE[1];
    out[o + 2] = shown ? b : NOT_FINITE[2];
    out[o + 3] = 255;
  }
}

// Paints 1 plane through the table `lut` (Uint8Array(768)), or 3 planes as red, green and blue, into the RGBA
// bytes `out` (Uint8ClampedArray, width * height * 4). range: [low, high], as valueRange gives it.
export function paint(planes, width, height, display, lut, range, out) {
  const [low, high] = range;
  const span = high > low ? high - low : 1;
  const absolute = display === "absolute";
  if (planes.length === 1) {
    const pixels = new Uint32Array(out.buffer, out.byteOffset, width * height);
    paintOne(planes[0], low, span, absolute, pixelTable(lut), pixels);
  } else paintThree(planes, low, span, absolute, out);
  return out;
}

// Directions (radians) through a cyclic table, dimmed to black where `strength` is small against `high`, as
// Python's direction_to_rgb: a flat area, whose direction means nothing, is black.
export function paintDirection(radians, strength, high, lut, out) {
  const span = high > 0 ? high : 1;
  for (let i = 0, o = 0; i < radians.length; i++, o += 4) {
    const turns = radians[i] / TAU;
    const at = 3 * (Math.floor((turns - Math.floor(turns)) * 256 + 0.5) % 256);
    const share = (place(Math.abs(strength[i]), 0, span) % OUT) / 255;
    const shown = Number.isFinite(turns);
    for (let c = 0; c < 3; c++) out[o + c] = shown ? Math.floor(lut[at + c] * share + 0.5) : NOT_FINITE[c];
    out[o + 3] = 255;
  }
  return out;
}

// A table from its base64 text (as Python sends it).
export function lutFromBase64(text) {
  return unpack(text, Uint8Array);
}
