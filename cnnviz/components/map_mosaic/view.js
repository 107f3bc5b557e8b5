// The outputs of every layer for one pinned picture, and the filters of the first: each map named, on the range of
// the map, of its layer, or of all layers; the map under the pointer large, with the value of its cell.
import { lutFromBase64 } from "../shared/maths/colour.js";
import { choiceButton, Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { Stage } from "../shared/canvas/stage.js";
import { Speaker } from "../shared/text/speak.js";
import { spread } from "../shared/maths/spread.js";
import { TileBoard } from "../shared/canvas/tiles.js";
import { groupsOf } from "./groups.js";
import { formatValue, rangeText } from "../shared/text/format.js";

const RANGES = { unit: "each map", layer: "each layer", all: "all layers" };
const ABOUT = {
  unit: "Each map has a colour range of its own: patterns show even where values are small.",
  layer: "All maps of a layer share one range: a pale map says little.",
  all: "All layers share one range: see where values grow or fade on their way.",
};

class Mosaic {
  /** @type {import("../shared/types").MapMosaicData} */ data = null;
  /** @type {any} */ luts = null;
  /** @type {any[]} */ groups = null;
  /** @type {any[]} */ blocks = []; // the elements of the groups
  shape = ""; // of the groups that the blocks were made for
  mode = "unit"; // a key of RANGES
  /** @type {any} */ all = null; // the range of all layers together
  /** @type {{group: number, map: number} | null} */ pinned = null;
  /** @type {{group: number, map: number} | null} */ shown = null; // under the pointer or the keyboard
  /** @type {{group: any, map: number} | null} */ current = null; // that is shown large

  constructor(root) {
    this.root = root;
    this.reporter = new Reporter();
    root.innerHTML = `<div class="top"><div class="modes" aria-label="Colour range"></div>
      <p class="about"></p></div><div class="body"><div class="blocks"></div>
      <div class="lens"><div class="large"></div><p class="words"></p></div></div>
      <div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.find = (name) => root.querySelector(name);
    this.find(".modes").append(...Object.entries(RANGES).map(([mode, title]) => choiceButton(mode, title, "mode")));
    this.modes = new Choices(this.find(".modes"), { name: "mode", choose: (mode) => this.choose(mode) });
    this.lens = new TileBoard(this.find(".large"), { point: (_, row, col) => this.read(row, col) });
    this.speaker = new Speaker(this.find(".spoken"));
    this.stage = new Stage(root, { draw: () => this.paint(), watch: this.find(".blocks") });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").MapMosaicData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    this.data = data;
    if (this.reporter.receive("range", data.range)) this.mode = data.range;
    this.groups = groupsOf(data);
    this.luts = { signed: data.luts.signed[this.root.dataset.theme ?? "light"], plain: data.luts.plain, grey: data.luts.grey };
    this.arrange();
    this.paint();
  }

  destroy() {
    this.stage.destroy();
    this.speaker.stop();
    this.reporter.stop();
  }

  choose(mode) {
    this.mode = mode;
    this.reporter.state("range", mode, { wait: 0 });
    this.paint();
  }

  // Blocks are made once for a network and only repainted for new values.
  arrange() {
    const shape = JSON.stringify(this.groups.map(({ name, rows, cols, planes }) => [name, rows, cols, planes.length]));
    if (shape === this.shape) return;
    this.shape = shape;
    this.blocks = this.groups.map((group, at) => {
      const block = element("section", { class: "block" }), head = element("div", { class: "head" });
      head.append(element("b", {}, group.name), element("span", { class: "size numbers" }, group.size));
      const host = element("div", { class: "host" }), range = element("p", { class: "range numbers" });
      block.append(head, host, range);
      // As wide as its tiles in at most two or three rows, so that blocks stand close and in layer order.
      const columns = Math.min(group.planes.length, group.flat ? 45 : 8), gap = group.target < 20 ? 1 : 4;
      const least = group.kind === "picture" ? 172 : 190;
      block.style.flexBasis = `${Math.max(least, columns * (this.targetOf(group) + gap) + 2)}px`;
      const board = new TileBoard(host, {
        point: (map, row, col) => this.point(at, map, row, col),
        choose: (map) => { this.pinned = { group: at, map }; this.point(at, map, null, null); },
      });
      return { block, board, range };
    });
    this.find(".blocks").replaceChildren(...this.blocks.map(({ block }) => block));
    const first = this.groups.findIndex(({ kind }) => kind === "maps");
    this.pinned = { group: Math.max(first, 0), map: 0 };
  }

  // Where it is narrow, tiles are as small as it takes for eight to stand in a line, so that layers stay in sight.
  targetOf(group) {
    const room = this.find(".blocks").clientWidth || 900;
    if (room >= 700 || group.flat) return group.target;
    return group.kind === "picture" ? 64 : Math.min(group.target, Math.max(28, Math.floor((room - 30) / 8)));
  }

  // The range of a map in the chosen mode, and whether it has two signs.
  spreadOf(group, plane) {
    if (group.kind === "picture") return { signed: false, range: [0, 255] };
    if (this.mode === "unit" && group.kind === "maps" && !group.flat) return spread([plane].flat());
    if (this.mode !== "all" || group.kind === "filters") return (group.spread ??= spread(group.planes.flat()));
    this.all ??= spread(this.groups.filter(({ kind }) => kind === "maps").flatMap(({ planes }) => planes));
    return this.all;
  }

  // Maps of a layer share one colour map, so that a colour has one meaning in it: signed where one of them is.
  signedGroup(group) {
    return (group.signed ??= {})[this.mode] ??= group.planes.some((plane) => this.spreadOf(group, plane).signed);
  }

  rangeOf(group, plane, signed) {
    const { range: [low, high] } = this.spreadOf(group, plane);
    return signed && low === 0 ? [-high, high] : [low, high];
  }

  lutOf(group, signed) {
    return lutFromBase64(group.kind === "picture" ? this.luts.grey : signed ? this.luts.signed : this.luts.plain);
  }

  paint() {
    if (!this.groups) return;
    this.all = null;
    this.modes.mark(this.mode);
    this.find(".about").textContent = ABOUT[this.mode];
    this.groups.forEach((group, at) => this.paintGroup(group, this.blocks[at]));
    this.enlarge(this.shown ?? this.pinned);
    this.root.dataset.painted = String(this.data.step);
  }

  paintGroup(group, { board, range }) {
    const signed = this.signedGroup(group), ranges = group.planes.map((plane) => this.rangeOf(group, plane, signed));
    board.set({
      planes: group.planes, rows: group.rows, cols: group.cols, ranges, lut: this.lutOf(group, signed),
      names: group.labels, target: this.targetOf(group), label: `${group.name}: ${group.size}`,
    });
    const own = this.mode === "unit" && group.kind === "maps" && !group.flat && group.planes.length > 1;
    range.textContent = group.kind === "picture" ? "" : own ? "own ranges" : rangeText(ranges[0] ?? [0, 1]);
  }

  // The pointer or the keyboard is on a map, the pointer also on a cell of it.
  point(at, map, row, col) {
    this.shown = { group: at, map };
    this.enlarge(this.shown);
    this.say(this.groups[at], map, row, col);
  }

  enlarge(target) {
    const group = target && this.groups[target.group];
    if (!group || target.map >= group.planes.length) return;
    this.current = { group, map: target.map };
    const plane = group.planes[target.map], signed = this.signedGroup(group), range = this.rangeOf(group, plane, signed);
    this.lens.set({
      planes: [plane], rows: group.rows, cols: group.cols, ranges: [range], lut: this.lutOf(group, signed),
      target: Math.min(this.find(".large").clientWidth || 220, 240), label: `${group.titles[target.map]}, large`,
    });
    this.words(group, target.map, null, null);
  }

  read(row, col) {
    if (this.current && row !== null) this.say(this.current.group, this.current.map, row, col);
  }

  say(group, map, row, col) {
    this.words(group, map, row, col);
    this.speaker.say(() => this.find(".words").textContent);
  }

  words(group, map, row, col) {
    const planes = [group.planes[map]].flat(), range = this.rangeOf(group, group.planes[map], this.signedGroup(group));
    let text = `${group.titles[map]}: colours span ${rangeText(range)}.`;
    if (group.rows * group.cols === 1) text = `${group.titles[map]}: ${formatValue(planes[0][0])}.`;
    else if (row !== null) {
      const values = planes.map((plane) => formatValue(plane[row * group.cols + col])).join(", ");
      text += ` Row ${row}, column ${col}: ${values}.`;
    }
    this.find(".words").textContent = text;
  }
}

export const mount = (root) => new Mosaic(root);
