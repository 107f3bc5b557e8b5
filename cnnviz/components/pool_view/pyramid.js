// The stage "pyramid": the same pool several times over, on several maps at once. Hovering a cell of any level shows
// the cells of the levels before it that it was made of, and, for a maximum, the one cell that its value comes from.
import { globalSettings, pool, poolAxes, sourceRect } from "../shared/maths/pool.js";
import { GridPane } from "./grid_pane.js";
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { arrowStep } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { coloured, sharedRange } from "./style.js";
import { Tile } from "./tile.js";
import { formatValue } from "../shared/text/format.js";

const HTML = `<div class="levels"></div><p class="range"></p><p class="spoken" aria-live="polite"></p>`;
const HINT = "Move over any level: the cells that a cell was made of are framed in the levels before it. A click on a small map shows that map large.";
const shapeText = (count, { height, width }) => `${count} × ${height}×${width}`;

export class Pyramid {
  /** @type {import("../shared/types").PoolPyramidData} */ data = null;
  /** @type {import("./style.js").Style} */ style = null;
  /** @type {any[][]} */ stack = []; // the maps of each level
  /** @type {any[]} */ steps = []; // the settings of each pool
  /** @type {any[]} */ levels = []; // the figures
  /** @type {[number, number]} */ range = [0, 1];
  count = 0; // maps in a level
  which = 0; // map that is shown large
  /** @type {{at: number, row: number, column: number} | null} */ hover = null;

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").PoolView} view
   */
  constructor(host, view) {
    host.innerHTML = HTML;
    this.host = host;
    this.view = view;
    this.find = (selector) => host.querySelector(selector);
    this.speaker = new Speaker(this.find(".spoken"), 250);
  }

  /** @param {import("./view.js").Taken<import("../shared/types").PoolPyramidData>} shown */
  take({ data, map, maps, picture, style }) {
    this.data = data;
    this.style = style;
    const first = data.bank.length ? maps.bank(picture, data.bank) : [map];
    this.stack = [first];
    this.steps = [];
    for (let i = 0; i < data.times; i++) {
      const last = this.stack.at(-1), { width, height } = last[0];
      const settings = data.wholeMap ? globalSettings(data.pool.mode, width, height) : data.pool;
      this.steps.push(settings);
      this.stack.push(last.map((one) => pool(one.plane, width, height, settings)));
    }
    if (this.view.reporter.receive("which", data.which)) this.which = data.which;
    this.which = clampIndex(this.which, first.length);
    this.range = sharedRange(this.stack.flat().map(({ plane }) => plane));
    this.arrange();
    this.layOut();
  }

  // One figure per level; kept as long as the numbers of levels and maps stay the same.
  arrange() {
    const count = this.stack[0].length;
    if (this.levels.length === this.stack.length && this.count === count) return;
    this.count = count;
    this.levels = this.stack.map((_, at) => this.figure(at, count));
    this.find(".levels").replaceChildren(...this.levels.map(({ root }) => root));
    this.host.style.setProperty("--levels", String(this.levels.length));
  }

  figure(at, count) {
    const root = document.createElement("figure");
    root.className = at ? "output" : "input";
    root.innerHTML = `<figcaption><b></b><br><span class="about numbers"></span></figcaption><div class="pane"></div><div class="stack"></div>`;
    const pane = new GridPane(root.querySelector(".pane"), `Level ${at}. Arrow keys move from cell to cell.`);
    this.wire(pane.marks, at);
    return { root, pane, ...this.smallMaps(root.querySelector(".stack"), at, count) };
  }

  // The maps of a level as a choice of one; where there is only one, nothing is to be chosen.
  smallMaps(host, at, count) {
    if (count < 2) return { small: [], choices: null };
    const small = Array.from({ length: count }, (_, map) => {
      const canvas = element("canvas"), button = element("button", { type: "button", role: "radio", "data-map": map }, canvas);
      host.append(button);
      return { button, tile: new Tile(canvas) };
    });
    host.setAttribute("aria-label", `Map of level ${at} that is shown large`);
    return { small, choices: new Choices(host, { name: "map", tiles: true, choose: (map) => this.choose(Number(map)) }) };
  }

  layOut() {
    const { stack, style, range, which } = this;
    this.levels.forEach(({ root, pane, small, choices }, at) => {
      const value = stack[at][which], room = root.clientWidth;
      if (room < 2) return;
      const shown = coloured(value.plane, value.width, value.height, range, style.luts);
      const tallest = Math.max(140, globalThis.innerHeight * (this.count > 1 ? 0.34 : 0.5));
      pane.setPixels(shown, value.width, value.height);
      pane.resize({ top: 0, left: 0, rows: value.height, cols: value.width }, Math.min(room / value.width, tallest / value.height));
      pane.draw(style, { hatched: this.dropped(at, value), texts: (r, c) => formatValue(value.plane[r * value.width + c]) });
      small.forEach(({ button, tile }, map) => {
        tile.draw(stack[at][map], range, style, (room - 3 * 4) / 4 - 6, { tallest: 64, even: false });
        const name = this.data.bank[map]?.name ?? "map";
        button.setAttribute("aria-label", `Map ${map + 1}, ${name}, level ${at}`);
        button.title = name;
      });
      choices?.mark(String(which));
      root.querySelector("b").textContent = at ? `${at}× ${this.data.step}` : (this.data.bank[which]?.name ?? "Map");
      root.querySelector(".about").textContent = shapeText(this.count, value);
    });
    this.words();
    this.mark();
  }

  // The last rows and columns that the next pool drops.
  dropped(at, { width, height }) {
    if (at >= this.steps.length) return [];
    const [down, across] = poolAxes(width, height, this.steps[at]);
    const rows = Math.max(down.left - down.padding, 0), cols = Math.max(across.left - across.padding, 0);
    return [
      { top: height - rows, left: 0, rows, cols: width },
      { top: 0, left: width - cols, rows: height - rows, cols },
    ];
  }

  words() {
    const { count, stack } = this, [low, high] = this.range.map(formatValue);
    const maps = `${count} map${count === 1 ? "" : "s"}`;
    const chain = stack.map((level) => `(${count}, ${level[0].height}, ${level[0].width})`).join(" → ");
    this.find(".range").textContent = `${chain}. ${maps} → ${maps}: each map is pooled by itself, so the number of maps stays. All on one range, ${low} … ${high}.`;
  }

  // ---- what is marked -----------------------------------------------------------------------------------------------

  // For each level up to `at`: the rectangle that the cell was made of, and the winner's cell.
  traced({ at, row, column }) {
    let rect = { top: row, left: column, rows: 1, cols: 1 }, winner = { row, column };
    const found = [{ rect, winner }];
    for (let level = at; level > 0; level--) {
      const before = this.stack[level - 1][this.which], here = this.stack[level][this.which];
      rect = clip(sourceRect(this.steps[level - 1], rect), before);
      if (here.winners) {
        const cell = here.winners[winner.row * here.width + winner.column];
        winner = { row: Math.floor(cell / before.width), column: cell % before.width };
      } else winner = null;
      found.unshift({ rect, winner });
    }
    return found;
  }

  mark() {
    const { hover, levels, style } = this;
    const live = hover && hover.at < this.stack.length ? this.stack[hover.at][this.which] : null;
    if (!live || hover.row >= live.height || hover.column >= live.width) {
      levels.forEach(({ pane }) => pane.mark([]));
      this.speaker.say(HINT, 0);
      return;
    }
    const traced = this.traced(hover);
    levels.forEach(({ pane }, at) => {
      const one = traced[at];
      if (!one) {
        pane.mark([]);
        return;
      }
      const dot = one.winner && at < hover.at ? [{ top: one.winner.row, left: one.winner.column, rows: 1, cols: 1, colour: style.roles.output, kind: "dot" }] : [];
      pane.mark([{ ...one.rect, colour: at < hover.at ? style.roles.kernel : style.roles.output }, ...dot]);
    });
    this.speaker.say(this.sentence(hover, live, traced));
  }

  sentence({ at, row, column }, value, traced) {
    const text = formatValue(value.plane[row * value.width + column]);
    const head = `Level ${at}, row ${row}, column ${column}: ${text}.`;
    if (at === 0) return head;
    const { rect, winner } = traced[0];
    const from = `It was made of ${rect.rows}×${rect.cols} cells of the first map`;
    return winner ? `${head} ${from}; its value comes from row ${winner.row}, column ${winner.column}.` : `${head} ${from}.`;
  }

  // ---- what the visitor does ----------------------------------------------------------------------------------------

  wire(canvas, at) {
    const under = (event) => {
      const { row, column } = this.levels[at].pane.cellAt(event), value = this.stack[at][this.which];
      return this.setHover({ at, row: clampIndex(row, value.height), column: clampIndex(column, value.width) });
    };
    canvas.style.touchAction = "pan-y";
    canvas.onpointermove = canvas.onpointerdown = under;
    canvas.onpointerleave = (event) => event.pointerType !== "touch" && this.setHover(null);
    canvas.onfocus = () => canvas.matches(":focus-visible") && this.setHover(this.middle(at));
    canvas.onblur = () => this.setHover(null);
    canvas.onkeydown = (event) => this.key(at, event);
  }

  middle(at) {
    const { width, height } = this.stack[at][this.which];
    return { at, row: height >> 1, column: width >> 1 };
  }

  key(at, event) {
    const step = arrowStep(event, 10), { width, height } = this.stack[at][this.which];
    if (!step && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const now = this.hover?.at === at ? this.hover : this.middle(at);
    if (event.key === "Home") this.setHover({ ...now, column: 0 });
    else if (event.key === "End") this.setHover({ ...now, column: width - 1 });
    else this.setHover({ at, row: clampIndex(now.row + step[0], height), column: clampIndex(now.column + step[1], width) });
  }

  setHover(hover) {
    this.hover = hover;
    this.view.schedule("marks");
  }

  choose(which) {
    this.which = which;
    this.view.schedule("layout");
    this.view.reporter.state("which", which);
  }

  destroy() {
    this.speaker.stop();
  }
}

function clip({ top, left, rows, cols }, { width, height }) {
  const y = Math.max(top, 0), x = Math.max(left, 0);
  return { top: y, left: x, rows: Math.min(top + rows, height) - y, cols: Math.min(left + cols, width) - x };
}
