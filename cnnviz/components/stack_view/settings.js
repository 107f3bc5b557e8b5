// The settings of one layer, drawn from its type's fields, and what can be done with the layer as a whole.
import { element, say } from "../shared/controls/dom.js";
import { control } from "./controls.js";
import { iconButton } from "./icons.js";

const ACTIONS = [
  ["up", "Move up (Alt+↑)"],
  ["down", "Move down (Alt+↓)"],
  ["copy", "Duplicate (d)"],
  ["remove", "Remove (Delete)"],
];

export class Settings {
  // kind: {title, about, fields}; onChange(values, tag), onAction(name), onRefuse(sentence)
  constructor({ id, kind, node, readOnly, actions, onChange, onAction, onRefuse }) {
    this.kind = kind;
    this.id = id;
    this.node = node;
    this.hint = element("p", { class: "hint" });
    const fields = element("div", { class: "fields" });
    this.controls = new Map();
    for (const field of kind.fields) {
      if (field.kind === "layers") continue;
      const about = `help-${id}-${field.name}`;
      const made = control({
        field, disabled: readOnly, describedBy: about, refused: onRefuse,
        changed: (value, how) => onChange({ [field.name]: value }, how === "step" ? `${id}.${field.name}` : null),
        fallback: () => this.node.values.kernel ?? field.low,
      });
      this.controls.set(field.name, made);
      const row = element("div", { class: "field", "data-field": field.name },
        element("span", { class: "name", "aria-hidden": "true" }, field.label),
        made.root,
        element("span", { id: about, hidden: true }, field.help));
      for (const name of ["pointerenter", "focusin"]) row.addEventListener(name, () => this.tell(field));
      for (const name of ["pointerleave", "focusout"]) row.addEventListener(name, () => this.tell(null));
      fields.append(row);
    }
    const bar = element("div", { class: "actions" });
    if (actions && !readOnly) bar.append(...ACTIONS.map(([name, title]) => this.action(name, title, onAction)));
    this.root = element("div", { class: "settings", role: "group", "aria-label": `${kind.title}: settings` },
      fields, element("div", { class: "foot" }, this.hint, bar));
    this.tell(null);
    this.update(node);
  }

  action(name, title, onAction) {
    const button = iconButton(name, title, { "data-action": name });
    button.onclick = () => onAction(name);
    return button;
  }

  tell(field) {
    const bounds = field && ["count", "pair", "padding", "number"].includes(field.kind) ? ` ${field.low} to ${field.high}.` : "";
    say(this.hint, field ? `${field.label}: ${field.help}${bounds}`.replace(/\.\. /, ". ") : this.kind.about);
  }

  update(node) {
    this.node = node;
    for (const [name, made] of this.controls) made.set(node.values[name]);
  }

  destroy() {
    for (const made of this.controls.values()) made.destroy();
  }
}
