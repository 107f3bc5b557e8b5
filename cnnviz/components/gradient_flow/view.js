// The gradient flow of one run or two. What is shown and where the cursor stands outlive updates.
import { lutFromBase64 } from "../shared/maths/colour.js";
import { choiceButton, Choices } from "../shared/controls/choices.js";
import { say } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { Speaker } from "../shared/text/speak.js";
import { decades } from "./axis.js";
import { Bands } from "./bands.js";
import { reader } from "./data.js";
import { Dots } from "./dots.js";
import { Heat } from "./heat.js";
import { Units } from "./units.js";
import { firstAgainstLast, SHOWS } from "./words.js";
import { grouped } from "../shared/text/format.js";

const same = (a, b) => JSON.stringify(a.rows) === JSON.stringify(b.rows);

class Flow {
  /** @type {import("../shared/types").RunFlowJson[]} */ runs = null;
  show = ""; // a key of SHOWS
  reports = false; // the page keeps it
  /** @type {number | null} */ guide = null;
  /** @type {Uint8Array} */ lut;
  /** @type {any[]} */ panels = [];
  /** @type {{panel: any, row: number, column: number} | null} */ at = null; // the cursor
  /** @type {string[]} */ summary = [];

  constructor(root) {
    root.innerHTML = `<div class="shows" aria-label="What is shown"></div><p class="about"></p>
      <p class="key"></p><div class="panels"></div><div class="summary"></div><p class="reading numbers"></p>
      <div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.root = root;
    this.reporter = new Reporter();
    this.speaker = new Speaker(root.querySelector(".spoken"));
    const shows = root.querySelector(".shows");
    shows.append(...Object.entries(SHOWS).map(([id, { button }]) => choiceButton(id, button, "show")));
    this.shows = new Choices(shows, { name: "show", choose: (id) => this.choose(id, true) });
    this.stage = new Stage(root, { draw: () => this.redraw(), onResize: () => this.runs && this.lay() });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").GradientFlowData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    this.runs = data.runs;
    this.guide = data.guide;
    this.reports = data.reports;
    this.lut ??= lutFromBase64(data.lut);
    if (this.reporter.receive("show", data.show)) this.choose(data.show, false);
    this.lay();
  }

  choose(show, byHand) {
    this.show = show;
    this.shows.mark(show);
    this.root.querySelector(".about").textContent = SHOWS[show].about;
    if (byHand && this.reports) this.reporter.trigger("show", show);
    if (byHand) this.lay();
  }

  // The charts for what is shown: {Kind, take(panel, wide)} each.
  plans() {
    const { show, runs } = this, titles = SHOWS[show];
    if (show === "units") return this.unitPlans(titles);
    if (show === "bands") return this.bandPlans(titles);
    const measure = /** @type {import("./data.js").Measure} */ (show);
    const now = runs.map((run) => reader.now(run, measure)), maps = runs.map((run) => reader.heat(run, measure));
    const range = decades([...now.map((one) => one.values), ...maps.map((map) => map?.values)]);
    const guide = show === "ratio" ? this.guide : null;
    const dots = this.shared(now, Dots, (panel, group, name, wide) => panel.take(titles.now + name, group, { range, guide }, wide));
    this.summary = firstAgainstLast(now);
    const least = runs.length > 1 && dots.length === 1 ? 34 : 0;
    const heats = maps.filter(Boolean).map((map) => ({
      Kind: Heat,
      take: (panel, wide) => panel.take(`${this.of(map.label)}${titles.over}`, map, { range, lut: this.lut, share: false }, wide, least),
    }));
    return dots.length > 1 ? dots.flatMap((plan, i) => [plan, heats[i]].filter(Boolean)) : [...dots, ...heats];
  }

  of(label) {
    return this.runs.length > 1 ? `${label}, ` : "Layers × steps, ";
  }

  unitPlans({ now, over }) {
    const bars = this.shared(this.runs.map(reader.units), Units, (panel, group, name, wide) => panel.take(now + name, group, wide));
    const tall = this.runs.length > 1 && bars.length === 1 ? 64 : 40; // as the rows of the bars
    const of = (run) => /** @type {const} */ (["dead", "saturated"]).map((name) => this.sharePlan(over[name], reader.shares(run, name), tall));
    const heats = this.runs.map((run) => of(run).filter(Boolean));
    return bars.length > 1 ? bars.flatMap((plan, i) => [plan, ...heats[i]]) : [...bars, ...heats.flat()];
  }

  sharePlan(title, map, tall) {
    const options = { range: [0, 1], lut: this.lut, share: true };
    return map && { Kind: Heat, take: (panel, wide) => panel.take(this.of(map.label) + title, map, options, wide, tall) };
  }

  bandPlans({ now, over }) {
    const all = this.runs.map(reader.bands), lists = (name) => all.flatMap((one) => one[name]);
    return [["weights", now], ["outputs", over]].flatMap(([name, title]) => {
      const range = decades(lists(name));
      const series = all.map((one) => ({ ...one, bands: one[name] }));
      return this.shared(series, Bands, (panel, group, label, wide) => panel.take(title + label, group, range, wide));
    });
  }

  // One chart for all runs where their rows are the same, else one for each.
  shared(series, Kind, take) {
    series.forEach((one, index) => Object.assign(one, { index }));
    const groups = series.length > 1 && same(...series) ? [series] : series.map((one) => [one]);
    this.summary = [];
    return groups.map((group) => {
      const name = this.runs.length > 1 && group.length === 1 ? `: ${group[0].label}` : "";
      return { Kind, take: (panel, wide) => take(panel, group, name, wide) };
    });
  }

  lay() {
    const plans = this.plans(), wide = this.root.clientWidth;
    const kinds = plans.map(({ Kind }) => Kind);
    if (kinds.length !== this.panels.length || kinds.some((Kind, i) => !(this.panels[i] instanceof Kind))) {
      this.panels = kinds.map((Kind) => new Kind((...where) => this.over(...where)));
      this.at = null;
      this.root.querySelector(".panels").replaceChildren(...this.panels.map((panel) => panel.root));
      this.root.querySelector(".panels").dataset.count = plans.length;
    }
    plans.forEach(({ take }, i) => take(this.panels[i], wide));
    this.keys();
    this.stage.ask();
  }

  // Which sign is which run.
  keys() {
    const overlaid = this.panels[0]?.series?.length > 1;
    const words = overlaid ? `● above: ${this.runs[0].label}   □ below: ${this.runs[1].label}` : "";
    const key = this.root.querySelector(".key");
    say(key, words);
  }

  over(panel, row, column) {
    this.at = row === null ? null : { panel, row, column };
    this.stage.ask();
    this.speaker.stop();
    if (this.at) this.speaker.say(() => this.words());
  }

  words() {
    if (!this.at) return "Point at a layer, or use the arrow keys, to read its numbers.";
    const { panel, row, column } = this.at;
    return `${panel.rows[row]}: ${panel.read(row, column)}.`;
  }

  redraw() {
    if (!this.runs) return;
    const begun = performance.now(), theme = readTheme(this.root);
    if (this.at && this.at.row >= this.at.panel.rows.length) this.at = null;
    if (this.at) this.at.column = Math.min(this.at.column, this.at.panel.columns - 1);
    const name = this.at?.panel.rows[this.at.row];
    for (const panel of this.panels) {
      const mine = this.at?.panel === panel;
      panel.cursor = mine ? this.at : null;
      const row = mine ? this.at.row : panel.rows.indexOf(name);
      panel.draw(theme, row < 0 ? null : row);
      panel.name(this.summary.join(" "), mine ? this.words() : `${grouped(panel.rows.length)} layers`, row < 0 ? null : row);
    }
    this.root.querySelector(".reading").textContent = this.words();
    this.summarize();
    this.root.dataset.drawn = (performance.now() - begun).toFixed(2); // ms, for the benchmark
  }

  // One line per run: what reaches the first layer.
  summarize() {
    const box = this.root.querySelector(".summary");
    while (box.childElementCount > this.summary.length) box.lastChild.remove();
    while (box.childElementCount < this.summary.length) box.append(document.createElement("p"));
    this.summary.forEach((words, i) => (box.children[i].textContent = words));
  }

  destroy() {
    this.speaker.stop();
    this.reporter.stop();
    this.stage.destroy();
  }
}

export const mount = (root) => new Flow(root);
