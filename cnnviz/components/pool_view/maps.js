// The maps that are pooled, made in the browser from the stored picture or from numbers that Python sent.
// A map is {plane: Float32Array, width, height}.
import { convolve, padAmounts, planesOf } from "../shared/maths/engine.js";

const SETTINGS = { channels: "grey", mode: "replicate", stride: [1, 1], dilation: [1, 1], flip: false };
const SOBEL = [[-1, 0, 1, -2, 0, 2, -1, 0, 1], [-1, -2, -1, 0, 0, 0, 1, 2, 1]];

function filtered(grey, weights, rows, cols) {
  const kernel = { rows, cols, slices: [Float64Array.from(weights)] };
  const padding = padAmounts("same", kernel, [1, 1]);
  return convolve([grey.plane], grey.width, grey.height, kernel, { ...SETTINGS, padding }).planes[0];
}

export function greyMap(picture) {
  return { plane: planesOf(picture, "grey")[0], width: picture.width, height: picture.height };
}

// How strong the edge is: √(Gx² + Gy²), as cnnviz.core.sobel's "magnitude".
export function sobelMap(picture) {
  const grey = greyMap(picture);
  const [gx, gy] = SOBEL.map((weights) => filtered(grey, weights, 3, 3));
  return { ...grey, plane: gx.map((x, i) => Math.sqrt(x * x + gy[i] * gy[i])) };
}

export function cut({ plane, width }, { top, left, rows, cols }) {
  const out = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) out.set(plane.subarray((top + r) * width + left, (top + r) * width + left + cols), r * cols);
  return { plane: out, width: cols, height: rows };
}

/**
 * What each filter of a bank finds, after a ReLU: feature maps as a first layer would give them.
 * @param {{width: number, height: number, rgb: Uint8Array}} picture
 * @param {import("../shared/types").PoolFilterJson[]} bank
 */
export function featureMaps(picture, bank) {
  const grey = greyMap(picture);
  return bank.map(({ weights, rows, cols }) => ({
    ...grey, plane: filtered(grey, weights, rows, cols).map((v) => (v > 0 ? v : 0)),
  }));
}

export class Maps {
  constructor() {
    this.made = new Map();
  }

  whole(picture, of) {
    if (this.picture !== picture) this.made.clear();
    this.picture = picture;
    if (!this.made.has(of)) this.made.set(of, of === "sobel" ? sobelMap(picture) : greyMap(picture));
    return this.made.get(of);
  }

  /**
   * @param {{width: number, height: number, rgb: Uint8Array}} picture
   * @param {import("../shared/types").PoolFilterJson[]} bank
   */
  bank(picture, bank) {
    this.whole(picture, "grey");
    if (!this.made.has("bank")) this.made.set("bank", featureMaps(picture, bank));
    return this.made.get("bank");
  }

  /**
   * @param {{width: number, height: number, rgb: Uint8Array}} picture
   * @param {import("../shared/types").PoolShared["map"]} spec
   */
  get(picture, spec) {
    if (spec.kind === "numbers") return { plane: Float32Array.from(spec.values), width: spec.cols, height: spec.rows };
    const whole = this.whole(picture, spec.of);
    return spec.kind === "patch" ? cut(whole, spec) : whole;
  }
}
