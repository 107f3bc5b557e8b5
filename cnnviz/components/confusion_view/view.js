// True class by predicted class as a table of buttons; a cell shows its pictures. Its shade is its share of the row.
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { arrowStep } from "../shared/controls/keys.js";
import { Reporter } from "../shared/controls/report.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { percent, roughPercent } from "../shared/text/format.js";
import { pictureCanvas, picturesOf } from "../shared/canvas/pictures.js";

class Confusion {
  /** @type {import("../shared/types").ConfusionViewData} */ data = null; // what Python sent last
  classes = ""; // that the table was built for, as text
  /** @type {HTMLButtonElement[][]} */ cells = [];
  /** @type {[number, number] | null} */ cell = null; // whose pictures are shown
  show = "count"; // or "share"
  focus = [0, 0]; // the cell that the keyboard is on
  /** @type {string | null} */ drawn = null; // the pictures that are shown, as Python packed them

  constructor(root) {
    this.root = root;
    this.reporter = new Reporter();
    root.innerHTML = `<div class="top"><p class="score"></p><div class="modes" aria-label="Numbers">
        <button type="button" role="radio" data-show="count">count</button>
        <button type="button" role="radio" data-show="share">share</button>
      </div></div>
      <div class="body"><div class="scroll" tabindex="-1"></div><div class="chosen"><p class="words" aria-live="polite"></p>
        <div class="pictures"></div></div></div>`;
    this.find = (name) => root.querySelector(name);
    this.modes = new Choices(this.find(".modes"), { name: "show", choose: (show) => this.switch(show) });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").ConfusionViewData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    this.data = data;
    if (this.reporter.receive("cell", data.cell)) this.cell = data.cell;
    if (this.reporter.receive("show", data.show)) this.show = data.show;
    const classes = JSON.stringify(data.classes);
    if (classes !== this.classes) this.build();
    this.classes = classes;
    this.fill();
  }

  destroy() {
    this.reporter.stop();
  }

  switch(show) {
    this.show = show;
    this.reporter.state("show", show, { wait: 0 });
    this.fill();
  }

  build() {
    const { classes } = this.data, table = element("table"), head = element("tr");
    const corner = element("th", { class: "corner" }, "true ↓  guessed →");
    corner.scope = "col";
    head.append(corner, ...classes.map((name) => this.heading(name, "col")));
    this.cells = classes.map((_, row) => classes.map((__, col) => this.button(row, col)));
    const body = this.cells.map((buttons, row) => {
      const line = element("tr");
      line.append(this.heading(classes[row], "row"), ...buttons.map((button) => {
        const cell = element("td");
        cell.append(button);
        return cell;
      }));
      return line;
    });
    const caption = element("caption", { class: "visually-hidden" }, "Confusion matrix: rows are true classes, columns guesses");
    table.append(caption, head, ...body);
    table.dataset.short = String(classes.every((name) => name.length <= 3));
    this.find(".scroll").replaceChildren(table);
    this.focus = [0, 0];
  }

  heading(name, scope) {
    const made = element("th", { class: scope });
    made.append(element("span", {}, name));
    made.scope = scope;
    return made;
  }

  button(row, col) {
    const made = element("button", { class: "cell numbers" });
    made.type = "button";
    made.dataset.diagonal = String(row === col);
    made.onclick = () => this.choose(row, col);
    made.onkeydown = (event) => this.key(event, row, col);
    return made;
  }

  key(event, row, col) {
    const step = arrowStep(event), { length } = this.cells;
    if (!step) return;
    event.preventDefault();
    this.focus = [clampIndex(row + step[0], length), clampIndex(col + step[1], length)];
    this.tabs();
    this.cells[this.focus[0]][this.focus[1]].focus();
  }

  tabs() {
    this.cells.forEach((buttons, r) => buttons.forEach((button, c) => {
      button.tabIndex = r === this.focus[0] && c === this.focus[1] ? 0 : -1;
    }));
  }

  choose(row, col) {
    const same = this.cell && this.cell[0] === row && this.cell[1] === col;
    this.cell = same ? null : [row, col];
    this.focus = [row, col];
    this.reporter.state("cell", this.cell, { wait: 0 });
    this.fill();
  }

  fill() {
    const { counts, classes, step, split } = this.data;
    const all = counts.flat().reduce((a, b) => a + b, 0), right = counts.reduce((sum, row, i) => sum + row[i], 0);
    this.find(".score").textContent = all
      ? `${right} of ${all} ${split} pictures right (${percent(right / all, 1)}).` : "No pictures yet.";
    this.modes.mark(this.show);
    counts.forEach((row, r) => {
      const total = row.reduce((a, b) => a + b, 0) || 1;
      row.forEach((count, c) => this.paint(this.cells[r][c], count, count / total, `${classes[r]}, guessed ${classes[c]}`));
    });
    this.cells.forEach((row, r) => row.forEach((button, c) => {
      button.setAttribute("aria-pressed", String(Boolean(this.cell) && this.cell[0] === r && this.cell[1] === c));
    }));
    this.tabs();
    this.pictures();
    this.root.dataset.painted = String(step);
  }

  paint(button, count, share, name) {
    const words = roughPercent(share);
    button.textContent = this.show === "share" ? words.replace(" %", "") : String(count);
    // Mistakes are few: their shade goes by the root, so that 1 % can be told from none.
    button.style.setProperty("--share", String(button.dataset.diagonal === "true" ? share : Math.sqrt(share)));
    button.dataset.empty = String(count === 0);
    button.setAttribute("aria-label", `${name}: ${count}, ${words} of the row`);
  }

  pictures() {
    const { classes, counts, shape, places, cell } = this.data, words = this.find(".words"), host = this.find(".pictures");
    if (!this.cell) {
      words.textContent = "Choose a cell to see its pictures.";
      host.replaceChildren();
      this.drawn = null;
      return;
    }
    const [row, col] = this.cell, count = counts[row][col];
    const what = row === col ? `${classes[row]}, rightly guessed` : `${classes[row]}, taken for ${classes[col]}`;
    const here = cell && cell[0] === row && cell[1] === col;
    const some = here && places.length && places.length < count ? `, the first ${places.length}` : "";
    words.textContent = `${what}: ${count} picture${count === 1 ? "" : "s"}${some}.`;
    const drawn = here ? this.data.pictures : null;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    host.replaceChildren(...(drawn ? picturesOf(drawn, shape) : []).map((bytes, i) => {
      const canvas = pictureCanvas(bytes, shape);
      canvas.setAttribute("aria-label", `Picture ${places[i]}: ${what}`);
      return canvas;
    }));
  }
}

export const mount = (root) => new Confusion(root);
