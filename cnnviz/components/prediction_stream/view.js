// Test pictures as cards: the picture, what it is, and the network's three best guesses as bars. Right and wrong are
// told by a sign and a word, not by colour alone.
import { element } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { roughPercent } from "../shared/text/format.js";
import { pictureCanvas, picturesOf } from "../shared/canvas/pictures.js";

const percent = (share) => (share === null ? "no number" : roughPercent(share));

class Stream {
  /** @type {import("../shared/types").PredictionStreamData} */ data;
  /** @type {Uint8Array[]} */ pictures; // of `data`, unpacked

  constructor(root) {
    this.root = root;
    this.reporter = new Reporter();
    this.only = false;
    root.innerHTML = `<div class="top"><p class="score"></p>
      <button type="button" class="only" aria-pressed="false">Only wrong</button></div>
      <ol class="cards"></ol><p class="none" hidden></p>`;
    this.find = (name) => /** @type {HTMLElement} */ (root.querySelector(name));
    this.find(".only").onclick = () => this.switch();
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").PredictionStreamData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    if (this.reporter.receive("wrong", data.onlyWrong)) this.only = data.onlyWrong;
    if (data.pictures !== this.sent) this.pictures = picturesOf(data.pictures, data.shape);
    this.data = data;
    if (data.pictures !== this.sent) this.build();
    this.sent = data.pictures;
    this.fill();
  }

  destroy() {
    this.reporter.stop();
  }

  switch() {
    this.only = !this.only;
    this.reporter.state("wrong", this.only, { wait: 0 });
    this.fill();
  }

  build() {
    const most = this.data.top[0]?.length ?? 0;
    this.cards = this.data.labels.map((_, i) => {
      const card = element("li", { class: "card" }), words = element("div", { class: "guesses" });
      const verdict = element("p", { class: "verdict" });
      words.append(verdict);
      const bars = Array.from({ length: most }, () => {
        const bar = element("div", { class: "bar" }), fill = element("i"), name = element("span", { class: "name" });
        const share = element("span", { class: "share numbers" });
        bar.append(fill, name, share);
        words.append(bar);
        return { bar, fill, name, share };
      });
      card.append(pictureCanvas(this.pictures[i], this.data.shape), words);
      return { card, verdict, bars };
    });
    this.find(".cards").replaceChildren(...this.cards.map(({ card }) => card));
  }

  fill() {
    const { data } = this, { classes, labels, top, shares } = data;
    let right = 0;
    this.cards.forEach(({ card, verdict, bars }, i) => {
      const truth = classes[labels[i]], correct = top[i][0] === labels[i] && shares[i][0] !== null;
      right += Number(correct);
      card.dataset.right = String(correct);
      card.hidden = this.only && correct;
      verdict.textContent = `${correct ? "✓ right" : "✗ wrong"}: ${truth}`;
      const best = `${classes[top[i][0]]}, ${percent(shares[i][0])}`;
      card.querySelector("canvas").setAttribute("aria-label", `Picture ${data.indices[i]}: ${truth}; guessed ${best}`);
      bars.forEach((one, k) => {
        one.name.textContent = classes[top[i][k]];
        one.share.textContent = percent(shares[i][k]);
        one.fill.style.width = `${100 * (shares[i][k] ?? 0)}%`;
        one.bar.dataset.truth = String(top[i][k] === labels[i]);
      });
    });
    const count = labels.length;
    this.find(".score").textContent = `${right} of ${count} right, ${count - right} wrong.`;
    this.find(".only").setAttribute("aria-pressed", String(this.only));
    const none = this.only && right === count;
    this.find(".none").hidden = !none;
    this.find(".none").textContent = none ? "None of these pictures is wrong." : "";
    this.root.dataset.painted = String(data.step);
  }
}

export const mount = (root) => new Stream(root);
