// The network page's stage: drawing, what is said of one layer, and the table. They show the same layer.
import { element } from "../shared/controls/dom.js";
import { EchoGuard } from "../shared/controls/echo.js";
import { whenPicture } from "../shared/canvas/store.js";
import { INPUT } from "./blocks.js";
import { Detail } from "./detail.js";
import { Drawing } from "./drawing.js";
import { changeWords, inputImage } from "./photo.js";
import { Table } from "./table.js";

const SETTLED = 200; // ms without another choice before Python hears of it
const SPOKEN = 350; // ms without a move before a unit is read aloud
const PARTS = `<div class="bar-of-tools"><p class="scale"></p><div class="tools"></div></div>
  <div class="place-of-drawing"></div><div class="place-of-detail"></div>
  <button type="button" class="unfold" aria-expanded="false"></button><div class="place-of-table"></div><div class="visually-hidden spoken" aria-live="polite"></div>`;
const TOOLS = [
  ["root", "Enlarge small maps", "Sides are drawn as square roots of the sizes"],
  ["whole", "All in one view", "The whole network without words"],
];

export class NetworkStage {
  constructor(root) {
    root.innerHTML = PARTS;
    this.root = root;
    this.part = (name) => root.querySelector(name);
    const host = {
      look: (at, place) => this.look(at, place), choose: (at) => this.choose(at), move: (place) => this.move(place),
    };
    [this.drawing, this.detail, this.table] = [new Drawing(host), new Detail(), new Table({ ...host, look: (at) => this.look(at) })];
    this.part(".place-of-drawing").append(this.drawing.root);
    this.part(".place-of-detail").append(this.detail.root);
    this.part(".place-of-table").append(this.table.root);
    this.tools = Object.fromEntries(TOOLS.map((tool) => [tool[0], this.tool(...tool)]));
    this.part(".unfold").onclick = () => this.setLook({ ...this.lookNow, table: !this.lookNow.table });
    this.kept = { chosen: new EchoGuard(), look: new EchoGuard() };
    Object.assign(this, { chosen: null, hover: null, place: [0.5, 0.5], lookNow: {}, image: "", words: "", timers: {} });
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(root);
  }

  tool(name, title, about) {
    const button = element("button", { type: "button", "aria-pressed": "false", title: about }, title);
    button.onclick = () => this.setLook({ ...this.lookNow, [name]: !this.lookNow[name] });
    this.part(".tools").append(button);
    return button;
  }

  update({ data, setStateValue }) {
    const fresh = JSON.stringify([data.nodes, data.input, data.totals]);
    const theme = this.root.dataset.theme;
    Object.assign(this, { data, setStateValue });
    if (this.kept.look.receive(data.look)) this.lookNow = data.look;
    const taken = this.kept.chosen.receive(data.chosen);
    if (fresh !== this.fresh) this.hover = null;
    if (taken || fresh !== this.fresh) this.chosen = this.nodeAt(taken ? data.chosen : this.chosenPath);
    this.chosenPath = this.pathOf(this.chosen);
    const changed = fresh !== this.fresh || theme !== this.theme;
    Object.assign(this, { fresh, theme });
    if (changed) this.table.draw(data);
    this.picture(data);
    this.draw();
    if (taken && this.chosen !== null) this.drawing.reveal(this.chosen);
  }

  destroy() {
    this.forget?.();
    this.resized.disconnect();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
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
    const font = Math.round(Math.min(18, Math.max(13, 9.5 + width / 240)));
    const height = Math.round(Math.min(0.36 * globalThis.innerHeight, Math.max(180, 0.27 * width)));
    const family = getComputedStyle(this.root).fontFamily;
    this.root.style.setProperty("--font", `${font}px`);
    this.drawing.draw(this.data, this.lookNow, { font, family }, { width, height }, this.image);
    for (const [name, button] of Object.entries(this.tools)) button.setAttribute("aria-pressed", String(Boolean(this.lookNow[name])));
    this.part(".scale").textContent = this.scaleWords();
    const open = Boolean(this.lookNow.table);
    this.part(".unfold").setAttribute("aria-expanded", String(open));
    this.part(".unfold").textContent = open ? "Fold the table up" : "Show the table of all layers";
    this.part(".place-of-table").toggleAttribute("data-folded", !open);
    this.show();
    if (this.image) this.root.dataset.painted = this.data.digest;
  }

  scaleWords() {
    const cell = this.drawing.cell.toPrecision(2).replace(/\.0$/, "");
    const sides = this.lookNow.root
      ? "Sides are square roots of the sizes, so that small maps can be seen."
      : `To scale: one cell is ${Number(cell)} px high.`;
    return `${sides} A sheet is a map; of many up to ${this.lookNow.whole ? 8 : 13} are drawn. ${this.words}`;
  }

  // ---- which layer ----------------------------------------------------------------------------------------------

  look(at, place = this.place) {
    this.hover = at;
    this.place = place;
    cancelAnimationFrame(this.timers.frame);
    this.timers.frame = requestAnimationFrame(() => this.show());
  }

  move(place) {
    this.place = place;
    this.show();
    clearTimeout(this.timers.spoken);
    this.timers.spoken = setTimeout(() => (this.part(".spoken").textContent = this.said), SPOKEN);
  }

  choose(at) {
    this.chosen = at;
    this.chosenPath = this.pathOf(at);
    this.hover = null;
    this.show();
    clearTimeout(this.timers.chosen);
    this.timers.chosen = setTimeout(() => {
      const path = this.chosenPath;
      if (this.kept.chosen.send(path)) this.setStateValue("chosen", { path, at: Date.now() });
    }, SETTLED);
  }

  setLook(look) {
    this.lookNow = look;
    this.draw();
    if (this.kept.look.send(look)) this.setStateValue("look", { ...look, at: Date.now() });
  }

  // What is shown: under the pointer, else chosen, else the problem, else the first layer with a window.
  shown() {
    const { nodes } = this.data, problem = nodes.findIndex((node) => node.problem);
    const first = nodes.findIndex((node) => node.window);
    return this.hover ?? this.chosen ?? (problem >= 0 ? problem : first >= 0 ? first : INPUT);
  }

  show() {
    const at = this.shown(), { drawing } = this;
    drawing.show(at, this.place, this.chosen);
    this.table.show(at, this.chosen);
    const shape = drawing.blocks[drawing.home.get(at)]?.shape;
    this.said = this.detail.show(this.data, at, drawing.unit(at, this.place), shape, this.words);
  }
}
