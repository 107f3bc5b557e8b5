// What a card says of its layer: a short label, its output, and a small mark for its kind.
import { shapeText } from "../shared/text/format.js";

const ICONS = {
  conv: '<path d="M3 3h14v14H3zM7.67 3v14M12.33 3v14M3 7.67h14M3 12.33h14"/><path class="full" d="M7.67 7.67h4.66v4.66H7.67z"/>',
  pool: '<path d="M3 3h14v14H3zM10 3v14M3 10h14"/><path class="full" d="M10 3h7v7h-7z"/>',
  whole: '<path d="M3 3h14v14H3z"/><circle class="full" cx="10" cy="10" r="2.6"/>',
  bend: '<path d="M3 15h7.5L17 4"/>',
  curve: '<path d="M3 15c5 0 6.5-.5 8.5-3.5L17 4"/>',
  squash: '<path d="M3 16c7 0 7-12 14-12"/>',
  norm: '<path d="M2.5 15.5c4.5 0 4-11 7.5-11s3 11 7.5 11"/>',
  drop: '<circle cx="6" cy="6" r="2.4"/><circle cx="14" cy="6" r="2.4" stroke-dasharray="1.6 1.7"/><circle cx="6" cy="14" r="2.4" stroke-dasharray="1.6 1.7"/><circle cx="14" cy="14" r="2.4"/>',
  flat: '<path d="M3 4h14M3 8h14M3 12h14M3 16h14"/>',
  dense: '<path d="M5 4.5 15 7M5 4.5 15 13M5 10 15 7M5 10 15 13M5 15.5 15 7M5 15.5 15 13"/><circle class="full" cx="5" cy="4.5" r="1.6"/><circle class="full" cx="5" cy="10" r="1.6"/><circle class="full" cx="5" cy="15.5" r="1.6"/><circle class="full" cx="15" cy="7" r="1.6"/><circle class="full" cx="15" cy="13" r="1.6"/>',
  skip: '<path d="M4 2.5v15M4 5c9 0 12 1 12 5s-3 5-12 5"/><path class="full" d="m4 17.5-2.4-4h4.8z"/>',
  input: '<path d="M2.5 4h15v12h-15z"/><path d="m3 15 4.5-5 3 3 3-4 4 4.5"/>',
};

/** @typedef {import("../shared/types").LayerTypeJson} LayerType */
/** @typedef {import("../shared/types").LayerFieldJson} Field */

/**
 * The mark of a layer type; its `role` is what colours it: what has weights, what only works on the maps, or the input.
 * @param {LayerType} kind
 */
export const mark = ({ icon }) => `<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon] ?? ICONS.bend}</svg>`;

const both = (value) => (Array.isArray(value) ? value.join("×") : `${value}×${value}`);
const short = (value) => (Array.isArray(value) ? value.join("×") : `${value}`);

/**
 * "conv 3×3 · 8" of the kind's text "conv {kernel} · {channels}".
 * @param {import("./model.js").Node} node
 * @param {LayerType} kind
 */
function mainText(node, { title, card, fields }) {
  return (card || title).replace(/\{(\w+)\}/g, (_, name) => {
    const value = node.values[name], { kind } = fields.find((field) => field.name === name);
    return kind === "pair" ? both(value) : short(value);
  });
}

/**
 * Whether a setting is worth a word: not the default, nor what it would be by itself, nor in the main text.
 * @param {Field} field
 * @param {import("./model.js").Node} node
 * @param {string} card
 */
function isTelling({ name, kind, follows, default: usual }, { values }, card) {
  const value = values[name];
  if (kind === "layers" || card.includes(`{${name}}`) || value === null) return false;
  return JSON.stringify(value) !== JSON.stringify(usual) && !(follows && short(value) === short(values[follows]));
}

/**
 * {main, more}: "conv 3×3 · 8" and what else differs from the default, "stride 2 · pad same".
 * @param {import("./model.js").Node} node
 * @param {Record<string, LayerType>} schema
 */
export function label(node, schema) {
  const kind = schema[node.type];
  const fields = kind.fields.filter((field) => isTelling(field, node, kind.card));
  const last = (field) => field.kind === "padding"; // the least telling
  const more = [...fields.filter((field) => !last(field)), ...fields.filter(last)].map(({ name, label: title, card }) => {
    const value = short(node.values[name]);
    return card ? card.replace("{}", value) : `${title.toLowerCase()} ${value}`;
  });
  return { main: mainText(node, kind), more: more.join(" · ") };
}

export const shapeWords = (shape) => (shape ? shapeText(shape, " × ") : "–");

export function outputWords(shape) {
  if (!shape) return "no output";
  return shape.length === 3 ? `output ${shape[0]} maps of ${shape[1]} by ${shape[2]}` : `output ${shape[0]} numbers`;
}

/**
 * "padding 1, stride 2 × 1": what a suggested change would set.
 * @param {Record<string, any>} fix
 * @param {Field[]} fields
 */
export function changeText(fix, fields) {
  const name = (id) => (fields.find((field) => field.name === id)?.label ?? id).toLowerCase();
  return Object.entries(fix).map(([id, value]) => `${name(id)} ${value === null ? "auto" : short(value)}`).join(", ");
}
