// The menu of layer types, opened in place of a "+". Arrow keys walk over it, a letter jumps to a title.
import { element } from "./dom.js";
import { mark, roleOf } from "./labels.js";

export class Menu {
  // types: ids in order; onChoose(type), onClose()
  constructor({ schema, types, onChoose, onClose }) {
    const groups = new Map();
    for (const type of types) {
      const { group } = schema[type];
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(type);
    }
    this.root = element("div", { class: "menu", role: "menu", "aria-label": "Layer to add" });
    for (const [name, ids] of groups) {
      const list = element("div", { class: "types", role: "group", "aria-label": name });
      list.append(...ids.map((type) => this.item(type, schema[type], onChoose)));
      this.root.append(element("div", { class: "group", role: "presentation" },
        element("span", { class: "title", "aria-hidden": "true" }, name), list));
    }
    this.items = [...this.root.querySelectorAll("[role=menuitem]")];
    this.root.onkeydown = (event) => this.onKey(event, onClose);
    this.root.onfocusout = (event) => {
      if (event.relatedTarget && !this.root.contains(event.relatedTarget)) onClose(false);
    };
    this.focusOn(0, false);
  }

  item(type, { title, about }, onChoose) {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1", "data-type": type, title: about });
    item.innerHTML = mark(type);
    item.dataset.role = roleOf(type);
    item.append(title);
    item.onclick = () => onChoose(type);
    return item;
  }

  focusOn(at, focus = true) {
    this.at = (at + this.items.length) % this.items.length;
    this.items.forEach((item, n) => (item.tabIndex = n === this.at ? 0 : -1));
    if (focus) this.items[this.at].focus();
  }

  onKey(event, onClose) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (key in moves) this.focusOn(this.at + moves[key]);
    else if (key === "Home") this.focusOn(0);
    else if (key === "End") this.focusOn(this.items.length - 1);
    else if (key === "Escape") onClose(true);
    else if (key.length === 1 && key !== " ") this.jump(key.toLowerCase());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  jump(letter) {
    const { items, at } = this;
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    const found = order.find((item) => item.textContent.toLowerCase().startsWith(letter));
    if (found) this.focusOn(items.indexOf(found));
  }
}
