// The sentences of the view, from records and boxes. No DOM.
import { counted, grouped, listText, percent } from "../shared/text/format.js";
import { clip, countOf } from "./maths.js";

const number = (v) => String(Math.round(v * 100) / 100).replace("-", "−");
/** @param {number[]} size */
const by = (size) => `${size[0]}×${size[1]}`;
const span = (what, first, last) => (last - first === 1 ? `${what} ${first}` : `${what}s ${first} to ${last - 1}`);
const rows = (first, last) => span("row", first, last);
const columns = (first, last) => span("column", first, last);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const sides = (box) => [box.bottom - box.top, box.right - box.left];

export function share(part, whole) {
  return part > 0 && 100 * part < whole ? "under 1 %" : percent(part / whole, 0);
}

// How much of the box hangs out on each side, or "".
export function outside(box, [tall, wide]) {
  /** @type {[number, string, string][]} */
  const over = [
    [-box.top, "row", "above"], [box.bottom - tall, "row", "below"],
    [-box.left, "column", "on the left"], [box.right - wide, "column", "on the right"],
  ];
  const there = over.filter(([n]) => n > 0), said = there.map(([n, what, where]) => `${counted(n, what)} ${where}`);
  return said.length ? `${listText(said)} ${said.length === 1 && there[0][0] === 1 ? "lies" : "lie"} outside the picture, in the padding.` : "";
}

// {lead, rest}: what a unit sees.
export function unitWords(record, unit, box, shape, place) {
  const inside = clip(box, shape), [h, w] = sides(inside), over = outside(box, shape);
  const lead = over
    ? `Unit (${unit.join(", ")}) of ${record.name}: a field of ${by(sides(box))} pixels, ${h * w ? by([h, w]) : "none"} of it on the picture.`
    : `Unit (${unit.join(", ")}) of ${record.name} sees ${by(sides(box))} of ${by(shape)} pixels.`;
  const where = h * w ? [`${capital(rows(inside.top, inside.bottom))}, ${columns(inside.left, inside.right)}: ${share(h * w, shape[0] * shape[1])} of the picture.`] : [];
  const all = (box.bottom - box.top) * (box.right - box.left);
  const read = record.reads ? record.reads.map((text) => text.replaceAll("0", "").length).reduce((a, b) => a * b) : all;
  const skips = read < all ? `Of the ${grouped(all)} pixels in the box only ${grouped(read)} are read: the windows leave gaps.` : "";
  return { lead, rest: [...where, over, skips, `Centre of the field: ${place.map(number).join(", ")}.`].filter(Boolean).join(" ") };
}

// {lead, rest}: which units see a pixel.
export function pixelWords(record, pixel, ranges) {
  const [[top, bottom], [left, right]] = ranges, n = countOf(ranges);
  const all = record.output[0] * record.output[1];
  if (!n) return { lead: `No unit of ${record.name} sees pixel (${pixel.join(", ")}).`, rest: "No window reaches it: what stands there changes nothing in this layer." };
  const lead = `Pixel (${pixel.join(", ")}) is seen by ${counted(n, "unit")} of ${record.name}`;
  const times = n > 1 ? `${bottom - top}×${right - left}: ` : "";
  return { lead: `${lead}, of ${grouped(all)}.`, rest: `${times}unit ${rows(top, bottom)}, unit ${columns(left, right)}. ${n > 1 ? "The dashed boxes are the fields of the first and the last of them." : "The dashed box is its field."}` };
}

// The layer in one step of the growth.
export function growthWords(records, at) {
  const { name, growth } = records[at];
  return at === 0
    ? { lead: "It starts with one pixel.", rest: "A pixel of the input sees itself." }
    : { lead: `${name}: ${growth}`, rest: "size before + (span of the kernel − 1) · jump before" };
}
