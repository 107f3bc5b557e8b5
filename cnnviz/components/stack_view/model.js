// The stack as the editor holds it: a tree of nodes {uid, type, values, children?} that is never changed in place, so
// that undo is a list of trees. The uid names a card through every edit; Python knows layers by their path.
let next = 1;

const freshUid = () => next++;

/** @typedef {import("../shared/types").StackViewData["schema"]} Schema */
/** @typedef {{uid: number, type: string, values: Record<string, any>, children?: Node[]}} Node */

/**
 * A setting in its one form: a pair of equal numbers is one number, what is missing is the default.
 * @param {import("../shared/types").LayerFieldJson} field
 */
function plainValue(field, value) {
  if (value === undefined) return field.default;
  if (Array.isArray(value)) return value[0] === value[1] ? value[0] : [...value];
  return value;
}

/** @param {Schema} schema @param {string} type */
export const nestedField = (schema, type) => schema[type]?.fields.find((field) => field.kind === "layers");

/**
 * @param {Record<string, any>} layer
 * @param {Schema} schema
 * @returns {Node}
 */
export function nodeOf(layer, schema) {
  /** @type {Node} */
  const node = { uid: freshUid(), type: layer.type, values: {} };
  for (const field of schema[layer.type]?.fields ?? []) {
    if (field.kind === "layers") node.children = (layer[field.name] ?? []).map((one) => nodeOf(one, schema));
    else node.values[field.name] = plainValue(field, layer[field.name]);
  }
  return node;
}

/**
 * @param {Node} node
 * @param {Schema} schema
 * @returns {Record<string, any>}
 */
function layerOf(node, schema) {
  const nested = nestedField(schema, node.type);
  /** @type {Record<string, any>} */
  const layer = { type: node.type, ...node.values };
  if (nested) layer[nested.name] = node.children.map((child) => layerOf(child, schema));
  return layer;
}

/** @param {import("../shared/types").StackSpecJson} spec @param {Schema} schema */
export const stackOf = (spec, schema) => ({
  input: [...spec.input],
  nodes: spec.layers.map((layer) => nodeOf(layer, schema)),
});

export const specOf = (stack, schema) => ({
  input: [...stack.input],
  layers: stack.nodes.map((node) => layerOf(node, schema)),
});

// A spec with every setting written out, in the schema's order: equal specs have equal texts.
export const wholeSpec = (spec, schema) => specOf(stackOf(spec, schema), schema);

// uid → {node, path, parent (uid or null), index, siblings}, in the order of the list.
export function places(stack) {
  const found = new Map();
  const walk = (nodes, parent, path) =>
    nodes.forEach((node, index) => {
      found.set(node.uid, { node, path: [...path, index], parent, index, siblings: nodes });
      if (node.children) walk(node.children, node.uid, [...path, index]);
    });
  walk(stack.nodes, null, []);
  return found;
}

// The same tree with the list under `parent` (null: the stack itself) put through `change`.
function withList(stack, parent, change) {
  if (parent === null) return { ...stack, nodes: change(stack.nodes) };
  const walk = (nodes) =>
    nodes.map((node) => {
      if (node.uid === parent) return { ...node, children: change(node.children) };
      return node.children ? { ...node, children: walk(node.children) } : node;
    });
  return { ...stack, nodes: walk(stack.nodes) };
}

export const inserted = (stack, parent, index, node) =>
  withList(stack, parent, (nodes) => [...nodes.slice(0, index), node, ...nodes.slice(index)]);

export function removed(stack, uid) {
  const { parent } = places(stack).get(uid);
  return withList(stack, parent, (nodes) => nodes.filter((node) => node.uid !== uid));
}

// The layer before which gap `index` of the list under `parent` lies moves with its settings; a block moves whole, and
// not into itself. The same stack where nothing would change.
export function moved(stack, uid, parent, index) {
  const known = places(stack), from = known.get(uid);
  for (let up = parent; up !== null; up = known.get(up).parent) if (up === uid) return stack;
  if (from.parent === parent && (index === from.index || index === from.index + 1)) return stack;
  const after = from.parent === parent && index > from.index ? index - 1 : index;
  return inserted(removed(stack, uid), parent, after, from.node);
}

function copied(node) {
  const copy = { ...node, uid: freshUid(), values: { ...node.values } };
  if (node.children) copy.children = node.children.map(copied);
  return copy;
}

// [the stack with a copy behind the layer, the copy's uid]
export function duplicated(stack, uid) {
  const { node, parent, index } = places(stack).get(uid);
  const copy = copied(node);
  return [inserted(stack, parent, index + 1, copy), copy.uid];
}

export function changed(stack, uid, values) {
  const { parent } = places(stack).get(uid);
  return withList(stack, parent, (nodes) =>
    nodes.map((node) => (node.uid === uid ? { ...node, values: { ...node.values, ...values } } : node)),
  );
}

// Where Alt and an arrow take a layer: {parent, index} of a gap, or null. Up and down stay in the list and leave a
// block at its ends; left leaves the block; right goes into the block before, else into the one behind.
export function neighbourGap(stack, uid, key) {
  const known = places(stack), { parent, index, siblings } = known.get(uid);
  const outside = parent === null ? null : known.get(parent);
  const out = (behind) => outside && { parent: outside.parent, index: outside.index + behind };
  if (key === "ArrowUp") return index > 0 ? { parent, index: index - 1 } : out(0);
  if (key === "ArrowDown") return index < siblings.length - 1 ? { parent, index: index + 2 } : out(1);
  if (key === "ArrowLeft") return out(1);
  const before = siblings[index - 1], behind = siblings[index + 1];
  if (before?.children) return { parent: before.uid, index: before.children.length };
  return behind?.children ? { parent: behind.uid, index: 0 } : null;
}

const sameLayer = (a, b) =>
  a.type === b.type && JSON.stringify([a.values, a.children?.map(strip)]) === JSON.stringify([b.values, b.children?.map(strip)]);
const strip = (node) => [node.type, node.values, node.children?.map(strip)];

// The stack `to` with the uids of `from` where a layer stands as it stood, counted from either end: a replaced stack
// keeps the cards of what it has in common with the old one.
export function rejoined(to, from) {
  const nodes = [...to.nodes];
  const shorter = Math.min(nodes.length, from.nodes.length);
  let head = 0;
  while (head < shorter && sameLayer(nodes[head], from.nodes[head])) nodes[head] = from.nodes[head++];
  for (let back = 1; back <= shorter - head; back++) {
    const old = from.nodes.at(-back), at = nodes.length - back;
    if (!sameLayer(nodes[at], old)) break;
    nodes[at] = old;
  }
  return { ...to, nodes };
}
