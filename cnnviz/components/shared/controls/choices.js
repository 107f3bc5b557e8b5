// A radio group of buttons, as the browser's own: one tab stop, arrow keys, Home and End, `aria-checked`.
import { listStep, tileStep } from "./keys.js";

/**
 * @typedef {object} ChoicesOptions
 * @property {(id: string) => void} choose the visitor has chosen this one
 * @property {string} [name] of the data attribute that holds each button's id: data-choice, if nothing is said
 * @property {boolean} [follow] arrow keys choose at once, as in the browser's own groups; false where choosing costs
 *   much: then they only move the focus, and Enter, Space or a click chooses
 * @property {boolean} [tiles] the buttons flow into rows, in which up and down are other tiles than left and right
 * @property {(button: HTMLElement) => void} [reveal] brings a button into view, without scrolling the page
 */

const RADIO = '[role="radio"]';

/**
 * A button of a radio group.
 * @param {string} id
 * @param {string} text
 * @param {string} [name] of the data attribute for the id
 */
export function choiceButton(id, text, name = "choice") {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset[name] = id;
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", "false");
  return button;
}

// Handles the buttons with role "radio" inside `host`, whenever they were put there.
export class Choices {
  /**
   * @param {HTMLElement} host
   * @param {ChoicesOptions} options
   */
  constructor(host, { choose, name = "choice", follow = true, tiles = false, reveal = () => {} }) {
    this.host = host;
    this.choose = choose;
    this.name = name;
    this.follow = follow;
    this.tiles = tiles;
    this.reveal = reveal;
    /** @type {string | null} */
    this.checked = null;
    host.setAttribute("role", "radiogroup");
    host.addEventListener("click", (event) => this.onClick(event));
    host.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Those that can be chosen now. @returns {HTMLElement[]} */
  get buttons() {
    const all = /** @type {NodeListOf<HTMLButtonElement>} */ (this.host.querySelectorAll(RADIO));
    return [...all].filter((button) => !button.hidden && !button.disabled);
  }

  /**
   * Marks the chosen one, or none (null), and leaves one tab stop: the button that has the focus, else the chosen
   * one, else the first.
   * @param {string | null} id
   */
  mark(id) {
    this.checked = id;
    const { buttons } = this;
    const stop = buttons.find((button) => button.matches(":focus"))
      ?? buttons.find((button) => button.dataset[this.name] === id) ?? buttons[0];
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.host.querySelectorAll(RADIO))) {
      const checked = String(button.dataset[this.name] === id), tab = button === stop ? 0 : -1;
      if (button.getAttribute("aria-checked") !== checked) button.setAttribute("aria-checked", checked);
      if (button.tabIndex !== tab || !button.hasAttribute("tabindex")) button.tabIndex = tab;
    }
  }

  /** @param {HTMLElement} button */
  focus(button) {
    for (const other of this.buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus({ preventScroll: true });
    this.reveal(button);
  }

  /** @param {Event} event @returns {HTMLElement | null} */
  buttonOf(event) {
    return event.target instanceof Element ? event.target.closest(RADIO) : null;
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const button = this.buttonOf(event);
    if (button) this.pick(button);
  }

  /** @param {HTMLElement} button */
  pick(button) {
    const id = button.dataset[this.name] ?? "";
    this.focus(button);
    this.mark(id);
    this.choose(id);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { buttons } = this, button = this.buttonOf(event), at = button ? buttons.indexOf(button) : -1;
    if (at < 0) return;
    const to = this.tiles
      ? tileStep(event, at, buttons.map((each) => each.getBoundingClientRect())) : listStep(event, at, buttons.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // the group is the one that answers, not what it stands in
    if (to === at) return;
    if (this.follow) this.pick(buttons[to]);
    else this.focus(buttons[to]);
  }
}
