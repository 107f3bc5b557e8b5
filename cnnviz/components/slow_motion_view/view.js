// One training step, part by part: batch, forward, loss, backward, update. Every array is drawn as what it is:
// pictures, maps and kernels as tiles, tables as numbers, single numbers large.
import { element } from "../shared/controls/dom.js";
import { Stage } from "../shared/canvas/stage.js";
import { drawArray } from "./arrays.js";

const PLAY_EVERY = 2500; // ms

class SlowMotion {
  /** @type {import("../shared/types").SlowMotionData} */ data = null; // what Python sent last
  sent = ""; // its parts, as text
  theme = "";
  /** @type {ReturnType<typeof setInterval> | null} */ timer = null; // while it plays
  /** @type {(() => void)[]} */ redraw = []; // draws each array again for another width

  constructor(root) {
    this.root = root;
    this.at = 0;
    root.innerHTML = `<div class="stages" role="group" aria-label="Parts of the step"></div>
      <div class="transport"><button type="button" class="back">◀ Back</button>
        <button type="button" class="play" aria-pressed="false">Play</button>
        <button type="button" class="next">Next ▶</button></div>
      <p class="sentence" aria-live="polite"></p><div class="arrays"></div>`;
    this.find = (name) => root.querySelector(name);
    this.find(".back").onclick = () => this.go(this.at - 1);
    this.find(".next").onclick = () => this.go(this.at + 1);
    this.find(".play").onclick = () => this.play(!this.timer);
    this.stage = new Stage(root, { draw: () => this.redraw.forEach((draw) => draw()), watch: this.find(".arrays") });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").SlowMotionData>} args */
  update({ data }) {
    const sent = JSON.stringify(data.parts), theme = this.root.dataset.theme;
    if (sent === this.sent && theme === this.theme) return;
    if (sent !== this.sent) this.at = 0;
    this.sent = sent;
    this.theme = theme;
    this.data = data;
    this.find(".stages").replaceChildren(...data.parts.map(({ title }, i) => {
      const button = element("button", { class: "stage" }, `${i + 1} ${title}`);
      button.type = "button";
      button.onclick = () => { this.play(false); this.go(i); };
      return button;
    }));
    this.show();
  }

  destroy() {
    this.stage.destroy();
    clearInterval(this.timer);
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.tick(), PLAY_EVERY) : null;
    if (on && this.at === this.data.parts.length - 1) this.go(0);
    this.find(".play").setAttribute("aria-pressed", String(Boolean(on)));
    this.find(".play").textContent = on ? "Pause" : "Play";
  }

  tick() {
    this.go(this.at + 1);
    if (this.at === this.data.parts.length - 1) this.play(false);
  }

  go(at) {
    this.at = Math.min(this.data.parts.length - 1, Math.max(0, at));
    this.show();
  }

  show() {
    const part = this.data.parts[this.at];
    if (!part) return;
    this.root.querySelectorAll(".stage").forEach((button, i) => {
      if (i === this.at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    this.find(".back").disabled = this.at === 0;
    this.find(".next").disabled = this.at === this.data.parts.length - 1;
    this.find(".sentence").textContent = part.sentence;
    const luts = { ...this.data.luts, signed: this.data.luts.signed[this.theme ?? "light"] };
    const host = this.find(".arrays");
    host.replaceChildren();
    this.redraw = part.numbers.map((array) => {
      const figure = element("figure", { class: "array" });
      figure.dataset.stage = part.stage;
      host.append(figure);
      return drawArray(figure, array, { luts, classes: this.data.classes });
    });
    this.root.dataset.painted = part.stage;
  }
}

export const mount = (root) => new SlowMotion(root);
