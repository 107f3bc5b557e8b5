// Evaluates recipes (see recipes.py) on a picture.
import { unpack } from "../shared/maths/arrays.js";
import { convolve, maxPool, padAmounts, planesOf, relu } from "../shared/maths/engine.js";
import { pool, poolAxes } from "../shared/maths/pool.js";

/**
 * `strength`: of a direction, the magnitude that its colour is dimmed by
 * @typedef {{planes: Float32Array[], width: number, height: number, strength?: Float32Array}} Value
 */
/** @typedef {import("../shared/types").RecipeJson} Recipe */
/** @typedef {Recipe & import("../shared/types").PictureOptions} PictureStep */
/** @typedef {Recipe & import("../shared/types").ConvOptions} ConvStep */
/** @typedef {Recipe & import("../shared/types").PoolOptions} PoolStep */
/** @typedef {{rgb: Uint8Array, width: number, height: number}} Picture */

/**
 * @param {Value} a
 * @param {Value} b
 * @param {(x: number, y: number) => number} f
 * @returns {Value}
 */
function cellwise(a, b, f) {
  if (a.width !== b.width || a.height !== b.height || a.planes.length !== b.planes.length) {
    throw new RangeError("These two pictures have different sizes.");
  }
  const planes = a.planes.map((plane, p) => {
    const other = b.planes[p], out = new Float32Array(plane.length);
    for (let i = 0; i < out.length; i++) out[i] = f(plane[i], other[i]);
    return out;
  });
  return { planes, width: a.width, height: a.height };
}

const length = (x, y) => Math.sqrt(x * x + y * y);

const both = (n) => [n, n];
/**
 * @param {PoolStep} step
 * @param {string} mode
 */
const windows = ({ size, stride }, mode) => ({ mode, size: both(size), stride: both(stride), padding: both(0), ceil: false });

/**
 * @param {PoolStep} step
 * @param {Value} of
 * @param {string} mode
 */
function pooled(step, of, mode) {
  const parts = of.planes.map((plane) => pool(plane, of.width, of.height, windows(step, mode)));
  return { planes: parts.map(({ plane }) => plane), width: parts[0].width, height: parts[0].height };
}

/**
 * @param {PoolStep} step
 * @param {Value} of
 */
function subsampled(step, of) {
  const [down, across] = poolAxes(of.width, of.height, windows(step, "max"));
  const planes = of.planes.map((plane) => {
    const out = new Float32Array(down.outputs * across.outputs);
    for (let y = 0, o = 0; y < down.outputs; y++) {
      for (let x = 0, i = y * step.stride * of.width; x < across.outputs; x++, o++, i += step.stride) out[o] = plane[i];
    }
    return out;
  });
  return { planes, width: across.outputs, height: down.outputs };
}

const OPERATIONS = {
  picture: (/** @type {PictureStep} */ { channels }, _, /** @type {Picture} */ source) => ({
    planes: planesOf(source, channels), width: source.width, height: source.height,
  }),
  conv: (/** @type {ConvStep} */ step, [of]) => {
    const kernel = { rows: step.rows, cols: step.cols, slices: step.slices.map((s) => Float64Array.from(s)) };
    const channels = step.sum ? "sum" : of.planes.length === 3 ? "each" : "grey";
    const padding = padAmounts(step.padding, kernel, step.dilation);
    return convolve(of.planes, of.width, of.height, kernel, { ...step, channels, padding });
  },
  relu: (_, [of]) => ({ ...of, planes: of.planes.map(relu) }),
  max_pool: (/** @type {PoolStep} */ { size, stride }, [of]) => {
    const pooled = of.planes.map((plane) => maxPool(plane, of.width, of.height, size, stride));
    return { planes: pooled.map(({ plane }) => plane), width: pooled[0].width, height: pooled[0].height };
  },
  avg_pool: (/** @type {PoolStep} */ step, [of]) => pooled(step, of, "average"),
  l2_pool: (/** @type {PoolStep} */ step, [of]) => pooled(step, of, "l2"),
  subsample: (/** @type {PoolStep} */ step, [of]) => subsampled(step, of),
  add: (_, [a, b]) => cellwise(a, b, (x, y) => x + y),
  sub: (_, [a, b]) => cellwise(a, b, (x, y) => x - y),
  abs_sum: (_, [a, b]) => cellwise(a, b, (x, y) => Math.abs(x) + Math.abs(y)),
  magnitude: (_, [a, b]) => cellwise(a, b, length),
  direction: (_, [a, b]) => ({
    ...cellwise(a, b, (x, y) => Math.atan2(y, x)),
    strength: cellwise(a, b, length).planes[0],
  }),
};

/**
 * @param {Recipe} recipe
 * @param {Picture} source
 * @param {Map<string, Value>} done keeps what was computed for this picture; equal (sub-)recipes are computed once
 * @returns {Value}
 */
export function evaluate(recipe, source, done) {
  const name = JSON.stringify(recipe);
  if (!done.has(name)) {
    const parts = recipe.of.map((part) => evaluate(part, source, done));
    done.set(name, OPERATIONS[recipe.op](recipe, parts, source));
  }
  return done.get(name);
}

/**
 * A finished picture as a value.
 * @param {import("../shared/types").FinishedJson} data
 * @returns {Value}
 */
export function fromData({ kind, width, height, base64 }) {
  const bytes = unpack(base64, Uint8Array);
  if (kind === "values") return { planes: [new Float32Array(bytes.buffer)], width, height };
  return { planes: planesOf({ rgb: bytes, width, height }, "each"), width, height };
}
