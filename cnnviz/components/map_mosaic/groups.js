// What Python sends as one row of numbers, cut into groups of maps: the picture, the filters, and every layer.
import { cut, unpack } from "../shared/maths/arrays.js";

const TARGETS = [[1, 22], [8, 40], [400, 56]]; // longest side in cells → tile size in CSS pixels

function targetOf(rows, cols) {
  const side = Math.max(rows, cols);
  return TARGETS.find(([most]) => side <= most)?.[1] ?? 64;
}

/**
 * The pinned picture: grey, or red, green and blue as one tile.
 * @param {import("../shared/types").MosaicPicture} picture
 */
function pictureGroup({ shape: [channels, rows, cols], values }) {
  const planes = cut(Float32Array.from(unpack(values, Uint8Array)), rows * cols, channels);
  return {
    kind: "picture", name: "Pinned picture", size: `${channels}×${rows}×${cols}`, rows, cols, flat: false,
    planes: channels === 3 ? [planes] : planes.slice(0, 1), labels: null, titles: ["The pinned picture"], target: 96,
  };
}

/**
 * Kernels of a convolution: a tile for each output map and each input map that it reads.
 * @param {import("../shared/types").MosaicFilters} filters
 */
function filterGroup({ number, shape: [out, inside, rows, cols], values }) {
  const planes = cut(unpack(values), rows * cols, out * inside);
  const label = (i) => (inside > 1 ? `${Math.floor(i / inside) + 1}·${(i % inside) + 1}` : `${i + 1}`);
  const title = (i) => `Filter ${Math.floor(i / inside) + 1}${inside > 1 ? `, slice ${(i % inside) + 1}` : ""} of layer ${number}`;
  return {
    kind: "filters", name: `Filters of layer ${number}`, size: `${out} of ${inside}×${rows}×${cols}`, rows, cols, planes,
    flat: false, labels: planes.map((_, i) => label(i)), titles: planes.map((_, i) => title(i)), target: 34,
  };
}

/**
 * @param {import("../shared/types").MosaicLayer} layer
 * @param {Float32Array} values of all layers
 */
function layerGroup({ name, shape, channels, start, units }, values) {
  const [count, rows, cols] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const planes = cut(values.subarray(start, start + count * rows * cols), rows * cols, count);
  const flat = shape.length === 1;
  const size = flat ? `${channels} numbers` : `${channels} maps of ${rows}×${cols}`;
  const what = flat ? "number" : "map";
  return {
    kind: "maps", name, size: channels > count ? `${size}, the first ${count}` : size, rows, cols, planes, flat,
    labels: units ?? (flat ? null : planes.map((_, i) => `${i + 1}`)),
    titles: planes.map((_, i) => `Layer ${name}, ${what} ${i + 1}${units ? ` (${units[i]})` : ""}`),
    target: flat ? (units ? 44 : count > 200 ? 6 : 12) : targetOf(rows, cols),
  };
}

/** @param {import("../shared/types").MapMosaicData} data */
export function groupsOf(data) {
  const values = unpack(data.values);
  return [
    ...(data.picture ? [pictureGroup(data.picture)] : []),
    ...data.filters.map(filterGroup),
    ...data.layers.map((layer) => layerGroup(layer, values)),
  ];
}
