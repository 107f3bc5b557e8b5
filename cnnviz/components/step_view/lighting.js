// What the cell in focus has to do with the others, and the ranges that the colours stand for. No DOM.
import { sources, usesOfInput, usesOfWeight } from "./model.js";

/**
 * Cells by name: "c,row,col" of the input, "n,c,row,col" of a kernel, "n,row,col" of the output. A number beside a
 * cell is the weight to be written into it, NaN one that a quiz hides; null: none.
 * @typedef {object} Lit
 * @property {Map<string, number | null>} input
 * @property {Set<string>} kernel
 * @property {Map<string, number | null>} output
 */

/** @returns {Lit} */
export const nothingLit = () => ({ input: new Map(), kernel: new Set(), output: new Map() });

// Named beside the picture, the same for all cells of a kind.
export function rangesOf(model, whole) {
  const values = model.image.planes.flatMap((plane) => Array.from(plane));
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const most = (lists) => lists.reduce((m, list) => list.reduce((a, v) => Math.max(a, Math.abs(v)), m), 0) || 1;
  return {
    input: low < 0 ? [-Math.max(-low, high), Math.max(-low, high)] : [0, [1, 4, 9, 255].find((top) => high <= top) ?? high],
    kernel: most(model.weights.flat()), output: most(whole),
  };
}

// An output cell: what it is the sum of.
function ofOutput(model, { n, y, x }, shown, lit) {
  for (const s of sources(model, n, y, x)) {
    if (model.sparse && s.value === 0) continue;
    lit.input.set(`${s.c},${s.py},${s.px}`, shown(`${n},${s.c},${s.r},${s.k}`, s.weight));
    lit.kernel.add(`${n},${s.c},${s.r},${s.k}`);
  }
  lit.output.set(`${n},${y},${x}`, null);
}

// An input cell: where it goes; through the padding it may come to an output cell twice.
function ofInput(model, { c, py, px }, shown, lit) {
  lit.input.set(`${c},${py},${px}`, null);
  for (const use of usesOfInput(model, c, py, px)) {
    const weight = `${use.n},${c},${use.r},${use.k}`, name = `${use.n},${use.y},${use.x}`;
    lit.kernel.add(weight);
    lit.output.set(name, (lit.output.get(name) ?? 0) + shown(weight, use.weight));
  }
}

// A weight: what it is multiplied with, and where the products go.
function ofWeight(model, { n, c, r, k }, lit) {
  lit.kernel.add(`${n},${c},${r},${k}`);
  for (const use of usesOfWeight(model, r, k)) {
    lit.input.set(`${c},${use.py},${use.px}`, null);
    lit.output.set(`${n},${use.y},${use.x}`, null);
  }
}

/**
 * What is lit for a focus; hidden: what a quiz asks for.
 * @returns {Lit}
 */
export function litFor(model, focus, hidden = null) {
  const lit = nothingLit(), shown = (name, weight) => (hidden?.weight === name ? NaN : weight);
  if (focus?.kind === "output") ofOutput(model, focus, shown, lit);
  else if (focus?.kind === "input") ofInput(model, focus, shown, lit);
  else if (focus) ofWeight(model, focus, lit);
  return lit;
}
