// The whole network as one drawing. It is built once for a network and a width; what is looked at changes only classes
// and the overlay, so that it follows the pointer.
import { element } from "../shared/controls/dom.js";
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clamp, clampIndex } from "../shared/maths/clamp.js";
import { grouped, shapeText } from "../shared/text/format.js";
import { INPUT, blocksOf, isMaps, placeOf, unitAt } from "./blocks.js";
import { arc, figure, link } from "./figures.js";
import { SLANT, layout, underPoint } from "./layout.js";
import { overlay } from "./overlay.js";
import { svg } from "../shared/controls/svg.js";

const HALF = [0.5, 0.5];
const ARC = 26; // pixels above the blocks for each level of shortcuts

/** @param {import("../shared/types").NetNetworkData} data */
const nameOf = (data, at) => (at === INPUT ? "input" : data.nodes[at].title);
const sizeOf = (shape) => (shape ? shapeText(shape) : "");

export class Drawing {
  /** @type {import("../shared/types").NetNetworkData} */ data = null; // what Python sent last
  /** @type {{font: number, family: string}} */ style = null; // font: pixels
  /** @type {import("../shared/types").DrawingOptionsJson} */ look = null; // which tools are on
  /** @type {import("./blocks.js").Block[]} */ blocks = [];
  /** @type {Map<number, number>} */ home = new Map(); // node → the place of its block
  /** @type {any[]} */ boxes = []; // where the blocks lie, see layout.js
  cell = 1; // pixels of a cell
  pen = document.createElement("canvas").getContext("2d"); // measures words

  // host: {point(at, place), choose(at), move(place)}
  constructor(host) {
    this.host = host;
    this.root = element("div", { class: "scroll" });
    this.place = HALF;
  }

  /**
   * @param {import("../shared/types").NetNetworkData} data
   * @param {import("../shared/types").DrawingOptionsJson} look
   * @param {{font: number, family: string}} style
   * @param {{width: number, height: number}} room
   * @param {string} image
   */
  draw(data, look, style, room, image) {
    this.data = data;
    this.style = style;
    ({ blocks: this.blocks, home: this.home } = blocksOf(data));
    for (const block of this.blocks) block.words = look.whole ? 0 : this.wordsWidth(block);
    const placed = layout(this.blocks, room, look);
    this.boxes = placed.boxes;
    this.cell = placed.cell;
    this.look = look;
    const levels = this.arcLevels();
    const top = (look.whole ? 8 : 22) + ARC * levels.most;
    this.middle = top + placed.height / 2;
    const marks = look.whole ? 0 : Math.max(0, ...this.blocks.map((block) => block.marks.length));
    const line = 1.35 * style.font;
    const foot = top + placed.height + 12, height = foot + (look.whole ? 4 : 2 * line + marks * (line + 9) + 4);
    this.stage = { nodes: data.nodes, blocks: this.blocks, home: this.home, boxes: this.boxes, middle: this.middle, input: data.input };
    const wide = Math.max(placed.width, 40);
    this.svg = svg("svg", { width: wide, height, role: "listbox", "aria-label": "The network, layer by layer", "aria-orientation": "horizontal" });
    this.options = new Map();
    this.drawLinks();
    this.blocks.forEach((block, at) => this.svg.append(this.drawBlock(block, this.boxes[at], image, foot)));
    this.drawArcs(levels, top);
    this.over = svg("g", { class: "over", "aria-hidden": "true" });
    this.svg.append(this.over);
    this.root.replaceChildren(this.svg);
    this.root.dataset.scrolls = String(wide > room.width);
  }

  wordsWidth({ node, shape, marks }) {
    const texts = [nameOf(this.data, node), sizeOf(shape), ...marks.map((at) => `${this.data.nodes[at].title}mm`)];
    return Math.max(...texts.map((text) => this.textWidth(text))) + 4;
  }

  textWidth(text) {
    this.pen.font = `650 ${this.style.font}px ${this.style.family}`;
    return this.pen.measureText(text).width;
  }

  // ---- parts ----------------------------------------------------------------------------------------------------

  part(at) {
    return { block: this.blocks[at], box: this.boxes[at] };
  }

  drawLinks() {
    const group = svg("g", { "aria-hidden": "true" });
    this.links = new Map();
    this.blocks.forEach((block, at) => {
      if (block.source === null) return;
      const node = this.data.nodes[block.node];
      const unit = block.shape ? unitAt(block.shape, HALF) : null;
      const drawn = link(node, this.part(block.source), this.part(at), this.middle, unit);
      this.links.set(block.node, drawn);
      group.append(drawn);
    });
    this.svg.append(group);
  }

  drawBlock(block, box, image, y) {
    const { font } = this.style, line = 1.35 * font, group = this.option(block.node, block.shape);
    const tints = block.node === INPUT && block.shape[0] === 3 ? ["red", "green", "blue"] : [];
    group.append(svg("rect", { class: "hit", x: box.left - 4, y: 4, width: box.slot + 8, height: y + 2 * line - 4, rx: 8 }));
    group.append(figure(block, box, this.middle, { image: block.node === INPUT ? image : "", tints }));
    group.onpointermove = (event) => this.point(block, box, event);
    group.onpointerleave = () => this.host.point(null);
    group.onclick = () => this.host.choose(block.node);
    const holder = svg("g", {}, group);
    if (this.look.whole) return holder;
    if (box.sheets < block.shape?.[0]) {
      group.append(svg("text", { class: "count", x: box.x + box.w * SLANT[0] + box.deep, y: this.middle - box.height / 2 - 5 }, `× ${grouped(block.shape[0])}`));
    }
    const text = (words, kind, dy) => svg("text", { class: kind, x: box.middle, y: y + dy }, words);
    group.append(text(nameOf(this.data, block.node), "name", 0.85 * line), text(sizeOf(block.shape), "size", 1.8 * line));
    block.marks.forEach((at, i) => holder.append(this.drawMark(at, block, box, y + 2 * line + 6 + i * (line + 9))));
    return holder;
  }

  drawMark(at, block, box, y) {
    const words = this.data.nodes[at].title, wide = this.textWidth(words) + this.style.font * 1.2;
    const tall = 1.35 * this.style.font + 4, group = this.option(at, block.shape);
    group.classList.add("mark");
    group.append(svg("rect", { class: "pill", x: box.middle - wide / 2, y, width: wide, height: tall, rx: tall / 2 }));
    group.append(svg("text", { x: box.middle, y: y + 0.5 * tall + 0.36 * this.style.font }, words));
    group.onpointerenter = () => this.host.point(at, this.place);
    group.onpointerleave = () => this.host.point(null);
    group.onclick = () => this.host.choose(at);
    return group;
  }

  option(at, shape) {
    const node = at === INPUT ? null : this.data.nodes[at];
    const result = node?.problem ? `cannot follow: ${node.problem}` : `output ${sizeOf(shape)}`;
    const label = `${node ? `Layer ${node.path.map((n) => n + 1).join(".")}, ` : ""}${nameOf(this.data, at)}, ${result}`;
    const group = svg("g", { class: "option", role: "option", tabindex: "-1", "aria-selected": "false", "aria-label": label });
    group.onkeydown = (event) => this.onKey(event, at);
    this.options.set(at, group);
    return group;
  }

  // How many shortcuts lie over one another at each sum: nested blocks lie higher.
  arcLevels() {
    const sums = this.blocks.map((block, at) => ({ at, from: block.shortcut })).filter(({ from }) => from !== null && from !== undefined);
    const level = new Map();
    for (const { at, from } of sums) {
      const inner = sums.filter((other) => other.at < at && other.from >= from).map((other) => level.get(other.at));
      level.set(at, 1 + Math.max(0, ...inner));
    }
    return { level, most: Math.max(0, ...level.values()) };
  }

  drawArcs({ level }, top) {
    for (const [at, height] of level) {
      if (!this.blocks[at].shape) continue;
      const drawn = arc(this.part(this.blocks[at].shortcut), this.part(at), this.middle, top - height * ARC + 8);
      drawn.setAttribute("aria-hidden", "true");
      drawn.onclick = () => this.host.choose(this.blocks[at].node);
      this.links.set(`arc ${this.blocks[at].node}`, drawn);
      this.svg.append(drawn);
    }
  }

  // ---- what is looked at ----------------------------------------------------------------------------------------

  // Shows the layer `at` (null for none) with the unit under `place`, and `chosen` as the one that stays.
  show(at, place, chosen) {
    this.place = place;
    for (const [node, group] of this.options) {
      group.classList.toggle("shown", node === at || (at !== null && node === this.blocks[this.home.get(at)]?.node));
      group.setAttribute("aria-selected", String(node === chosen));
      group.tabIndex = node === (chosen ?? INPUT) ? 0 : -1;
    }
    for (const [node, drawn] of this.links) drawn.classList.toggle("shown", node === at || node === `arc ${at}`);
    const node = at === null || at === INPUT ? null : this.data.nodes[at];
    const source = node && !node.pointwise ? this.blocks[this.home.get(at)]?.source : null;
    this.blocks.forEach((block, i) => this.options.get(block.node).classList.toggle("source", i === source));
    this.over.replaceChildren(...(at === null ? [] : overlay(this.stage, at, this.unit(at, place))));
  }

  unit(at, place) {
    const shape = this.blocks[this.home.get(at)]?.shape;
    return shape ? unitAt(shape, place) : [0, 0];
  }

  point(block, box, event) {
    const frame = this.svg.getBoundingClientRect();
    const at = [event.clientX - frame.left, event.clientY - frame.top];
    this.host.point(block.node, this.placeUnder(block, box, at) ?? this.place);
  }

  placeUnder(block, box, at) {
    if (!block.shape) return null;
    if (!isMaps(block.shape)) return [clamp((at[1] - this.middle + box.height / 2) / box.height, 0, 0.9999), 0.5];
    const place = underPoint(box, box.sheets - 1, this.middle, at);
    return place.every((share) => share >= 0 && share < 1) ? place : null;
  }

  // ---- keys -----------------------------------------------------------------------------------------------------

  onKey(event, at) {
    const step = arrowStep(event);
    if (withCommand(event)) return;
    if (step && event.shiftKey) {
      const shape = this.blocks[this.home.get(at)]?.shape;
      if (!shape) return;
      const sizes = isMaps(shape) ? shape.slice(1) : [shape[0], 1];
      const unit = this.unit(at, this.place).map((n, a) => clampIndex(n + step[a], sizes[a]));
      this.host.move(placeOf(shape, unit));
    } else if (step || event.key === "Home" || event.key === "End") {
      const order = [...this.options.keys()].sort((a, b) => a - b), here = order.indexOf(at);
      const to = event.key === "Home" ? 0 : event.key === "End" ? order.length - 1 : here + step[0] + step[1];
      if (order[to] !== undefined) this.go(order[to]);
    } else if (event.key === "Enter" || event.key === " ") this.host.choose(at);
    else return;
    event.preventDefault();
  }

  go(at) {
    this.host.choose(at);
    this.options.get(at).focus({ preventScroll: true });
    this.reveal(at);
  }

  // Scrolls sideways so that the layer is seen.
  reveal(at) {
    const group = this.options.get(at);
    if (!group) return;
    const box = this.boxes[this.home.get(at)], { scrollLeft, clientWidth } = this.root;
    const [left, right] = [box.left - 24, box.left + box.slot + 24];
    if (left < scrollLeft) this.root.scrollLeft = left;
    else if (right > scrollLeft + clientWidth) this.root.scrollLeft = right - clientWidth;
  }
}
