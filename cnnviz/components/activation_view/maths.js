// Activation functions and their derivatives, number by number: the twin of cnnviz/core/activations/functions.py.
// `p` is the function's one parameter (slope, α or β), where it has one. At a kink the slope is torch's.

import { convolve, padAmounts, planesOf } from "../shared/maths/engine.js";

const ROOT_PI = Math.sqrt(Math.PI);

// erfc(z) for z ≥ 0: 1 minus a series of positive terms near 0, a continued fraction from 2.5 on.
function erfc(z) {
  const bell = Math.exp(-z * z);
  if (z < 2.5) {
    let term = z, sum = z;
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * z * z) / (2 * n + 1);
    return 1 - (2 / ROOT_PI) * bell * sum;
  }
  let below = z;
  for (let n = 40; n > 0; n--) below = z + n / 2 / below;
  return bell / ROOT_PI / below;
}

// The normal distribution's Φ and its density φ.
function below(x) {
  const tail = 0.5 * erfc(Math.abs(x) / Math.SQRT2);
  return x < 0 ? tail : 1 - tail;
}
const bell = (x) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

function sigmoid(x) {
  const small = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : small) / (1 + small);
}
function sigmoidSlope(x) {
  const small = Math.exp(-Math.abs(x));
  return small / (1 + small) ** 2;
}
const clip = (x, low, high) => Math.min(high, Math.max(low, x));
const hardSigmoid = (x) => clip(x / 6 + 0.5, 0, 1);

const TABLE = {
  identity: [(x) => x, () => 1],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
  leaky_relu: [(x, p) => (x > 0 ? x : p * x), (x, p) => (x > 0 ? 1 : p)],
  elu: [(x, p) => (x > 0 ? x : p * Math.expm1(x)), (x, p) => (x > 0 ? 1 : p * Math.exp(x))],
  gelu: [(x) => x * below(x), (x) => below(x) + x * bell(x)],
  silu: [(x) => x * sigmoid(x), (x) => sigmoid(x) + x * sigmoidSlope(x)],
  sigmoid: [sigmoid, sigmoidSlope],
  tanh: [Math.tanh, (x) => 4 * sigmoidSlope(2 * x)],
  softplus: [
    (x, p) => Math.max(x, 0) + Math.log1p(Math.exp(-p * Math.abs(x))) / p,
    (x, p) => sigmoid(p * x),
  ],
  hard_sigmoid: [hardSigmoid, (x) => (Math.abs(x) < 3 ? 1 / 6 : 0)],
  hard_tanh: [(x) => clip(x, -1, 1), (x) => (Math.abs(x) < 1 ? 1 : 0)],
  hard_swish: [(x) => x * hardSigmoid(x), (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1)],
  relu6: [(x) => clip(x, 0, 6), (x) => (x > 0 && x < 6 ? 1 : 0)],
};

export const hasTwin = (id) => Object.hasOwn(TABLE, id);

// {f, slope} of an activation as Python describes it: {id, value}.
export function functionOf({ id, value }) {
  if (!hasTwin(id)) throw new Error(`The activation "${id}" has no twin in activation_view/maths.js.`);
  const [f, slope] = TABLE[id];
  return { f: (x) => f(x, value), slope: (x) => slope(x, value) };
}

// f of every value of a Float32Array. (Float32Array.from with a function is several times slower.)
export function mapped(plane, f) {
  const out = new Float32Array(plane.length);
  for (let i = 0; i < plane.length; i++) out[i] = f(plane[i]);
  return out;
}

// A map without the noise of its sums: in float32 a sum that is 0 comes out as some 1e-5, and would be counted as a value
// or, behind ReLU, as half a zero. Grey values have three decimals, so what is nearer to 0 than this is 0.
const NOISE = 2 ** -21;
function withoutNoise(plane) {
  let most = 0;
  for (let i = 0; i < plane.length; i++) most = Math.max(most, Math.abs(plane[i]));
  return plane.map((value) => (Math.abs(value) <= NOISE * most ? 0 : value));
}

// The feature map: grey / 256 through the kernel, plus the bias; the edge cells are repeated outside.
export function featureMap(picture, kernel, bias) {
  const settings = {
    channels: "grey", padding: padAmounts("same", kernel, [1, 1]), mode: "replicate", stride: [1, 1],
    dilation: [1, 1], flip: false,
  };
  const scaled = { ...kernel, slices: kernel.slices.map((slice) => Float64Array.from(slice, (w) => w / 256)) };
  const { planes, width, height } = convolve(planesOf(picture, "grey"), picture.width, picture.height, scaled, settings);
  const plane = bias ? planes[0].map((v) => v + bias) : planes[0];
  return { plane: withoutNoise(plane), width, height };
}

// The shares of cells: exactly 0 before and after, and flat (|slope| under `limit`).
export function shares(before, after, slope, limit) {
  let zeroBefore = 0, zeroAfter = 0, flat = 0;
  for (let i = 0; i < before.length; i++) {
    if (before[i] === 0) zeroBefore++;
    if (after[i] === 0) zeroAfter++;
    if (Math.abs(slope(before[i])) < limit) flat++;
  }
  const n = before.length;
  return { before: zeroBefore / n, after: zeroAfter / n, flat: flat / n };
}

// How many of the values fall into each of `bins` equal parts of [low, high]; what lies outside is not counted.
export function counts(plane, low, high, bins) {
  const found = new Uint32Array(bins), scale = bins / (high - low);
  for (let i = 0; i < plane.length; i++) {
    const bin = Math.floor((plane[i] - low) * scale);
    if (bin >= 0 && bin < bins) found[bin]++;
  }
  return found;
}
