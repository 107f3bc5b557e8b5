// Guess before you look: a question about the chosen layer, with its answers also drawn as boxes on the photo.

import { element } from "../shared/controls/dom.js";

const HTML = `<p class="question"></p><div class="answers" role="group" aria-label="Answers"></div><p class="verdict" role="status"></p>`;
const LETTERS = "ABCDEFGH";

export class Puzzle {
  /** @type {import("../shared/types").PuzzleJson | null} */ puzzle = null;
  text = ""; // of what is shown
  /** @type {string | undefined} */ question = undefined;
  /** @type {number | null} */ answered = null;

  // onAnswer(right: boolean), onSkip()
  constructor(host, { onAnswer, onSkip }) {
    host.innerHTML = HTML;
    this.host = host;
    this.onAnswer = onAnswer;
    this.onSkip = onSkip;
    this.find = (selector) => host.querySelector(selector);
  }

  /**
   * @param {import("../shared/types").PuzzleJson | null} puzzle
   * @param {boolean} open still to be answered
   */
  show(puzzle, open) {
    const text = JSON.stringify([puzzle, open]);
    if (text === this.text) return;
    if (open || this.question !== puzzle?.question) this.answered = null;
    this.text = text;
    this.question = puzzle?.question;
    this.puzzle = puzzle;
    this.host.hidden = !puzzle || (!open && this.answered === null);
    if (this.host.hidden) return;
    this.find(".question").textContent = puzzle.question;
    const buttons = puzzle.options.map(({ label }, at) => this.button(`${LETTERS[at]}: ${label}`, () => this.take(at), at));
    const skip = this.button("Just show me", () => this.onSkip());
    skip.className = "skip";
    this.find(".answers").replaceChildren(...buttons, ...(open ? [skip] : []));
    this.find(".verdict").textContent = this.answered === null ? "" : this.verdict();
  }

  button(text, act, at = undefined) {
    const button = element("button", { type: "button" }, text);
    button.onclick = act;
    if (this.answered === null || at === undefined) return button;
    button.disabled = true;
    if (at === this.puzzle.right) button.dataset.mark = "right";
    else if (at === this.answered) button.dataset.mark = "wrong";
    return button;
  }

  take(at) {
    this.answered = at;
    this.onAnswer(at === this.puzzle.right);
  }

  verdict() {
    const { options, right, about } = this.puzzle;
    return `${this.answered === right ? "Right" : `No: it is ${options[right].label}`}. ${about}`;
  }

  // The answers as boxes, the largest first: [{size, letter}]
  boxes() {
    return this.puzzle.options.map(({ size }, at) => ({ size, letter: LETTERS[at] })).reverse();
  }
}
