// The tools beside the steps: paint, cut out, edit the kernel, predict. One is open at a time, or none.
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

export class Panels {
  constructor(buttons, host, view) {
    Object.assign(this, { view, open: null, buttons: {}, hosts: {} });
    for (const [name, text, hint] of TOOLS) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text, title: hint });
      button.dataset.tool = name;
      button.setAttribute("aria-expanded", "false");
      button.onclick = () => this.toggle(name);
      buttons.append(button);
      const panel = document.createElement("section");
      Object.assign(panel, { className: `panel ${name}`, hidden: true });
      panel.setAttribute("aria-label", hint);
      host.append(panel);
      this.buttons[name] = button;
      this.hosts[name] = panel;
    }
  }

  // Made when first opened: the kernel editor looks at the room it has.
  part(name) {
    this.parts ??= {};
    const kinds = { paint: Painter, photo: Cutter, kernel: KernelPanel, predict: Quiz };
    return (this.parts[name] ??= new kinds[name](this.hosts[name], this.view));
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
    if (this.parts?.paint) this.parts.paint.on = open === "paint";
    if (this.parts?.photo) this.parts.photo.open = open === "photo";
    if (!open || !view.model) return;
    const part = this.part(open);
    if (open === "paint") {
      part.on = true;
      part.offer();
    } else if (open === "photo") {
      part.open = true;
      part.follow(view.data.digest);
      part.show();
    } else part.show();
  }

  get painter() {
    return this.parts?.paint ?? null;
  }

  destroy() {
    this.parts?.photo?.destroy();
  }
}
