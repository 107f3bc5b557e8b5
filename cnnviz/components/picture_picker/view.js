// Tiles as a radio group, and pictures from the clipboard or dropped here, sent to Python as base64.
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";

const SKELETON = `
  <div class="tiles" role="radiogroup" aria-label="Pictures"></div>
  <div class="bring">
    <button type="button" class="paste">Paste from the clipboard</button>
    <span class="hint"></span>
  </div>
  <div class="status" role="status"></div>`;

const MEGABYTE = 1e6;
const isMac = /mac|iphone|ipad/i.test(navigator.platform ?? "");
const SHORTCUT = isMac ? "⌘V" : "Ctrl+V";

function typingInto(event) {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea)$/i.test(target.tagName));
}

/** @param {import("../shared/types").TileJson} tile */
function tileElement(tile) {
  return element("button", { type: "button", class: "tile", role: "radio", "data-id": tile.id },
    element("img", { src: tile.src, alt: tile.alt, draggable: "false" }), element("span", {}, tile.title));
}

// Closing would leave the keyboard nowhere. A new title may have made a new button of the opener.
function returnFocus(opener, openerClass) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const button = opener.isConnected ? opener : document.querySelector(`.${openerClass} button`);
  button?.focus({ preventScroll: true });
}

/** @typedef {import("../shared/types").ViewArguments<import("../shared/types").PicturePickerData>} Arguments */

class Picker {
  /**
   * @param {any} root
   * @param {Arguments} args
   */
  constructor(root, args) {
    this.args = args;
    this.shown = "";
    root.innerHTML = SKELETON;
    this.tiles = root.querySelector(".tiles");
    // Arrows only move the focus: choosing recomputes the whole page.
    this.choices = new Choices(this.tiles, { choose: (id) => this.pick(id), name: "id", follow: false, tiles: true });
    this.status = root.querySelector(".status");
    this.readable = Boolean(navigator.clipboard?.read);
    root.querySelector(".paste").hidden = !this.readable;
    root.querySelector(".hint").textContent = this.hint();
    this.listen(root);
    // The popover lies at the end of the document: without this the keyboard would have to cross the page.
    const focused = document.activeElement;
    this.opener = focused?.getAttribute("aria-haspopup") === "dialog" ? focused : null;
    const keyed = this.opener?.closest('[class*="st-key-"]');
    this.openerClass = [...(keyed?.classList ?? [])].find((name) => name.startsWith("st-key-"));
  }

  // A phone has neither these keys nor files to drop.
  hint() {
    const keys = matchMedia("(any-pointer: fine)").matches;
    if (this.readable) return keys ? `or press ${SHORTCUT}, or drop a file here.` : "";
    return `Press ${SHORTCUT}${isMac ? "" : " (⌘V on a Mac)"} here to paste a picture, or drop a file.`;
  }

  listen(root) {
    this.closing = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.closing.signal });
    on(root.querySelector(".paste"), "click", () => this.readClipboard());
    on(document, "paste", (event) => this.pasted(event));
    on(root, "dragover", (event) => {
      event.preventDefault();
      root.classList.add("over");
    });
    on(root, "dragleave", () => root.classList.remove("over"));
    on(root, "drop", (event) => {
      event.preventDefault();
      root.classList.remove("over");
      this.take([...event.dataTransfer.files], "What was dropped is no picture file.");
    });
  }

  /** @param {Arguments} args */
  update(args) {
    this.args = args;
    const { tiles, chosen, turn } = args.data;
    const wanted = JSON.stringify(tiles);
    if (wanted !== this.shown) {
      this.shown = wanted;
      this.tiles.replaceChildren(...tiles.map(tileElement));
    }
    this.choices.mark(chosen);
    if (this.opener && document.activeElement === this.opener && this.turn === undefined) {
      this.tiles.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    }
    if (turn !== this.turn) this.status.textContent = "";
    this.turn = turn;
  }

  // It is marked already: the answer of the server takes a moment.
  pick(id) {
    this.args.setTriggerValue("pick", id);
  }

  pasted(event) {
    if (typingInto(event)) return;
    event.preventDefault();
    this.take([...(event.clipboardData?.files ?? [])], "The clipboard holds no picture.");
  }

  async readClipboard() {
    try {
      const items = await navigator.clipboard.read();
      const files = [];
      for (const item of items) {
        const type = item.types.find((name) => name.startsWith("image/"));
        if (type) files.push(new File([await item.getType(type)], "", { type }));
      }
      this.take(files, "The clipboard holds no picture.");
    } catch {
      this.say(`The browser does not let this page read the clipboard. Press ${SHORTCUT} here instead.`);
    }
  }

  take(files, otherwise) {
    const file = files.find((each) => each.type.startsWith("image/"));
    if (!file) {
      this.say(otherwise);
      return;
    }
    const name = file.name === "image.png" || !file.name ? "Pasted picture" : file.name; // Chrome calls all so
    const { limit } = this.args.data;
    if (file.size > limit) {
      this.say(`${name} has ${(file.size / MEGABYTE).toFixed(1)} MB; the limit is ${limit / MEGABYTE} MB.`);
      return;
    }
    this.say(`Reading ${name} …`);
    const reader = new FileReader();
    reader.onload = () => this.args.setTriggerValue("image", { name, base64: String(reader.result).split(",")[1] ?? "" });
    reader.onerror = () => this.say(`${name} could not be read.`);
    reader.readAsDataURL(file);
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  destroy() {
    this.closing.abort();
    if (this.opener) setTimeout(() => returnFocus(this.opener, this.openerClass), 0);
  }
}

/**
 * @param {any} root
 * @param {Arguments} args
 */
export function mount(root, args) {
  return new Picker(root, args);
}
