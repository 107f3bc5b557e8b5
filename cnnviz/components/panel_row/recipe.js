// Evaluates recipes (see recipes.py) on a picture. A value is {planes: [Float32Array], width, height}; a
// direction also has `strength`, the magnitude that its colour is dimmed by.
import { unpack } from "../shared/maths/arrays.js";
import { convolve, maxPool, padAmounts, planesOf, relu } from "../shared/maths/engine.js";
import { pool, poolAxes } from "../shared/maths/pool.js";

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
const windows = ({ size, stride }, mode) => ({ mode, size: both(size), stride: both(stride), padding: both(0), ceil: false });

function pooled(step, of, mode) {
  const parts = of.planes.map((plane) => pool(plane, of.width, of.height, windows(step, mode)));
  return { planes: parts.map(({ plane }) => plane), width: parts[0].width, height: parts[0].height };
}

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
  picture: ({ channels }, _, source) => ({
    planes: planesOf(source, channels), width: source.width, height: source.height,
  }),
  conv: (step, [of]) => {
    const kernel = { rows: step.rows, cols: step.cols, slices: step.slices.map((s) => Float64Array.from(s)) };
    const channels = step.sum ? "sum" : of.planes.length === 3 ? "each" : "grey";
    const padding = padAmounts(step.padding, kernel, step.dilation);
    return convolve(of.planes, of.width, of.height, kernel, { ...step, channels, padding });
  },
  relu: (_, [of]) => ({ ...of, planes: of.planes.map(relu) }),
  max_pool: ({ size, stride }, [of]) => {
    const pooled = of.planes.map((plane) => maxPool(plane, of.width, of.height, size, stride));
    return { planes: pooled.map(({ plane }) => plane), width: pooled[0].width, height: pooled[0].height };
  },
  avg_pool: (step, [of]) => pooled(step, of, "average"),
  l2_pool: (step, [of]) => pooled(step, of, "l2"),
  subsample: (step, [of]) => subsampled(step, of),
  add: (_, [a, b]) => cellwise(a, b, (x, y) => x + y),
  sub: (_, [a, b]) => cellwise(a, b, (x, y) => x - y),
  abs_sum: (_, [a, b]) => cellwise(a, b, (x, y) => Math.abs(x) + Math.abs(y)),
  magnitude: (_, [a, b]) => cellwise(a, b, length),
  direction: (_, [a, b]) => ({
    ...cellwise(a, b, (x, y) => Math.atan2(y, x)),
    strength: cellwise(a, b, length).planes[0],
  }),
};

// done: a Map that keeps what was computed for this picture; equal (sub-)recipes are computed once.
export function evaluate(recipe, source, done) {
  const name = JSON.stringify(recipe);
  if (!done.has(name)) {
    const parts = recipe.of.map((part) => evaluate(part, source, done));
    done.set(name, OPERATIONS[recipe.op](recipe, parts, source));
  }
  return done.get(name);
}

// A finished picture as a value.
export function fromData({ kind, width, height, base64 }) {
  const bytes = unpack(base64, Uint8Array);
  if (kind === "values") return { planes: [new Float32Array(bytes.buffer)], width, height };
  return { planes: planesOf({ rgb: bytes, width, height }, "each"), width, height };
}
