// One control for each kind of setting. Each has `root`, `set(value)` and `destroy()`, and calls
// `changed(value, how)` where how is "step" (more of it may follow at once) or "typed".
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { Stepper } from "./stepper.js";

function toggle(text, title, disabled, press) {
  const button = element("button", { type: "button", class: "mode", title, disabled, "aria-pressed": "false" }, text);
  button.onclick = () => press(button.getAttribute("aria-pressed") !== "true");
  return button;
}

class Switch {
  constructor({ field, disabled, describedBy, changed }) {
    this.root = element("button", {
      type: "button", class: "switch", role: "switch", "aria-label": field.label, "aria-describedby": describedBy, disabled,
    }, element("span", { class: "knob", "aria-hidden": "true" }));
    this.root.onclick = () => changed(this.root.getAttribute("aria-checked") !== "true", "typed");
  }

  set(value) {
    this.root.setAttribute("aria-checked", String(value));
  }

  destroy() {}
}

class Options {
  constructor({ field, disabled, describedBy, changed }) {
    this.root = element("span", { class: "options", role: "radiogroup", "aria-label": field.label, "aria-describedby": describedBy });
    this.buttons = field.options.map((option) => {
      return element("button", { type: "button", role: "radio", disabled, "data-choice": option }, option.replaceAll("_", " "));
    });
    this.root.append(...this.buttons);
    this.choices = new Choices(this.root, { choose: (option) => changed(option, "typed") });
    this.field = field;
  }

  set(value) {
    this.choices.mark(this.field.options.includes(value) ? value : this.field.options[0]);
  }

  destroy() {}
}

class One {
  constructor({ field, disabled, describedBy, changed, refused }) {
    this.stepper = new Stepper({ field, label: field.label, disabled, describedBy, onChange: changed, onRefuse: refused });
    this.root = this.stepper.root;
  }

  set(value) {
    this.stepper.set(value);
  }

  destroy() {
    this.stepper.destroy();
  }
}

// One number for both axes or one each; padding may be "same", an optional setting may follow another ("auto").
class Pair {
  wide = false; // height and width apart
  /** @type {any} */ last = null; // numbers that were set

  constructor({ field, disabled, describedBy, changed, refused, fallback }) {
    this.field = field;
    this.changed = changed;
    this.fallback = fallback;
    const make = (label, index) => new Stepper({
      field, label, disabled, describedBy, onRefuse: refused, onChange: (value, how) => this.moved(index, value, how),
    });
    this.steppers = [make(field.label, 0), make(`${field.label}, width`, 1)];
    this.times = element("span", { class: "times", "aria-hidden": "true" }, "×");
    this.apart = toggle("y × x", "Height and width apart", disabled, (on) => this.setApart(on));
    this.root = element("span", { class: "pair" }, this.steppers[0].root, this.times, this.steppers[1].root, this.apart);
    this.special = field.kind === "padding" ? ["same", "same", "As much padding as keeps the size at stride 1"]
      : field.optional ? ["auto", null, field.help] : null;
    if (this.special) {
      const [text, value, title] = this.special;
      this.fixed = toggle(text, title, disabled, (on) => changed(on ? value : this.numbers(), "typed"));
      this.fixed.setAttribute("aria-label", `${field.label} ${text}`);
      this.root.append(this.fixed);
    }
    this.apart.setAttribute("aria-label", `${field.label}: height and width apart`);
  }

  numbers() {
    return this.last ?? this.fallback();
  }

  set(value) {
    const fixed = this.special && value === this.special[1];
    if (!fixed) this.last = value;
    const pair = fixed ? null : [value].flat();
    if (pair?.length === 2) this.wide = true; // two equal numbers stay apart as long as the panel is open
    const apart = !fixed && this.wide;
    const [first, second] = this.steppers;
    for (const node of [this.times, second.root]) node.hidden = !apart;
    first.root.hidden = this.apart.hidden = fixed;
    first.input.setAttribute("aria-label", apart ? `${this.field.label}, height` : this.field.label);
    this.apart.setAttribute("aria-pressed", String(apart));
    this.fixed?.setAttribute("aria-pressed", String(fixed));
    if (!fixed) [pair[0], pair[1] ?? pair[0]].forEach((one, axis) => this.steppers[axis].set(one));
  }

  setApart(on) {
    this.wide = on;
    const value = this.last;
    if (!on && Array.isArray(value)) this.changed(value[0], "typed");
    else this.set(value);
  }

  moved(index, value, how) {
    const pair = this.steppers.map((stepper) => stepper.value);
    pair[index] = value;
    if (!this.wide) this.changed(value, how);
    else this.changed(pair[0] === pair[1] ? pair[0] : pair, how);
  }

  destroy() {
    for (const stepper of this.steppers) stepper.destroy();
  }
}

const KINDS = { switch: Switch, choice: Options, count: One, number: One, pair: Pair, padding: Pair };

export const control = (options) => new KINDS[options.field.kind](options);
