// The tools beside the steps: paint, cut out, edit the kernel, predict. One is open at a time, or none.
import { element } from "../shared/controls/dom.js";
import { Cutter } from "./cutter.js";
import { KernelPanel } from "./kernel_panel.js";
import { Painter } from "./painter.js";
import { Quiz } from "./quiz.js";

const TOOLS = [
  ["paint", "Paint", "Paint the small picture by hand"],
  ["photo", "Cut from photo", "Cut the small picture out of your photo"],
  ["kernel", "Edit kernel", "Change the weights"],
  ["predict", "Predict", "Hide a number and work it out"],
];
const KINDS = { paint: Painter, photo: Cutter, kernel: KernelPanel, predict: Quiz };

export class Panels {
  /** @type {string | null} */ open = null;
  /** @type {Record<string, HTMLButtonElement>} */ buttons = {};
  /** @type {Record<string, HTMLElement>} */ hosts = {};
  /** @type {{paint?: Painter, photo?: Cutter, kernel?: KernelPanel, predict?: Quiz}} */ parts = {};

  /**
   * @param {HTMLElement} buttons
   * @param {HTMLElement} host
   * @param {import("./view.js").StepView} view
   */
  constructor(buttons, host, view) {
    this.view = view;
    for (const [name, text, hint] of TOOLS) {
      const button = element("button", { type: "button", title: hint, "data-tool": name, "aria-expanded": "false" }, text);
      button.onclick = () => this.toggle(name);
      buttons.append(button);
      const panel = element("section", { class: `panel ${name}`, hidden: true, "aria-label": hint });
      host.append(panel);
      this.buttons[name] = button;
      this.hosts[name] = panel;
    }
  }

  // Made when first opened: the kernel editor looks at the room it has.
  part(name) {
    this.parts[name] ??= new KINDS[name](this.hosts[name], this.view);
  }

  toggle(name) {
    if (this.open === "predict" && name !== "predict") this.view.trigger("ask", "");
    this.open = this.open === name ? null : name;
    if (this.open === null && name === "predict") this.view.trigger("ask", "");
    for (const [each, panel] of Object.entries(this.hosts)) {
      panel.hidden = each !== this.open;
      this.buttons[each].setAttribute("aria-expanded", String(each === this.open));
    }
    this.show();
    this.view.panelChanged(this.open);
  }

  show() {
    const { open, view } = this;
    if (this.parts.paint) this.parts.paint.on = open === "paint";
    if (this.parts.photo) this.parts.photo.open = open === "photo";
    if (!open || !view.model) return;
    this.part(open);
    const { paint, photo } = this.parts;
    if (open === "paint") {
      paint.on = true;
      paint.offer();
      return;
    }
    if (open === "photo") {
      photo.open = true;
      photo.follow(view.data.digest);
    }
    this.parts[open].show();
  }

  get painter() {
    return this.parts.paint ?? null;
  }

  destroy() {
    this.parts.photo?.destroy();
  }
}
