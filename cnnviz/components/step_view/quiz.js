// Predict, then reveal: shows the question, takes the answer. Python asks and judges.
import { findAll, say } from "../shared/controls/dom.js";

const HTML = `
  <div class="kinds" role="group" aria-label="What is asked">Hide
    <button type="button" data-kind="output cell">an output cell</button>
    <button type="button" data-kind="kernel weight">a weight</button>
    <button type="button" data-kind="output size">the output's size</button>
  </div>
  <form><label><span class="prompt"></span> <input class="answer numbers" type="text" inputmode="decimal" autocomplete="off" size="8"></label>
    <button type="submit">Check</button></form>
  <p class="verdict" role="status"></p>
  <p class="score numbers"></p>`;

export class Quiz {
  wanted = false; // the visitor has just asked for it
  number = -1; // of the question that is shown

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").StepView} view
   */
  constructor(host, view) {
    this.view = view;
    host.innerHTML = HTML;
    this.find = (selector) => host.querySelector(selector);
    for (const button of findAll(host, "[data-kind]")) {
      button.onclick = () => {
        this.wanted = true;
        view.trigger("ask", button.dataset.kind);
      };
    }
    this.find("form").onsubmit = (event) => {
      event.preventDefault();
      view.trigger("answer", this.find(".answer").value);
    };
  }

  show() {
    const { question, score } = this.view.data;
    const settled = Boolean(question?.verdict && question.settled); // answered, with nothing left to try
    this.prompt(question?.prompt ?? "", settled);
    this.judge(question, settled);
    this.find(".score").textContent = score[1] ? `${score[0]} of ${score[1]} right` : "";
    if (question?.prompt && question.number !== this.number) this.begin(question);
    this.wanted = false;
  }

  prompt(prompt, settled) {
    const form = this.find("form");
    form.hidden = !prompt;
    this.find(".prompt").textContent = prompt;
    for (const control of findAll(form, "input, button")) control.disabled = settled;
  }

  /**
   * @param {import("../shared/types").QuestionJson | null} question
   * @param {boolean} settled
   */
  judge(question, settled) {
    const verdict = this.find(".verdict");
    say(verdict, question?.problem ?? question?.verdict ?? "Choose what is hidden; then work it out from what stays visible.");
    verdict.dataset.right = settled ? String(question.right) : "";
  }

  /**
   * Another question than before: an empty field for its answer, which has the focus if the visitor asked for it.
   * @param {import("../shared/types").QuestionJson} question
   */
  begin({ number, settled, hidden }) {
    this.number = number;
    this.find(".answer").value = "";
    if (!settled) this.view.showAsked(hidden);
    if (this.wanted) this.find(".answer").focus({ preventScroll: true });
  }
}
