// What is said of the layer that is looked at: its name, its facts with the numbers, and the unit under the pointer.
import { element } from "../shared/controls/dom.js";
import { grouped } from "../shared/text/format.js";
import { INPUT, fieldOf, isMaps } from "./blocks.js";

const span = (from, count, name) => (count === 1 ? `${name} ${from}` : `${name}s ${from} to ${from + count - 1}`);

/**
 * The unit and the pixels that it sees.
 * @param {import("../shared/types").NetNodeJson} node
 * @param {number[]} unit
 * @param {number[]} shape
 * @param {number[]} input
 */
export function unitWords(node, unit, shape, [, rows, cols]) {
  const place = isMaps(shape) ? `The unit at row ${unit[0]}, column ${unit[1]}` : `${node.unitName} ${grouped(unit[0] + 1)}`;
  const field = fieldOf(node.seen, unit, shape);
  const outside = field.top < 0 || field.left < 0 || field.top + field.rows > rows || field.left + field.cols > cols;
  const top = Math.max(0, field.top), left = Math.max(0, field.left);
  const tall = Math.min(rows, field.top + field.rows) - top, wide = Math.min(cols, field.left + field.cols) - left;
  if (tall === rows && wide === cols) return `${place} sees the whole input${outside ? ", and padding around it" : ""}.`;
  if (tall < 1 || wide < 1) return `${place} sees padding alone.`;
  return `${place} sees ${span(top, tall, "row")}, ${span(left, wide, "column")} of the input${outside ? ", and padding beside it" : ""}.`;
}

export class Detail {
  /** @type {number | null} */ at = null; // the node that is described, in these data and with these words
  /** @type {import("../shared/types").NetNetworkData} */ data = null;
  words = "";

  constructor() {
    this.root = element("div", { class: "detail" });
    this.root.innerHTML = `<h2 class="head"><b></b> <span></span></h2><p class="about"></p><p class="message" hidden></p><dl></dl><p class="unit"></p>`;
    this.part = (name) => this.root.querySelector(name);
  }

  /**
   * @param {import("../shared/types").NetNetworkData} data
   * @param {number} at
   * @param {number[]} unit row and column of the output
   * @param {number[]} shape
   * @param {string} words what was done to the picture
   */
  show(data, at, unit, shape, words) {
    const node = at === INPUT ? null : data.nodes[at];
    if (this.at !== at || this.data !== data || this.words !== words) this.fill(data, node, words);
    this.at = at;
    this.data = data;
    this.words = words;
    this.part(".unit").textContent = node?.seen ? unitWords(node, unit, shape, data.input) : "";
    return node ? this.part(".unit").textContent : words;
  }

  /**
   * @param {import("../shared/types").NetNetworkData} data
   * @param {import("../shared/types").NetNodeJson | null} node
   * @param {string} words
   */
  fill(data, node, words) {
    const number = node ? `${node.path.map((n) => n + 1).join(".")} · ` : "";
    this.part("b").textContent = number + (node ? node.title : "Input");
    this.part("span").textContent = node ? node.settings : data.input.join("×");
    const message = this.part(".message"), kind = node?.problem ? "problem" : "notice";
    message.textContent = sentence(node?.problem || node?.notice || "");
    message.className = `message ${kind}`;
    message.hidden = !message.textContent;
    this.part(".about").textContent = node ? (node.problem ? "" : node.about) : words;
    const facts = node ? node.facts : [["Output", `${data.input.join("×")}: channels × rows × columns`]];
    this.part("dl").replaceChildren(
      ...facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", { class: "numbers" }, text))),
    );
  }
}

export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");
