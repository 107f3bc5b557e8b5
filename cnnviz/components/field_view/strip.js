// The layers in a row, each one's output as a sheet to scale: a choice of one, as radio buttons. On each sheet up to
// the chosen one stands what its unit is made of there.

import { choiceButton, Choices } from "../shared/controls/choices.js";

const LARGEST = 56; // CSS pixels of the largest sheet's longer side
const LEAST = 3;

export class Strip {
  /** @type {HTMLButtonElement[]} */ buttons = [];
  text = ""; // of the layers that they were made for
  /** @type {number | null} */ chosen = null;

  /**
   * @param {HTMLElement} host
   * @param {(at: number) => void} onChoose gets the place of the layer's record
   */
  constructor(host, onChoose) {
    this.host = host;
    host.setAttribute("aria-label", "Layer whose units are looked at");
    this.choices = new Choices(host, {
      choose: (at) => onChoose(Number(at)), reveal: (button) => this.bring(Number(button.dataset.choice)),
    });
  }

  /** @param {import("../shared/types").FieldLayerJson[]} records */
  lay(records) {
    const text = JSON.stringify(records.map(({ name, output }) => [name, output]));
    if (text === this.text) return;
    this.text = text;
    const most = Math.max(...records.flatMap(({ output }) => output));
    this.buttons = records.map((record, at) => this.button(record, at, LARGEST / most));
    this.host.replaceChildren(...this.buttons);
    this.chosen = null;
  }

  /**
   * @param {import("../shared/types").FieldLayerJson} record
   * @param {number} at
   * @param {number} scale
   */
  button({ name, detail, output }, at, scale) {
    const button = choiceButton(String(at), "");
    const [tall, wide] = output.map((n) => Math.max(LEAST, n * scale));
    button.innerHTML = `<span class="room"><span class="sheet"><span class="cone"></span></span></span><b></b><span class="detail"></span><span class="numbers"></span>`;
    const part = (selector) => button.querySelector(selector);
    Object.assign(part(".sheet").style, { width: `${wide}px`, height: `${tall}px` });
    part(".room").style.height = `${LARGEST}px`;
    part("b").textContent = name;
    part(".detail").textContent = detail;
    part(".numbers").textContent = `${output[0]}×${output[1]}`;
    return button;
  }

  // cones: for each record [[first, last], [first, last]] or null
  show(chosen, lit, cones, records) {
    this.choices.mark(String(chosen));
    this.buttons.forEach((button, at) => {
      button.toggleAttribute("data-lit", at === lit);
      this.cone(button.querySelector(".cone"), cones[at], records[at].output);
    });
    if (this.chosen !== chosen) this.bring(chosen);
    this.chosen = chosen;
  }

  cone(element, ranges, [rows, cols]) {
    const shown = Boolean(ranges && ranges[0][1] > ranges[0][0] && ranges[1][1] > ranges[1][0]);
    element.hidden = !shown;
    if (!shown) return;
    const [[top, bottom], [left, right]] = ranges;
    Object.assign(element.style, {
      top: `${(100 * top) / rows}%`, left: `${(100 * left) / cols}%`,
      height: `${(100 * (bottom - top)) / rows}%`, width: `${(100 * (right - left)) / cols}%`,
    });
  }

  // Scrolls the row, never the page.
  bring(at) {
    const { host } = this, button = this.buttons[at];
    const from = button.offsetLeft - host.offsetLeft, to = from + button.offsetWidth;
    if (from < host.scrollLeft) host.scrollLeft = from - 20;
    else if (to > host.scrollLeft + host.clientWidth) host.scrollLeft = to - host.clientWidth + 20;
  }
}
