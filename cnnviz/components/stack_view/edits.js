// What can be done to the stack, each with its words for the live region.
import { label } from "./labels.js";
import { changed, duplicated, inserted, moved, neighbourGap, nestedField, nodeOf, removed } from "./model.js";

const AXES = ["channels", "height", "width"];

// How deep lists lie in one another below a node: 0 for a layer, 1 for a block of layers.
const depthOf = (node) => (node.children ? 1 + Math.max(0, ...node.children.map(depthOf)) : 0);
const sizeOf = (node) => 1 + (node.children ?? []).reduce((sum, child) => sum + sizeOf(child), 0);

export class Edits {
  constructor(view) {
    this.view = view;
  }

  get stack() {
    return this.view.stack;
  }

  name(uid) {
    return label(this.view.index.get(uid).node, this.view.schema).main;
  }

  // "place 3 of 8", where the layer is now.
  placeWords(uid) {
    const { index, siblings, parent } = this.view.index.get(uid);
    return `place ${index + 1} of ${siblings.length}${parent === null ? "" : " in the block"}`;
  }

  // ---- what fits where ----------------------------------------------------------------------------------------

  depthIn(parent) {
    let depth = 0;
    for (let up = parent; up !== null; up = this.view.index.get(up).parent) depth++;
    return depth;
  }

  // The types that may be added to this list.
  typesIn(parent) {
    const { data, schema, index } = this.view;
    if (index.size >= data.limits.layers) return [];
    const allowed = data.types ?? Object.keys(schema);
    const deeper = this.depthIn(parent) < data.limits.depth;
    return Object.keys(schema).filter((type) => allowed.includes(type) && (deeper || !nestedField(schema, type)));
  }

  // Whether a layer may move into this list.
  fits(uid, parent) {
    return this.depthIn(parent) + depthOf(this.view.index.get(uid).node) <= this.view.data.limits.depth;
  }

  // ---- edits --------------------------------------------------------------------------------------------------

  add(type, parent, index) {
    const { schema } = this.view;
    const node = nodeOf(this.starter(type, parent, index), schema);
    const title = schema[type].title;
    this.view.commit(inserted(this.stack, parent, index, node), {
      select: node.uid, open: true, focus: true, said: `${title} added at place ${index + 1}.`,
    });
  }

  // A new layer at its defaults; a block gets layers that keep the shape, so that it works at once.
  starter(type, parent, index) {
    const { schema } = this.view, nested = nestedField(schema, type);
    if (!nested) return { type };
    const shape = this.shapeAt(parent, index);
    if (!shape) return { type, [nested.name]: [{ type: "relu" }] };
    const weights = shape.length === 3 ? { type: "conv", channels: shape[0], kernel: 3, padding: 1 } : { type: "dense", units: shape[0] };
    return { type, [nested.name]: [weights, { type: "relu" }, weights] };
  }

  // The shape that reaches gap `index` of a list, as far as Python has said.
  shapeAt(parent, index) {
    const { view } = this;
    const list = parent === null ? this.stack.nodes : view.index.get(parent).node.children;
    if (index > 0) return view.rows.get(list[index - 1].uid)?.output ?? null;
    if (parent === null) return this.stack.input;
    const place = view.index.get(parent);
    return this.shapeAt(place.parent, place.index);
  }

  change(uid, values, tag = null) {
    if (uid === "input") {
      const next = { ...this.inputNode().values, ...values };
      return this.view.commit({ ...this.stack, input: AXES.map((name) => next[name]) }, { tag });
    }
    const before = this.view.index.get(uid).node.values;
    const same = Object.entries(values).every(([name, value]) => JSON.stringify(before[name]) === JSON.stringify(value));
    return this.view.commit(same ? this.stack : changed(this.stack, uid, values), { tag });
  }

  inputNode() {
    const [channels, height, width] = this.stack.input;
    return { uid: "input", type: "input", values: { channels, height, width } };
  }

  remove(uid) {
    const { view } = this, name = this.name(uid);
    const { siblings, index, parent } = view.index.get(uid);
    const next = siblings[index + 1]?.uid ?? siblings[index - 1]?.uid ?? parent ?? "input";
    view.commit(removed(this.stack, uid), { select: next, open: false, focus: true, said: `${name} removed. Control Z brings it back.` });
  }

  duplicate(uid) {
    const { view } = this, node = view.index.get(uid).node;
    if (view.index.size + sizeOf(node) > view.data.limits.layers) {
      return view.announce(`A stack has at most ${view.data.limits.layers} layers.`);
    }
    const [next, copy] = duplicated(this.stack, uid);
    return view.commit(next, { select: copy, focus: true, said: `${this.name(uid)} duplicated.` });
  }

  // A drag has ended: at a place, or nowhere.
  drop(uid, place) {
    if (place) this.moveTo(uid, place, true);
    else this.view.render({});
  }

  // Alt and an arrow.
  step(uid, key) {
    const place = neighbourGap(this.stack, uid, key);
    if (place && this.fits(uid, place.parent)) this.moveTo(uid, place, true);
    else this.view.announce(`${this.name(uid)} cannot go further this way.`);
  }

  moveTo(uid, { parent, index }, focus) {
    const next = moved(this.stack, uid, parent, index);
    if (next === this.stack) return this.view.render({});
    this.view.commit(next, { select: uid, focus });
    return this.view.announce(`${this.name(uid)} moved to ${this.placeWords(uid)}.`);
  }

  // A button of the open panel: the focus stays on it.
  act(name, uid) {
    if (name === "remove") return this.remove(uid);
    if (name === "copy") return this.duplicate(uid);
    const place = neighbourGap(this.stack, uid, name === "up" ? "ArrowUp" : "ArrowDown");
    if (place) this.moveTo(uid, place, false);
    return undefined;
  }
}
