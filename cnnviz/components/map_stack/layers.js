// The computing of a stack: layers of convolution, ReLU and max pooling, and what a pixel of a map is made of.
import { convolve, maxPool, padAmounts, planesOf, relu } from "../shared/maths/engine.js";

const ONCE = [1, 1];

/** @param {import("../shared/types").StackMapJson} map */
function kernelOf({ rows, cols, slices }) {
  return { rows, cols, slices: slices.map((weights) => Float64Array.from(weights)) };
}

function oneMap(before, spec, mode, pool) {
  const kernel = kernelOf(spec);
  const settings = {
    channels: "sum", padding: padAmounts("same", kernel, ONCE), mode, stride: ONCE, dilation: ONCE, flip: false,
  };
  const { planes, width, height } = convolve(before.planes, before.width, before.height, kernel, settings);
  return maxPool(relu(planes[0]), width, height, pool);
}

/**
 * A generator, so that it can be worked on between frames; returns the input and each layer as
 * {planes, width, height}, the input first.
 * @param {{width: number, height: number, rgb: Uint8Array}} picture
 * @param {import("../shared/types").StackLayerJson[]} layers
 * @param {string} mode
 */
export function* runStack(picture, layers, mode) {
  const done = [{ planes: planesOf(picture, "grey"), width: picture.width, height: picture.height }];
  for (const layer of layers) {
    const before = done.at(-1), maps = [];
    for (const spec of layer.maps) {
      maps.push(oneMap(before, spec, mode, layer.pool));
      yield;
    }
    const { width, height } = maps[0];
    done.push({ planes: maps.map(({ plane }) => plane), width, height });
  }
  return done;
}

/**
 * The cells [first, last] of each earlier stage, the input first, that cell `at` of stage `stage` is made of
 * along one axis, and of that stage itself. They may lie outside the picture.
 * @param {import("../shared/types").StackLayerJson[]} layers
 * @param {number} stage
 * @param {number} at
 * @param {"rows" | "cols"} reach
 * @returns {[number, number][]}
 */
export function fieldOf(layers, stage, at, reach) {
  /** @type {[number, number][]} */
  const spans = [[at, at]];
  for (let s = stage; s > 0; s--) {
    const [first, last] = spans[0], { pool, maps } = layers[s - 1];
    const before = (maps[0][reach] - 1) >> 1, after = maps[0][reach] - 1 - before;
    spans.unshift([first * pool - before, last * pool + pool - 1 + after]);
  }
  return spans;
}
