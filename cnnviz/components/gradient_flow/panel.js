// A chart with one row per layer: labels, a canvas of the right height, and a cursor by pointer and keys. What is in
// a row is drawn by the panels that extend it.
import { Pen } from "../shared/canvas/pen.js";
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { say } from "../shared/controls/dom.js";

const WIDEST_LABEL = 0.4; // of the width

export class Panel {
  /** @type {string[]} */ rows;
  title = "";
  size = 0; // of the type
  pitch = 0; // pixels of a row
  least = 0; // that a row is to have
  /** @type {import("../shared/canvas/theme.js").Theme} */ theme;
  /** @type {number} */ left; // where the drawing lies, in CSS pixels; not known before the first
  /** @type {number} */ right;
  /** @type {number} */ top;
  /** @type {number} */ bottom;
  /** @type {{row: number, column: number} | null} */ cursor = null;

  // over(panel, row, column): the cursor is there, null for nowhere.
  constructor(over) {
    this.over = over;
    this.root = document.createElement("figure");
    this.root.innerHTML = '<figcaption></figcaption><canvas tabindex="0" role="slider" aria-orientation="vertical"></canvas>';
    this.canvas = this.root.querySelector("canvas");
    this.pen = new Pen(this.canvas);
    this.listen();
  }

  get columns() {
    return 1;
  }

  // Draws what stands in the rows: each kind of chart in its own way.
  cells() {}

  // Rows and title; the height only changes with the number of rows.
  show(title, rows, wide) {
    this.rows = rows;
    this.size = wide < 560 ? 14 : wide < 1300 ? 16 : 19;
    this.pitch = Math.max(this.least, this.size * (rows.length > 10 ? 1.7 : rows.length > 6 ? 2 : 2.4));
    const caption = this.root.querySelector("figcaption");
    say(caption, title);
    const tall = `${Math.ceil(rows.length * this.pitch + this.above + this.below)}px`;
    if (this.canvas.style.height !== tall) this.canvas.style.height = tall;
    this.title = title;
  }

  get above() {
    return 4;
  }

  get below() {
    return this.size * 1.9;
  }

  // Draws labels and, by `cells`, the rows; at: the row under the cursor.
  draw(theme, at) {
    if (!this.rows || !this.pen.begin(theme.font, this.size)) return;
    const { pen } = this;
    this.theme = theme;
    const most = pen.width * WIDEST_LABEL;
    const longest = Math.max(0, ...this.rows.map((row) => pen.pen.measureText(row).width));
    this.left = Math.min(most, longest) + 10;
    this.right = pen.width - 8;
    this.top = this.above;
    this.bottom = this.top + this.rows.length * this.pitch;
    if (at !== null && at < this.rows.length) {
      pen.style(theme.ink, 1, [], 0.1);
      pen.pen.fillRect(0, this.top + at * this.pitch, pen.width, this.pitch);
    }
    pen.style(theme.ink);
    this.rows.forEach((row, i) => pen.text(this.shortened(row, most), 0, this.middle(i)));
    if (!this.rows.length) pen.text("No layer to show.", 4, this.top + this.size);
    this.cells();
  }

  shortened(words, most) {
    const { pen } = this.pen;
    if (pen.measureText(words).width <= most) return words;
    let cut = words.length;
    while (cut > 1 && pen.measureText(`${words.slice(0, cut)}…`).width > most) cut--;
    return `${words.slice(0, cut)}…`;
  }

  middle(row) {
    return this.top + (row + 0.5) * this.pitch;
  }

  rowAt(event) {
    const row = Math.floor((event.clientY - this.canvas.getBoundingClientRect().top - this.top) / this.pitch);
    return row >= 0 && row < this.rows.length ? row : null;
  }

  // The column that a place of the pointer means; a panel of one column has only this.
  columnAt(_event) {
    return 0;
  }

  listen() {
    const { canvas } = this;
    canvas.onpointermove = canvas.onpointerdown = (event) => {
      if (this.left === undefined) return;
      const row = this.rowAt(event);
      this.over(this, row, row === null ? null : this.columnAt(event));
    };
    canvas.onpointerleave = (event) => event.pointerType === "mouse" && this.over(this, null, null);
    canvas.onblur = () => this.over(this, null, null);
    canvas.onkeydown = (event) => this.key(event);
  }

  key(event) {
    if (withCommand(event) || !this.rows?.length) return;
    const step = this.step(event);
    if (event.key === "Escape") this.over(this, null, null);
    else if (step) {
      const { row = -1, column = this.columns - 1 } = this.cursor ?? {}, down = row < 0 ? 0 : row + step[0];
      this.over(this, clampIndex(down, this.rows.length), clampIndex(column + step[1], this.columns));
    } else return;
    event.preventDefault();
  }

  // [rows, columns] that a key moves the cursor; Shift goes a twentieth of the columns.
  step(event) {
    if (event.key === "Home" || event.key === "End") return [event.key === "Home" ? -Infinity : Infinity, 0];
    const step = arrowStep(event, Math.max(1, Math.round(this.columns / 20)));
    return step && [Math.sign(step[0]), step[1]]; // rows one by one
  }

  // The name and the state for people who do not see the picture.
  name(label, text, row) {
    const state = {
      label: `${this.title}. ${label}`, valuemin: 1, valuemax: Math.max(1, this.rows.length), valuenow: (row ?? 0) + 1, valuetext: text,
    };
    for (const [key, value] of Object.entries(state)) this.canvas.setAttribute(`aria-${key}`, value);
  }
}
