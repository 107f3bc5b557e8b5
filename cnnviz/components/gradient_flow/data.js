// A run's gradient flow from what Python packed. Rows are layers; a row that has no number holds NaN.
import { cut, unpack } from "../shared/maths/arrays.js";

const NAN = 0, ZERO = 1, INFINITE = 2, FIRST = 3, PLACES = 65535 - FIRST;

/** @typedef {import("../shared/types").RunFlowJson} Run */
/** @typedef {"norm" | "mean" | "ratio" | "activations"} Measure */

/**
 * Sizes from their places on a log scale, as Python's log_codes, row by row.
 * @param {import("../shared/types").CodesJson} sent
 */
export function sizes({ low, high, codes }) {
  const span = (high - low) / PLACES;
  return Float64Array.from(unpack(codes, Uint16Array), (code) => {
    if (code >= FIRST) return 10 ** (low + span * (code - FIRST));
    return { [NAN]: NaN, [ZERO]: 0, [INFINITE]: Infinity }[code];
  });
}

/**
 * {label, step, rows: [name], values: Float64Array | null} of one number per layer with weights, now.
 * @param {Run} run
 * @param {Measure} measure
 */
function now(run, measure) {
  const rows = run.weightLayers.map((place) => run.layers[place]);
  const { look } = run;
  if (measure === "activations") {
    if (!look) return { label: run.label, step: null, rows, values: null };
    const all = unpack(look.norm);
    return { label: run.label, step: look.step, rows, values: Float64Array.from(run.weightLayers, (place) => all[place]) };
  }
  const values = run.now && Float64Array.from(unpack(run.now[measure]));
  return { label: run.label, step: run.now?.step ?? null, rows, values };
}

/**
 * The whole run: {starts (one more than columns), values (rows × columns), binWidth} or null. A closer look holds
 * until the next one.
 * @param {Run} run
 * @param {Measure} measure
 */
function heat(run, measure) {
  const rows = run.weightLayers.map((place) => run.layers[place]);
  if (measure === "activations") {
    if (!run.looks) return null;
    const steps = unpack(run.looks.steps, Uint32Array);
    const end = Math.max(steps.at(-1) + 1, run.now?.step ?? 0);
    return { label: run.label, rows, starts: Uint32Array.from([...steps, end]), values: sizes(run.looks.norm), looks: true };
  }
  if (!run.heat) return null;
  const { binWidth, starts } = run.heat;
  return { label: run.label, rows, starts: unpack(starts, Uint32Array), values: sizes(run.heat[measure]), binWidth };
}

/**
 * The whole run, in shares.
 * @param {Run} run
 * @param {"dead" | "saturated"} name
 */
function shares({ label, looks, layers, now }, name) {
  if (!looks?.units.length) return null;
  const steps = unpack(looks.steps, Uint32Array), end = Math.max(steps.at(-1) + 1, now?.step ?? 0);
  const values = Float64Array.from(unpack(looks[name], Uint8Array), (code) => (code === 255 ? NaN : code / 250));
  return { label, rows: looks.units.map((i) => layers[i]), starts: Uint32Array.from([...steps, end]), values, looks: true };
}

/**
 * Shares of dead units and of saturated values of every activation layer, at the last closer look.
 * @param {Run} run
 */
function units({ label, look, layers }) {
  if (!look) return { label, step: null, rows: [], dead: [], saturated: [] };
  const dead = unpack(look.dead), saturated = unpack(look.saturated);
  const places = layers.map((_, i) => i).filter((i) => Number.isFinite(dead[i]) || Number.isFinite(saturated[i]));
  return {
    label, step: look.step, rows: places.map((i) => layers[i]),
    dead: places.map((i) => dead[i]), saturated: places.map((i) => saturated[i]),
  };
}

/**
 * Percentiles of |gradient| of the layers with weights, by their weights and by their outputs.
 * @param {Run} run
 */
function bands({ label, look, layers, weightLayers }) {
  const rows = weightLayers.map((place) => layers[place]);
  if (!look) return { label, step: null, rows, percentiles: [], weights: [], outputs: [] };
  const many = look.percentiles.length, outputs = cut(unpack(look.activationBands), many);
  return {
    label, step: look.step, rows, percentiles: look.percentiles,
    weights: cut(unpack(look.weightBands), many, rows.length), outputs: weightLayers.map((place) => outputs[place]),
  };
}

export const reader = { now, heat, shares, units, bands };
