// Loss, accuracy and rate of one run or two. The view's own state (zoom, cursor, what is drawn) outlives updates.
import { Choices } from "../shared/controls/choices.js";
import { say } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { Pen } from "../shared/canvas/pen.js";
import { Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { Speaker } from "../shared/text/speak.js";
import { curves } from "./decode.js";
import { Legend } from "./legend.js";
import { Plot } from "./plot.js";
import { PointerKeys } from "./pointer_keys.js";
import { StepWindow } from "./window.js";
import { oddWords, reading, spoken, summary } from "./words.js";

const ASKED_AFTER = 250; // ms without another zoom before its detail is asked for
const SPOKEN_AFTER_KEY = 80; // ms without another key before the numbers are spoken

const SKELETON = `
  <div class="bar"><div class="legend" role="group" aria-label="What is drawn"></div>
    <div class="tools"><div class="scale" aria-label="Scale of the loss">
      <button type="button" role="radio" data-log="false">Linear</button><button type="button" role="radio" data-log="true">Log</button></div>
      <button type="button" class="all">Show all</button></div></div>
  <canvas class="curves" tabindex="0" role="slider"></canvas>
  <div class="reading"></div>
  <p class="note"></p>
  <div class="visually-hidden spoken" aria-live="polite"></div>
  <div class="visually-hidden alarm" aria-live="assertive"></div>`;

class Curves {
  /** @type {import("./decode.js").Run[]} */ runs = null;
  log = false; // the scale of the loss
  reports = false; // the page keeps the scale
  /** @type {string} */ asked; // what Python knows of the zoom, as text

  // Reports "log" where the page keeps it, and "zoom", so that Python sends that stretch in detail.
  constructor(root) {
    root.innerHTML = SKELETON;
    this.root = root;
    this.reporter = new Reporter();
    this.window = new StepWindow();
    this.canvas = root.querySelector("canvas");
    this.plot = new Plot(new Pen(this.canvas));
    this.speaker = new Speaker(root.querySelector(".spoken"));
    this.legend = new Legend(root.querySelector(".legend"), () => this.stage.ask());
    this.pointerKeys = new PointerKeys(this);
    this.stage = new Stage(root, { draw: () => this.redraw(), watch: this.canvas });
    this.scale = new Choices(root.querySelector(".scale"), { name: "log", choose: (log) => this.setLog(log === "true", true) });
    root.querySelector(".all").onclick = () => this.pointerKeys.reset();
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").RunChartsData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    this.runs = data.runs.map(curves);
    this.reports = data.reports;
    if (this.reporter.receive("log", data.log)) this.setLog(data.log, false);
    const counted = this.runs.filter((run) => run.steps.length);
    const first = Math.min(...counted.map((run) => run.steps[0])), last = Math.max(...counted.map((run) => run.steps.at(-1)));
    this.window.holds(counted.length ? first : 1, counted.length ? last : 1);
    this.legend.show(this.runs);
    this.asked ??= JSON.stringify(data.zoom); // what Python knows of the zoom
    this.ask();
    this.note();
    this.stage.ask();
  }

  // A thinned run is asked for in detail where it is zoomed into, and whole again after that.
  ask() {
    const { zoom } = this.window, thinned = this.runs.some((run) => run.binWidth > 1);
    const wanted = JSON.stringify(zoom && [Math.floor(zoom[0]), Math.ceil(zoom[1])]);
    if (wanted === this.asked || (zoom && !thinned)) return;
    this.reporter.later("zoom", ASKED_AFTER, () => {
      this.asked = wanted;
      this.reporter.setTriggerValue("zoom", JSON.parse(wanted));
    });
  }

  // The steps that the cursor stops at: those of the longer run.
  get steps() {
    return this.runs.reduce((most, run) => (run.steps.length > most.length ? run.steps : most), this.runs[0].steps);
  }

  setLog(log, byHand) {
    this.log = log;
    this.scale.mark(String(log));
    if (byHand && this.reports) this.reporter.trigger("log", log);
    if (byHand) this.stage.ask();
  }

  note() {
    const width = Math.max(...this.runs.map((run) => run.binWidth));
    const thinned = width > 1 ? ` Of every ${width} steps${this.window.zoom ? " in view" : ""} the lowest and highest are drawn.` : "";
    this.root.querySelector(".note").textContent =
      `Drag to zoom; double click or Escape shows all. Keys: arrows, Home, End, + and −.${thinned}`;
    const odd = this.runs.filter((run) => run.odd.length).map((run) => `${run.label}: the loss is ${oddWords(run)}.`).join(" ");
    const alarm = this.root.querySelector(".alarm");
    say(alarm, odd);
  }

  // The cursor or the zoom is another one.
  changed(aloud) {
    this.stage.ask();
    this.ask();
    this.speaker.stop();
    if (this.window.cursor === null) return;
    const said = () => this.runs.map((run) => spoken(run, this.window.cursor, this.runs.length > 1)).join(" ");
    this.speaker.say(said, aloud ? SPOKEN_AFTER_KEY : undefined);
  }

  redraw() {
    if (!this.runs) return;
    const begun = performance.now();
    const { runs, window, log } = this;
    const shown = (run, part) => this.legend.shown(run, part);
    this.plot.draw({ runs, window, log, shown, theme: readTheme(this.root), drag: this.pointerKeys.drag });
    this.read();
    this.root.dataset.drawn = (performance.now() - begun).toFixed(2); // ms, for the benchmark
  }

  // The numbers under the chart: at the cursor, or of the last step.
  read() {
    const box = this.root.querySelector(".reading"), { cursor, zoom } = this.window;
    const rows = this.runs.map((run) => [run.label, reading(run, cursor)]);
    if (box.childElementCount !== rows.length) box.innerHTML = rows.map(() => "<dl></dl>").join("");
    rows.forEach(([label, cells], i) => fill(box.children[i], [[cursor === null ? "latest" : "at the cursor", label], ...cells]));
    this.root.querySelector(".all").style.visibility = zoom ? "visible" : "hidden";
    const [low, high] = this.window.view.map(Math.round);
    Object.assign(this.root.dataset, { from: low, to: high });
    const state = {
      label: summary(this.runs, this.log), valuemin: this.window.first, valuemax: this.window.last,
      valuenow: cursor ?? this.window.last, valuetext: this.runs.map((run) => spoken(run, cursor, this.runs.length > 1)).join(" "),
    };
    for (const [name, value] of Object.entries(state)) this.canvas.setAttribute(`aria-${name}`, value);
  }

  destroy() {
    this.speaker.stop();
    this.reporter.stop();
    this.stage.destroy();
  }
}

// Names and values of a list, without making the elements anew.
function fill(list, cells) {
  if (list.childElementCount !== cells.length)
    list.innerHTML = cells.map(() => '<div><dt></dt><dd class="numbers"></dd></div>').join("");
  cells.forEach(([name, text], i) => {
    const [term, value] = list.children[i].children;
    say(term, name);
    say(value, text);
  });
}

export const mount = (root) => new Curves(root);
