// What a card says of its layer: a short label, its output, and a small mark for its kind.
import { shapeText } from "../shared/text/format.js";

const SIGNS = {
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
const SIGN_OF = {
  conv: "conv", max_pool: "pool", avg_pool: "pool", global_avg_pool: "whole", global_max_pool: "whole",
  batch_norm: "norm", dropout: "drop", elu: "curve", gelu: "curve", silu: "curve", softplus: "curve", hard_swish: "curve",
  sigmoid: "squash", tanh: "squash", hard_sigmoid: "squash", hard_tanh: "squash", flatten: "flat", dense: "dense", residual: "skip", input: "input",
};
const WITH_WEIGHTS = new Set(["conv", "dense", "batch_norm", "residual"]);

// The mark's path and the role that colours it: what has weights, what only works on the maps, or the input.
export function mark(type) {
  const sign = SIGNS[SIGN_OF[type] ?? "bend"];
  return `<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">${sign}</svg>`;
}

export const roleOf = (type) => (type === "input" ? "input" : WITH_WEIGHTS.has(type) ? "kernel" : "output");

const both = (value) => (Array.isArray(value) ? value.join("×") : `${value}×${value}`);
const short = (value) => (Array.isArray(value) ? value.join("×") : `${value}`);

const MAIN = {
  conv: ({ kernel, channels }) => `conv ${both(kernel)} · ${channels}`,
  max_pool: ({ kernel }) => `max pool ${both(kernel)}`,
  avg_pool: ({ kernel }) => `average pool ${both(kernel)}`,
  dense: ({ units }) => `dense · ${units}`,
  dropout: ({ p }) => `dropout · ${p}`,
  batch_norm: () => "batch norm",
  flatten: () => "flatten",
  global_avg_pool: () => "global average",
  global_max_pool: () => "global max",
  residual: () => "residual block",
};
const SHOWN = {
  max_pool: ["kernel"], avg_pool: ["kernel"], conv: ["kernel", "channels"], dense: ["units"], dropout: ["p"],
};
const WORDS = {
  groups: (value) => `${value} groups`,
  bias: () => "no bias",
  padding: (value) => `pad ${short(value)}`,
  ceil_mode: () => "ceil",
  shortcut: (value) => `${value} shortcut`,
};

const LAST = new Set(["padding"]); // the least telling

// {main, more}: "conv 3×3 · 8" and what else differs from the default, "stride 2 · padding same".
export function label(node, schema) {
  const kind = schema[node.type];
  const main = MAIN[node.type]?.(node.values) ?? kind?.title ?? node.type;
  const more = [], fields = kind?.fields ?? [];
  for (const field of [...fields].sort((a, b) => Number(LAST.has(a.name)) - Number(LAST.has(b.name)))) {
    const value = node.values[field.name];
    if (field.kind === "layers" || SHOWN[node.type]?.includes(field.name)) continue;
    if (JSON.stringify(value) === JSON.stringify(field.default) || value === null) continue;
    if (field.name === "stride" && short(value) === short(node.values.kernel) && field.optional) continue;
    more.push(WORDS[field.name]?.(value) ?? `${field.label.toLowerCase()} ${short(value)}`);
  }
  return { main, more: more.join(" · ") };
}

export const shapeWords = (shape) => (shape ? shapeText(shape, " × ") : "–");

export function outputWords(shape) {
  if (!shape) return "no output";
  return shape.length === 3 ? `output ${shape[0]} maps of ${shape[1]} by ${shape[2]}` : `output ${shape[0]} numbers`;
}

// "padding 1, stride 2 × 1": what a suggested change would set.
export function changeText(fix, fields) {
  const name = (id) => (fields.find((field) => field.name === id)?.label ?? id).toLowerCase();
  return Object.entries(fix).map(([id, value]) => `${name(id)} ${value === null ? "auto" : short(value)}`).join(", ");
}
