// A row of pictures. Hovering, touching or the arrow keys show the value at the same place in all of them;
// a click, a tap or Enter enlarges one in place, Escape makes it small again.
import { IdleQueue } from "../shared/controls/idle.js";
import { whenPicture } from "../shared/canvas/store.js";
import { sharpen, Stage } from "../shared/canvas/stage.js";
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { clamp, clampIndex } from "../shared/maths/clamp.js";
import { Speaker } from "../shared/text/speak.js";
import { PanelView } from "./panel.js";
import { rangeSentences, shareRanges } from "./range.js";
import { evaluate, fromData } from "./recipe.js";


class Row {
  /** @type {import("../shared/types").PanelRowData} */ data = null; // what Python sent last, and that as text
  sent = "";
  theme = "";
  /** @type {(() => void) | null} */ forget = null; // the picture that is waited for
  /** @type {PanelView | null} */ over = null; // that the pointer or the keyboard is on

  constructor(root) {
    root.innerHTML = `<div class="panels"></div><p class="caption"><span class="words"></span>
      <span class="where numbers"></span></p><div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.root = root;
    this.panels = [];
    this.queue = new IdleQueue();
    this.place = null; // [fy, fx]: fractions of the picture
    this.speaker = new Speaker(root.querySelector(".spoken"));
    this.stage = new Stage(root, { draw: () => this.sharpen() });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").PanelRowData>} args */
  update({ data }) {
    const sent = JSON.stringify(data), theme = this.root.dataset.theme;
    if (sent !== this.sent) {
      this.sent = sent;
      this.data = data;
      this.arrange(data.panels);
      this.follow(data);
    } else if (theme !== this.theme) this.paint();
    this.theme = theme;
  }

  destroy() {
    this.forget?.();
    this.queue.clear();
    this.stage.destroy();
    this.speaker.stop();
  }

  /**
   * Keeps the elements, and with them focus and what is enlarged, as long as the number of panels is the same.
   * @param {import("../shared/types").PanelJson[]} specs
   */
  arrange(specs) {
    if (specs.length === this.panels.length) this.panels.forEach((panel, at) => panel.describe(specs[at]));
    else {
      this.panels = specs.map((spec) => new PanelView(spec));
      this.panels.forEach((panel) => this.listen(panel));
      this.root.querySelector(".panels").replaceChildren(...this.panels.map((panel) => panel.root));
    }
    this.root.querySelector(".panels").toggleAttribute("data-strip", specs.some((spec) => spec.step));
    this.root.style.setProperty("--count", specs.length);
  }

  /** @param {import("../shared/types").PanelRowData} data */
  follow(data) {
    this.forget?.();
    this.queue.clear();
    if (data.digest === null) this.queue.add(this.compute(null));
    else this.forget = whenPicture(data.digest, (picture) => this.queue.add(this.compute(picture)));
  }

  *compute(picture) {
    const done = new Map();
    for (const panel of this.panels) {
      try {
        panel.value = panel.spec.data ? fromData(panel.spec.data) : evaluate(panel.spec.recipe, picture, done);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        panel.refuse(error.message);
      }
      yield;
    }
    this.paint();
  }

  paint() {
    const theme = this.root.dataset.theme;
    const groups = shareRanges(this.panels, this.data.shared);
    for (const panel of this.panels) panel.paint(theme);
    const words = [this.data.caption, rangeSentences(groups, theme)].filter(Boolean).join(" ");
    this.root.querySelector(".words").textContent = words;
    this.root.dataset.painted = this.data.digest ?? "data";
    this.show();
  }

  listen(panel) {
    const { button } = panel;
    let from = null;
    button.onpointerdown = (event) => (from = [event.clientX, event.clientY]);
    button.onpointermove = (event) => this.point(panel, event);
    button.onpointerleave = () => button.matches(":focus-visible") || this.move(null);
    button.onclick = (event) => {
      const dragged = event.detail && from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 8;
      if (!dragged) this.toggle(panel);
    };
    button.onkeydown = (event) => this.onKey(panel, event);
  }

  point(panel, event) {
    const box = panel.canvas.getBoundingClientRect();
    const hold = (t) => clamp(t, 0, 0.999999);
    this.move([hold((event.clientY - box.top) / box.height), hold((event.clientX - box.left) / box.width)], panel);
  }

  onKey(panel, event) {
    const step = arrowStep(event, 10);
    if (event.key === "Escape" && !withCommand(event)) {
      if (panel.large) this.toggle(panel);
      else this.move(null);
    } else if (step && panel.value) {
      event.preventDefault();
      const { width, height } = panel.value;
      const next = (t, n, by) => (clampIndex(Math.floor(t * n) + by, n) + 0.5) / n;
      const [fy, fx] = this.place ?? [0.5, 0.5];
      this.move(this.place ? [next(fy, height, step[0]), next(fx, width, step[1])] : [fy, fx], panel);
    }
  }

  move(place, panel = null) {
    this.place = place;
    this.over = panel;
    this.show();
  }

  show() {
    const [fy, fx] = this.place ?? [null, null];
    const texts = this.panels.map((panel) => panel.show(fy, fx)).filter(Boolean);
    const value = this.over?.value;
    const where = this.place && value
      ? `Row ${Math.floor(fy * value.height)}, column ${Math.floor(fx * value.width)}.`
      : "";
    this.root.querySelector(".where").textContent = where;
    this.speaker.stop();
    if (where) this.speaker.say(`${where} ${texts.join("; ")}`);
  }

  sharpen() {
    for (const { canvas } of this.panels) sharpen(canvas);
  }

  toggle(panel) {
    const on = !panel.large;
    for (const other of this.panels) other.large = false;
    panel.large = on;
    this.sharpen();
    panel.root.scrollIntoView({ block: "nearest" });
  }
}

export function mount(root) {
  return new Row(root);
}
