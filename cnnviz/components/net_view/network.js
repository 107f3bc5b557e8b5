// The network page's stage: drawing, what is said of one layer, and the table. They show the same layer.
import { element } from "../shared/controls/dom.js";
import { Stage } from "../shared/canvas/stage.js";
import { Reporter } from "../shared/controls/report.js";
import { clamp } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { whenPicture } from "../shared/canvas/store.js";
import { INPUT } from "./blocks.js";
import { Detail } from "./detail.js";
import { Drawing } from "./drawing.js";
import { changeWords, inputImage } from "./photo.js";
import { Table } from "./table.js";

const SETTLED = 200; // ms without another choice before Python hears of it
const PARTS = `<div class="bar-of-tools"><p class="scale"></p><div class="tools"></div></div>
  <div class="place-of-drawing"></div><div class="place-of-detail"></div>
  <button type="button" class="unfold" aria-expanded="false"></button><div class="place-of-table"></div><div class="visually-hidden spoken" aria-live="polite"></div>`;
const TOOLS = [
  ["root", "Enlarge small maps", "Sides are drawn as square roots of the sizes"],
  ["whole", "All in one view", "The whole network without words"],
];

export class NetworkStage {
  /** @type {import("../shared/types").NetNetworkData} */ data = null; // what Python sent last
  fresh = ""; // its layers, as text
  theme = "";
  wide = 0; // CSS pixels that the drawing was made for
  /** @type {import("../shared/types").DrawingOptionsJson} */ display = { whole: false, root: false, table: false }; // which tools are on
  /** @type {number | null} */ chosen = null; // a node, INPUT, or none
  /** @type {number[] | null} */ chosenPath = null;
  /** @type {number | null} */ hover = null; // under the pointer
  place = [0.5, 0.5]; // the shares of a layer's rows and columns where the unit in focus lies
  wanted = ""; // the picture that is waited for, or shown
  image = ""; // its data address
  words = ""; // what was done to it
  said = ""; // of the unit

  constructor(root) {
    root.innerHTML = PARTS;
    this.root = root;
    this.part = (name) => root.querySelector(name);
    const host = {
      point: (at, place) => this.point(at, place), choose: (at) => this.choose(at), move: (place) => this.move(place),
    };
    this.drawing = new Drawing(host);
    this.detail = new Detail();
    this.table = new Table({ ...host, point: (at) => this.point(at) });
    this.part(".place-of-drawing").append(this.drawing.root);
    this.part(".place-of-detail").append(this.detail.root);
    this.part(".place-of-table").append(this.table.root);
    this.tools = Object.fromEntries(TOOLS.map((tool) => [tool[0], this.tool(...tool)]));
    this.part(".unfold").onclick = () => this.setDisplay({ ...this.display, table: !this.display.table });
    this.reporter = new Reporter(SETTLED);
    this.speaker = new Speaker(this.part(".spoken"));
    this.stage = new Stage(root, { draw: () => this.show(), onResize: () => this.resize() });
  }

  tool(name, title, about) {
    const button = element("button", { type: "button", "aria-pressed": "false", title: about }, title);
    button.onclick = () => this.setDisplay({ ...this.display, [name]: !this.display[name] });
    this.part(".tools").append(button);
    return button;
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").NetNetworkData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    const fresh = JSON.stringify([data.nodes, data.input, data.totals]);
    const theme = this.root.dataset.theme;
    this.data = data;
    if (this.reporter.receive("look", data.look)) this.display = data.look;
    const taken = this.reporter.receive("chosen", data.chosen);
    if (fresh !== this.fresh) this.hover = null;
    if (taken || fresh !== this.fresh) this.chosen = this.nodeAt(taken ? data.chosen : this.chosenPath);
    this.chosenPath = this.pathOf(this.chosen);
    const changed = fresh !== this.fresh || theme !== this.theme;
    this.fresh = fresh;
    this.theme = theme;
    if (changed) this.table.draw(data);
    this.picture(data);
    this.draw();
    if (taken && this.chosen !== null) this.drawing.reveal(this.chosen);
  }

  destroy() {
    this.forget?.();
    this.stage.destroy();
    this.reporter.stop();
    this.speaker.stop();
  }

  nodeAt(path) {
    if (!path) return null;
    if (!path.length) return INPUT;
    const at = this.data.nodes.findIndex((node) => node.path.join() === path.join());
    return at < 0 ? null : at;
  }

  pathOf(at) {
    if (at === null) return null;
    return at === INPUT ? [] : this.data.nodes[at].path;
  }

  /** @param {import("../shared/types").NetNetworkData} data */
  picture(data) {
    const wanted = JSON.stringify([data.digest, data.input]);
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.forget?.();
    this.forget = whenPicture(data.digest, (picture) => {
      this.image = inputImage(picture, data.input);
      this.words = changeWords(picture, data.input);
      this.draw();
    });
  }

  resize() {
    const { clientWidth } = this.root;
    if (clientWidth === this.wide || !this.data) return;
    this.draw();
  }

  draw() {
    const width = this.root.clientWidth;
    if (!width) return;
    this.wide = width;
    const font = Math.round(clamp(9.5 + width / 240, 13, 18));
    const height = Math.round(Math.min(0.36 * globalThis.innerHeight, Math.max(180, 0.27 * width)));
    const family = getComputedStyle(this.root).fontFamily;
    this.root.style.setProperty("--font", `${font}px`);
    this.drawing.draw(this.data, this.display, { font, family }, { width, height }, this.image);
    for (const [name, button] of Object.entries(this.tools)) button.setAttribute("aria-pressed", String(Boolean(this.display[name])));
    this.part(".scale").textContent = this.scaleWords();
    const open = Boolean(this.display.table);
    this.part(".unfold").setAttribute("aria-expanded", String(open));
    this.part(".unfold").textContent = open ? "Fold the table up" : "Show the table of all layers";
    this.part(".place-of-table").toggleAttribute("data-folded", !open);
    this.show();
    if (this.image) this.root.dataset.painted = this.data.digest;
  }

  scaleWords() {
    const cell = this.drawing.cell.toPrecision(2).replace(/\.0$/, "");
    const sides = this.display.root
      ? "Sides are square roots of the sizes, so that small maps can be seen."
      : `To scale: one cell is ${Number(cell)} px high.`;
    return `${sides} A sheet is a map; of many up to ${this.display.whole ? 8 : 13} are drawn. ${this.words}`;
  }

  // ---- which layer ----------------------------------------------------------------------------------------------

  point(at, place = this.place) {
    this.hover = at;
    this.place = place;
    this.stage.ask();
  }

  move(place) {
    this.place = place;
    this.show();
    this.speaker.say(() => this.said);
  }

  choose(at) {
    this.chosen = at;
    this.chosenPath = this.pathOf(at);
    this.hover = null;
    this.show();
    this.reporter.state("chosen", this.chosenPath, { sent: { path: this.chosenPath } });
  }

  setDisplay(display) {
    this.display = display;
    this.draw();
    this.reporter.state("look", display, { wait: 0, sent: display });
  }

  // What is shown: under the pointer, else chosen, else the problem, else the first layer with a window.
  shown() {
    const { nodes } = this.data, problem = nodes.findIndex((node) => node.problem);
    const first = nodes.findIndex((node) => node.window);
    return this.hover ?? this.chosen ?? (problem >= 0 ? problem : first >= 0 ? first : INPUT);
  }

  show() {
    if (!this.data || !this.wide) return;
    const at = this.shown(), { drawing } = this;
    drawing.show(at, this.place, this.chosen);
    this.table.show(at, this.chosen);
    const shape = drawing.blocks[drawing.home.get(at)]?.shape;
    this.said = this.detail.show(this.data, at, drawing.unit(at, this.place), shape, this.words);
  }
}
