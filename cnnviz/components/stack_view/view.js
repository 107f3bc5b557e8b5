// The stack editor: layers as cards, edited in place. Every edit is shown at once; Python hears of it, and sends back
// what comes out of each layer and what is wrong there.
import { element, say } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";
import { Speaker } from "../shared/text/speak.js";
import { Card } from "./card.js";
import { Drag } from "./drag.js";
import { Edits } from "./edits.js";
import { Frame } from "./frame.js";
import { History } from "./history.js";
import { iconButton } from "./icons.js";
import { HELP, onKey } from "./keys.js";
import { StackList } from "./list.js";
import { MenuPlace } from "./menu.js";
import { places, rejoined, specOf, stackOf, wholeSpec } from "./model.js";
import { glide, tops } from "./motion.js";
import { reportStack } from "./reports.js";
import { Settings } from "./settings.js";

const SETTLED = 150; // ms without a click before Python hears of a number or a selection
const AT_ONCE = 1; // ms: edits in one go are one report
const INPUT = "input"; // the input's uid

class StackView {
  /** @type {import("../shared/types").StackViewData} */ data = null; // what Python sent last, and its stack as text
  heard = "";
  /** @type {import("../shared/types").StackViewData["schema"]} */ schema = null; // of the layer types
  readOnly = false;
  /** @type {any} */ stack = null; // that is edited, see model.js
  /** @type {Map<any, any>} */ index = new Map(); // uid → its place in the stack
  stale = false; // Python has not yet spoken of this very stack
  /** @type {Speaker | null} */ speaker = null;

  constructor(root) {
    this.root = root;
    this.reporter = new Reporter(SETTLED);
    this.history = new History();
    this.rows = new Map();
    this.selected = null;
    this.open = false;
    this.painted = 0;
    this.edits = new Edits(this);
    this.menu = new MenuPlace(this);
  }

  // ---- what Python says ---------------------------------------------------------------------------------------

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").StackViewData>} args */
  update(args) {
    const { data } = args;
    if (!data) return;
    this.reporter.connect(args);
    const readOnly = Boolean(data.readOnly), rebuilt = !this.list || readOnly !== this.readOnly;
    [this.data, this.schema, this.readOnly] = [data, data.schema, readOnly];
    if (rebuilt) this.build();
    const spec = wholeSpec(data.spec, data.schema), fresh = this.reporter.receive("stack", [spec, data.version]);
    this.heard = JSON.stringify(spec);
    if (fresh) this.take(spec);
    this.settle();
    if (this.reporter.receive("selected", data.selected) && !this.stale) this.selected = this.uidAt(data.selected);
    this.render({ reveal: fresh || this.selected !== this.revealed });
  }

  // Another stack: a preset, a link, a file. The one before can be had back.
  take(spec) {
    const stack = stackOf(spec, this.schema);
    if (this.stack) this.history.note(this.stack);
    this.stack = this.stack ? rejoined(stack, this.stack) : stack;
    this.menu.close(false);
    this.reporter.cancel("stack");
  }

  // Where every layer is now, and what Python says of it, if it speaks of this very stack.
  settle() {
    this.index = places(this.stack);
    this.stale = this.heard !== JSON.stringify(specOf(this.stack, this.schema));
    if (this.stale) return;
    const byPath = new Map(this.data.rows.map((row) => [row.path.join("."), row]));
    this.rows = new Map([...this.index].map(([uid, { path }]) => [uid, byPath.get(path.join("."))]));
  }

  uidAt(path) {
    if (!path) return null;
    if (!path.length) return INPUT;
    const key = path.join(".");
    return [...this.index].find(([, place]) => place.path.join(".") === key)?.[0] ?? null;
  }

  // The layer at this place of the stack, or the last one before it.
  standsAt(path) {
    const before = [...path.slice(0, -1), path.at(-1) - 1];
    return this.uidAt(path) ?? this.uidAt(before) ?? [...this.index.keys()].at(-1) ?? INPUT;
  }

  pathOf(uid) {
    return uid === INPUT ? [] : (this.index.get(uid)?.path ?? null);
  }

  // ---- what Python hears --------------------------------------------------------------------------------------

  report() {
    reportStack(this, specOf(this.stack, this.schema), this.pathOf(this.selected));
  }

  // ---- edits --------------------------------------------------------------------------------------------------

  // The stack becomes `next`. `tag` joins quick changes of one setting; `select` is a uid; `said` is read aloud.
  commit(next, { tag = null, select = this.selected, open = this.open, focus = false, said = "" } = {}) {
    if (next === this.stack) return this.render({});
    this.history.note(this.stack, tag);
    this.show(next, { select, open, focus, said });
    this.reporter.later("stack", tag ? SETTLED : AT_ONCE, () => this.report());
  }

  show(next, { select, open = this.open, focus, said }) {
    const before = this.before ?? tops(this.list.cards), path = this.pathOf(select);
    this.stack = next;
    this.settle();
    this.selected = select === null || select === INPUT || this.index.has(select) ? select : this.standsAt(path);
    this.open = open;
    this.menu.close(false);
    this.render({ before, focus, reveal: focus });
    if (said) this.announce(said);
  }

  undo(redo = false) {
    const next = redo ? this.history.redo(this.stack) : this.history.undo(this.stack);
    if (!next) return this.announce(`Nothing to ${redo ? "redo" : "undo"}.`);
    const focused = this.lineFocused();
    this.show(next, { select: this.selected, focus: false, said: `${redo ? "Redone" : "Undone"}. ${this.count()}.` });
    if (focused) this.focusLine(this.selected ?? this.order()[0]);
    this.reporter.later("stack", AT_ONCE, () => this.report());
  }

  select(uid, { open = this.open, focus = true } = {}) {
    [this.selected, this.open] = [uid, open];
    this.render({ focus, reveal: true });
    const path = this.pathOf(uid);
    this.reporter.state("selected", path, { sent: { path } });
  }

  // A click or Enter on a line: selects and opens it; on the open one, closes it.
  press(uid) {
    this.select(uid, { open: uid !== this.selected || !this.open });
  }

  // ---- drawing ------------------------------------------------------------------------------------------------

  build() {
    this.clear();
    this.undoButton = iconButton("undo", "Undo (Ctrl+Z)");
    this.redoButton = iconButton("redo", "Redo (Ctrl+Shift+Z)");
    this.undoButton.onclick = () => this.undo();
    this.redoButton.onclick = () => this.undo(true);
    this.sum = element("span", { class: "sum numbers" });
    this.live = element("p", { class: "visually-hidden", "aria-live": "polite" });
    this.speaker = new Speaker(this.live, 30);
    this.list = new StackList({
      schema: this.schema, readOnly: this.readOnly,
      use: (uid, fix) => this.edits.change(uid, fix),
      add: (parent, index) => this.menu.open(parent, index),
    });
    this.input = new Card(INPUT, INPUT, { schema: this.schema, inputKind: this.data.inputKind, readOnly: true });
    this.scroller = element("div", { class: "scroller" }, this.input.root, this.list.root);
    const tools = this.readOnly ? [] : [this.undoButton, this.redoButton];
    this.root.replaceChildren(
      element("div", { class: "bar" }, this.sum, element("span", { class: "tools" }, ...tools)),
      this.scroller,
      element("p", { id: "keys", class: "visually-hidden" }, this.readOnly ? "Up and down arrows select; Enter opens." : HELP),
      this.live);
    this.frame = new Frame(this.scroller);
    this.scroller.onclick = (event) => {
      const line = /** @type {Element} */ (event.target).closest(".line");
      if (line) this.press(this.uidOf(line));
    };
    this.root.onkeydown = (event) => onKey(event, this);
    this.root.onpointerdown = (event) => this.menu.pressed(event.target);
    this.drag = new Drag(this.list, {
      allowed: (uid, parent) => this.edits.fits(uid, parent),
      started: (uid) => this.select(uid, { open: false, focus: false }),
      ended: () => (this.before = tops(this.list.cards)),
      drop: (uid, place) => this.edits.drop(uid, place),
    });
  }

  uidOf(node) {
    const item = node.closest(".item");
    return item ? Number(item.dataset.uid) : INPUT;
  }

  // All uids from top to bottom, the input first.
  order() {
    return [INPUT, ...this.index.keys()];
  }

  render({ before = this.before, focus = false, reveal = false }) {
    this.before = null;
    const active = this.root.getRootNode().activeElement;
    const stop = this.selected ?? INPUT;
    const show = (card, node) => {
      const { index, siblings } = this.index.get(node.uid);
      const selected = node.uid === this.selected;
      const state = { selected, open: selected && this.open, stale: this.stale, tabStop: node.uid === stop };
      card.update(node, this.rows.get(node.uid), `layer ${index + 1} of ${siblings.length}`, state);
    };
    this.list.update(null, this.stack.nodes, show);
    const onInput = this.selected === INPUT;
    this.input.update(null, { output: this.stack.input }, "the picture that goes in", {
      selected: onInput, open: onInput && this.open && Boolean(this.data.editInput), stale: false, tabStop: stop === INPUT,
    });
    this.showSettings();
    this.list.markStops(this.selected);
    say(this.sum, this.count());
    this.undoButton.disabled = !this.history.past.length;
    this.redoButton.disabled = !this.history.future.length;
    glide(before, this.list.cards);
    if (focus) this.focusLine(this.selected);
    else if (active && active !== this.root.getRootNode().activeElement) {
      if (active.isConnected) active.focus({ preventScroll: true });
      else this.focusLine(stop); // its layer is gone
    }
    if (reveal) this.reveal();
    this.root.dataset.painted = String(++this.painted);
  }

  count() {
    const n = this.index.size;
    return `${n} layer${n === 1 ? "" : "s"}`;
  }

  card(uid) {
    return uid === INPUT ? this.input : this.list.cards.get(uid)?.card;
  }

  // One panel at most is open; it is built anew only for another layer.
  showSettings() {
    const editable = this.selected === INPUT ? this.data.editInput : this.selected !== null;
    const uid = this.open && editable ? this.selected : null;
    const node = uid === INPUT ? this.edits.inputNode() : this.index.get(uid)?.node;
    if (this.settings?.uid === uid) return this.settings?.panel.update(node);
    if (this.settings) {
      this.card(this.settings.uid)?.setSettings(null);
      this.settings.panel.destroy();
    }
    this.settings = uid === null ? null : { uid, panel: this.panel(uid, node) };
    if (this.settings) this.card(uid).setSettings(this.settings.panel);
  }

  panel(uid, node) {
    return new Settings({
      id: `layer${uid}`, node, readOnly: this.readOnly, actions: uid !== INPUT,
      kind: uid === INPUT ? this.data.inputKind : this.schema[node.type],
      onChange: (values, tag) => this.edits.change(uid, values, tag),
      onAction: (name) => this.edits.act(name, uid),
      onRefuse: (sentence) => this.announce(sentence),
    });
  }

  // ---- focus and speech ---------------------------------------------------------------------------------------

  focusLine(uid) {
    this.card(uid)?.line.focus({ preventScroll: true });
  }

  lineFocused() {
    return this.root.getRootNode().activeElement?.closest(".line") ?? null;
  }

  // Brings the selected card into the list's frame; the page itself does not move.
  reveal() {
    this.revealed = this.selected;
    const card = this.card(this.selected);
    if (card) this.frame.reveal(card.root);
  }

  announce(text) {
    this.speaker.say("", 0); // so that equal words are read again
    this.speaker.say(text);
  }

  clear() {
    this.menu.close(false);
    this.settings?.panel.destroy();
    this.settings = null;
    this.drag?.destroy();
    this.frame?.destroy();
  }

  destroy() {
    this.reporter.stop();
    this.speaker?.stop();
    this.clear();
  }
}

export function mount(root) {
  const view = new StackView(root);
  root.stackView = view; // for the browser tests
  return view;
}
