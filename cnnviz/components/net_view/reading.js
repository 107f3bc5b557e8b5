// The outputs as bars that can be dragged, and what softmax (of a single node: the sigmoid) reads in them.
import { element } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { grouped, percent as percentOf } from "../shared/text/format.js";
import { sigmoid, softmax } from "./probabilities.js";

const sign = (z) => String(Math.round(100 * z) / 100).replace("-", "−");
const MOVES = {
  "Add 1 to all": (z) => z + 1, "Take 1 from all": (z) => z - 1, "Double all": (z) => 2 * z, "Halve all": (z) => z / 2,
};
const percent = (p) => percentOf(p, 1);

export class LogitsBars {
  /** @type {import("../shared/types").NetReadingData} */ data = null; // what Python sent last
  /** @type {number[]} */ logits = [];
  /** @type {any[]} */ rows = [];
  /** @type {any} */ rest = null; // of the other classes together
  /** @type {(() => void)[]} */ moves = []; // switches each button on or off

  constructor(root) {
    this.root = root;
    this.reporter = new Reporter();
    root.innerHTML = `<div class="reading"></div><div class="moves"></div><p class="formula-line numbers"></p>
      <div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.part = (name) => root.querySelector(name);
    for (const [title, change] of Object.entries(MOVES)) this.button(title, () => this.logits.map(change));
    this.button("Reset", () => [...this.data.first]);
  }

  // A move that would leave the sliders' range is not offered: cut off, it would no longer be what it says.
  button(title, values) {
    const made = element("button", { type: "button" }, title);
    made.onclick = () => this.set(values());
    this.moves.push(() => (made.disabled = values().some((z) => Math.abs(z) > this.data.largest + 1e-9)));
    this.part(".moves").append(made);
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").NetReadingData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    const other = data.count !== this.data?.count;
    this.data = data;
    if (other) this.build();
    if (this.reporter.receive("logits", data.logits) || other) this.logits = [...data.logits];
    this.show();
    this.root.dataset.painted = String(data.count);
  }

  destroy() {
    this.reporter.stop();
  }

  get single() {
    return this.data.count === 1;
  }

  build() {
    const { logits, count, largest } = this.data, others = count - logits.length;
    this.rows = logits.map((_, at) => this.row(this.single ? "yes" : `class ${at + 1}`, at, largest));
    if (this.single) this.rest = this.fixed("no", "z = 0");
    else this.rest = others ? this.fixed(`${grouped(others)} others`, "each at 0") : null;
    const head = element("div", { class: "row head", "aria-hidden": "true" }, element("span", {}, "output"),
      element("span", { class: "wide" }, "logit z"), element("span", { class: "wide" }, this.single ? "sigmoid: probability" : "softmax: probability"));
    this.part(".reading").replaceChildren(head, ...this.rows.map(({ root }) => root), ...(this.rest ? [this.rest.root] : []));
  }

  row(title, at, largest) {
    const slider = element("input", { type: "range", min: -largest, max: largest, step: "any", "aria-label": `Logit of ${title}` });
    const value = element("span", { class: "value numbers" }), made = this.chance();
    slider.oninput = () => this.change(at, Math.round(10 * Number(slider.value)) / 10);
    slider.onchange = () => this.report();
    const root = element("div", { class: "row" }, element("span", { class: "who" }, title), slider, value, made.bar, made.text);
    return { root, slider, value, ...made };
  }

  fixed(title, words) {
    const made = this.chance();
    return { root: element("div", { class: "row" }, element("span", { class: "who" }, title), element("span", { class: "held" }, words), element("span"), made.bar, made.text), ...made };
  }

  chance() {
    return { bar: element("span", { class: "chance", "aria-hidden": "true" }, element("span")), text: element("span", { class: "value numbers" }) };
  }

  change(at, z) {
    this.logits[at] = z;
    this.show();
  }

  set(values) {
    this.logits = values;
    this.show();
    this.report();
  }

  report() {
    const values = this.logits.map((z) => Math.round(1000 * z) / 1000);
    this.logits = values;
    this.reporter.state("logits", values, { wait: 0, sent: { values } });
  }

  show() {
    const { count } = this.data, { each, rest } = this.single
      ? { each: [sigmoid(this.logits[0])], rest: sigmoid(-this.logits[0]) }
      : softmax(this.logits, count - this.logits.length);
    const best = each.indexOf(Math.max(...each));
    this.rows.forEach((row, at) => {
      row.slider.value = this.logits[at];
      row.slider.setAttribute("aria-valuetext", `${sign(this.logits[at])}, probability ${percent(each[at])}`);
      row.value.textContent = sign(this.logits[at]);
      this.fill(row, each[at]);
      row.root.classList.toggle("best", at === best && !this.single);
    });
    if (this.rest) this.fill(this.rest, rest);
    for (const check of this.moves) check();
    this.part(".formula-line").textContent = this.formula(each, best);
    this.root.dataset.sum = String(each.reduce((a, b) => a + b, 0) + (this.rest ? rest : 0));
  }

  fill({ bar, text }, p) {
    bar.firstChild.style.width = `${100 * p}%`;
    text.textContent = percent(p);
  }

  formula(each, best) {
    const z = sign(this.logits[best]);
    if (this.single) return `p(yes) = 1 / (1 + e^${sign(-this.logits[0])}) = ${each[0].toFixed(3)}`;
    const others = this.data.count - this.logits.length;
    const sum = this.logits.reduce((total, logit) => total + Math.exp(logit), others);
    return `p(class ${best + 1}) = e^${z} / Σ e^z = ${Math.exp(this.logits[best]).toFixed(2)} / ${sum.toFixed(2)} = ${each[best].toFixed(3)}`;
  }
}
