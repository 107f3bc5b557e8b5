// The list of cards, kept in step with the model: cards live as long as their layer, so that the focus, an open
// panel and a running drag survive every update. Between the cards lie the gaps where a layer can be added or dropped.
import { element, findAll } from "../shared/controls/dom.js";
import { Card } from "./card.js";
import { icon } from "./icons.js";

export class StackList {
  // host: {schema, readOnly, use, add(parent, index), title(uid)}
  constructor(host) {
    this.host = host;
    this.cards = new Map(); // uid → {card, item, inner}
    this.lists = new Map(); // uid of a block, or null → {ol, end}
    this.root = element("div", { class: "stack" });
    const top = this.list(null);
    this.root.append(top.ol, top.end);
  }

  list(parent) {
    if (!this.lists.has(parent)) {
      const ol = element("ol", { role: "list", "aria-label": parent === null ? "Layers" : "Layers of the block" });
      this.lists.set(parent, { ol, end: this.gap("end") });
    }
    return this.lists.get(parent);
  }

  gap(kind) {
    /** @type {HTMLElement & {place?: {parent: any, index: number}}} */
    const gap = element("div", { class: `gap ${kind}` });
    if (this.host.readOnly) return gap;
    const plus = element("button", { type: "button", class: "plus", tabindex: "-1", "aria-expanded": "false", "aria-haspopup": "menu" });
    plus.innerHTML = icon("plus");
    if (kind === "end") plus.append(element("span", {}, "Add a layer"));
    plus.onclick = () => this.host.add(gap.place.parent, gap.place.index);
    gap.append(plus);
    return gap;
  }

  // Brings the cards under `parent` into the order of `nodes`; `show(card, node, path)` fills each.
  update(parent, nodes, show) {
    const { ol, end } = this.list(parent);
    nodes.forEach((node, index) => {
      const entry = this.entry(node);
      if (ol.children[index] !== entry.item) ol.insertBefore(entry.item, ol.children[index] ?? null);
      this.place(entry.gap, parent, index, `Add a layer before ${index + 1}`);
      if (node.children) this.update(node.uid, node.children, show);
    });
    while (ol.children.length > nodes.length) ol.lastChild.remove();
    this.place(end, parent, nodes.length, parent === null ? "Add a layer at the end" : "Add a layer at the end of the block");
    ol.hidden = nodes.length === 0;
    if (parent === null) this.sweep(nodes);
    for (const node of nodes) show(this.cards.get(node.uid).card, node);
  }

  place(gap, parent, index, title) {
    gap.place = { parent, index };
    const plus = gap.querySelector(".plus");
    if (!plus || gap.titled === title) return;
    gap.titled = title;
    plus.setAttribute("aria-label", title);
    plus.title = title;
  }

  entry(node) {
    const known = this.cards.get(node.uid);
    if (known) return known;
    const card = new Card(node.uid, node.type, this.host);
    const gap = this.gap("between");
    const item = element("li", { class: "item", "data-uid": node.uid }, gap, card.root);
    if (node.children) {
      const { ol, end } = this.list(node.uid);
      card.root.append(element("div", { class: "inner" }, ol, end));
    }
    const entry = { card, item, gap };
    this.cards.set(node.uid, entry);
    return entry;
  }

  // Forgets the cards of layers that are gone.
  sweep(nodes) {
    const alive = new Set();
    const walk = (list) => list.forEach((node) => alive.add(node.uid) && node.children && walk(node.children));
    walk(nodes);
    for (const uid of this.cards.keys()) {
      if (alive.has(uid)) continue;
      this.cards.delete(uid);
      this.lists.delete(uid);
    }
  }

  // Tab reaches the "+" behind the selected layer and the one at the end, not hundreds of them.
  markStops(selected) {
    const entry = this.cards.get(selected);
    const behind = entry && (entry.item.nextElementSibling?.querySelector(":scope > .gap > .plus") ?? this.endOf(entry.gap.place.parent));
    const stops = [behind, this.endOf(null)];
    for (const old of this.stops ?? []) if (old) old.tabIndex = -1;
    for (const plus of stops) if (plus) plus.tabIndex = 0;
    this.stops = stops;
  }

  endOf(parent) {
    return this.lists.get(parent).end.querySelector(".plus");
  }

  gaps() {
    return findAll(this.root, ".gap");
  }

  gapAt(parent, index) {
    return this.gaps().find(({ place }) => place.parent === parent && place.index === index);
  }
}
