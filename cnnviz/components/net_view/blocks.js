// What is drawn of a network: a block of sheets or a bar for each layer that makes a new one, and the layers that work
// on every number alike (activation, batch normalisation, dropout) as marks under the block. No DOM.

export const INPUT = -1; // the place of the input among the nodes

// How many sheets stand for this many maps: all of up to 6, then one more for each 1.5-fold.
export function sheetsOf(maps, most = 14) {
  const all = maps <= 6 ? maps : Math.round(6 + 1.7 * Math.log2(maps / 6));
  return Math.min(all, most);
}

/**
 * marks: nodes; source, shortcut: places of blocks
 * @typedef {object} Block
 * @property {number} node
 * @property {number[] | null} shape
 * @property {number[]} marks
 * @property {number | null} source
 * @property {number | null} [shortcut]
 * @property {boolean} problem
 * @property {number} [words] pixels that its text needs
 */

/**
 * The blocks, the input first. What comes behind an illegal layer has no shape, and no block.
 * @param {Pick<import("../shared/types").NetNetworkData, "input" | "nodes">} data
 */
export function blocksOf(data) {
  /** @type {Block[]} */
  const blocks = [{ node: INPUT, shape: data.input, marks: [], source: null, problem: false }];
  const home = new Map([[INPUT, 0]]); // node → block
  for (const [at, node] of data.nodes.entries()) {
    if (!node.output && !node.problem) continue;
    if (node.pointwise && node.output) {
      blocks[home.get(node.source)].marks.push(at);
      home.set(at, home.get(node.source));
      continue;
    }
    const shortcut = node.shortcut === null ? null : home.get(node.shortcut);
    home.set(at, blocks.length);
    blocks.push({ node: at, shape: node.output, marks: [], source: home.get(node.source), shortcut, problem: Boolean(node.problem) });
  }
  return { blocks, home };
}

export const isMaps = (shape) => shape?.length === 3;

// The unit of a layer's output under this place, given as fractions [down, across]; of a flat vector [n, 0].
export function unitAt(shape, place) {
  const pick = (share, n) => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
  return isMaps(shape) ? [pick(place[0], shape[1]), pick(place[1], shape[2])] : [pick(place[0], shape[0]), 0];
}

export function placeOf(shape, unit) {
  const rows = isMaps(shape) ? shape[1] : shape[0], cols = isMaps(shape) ? shape[2] : 1;
  return [(unit[0] + 0.5) / rows, (unit[1] + 0.5) / cols];
}

/**
 * The cells of the layer before that a window reads for this unit; rows above 0 are padding.
 * @param {import("../shared/types").WindowJson} window
 * @param {number[]} unit
 */
export function windowOf(window, unit) {
  const reach = [0, 1].map((a) => window.dilation[a] * (window.kernel[a] - 1) + 1);
  const [top, left] = [0, 1].map((a) => unit[a] * window.stride[a] - window.before[a]);
  return { top, left, rows: reach[0], cols: reach[1] };
}

/**
 * The pixels of the input that the unit sees; they may lie outside.
 * @param {import("../shared/types").ReceptiveFieldJson} seen
 * @param {number[]} unit
 * @param {number[]} shape
 */
export function fieldOf(seen, unit, shape) {
  const at = [0, 1].map((a) => (isMaps(shape) && seen.output[a] > 1 ? unit[a] : 0));
  const [top, left] = [0, 1].map((a) => Math.round(seen.start[a] + at[a] * seen.jump[a] - seen.size[a] / 2));
  return { top, left, rows: seen.size[0], cols: seen.size[1] };
}
