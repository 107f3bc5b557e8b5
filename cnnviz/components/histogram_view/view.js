// A histogram with the colours that its values get. The bin that is read out outlives updates.
import { say } from "../shared/controls/dom.js";
import { Pen } from "../shared/canvas/pen.js";
import { Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { Bins, coloured } from "../shared/maths/bins.js";
import { Speaker } from "../shared/text/speak.js";
import { DASHES, Plot } from "./plot.js";
import { PointerKeys } from "./pointer_keys.js";
import { CHANNELS, reading, spoken, stretch, summary } from "./words.js";

const SPOKEN_AFTER_KEY = 80; // ms without another key before the numbers are spoken

const SKELETON = `
  <p class="legend"></p>
  <canvas class="bars" tabindex="0" role="slider"></canvas>
  <dl class="reading">${"<div><dt></dt><dd></dd></div>".repeat(4)}</dl>
  <div class="visually-hidden spoken" aria-live="polite"></div>`;

const sample = (inner) => `<svg width="26" height="14" aria-hidden="true">${inner}</svg>`;
const LINE = (name, i) =>
  sample(`<path d="M1 7H25" stroke="var(--${name})" stroke-width="2.5" stroke-dasharray="${DASHES[i].join(" ") || "none"}"/>`);
const BARS = sample('<path d="M3 14V8H9V3H16V6H23V14Z" fill="var(--cv-output)"/>');
const RANGE = sample(`<path d="M2 0H24V14H2Z" fill="var(--cv-kernel)" opacity="0.14"/>
  <path d="M2 0V14M24 0V14" stroke="var(--cv-kernel)" stroke-width="2" stroke-dasharray="4 2"/>`);

class View {
  constructor(root) {
    root.innerHTML = SKELETON;
    this.root = root;
    root.histogramView = this; // for the browser tests, which compare its numbers with Python's
    this.cursor = null; // a bin, or null
    this.drawings = 0;
    this.canvas = root.querySelector("canvas");
    this.plot = new Plot(new Pen(this.canvas));
    this.speaker = new Speaker(root.querySelector(".spoken"));
    this.stage = new Stage(root, { draw: () => this.redraw(), watch: this.canvas });
    this.pointerKeys = new PointerKeys(this);
    document.fonts.ready.then(() => this.stage.ask());
  }

  /** @param {import("../shared/types").HistogramViewData} data */
  update(data) {
    this.data = data;
    this.bins = new Bins(data);
    this.colours = coloured(data);
    if (this.cursor !== null) this.point(Math.min(this.cursor, this.bins.many - 1), false);
    this.legend();
    this.stage.ask();
  }

  legend() {
    const keys = this.bins.counts.length > 1 ? CHANNELS.map((name, i) => [LINE(name, i), name]) : [[BARS, "cells of the output"]];
    keys.push([RANGE, `range of the colours: ${stretch(...this.colours)}`]);
    const html = keys.map(([picture, words]) => `<span>${picture}${words}</span>`).join("");
    if (html === this.made) return;
    this.made = html;
    this.root.querySelector(".legend").innerHTML = html;
  }

  // Reads out another bin, or none.
  point(cursor, byKey) {
    this.cursor = cursor;
    this.stage.ask();
    const words = () => (this.cursor === null ? "" : spoken(this.bins, this.cursor, this.colours));
    this.speaker.say(words, byKey ? SPOKEN_AFTER_KEY : undefined);
  }

  redraw() {
    if (!this.bins) return;
    const { bins, data, cursor } = this, style = getComputedStyle(this.root);
    const channels = CHANNELS.map((name) => style.getPropertyValue(`--${name}`).trim());
    this.plot.draw({ bins, data, cursor, theme: readTheme(this.root), channels });
    this.read();
    this.root.dataset.painted = String(++this.drawings);
  }

  read() {
    const { bins, colours, cursor, data } = this, boxes = this.root.querySelectorAll(".reading div");
    reading(bins, colours, cursor).forEach(([name, text], i) => {
      say(boxes[i].children[0], name);
      say(boxes[i].children[1], text);
    });
    const at = cursor ?? bins.fullest;
    const state = {
      label: summary(bins, data, colours), valuemin: 1, valuemax: bins.many, valuenow: at + 1, valuetext: spoken(bins, at, colours),
    };
    for (const [name, value] of Object.entries(state)) this.canvas.setAttribute(`aria-${name}`, value);
  }

  destroy() {
    this.speaker.stop();
    this.stage.destroy();
  }
}

export function mount(root) {
  const view = new View(root);
  return {
    /** @param {import("../shared/types").ViewArguments<import("../shared/types").HistogramViewData>} args */
    update: ({ data }) => view.update(data),
    destroy: () => view.destroy(),
  };
}
