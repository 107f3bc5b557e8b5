// A grid of kernels, each shown by what it does to a small copy of the visitor's picture.
// A radio group with one tab stop: arrows move between tiles; Enter, Space or a click chooses.
import { lutFromBase64, paint, valueRange } from "../shared/maths/colour.js";
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { convolve, padAmounts } from "../shared/maths/engine.js";
import { IdleQueue } from "../shared/controls/idle.js";
import { oneSlice } from "../shared/maths/geometry.js";
import { greyCopy } from "../shared/maths/reduce.js";
import { whenPicture } from "../shared/canvas/store.js";

const FRAME = `
  <div class="head">
    <label class="find"><span class="visually-hidden">Find a kernel</span>
      <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 14 14"/></svg>
      <input type="search" placeholder="Find a kernel" autocomplete="off" spellcheck="false"></label>
    <span class="count" role="status"></span>
  </div>
  <div class="tiles" role="radiogroup" aria-label="Kernels"></div>
  <p class="foot"></p>`;

const TICK = '<svg class="tick" viewBox="0 0 16 16" aria-hidden="true"><path d="m3.5 8.5 3 3 6-7"/></svg>';

// Weights that add up to 0 (within rounding) answer to differences: their values have a sign.
function isSigned(weights) {
  const sum = weights.reduce((total, w) => total + w, 0);
  const size = weights.reduce((total, w) => total + Math.abs(w), 0);
  return Math.abs(sum) <= 1e-5 * size;
}

/** @typedef {import("../shared/types").ViewArguments<import("../shared/types").KernelGalleryData>} Arguments */

class Gallery {
  /**
   * @param {any} root
   * @param {Arguments} args
   */
  constructor(root, args) {
    this.root = root;
    this.args = args;
    this.queue = new IdleQueue();
    this.tiles = new Map(); // id → {button, canvas, entry, values, signed}
    root.innerHTML = FRAME;
    this.grid = root.querySelector(".tiles");
    this.search = root.querySelector("input");
    this.search.oninput = () => this.filter();
    this.choices = new Choices(this.grid, {
      choose: (id) => this.choose(id), name: "id", follow: false, tiles: true, reveal: (button) => this.reveal(button),
    });
    this.seen = new IntersectionObserver((found) => this.onSeen(found), { root: this.grid, rootMargin: "240px" });
  }

  /** @param {Arguments} args */
  update(args) {
    const before = this.args.data, fresh = !this.tiles.size;
    this.args = args;
    const { data } = args;
    const changed = (name) => fresh || JSON.stringify(before[name]) !== JSON.stringify(data[name]);
    const theme = this.root.dataset.theme;
    if (changed("kernels")) this.build();
    if (changed("luts") || theme !== this.theme) {
      this.theme = theme;
      this.luts = { clip: lutFromBase64(data.luts.grey), signed: lutFromBase64(data.luts.signed[theme]) };
      for (const tile of this.tiles.values()) this.paint(tile);
    }
    if (changed("kernels") || changed("digest")) this.follow(data.digest);
    this.mark();
  }

  destroy() {
    this.forget?.();
    this.queue.clear();
    this.seen.disconnect();
  }

  build() {
    this.seen.disconnect();
    this.tiles.clear();
    const groups = new Map();
    for (const entry of this.args.data.kernels) {
      if (!groups.has(entry.group)) groups.set(entry.group, []);
      groups.get(entry.group).push(entry);
    }
    this.grid.replaceChildren();
    for (const [name, entries] of groups) {
      const group = element("div", { class: "group", role: "presentation" });
      const head = element("div", { class: "heading" }, name);
      const row = element("div", { class: "row", role: "presentation" });
      row.append(...entries.map((entry) => this.tile(entry)));
      group.append(head, row);
      this.grid.append(group);
    }
    this.filter();
  }

  /** @param {import("../shared/types").GalleryKernelJson} entry */
  tile(entry) {
    const button = element("button", { role: "radio", type: "button", "data-id": entry.id, tabindex: "-1" });
    const picture = element("span", { class: "picture" });
    picture.innerHTML = TICK;
    const canvas = element("canvas", { "aria-hidden": "true", width: 1, height: 1 });
    picture.prepend(canvas);
    const title = element("span", { class: "title" }, entry.title);
    const size = element("span", { class: "size numbers" }, `${entry.rows}×${entry.cols}`);
    button.append(picture, title, size);
    button.setAttribute("aria-label", `${entry.title}, ${entry.rows} by ${entry.cols}, this picture through it`);
    this.tiles.set(entry.id, { button, canvas, entry, values: null, signed: isSigned(entry.weights) });
    return button;
  }

  // Waits for the picture, makes the small copy, then computes the tiles that come into view.
  follow(digest) {
    this.forget?.();
    this.queue.clear();
    this.seen.disconnect();
    this.small = null;
    for (const tile of this.tiles.values()) tile.values = null;
    const queue = this.queue, gallery = this;
    this.forget = whenPicture(digest, (picture) => {
      queue.add(
        (function* () {
          gallery.small = yield* greyCopy(picture, gallery.args.data.side);
          gallery.describe();
          gallery.grid.style.setProperty("--ratio", Math.min(2, Math.max(0.75, gallery.small.width / gallery.small.height)));
          for (const { button } of gallery.tiles.values()) gallery.seen.observe(button);
        })(),
      );
    });
  }

  onSeen(found) {
    for (const { isIntersecting, target } of found) {
      if (!isIntersecting) continue;
      this.seen.unobserve(target);
      this.queue.add(this.compute(this.tiles.get(target.dataset.id)));
    }
  }

  // oxlint-disable-next-line require-yield -- one tile is one step of the queue
  *compute(tile) {
    const { plane, width, height } = this.small;
    const kernel = oneSlice(tile.entry);
    const settings = {
      channels: "grey", padding: padAmounts("same", kernel, [1, 1]), mode: "replicate",
      stride: [1, 1], dilation: [1, 1], flip: false,
    };
    tile.values = convolve([plane], width, height, kernel, settings);
    this.paint(tile);
  }

  paint(tile) {
    if (!tile.values) return;
    const { planes, width, height } = tile.values;
    const display = tile.signed ? "signed" : "clip";
    const image = new ImageData(width, height);
    paint(planes, width, height, display, this.luts[display], valueRange(planes, display), image.data);
    Object.assign(tile.canvas, { width, height });
    tile.canvas.getContext("2d").putImageData(image, 0, 0);
    tile.button.dataset.painted = display;
  }

  describe() {
    const { width, height } = this.small;
    this.root.querySelector(".foot").textContent =
      `Each tile is this picture in grey, reduced to ${width}×${height}, through one kernel. Where the weights add ` +
      "up to 0, blue is negative and orange positive, on the tile's own range; the others are clipped to 0–255.";
  }

  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { button, entry } of this.tiles.values()) {
      const text = `${entry.title} ${entry.group} ${entry.rows}×${entry.cols}`.toLowerCase();
      button.hidden = !words.every((word) => text.includes(word));
      shown += button.hidden ? 0 : 1;
    }
    for (const group of this.grid.querySelectorAll(".group")) {
      group.hidden = !group.querySelector("[role=radio]:not([hidden])");
    }
    const all = this.tiles.size;
    this.root.querySelector(".count").textContent = !shown
      ? "No kernel has this in its name."
      : shown === all ? `${all} kernels` : `${shown} of ${all} kernels`;
    this.mark();
  }

  // Marks the chosen tile; another one than before comes into view.
  mark() {
    const { chosen } = this.args.data;
    this.choices.mark(chosen);
    if (this.shownFor !== chosen) this.reveal(this.tiles.get(chosen)?.button);
    this.shownFor = chosen;
  }

  // Scrolls the grid only, never the page: to the tile's heading, or to the tile where that is too far down.
  reveal(button) {
    if (!button || button.hidden) return;
    const tile = button.getBoundingClientRect(), grid = this.grid.getBoundingClientRect();
    const head = 36; // the heading that stays on top
    if (tile.top >= grid.top + head && tile.bottom <= grid.bottom) return;
    const group = button.closest(".group").getBoundingClientRect();
    const fits = tile.bottom - group.top <= grid.height;
    this.grid.scrollTop += (fits ? group.top : tile.top - head) - grid.top;
  }

  choose(id) {
    if (id !== this.args.data.chosen) this.args.setTriggerValue("choose", id);
  }

}

/**
 * @param {any} root
 * @param {Arguments} args
 */
export function mount(root, args) {
  return new Gallery(root, args);
}
