// What a unit sees, from the record of its layer: size, jump, start and output, each [down, across]. No DOM.
// Everything is measured in pixels of the network's input; pixel 0 lies from 0 to 1, and its centre is 0.5.

import { clamp } from "../shared/maths/clamp.js";

const AXES = [0, 1];

/** @typedef {Pick<import("../shared/types").FieldLayerJson, "size" | "jump" | "start" | "output">} FieldRecord */

/**
 * The record of the input itself: each pixel sees itself.
 * @param {number} rows
 * @param {number} cols
 * @returns {FieldRecord}
 */
export function inputRecord(rows, cols) {
  return { size: [1, 1], jump: [1, 1], start: [0.5, 0.5], output: [rows, cols] };
}

/**
 * centre = start + unit · jump
 * @returns {[number, number]}
 */
export function centre({ start, jump }, unit) {
  return [start[0] + unit[0] * jump[0], start[1] + unit[1] * jump[1]];
}

// The pixels from centre − size/2 to centre + size/2, also where these lie outside the input.
export function boxAround(point, size) {
  const [top, left] = AXES.map((a) => point[a] - size[a] / 2);
  return { top, left, bottom: top + size[0], right: left + size[1] };
}

export function box(record, unit) {
  return boxAround(centre(record, unit), record.size);
}

// What of the box lies on the input of these rows and columns; it may be empty.
export function clip({ top, left, bottom, right }, [rows, cols]) {
  const [t, l] = [clamp(top, 0, rows), clamp(left, 0, cols)];
  return { top: t, left: l, bottom: Math.max(t, clamp(bottom, 0, rows)), right: Math.max(l, clamp(right, 0, cols)) };
}

// The unit in the middle of the layer's output: of two, the second.
export function middle({ output }) {
  return output.map((n) => Math.floor(n / 2));
}

export function legal({ output }, unit) {
  return unit.map((i, a) => clamp(Math.round(i), 0, output[a] - 1));
}

// The unit whose centre is next to a point of the input.
export function unitAt(record, point) {
  return legal(record, AXES.map((a) => (point[a] - record.start[a]) / record.jump[a]));
}

// first … last − 1 along one axis, [0, 0] where there is none.
const range = (first, last) => (last > first ? [first, last] : [0, 0]);

// The units whose boxes hold a pixel, its projective field: [first, last) down and across.
export function projective({ start, jump, size, output }, pixel) {
  return AXES.map((a) => {
    const ahead = pixel[a] - (start[a] - size[a] / 2); // pixels after the first edge of unit 0
    const first = Math.ceil((ahead + 1 - size[a]) / jump[a]), last = Math.floor(ahead / jump[a]) + 1;
    return range(Math.max(0, first), Math.min(output[a], last));
  });
}

/** @param {number[][]} ranges @returns {number} */
export const countOf = (ranges) => ranges.reduce((n, [first, last]) => n * (last - first), 1);

// The units of an earlier record that a unit is made of, [first, last) down and across: those whose whole boxes lie
// in its box.
export function cone(records, layer, unit, earlier) {
  const { top, left, bottom, right } = box(records[layer], unit);
  const { start, jump, size, output } = records[earlier];
  return [[top, bottom], [left, right]].map(([from, to], a) => {
    const first = Math.ceil((from + size[a] / 2 - start[a]) / jump[a]);
    const last = Math.floor((to - size[a] / 2 - start[a]) / jump[a]) + 1;
    return range(Math.max(0, first), Math.min(output[a], last));
  });
}

// One unit for each record up to this one: of those that the next one is made of, the one nearest to the centre of
// the last. So their boxes lie inside each other; only a unit whose whole window is padding is made of none, and the
// nearest one stands for it.
export function chain(records, layer, unit) {
  const units = [], aim = centre(records[layer], unit);
  units[layer] = unit;
  for (let at = layer - 1; at >= 0; at--) {
    const { start, jump, output } = records[at], ranges = cone(records, at + 1, units[at + 1], at);
    units[at] = AXES.map((a) => {
      const [first, last] = ranges[a][1] > ranges[a][0] ? ranges[a] : [0, output[a]];
      return clamp(Math.round((aim[a] - start[a]) / jump[a]), first, last - 1);
    });
  }
  return units;
}

// The rows and columns of a box that are not read, from texts such as "10101": [[from, to)] along each axis.
export function gaps(reads) {
  return (reads ?? ["", ""]).map((text) => [...text.matchAll(/0+/g)].map(({ index, 0: run }) => [index, index + run.length]));
}

// How far the boxes of a layer's outer units reach outside the input, at most over both ends: [down, across].
export function overhang({ start, jump, size, output }, shape) {
  return AXES.map((a) => {
    const first = start[a] - size[a] / 2, last = start[a] + (output[a] - 1) * jump[a] + size[a] / 2;
    return Math.max(0, -first, last - shape[a]);
  });
}

/**
 * Between two boxes, for the animation; share 0 is the first.
 * @returns {any}
 */
export function between(from, to, share) {
  return Object.fromEntries(Object.keys(to).map((side) => [side, from[side] + (to[side] - from[side]) * share]));
}
