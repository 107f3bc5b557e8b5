// A number between two bounds: buttons that repeat while held, arrow keys, and typing that counts on Enter or blur.
import { element } from "../shared/controls/dom.js";
import { sliderStep, withCommand } from "../shared/controls/keys.js";
import { icon } from "./icons.js";

const HELD = 380; // ms until a held button repeats
const REPEAT = 70; // ms between repetitions
const KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"];
const QUICK = 12; // repetitions after which each counts for ten

// A decimal with four places at most; 0.30000000000000004 is 0.3.
const tidy = (value) => Number(value.toFixed(4));

export class Stepper {
  value = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined; // while a button is held

  // field: {label, low, high, kind}; onChange(value, "step" | "typed"); onRefuse(sentence)
  constructor({ field, label, describedBy, disabled, onChange, onRefuse }) {
    this.field = field;
    this.onChange = onChange;
    this.onRefuse = onRefuse;
    this.whole = field.kind !== "number";
    this.step = this.whole ? 1 : (field.step ?? niceStep(field.high - field.low));
    this.less = this.button("minus", `${label}: less`, -1, disabled);
    this.more = this.button("plus", `${label}: more`, 1, disabled);
    this.input = element("input", {
      type: "text", inputmode: this.whole ? "numeric" : "decimal", role: "spinbutton", autocomplete: "off",
      spellcheck: "false", "aria-label": label, "aria-valuemin": field.low, "aria-valuemax": field.high,
      "aria-describedby": describedBy, disabled, class: "numbers",
    });
    this.input.onkeydown = (event) => this.onKey(event);
    this.input.onblur = () => this.commit();
    this.input.onfocus = () => this.input.select();
    const digits = Math.max(2, String(this.whole ? field.high : field.low + this.step).length);
    this.root = element("span", { class: "stepper", style: `--digits: ${digits}` }, this.less, this.input, this.more);
  }

  button(name, label, sign, disabled) {
    const button = element("button", { type: "button", tabindex: "-1", "aria-label": label, disabled });
    button.innerHTML = icon(name);
    button.onpointerdown = (event) => this.hold(event, sign);
    button.onclick = (event) => event.detail === 0 && this.move(sign); // from a key or a reader; a pointer has done it
    return button;
  }

  hold(event, sign) {
    if (event.button !== 0) return;
    event.preventDefault(); // the focus stays where it is
    this.commit();
    this.move(sign * (event.shiftKey ? 10 : 1));
    let count = 0;
    const again = () => {
      this.move(sign * (++count > QUICK ? 10 : 1));
      this.timer = setTimeout(again, REPEAT);
    };
    this.timer = setTimeout(again, HELD);
    const end = () => {
      clearTimeout(this.timer);
      for (const name of ENDS) window.removeEventListener(name, end);
    };
    for (const name of ENDS) window.addEventListener(name, end);
  }

  set(value) {
    this.value = value;
    this.less.disabled = this.input.disabled || value <= this.field.low;
    this.more.disabled = this.input.disabled || value >= this.field.high;
    this.input.setAttribute("aria-valuenow", String(value));
    if (!this.typing()) this.input.value = String(value);
  }

  typing() {
    const root = /** @type {ShadowRoot} */ (this.input.getRootNode());
    return root.activeElement === this.input && this.input.value !== String(this.value);
  }

  bounded(value) {
    const { low, high } = this.field;
    return Math.min(Math.max(this.whole ? Math.round(value) : tidy(value), low), high);
  }

  move(steps) {
    const value = this.bounded(this.value + steps * this.step);
    if (value === this.value) return;
    this.value = value;
    this.input.value = String(value);
    this.onChange(value, "step");
  }

  onKey(event) {
    if (withCommand(event)) return;
    const steps = KEYS.includes(event.key) ? sliderStep(event, 1, 10) : null; // the others move within the number
    if (steps !== null) {
      this.commit();
      this.move(steps);
    } else if (event.key === "Enter") {
      this.commit();
      this.input.select();
    } else if (event.key === "Escape" && this.typing()) {
      this.input.value = String(this.value);
      event.stopPropagation();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // What was typed counts now. What is no number is put back; what is out of bounds becomes the bound, and is said.
  commit() {
    const text = this.input.value.trim().replace(",", ".");
    if (!this.input.isConnected || text === String(this.value)) return;
    const number = text === "" ? NaN : Number(text), { field } = this;
    const value = Number.isFinite(number) ? this.bounded(number) : this.value;
    if (value !== number) this.onRefuse(`${field.label} is ${this.whole ? "a whole number " : ""}from ${field.low} to ${field.high}.`);
    this.input.value = String(value);
    if (value === this.value) return;
    this.value = value;
    this.onChange(value, "typed");
  }

  destroy() {
    clearTimeout(this.timer);
  }
}

const ENDS = ["pointerup", "pointercancel", "blur"];

// 0.05 for 0 … 1, 0.01 for 0 … 0.5 … : about twenty to fifty steps from end to end.
function niceStep(range) {
  const ten = 10 ** Math.floor(Math.log10(range / 20));
  return tidy([5, 2, 1].map((n) => n * ten).find((step) => step <= range / 20) ?? ten);
}
