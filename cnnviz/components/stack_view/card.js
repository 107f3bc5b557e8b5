// One layer as a card: a line that says what it is and what comes out, what is wrong or worth knowing there, its
// settings while it is open, and for a block the list of its own layers.
import { element, say } from "../shared/controls/dom.js";
import { icon } from "./icons.js";
import { changeText, label, mark, outputWords, shapeWords } from "./labels.js";

export class Card {
  // host: {schema, inputKind, readOnly, use(uid, fix)}
  constructor(uid, type, host) {
    this.uid = uid;
    this.type = type;
    this.host = host;
    const kind = type === "input" ? host.inputKind : host.schema[type];
    this.line = element("button", { type: "button", class: "line", tabindex: "-1", "aria-describedby": "keys" });
    this.line.innerHTML = `${mark(kind)}<span class="label"><b></b><span class="more"></span></span>
      <span class="place visually-hidden"></span><span class="extra numbers"></span>
      <span class="shape numbers" aria-hidden="true"></span><span class="visually-hidden said"></span>`;
    this.part = (name) => this.line.querySelector(name);
    this.root = element("div", { class: "card", "data-role": kind.role, "data-type": type }, this.line);
    if (!host.readOnly && type !== "input") {
      this.handle = element("span", { class: "handle", "aria-hidden": "true", title: "Drag to move" });
      this.handle.innerHTML = icon("grip");
      this.root.prepend(this.handle);
    }
  }

  // node: of the model; row: what Python says, or undefined; place: "2 of 7" …
  update(node, row, place, { selected, open, stale, tabStop }) {
    const { main, more } = this.type === "input" ? { main: "input", more: "" } : label(node, this.host.schema);
    say(this.part("b"), main);
    say(this.part(".more"), more && ` · ${more}`);
    const text = more ? `${main} · ${more}` : main;
    if (this.line.title !== text) this.line.title = text; // where the line is too short for it
    say(this.part(".place"), `, ${place}`);
    say(this.part(".extra"), row?.extra ?? "");
    say(this.part(".shape"), shapeWords(row?.output));
    say(this.part(".said"), row ? `, ${outputWords(row.output)}` : "");
    this.root.toggleAttribute("data-stale", Boolean(stale));
    this.root.toggleAttribute("data-open", Boolean(open));
    this.root.toggleAttribute("data-selected", Boolean(selected));
    this.line.setAttribute("aria-expanded", String(Boolean(open)));
    if (selected) this.line.setAttribute("aria-current", "true");
    else this.line.removeAttribute("aria-current");
    this.line.tabIndex = tabStop ? 0 : -1;
    this.tell(row, stale);
  }

  // The sentence at this layer; built anew only when it changes, so that an alert is read once.
  tell(row, stale) {
    const kind = row?.problem ? "problem" : row?.notice ? "notice" : "";
    const fixes = (kind === "problem" && row.fixes) || [];
    const known = JSON.stringify([kind, row?.[kind], fixes]);
    if (stale || known === this.told) return;
    this.told = known;
    this.message?.remove();
    this.message = null;
    this.root.dataset.state = kind;
    if (!kind) return;
    this.message = element("div", { class: `message ${kind}`, role: kind === "problem" ? "alert" : "note" });
    this.message.innerHTML = icon(kind);
    const words = element("span", { class: "words" }, row[kind]);
    this.message.append(words);
    if (fixes.length && !this.host.readOnly) {
      words.append(element("span", { class: "fixes" }, ...fixes.slice(0, 3).map((fix) => this.fixButton(fix))));
    }
    this.line.after(this.message);
  }

  fixButton(fix) {
    const fields = this.host.schema[this.type]?.fields ?? [];
    const button = element("button", { type: "button", class: "fix" }, `Use ${changeText(fix, fields)}`);
    button.onclick = () => this.host.use(this.uid, fix);
    return button;
  }

  setSettings(settings) {
    if (this.settings === settings) return;
    this.settings?.root.remove();
    this.settings = settings;
    if (settings) (this.message ?? this.line).after(settings.root);
  }
}
