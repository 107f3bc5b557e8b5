// The menu of layer types, and where it opens. Arrow keys walk over it, a letter jumps to a title.
import { element, findAll } from "../shared/controls/dom.js";
import { listStep, withCommand } from "../shared/controls/keys.js";
import { mark } from "./labels.js";

export class Menu {
  // types: ids in order; onChoose(type), onClose()
  /**
   * @param {{schema: import("../shared/types").StackViewData["schema"], types: string[], onChoose: (type: string) => void,
   *   onClose: (focus: boolean) => void}} options
   */
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
    this.items = findAll(this.root, "[role=menuitem]");
    this.root.onkeydown = (event) => this.onKey(event, onClose);
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.root.parentElement.contains(relatedTarget)) onClose(false);
    });
    this.focusOn(0, false);
  }

  item(type, kind, onChoose) {
    const { title, about, role } = kind;
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1", "data-type": type, title: about });
    item.innerHTML = mark(kind);
    item.dataset.role = role;
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
    if (withCommand(event)) return;
    const { key } = event, to = listStep(event, this.at, this.items.length);
    if (to !== null) this.focusOn(to);
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

// The one menu that is open, at a gap of the list.
export class MenuPlace {
  constructor(view) {
    this.view = view;
    this.at = null; // {parent, index, gap, menu, from}
  }

  // Opens at this gap; the menu that is open there closes.
  open(parent, index) {
    const { view } = this, again = this.at?.parent === parent && this.at.index === index;
    this.close(again);
    if (again || view.readOnly) return;
    const types = view.edits.typesIn(parent);
    if (!types.length) return view.announce(`A stack has at most ${view.data.limits.layers} layers.`);
    const gap = view.list.gapAt(parent, index), from = view.root.getRootNode().activeElement;
    const menu = new Menu({
      schema: view.schema, types,
      onChoose: (type) => view.edits.add(type, parent, index),
      onClose: (back) => this.close(back),
    });
    this.at = { parent, index, gap, menu, from };
    gap.querySelector(".plus").setAttribute("aria-expanded", "true");
    gap.append(menu.root);
    menu.focusOn(0);
    menu.root.scrollIntoView({ block: "nearest" });
  }

  // `back`: the focus returns to where it was.
  close(back) {
    if (!this.at) return;
    const { gap, menu, from } = this.at, plus = gap.querySelector(".plus");
    this.at = null;
    plus.setAttribute("aria-expanded", "false");
    if (back) (from?.isConnected ? from : plus).focus();
    menu.root.remove();
  }

  // A press beside the menu closes it; its own "+" does so by the click.
  pressed(target) {
    if (this.at && !this.at.gap.contains(target)) this.close(false);
  }
}
