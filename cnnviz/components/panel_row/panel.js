// One panel: its elements, its picture and its read-out.
import { lutFromBase64, paint, paintDirection, valueRange } from "../shared/maths/colour.js";
import { sharpen } from "../shared/canvas/stage.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { cellText, sizeAndRange } from "./range.js";

const PARTS = `
  <div class="step"></div>
  <figcaption class="title"></figcaption>
  <button type="button" class="picture" aria-pressed="false">
    <canvas width="1" height="1"></canvas><span class="cell" hidden></span>
    <span class="value numbers" hidden></span>
    <svg class="grow" viewBox="0 0 16 16" aria-hidden="true"><path d="M9.5 2.5h4v4M13.5 2.5l-4.5 4.5M6.5 13.5h-4v-4M2.5 13.5 7 9"/></svg>
  </button>
  <p class="problem" hidden></p>
  <div class="under"><div class="lines">
    <p class="size numbers"></p><p class="note"></p></div></div>`;
const ARROW = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 8h11M9 4l4 4-4 4"/></svg>';
const WHEEL = 44;

function put(canvas, width, height, fill) {
  const image = new ImageData(width, height);
  fill(image.data);
  Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// The legend of directions: hue around, black in the middle, as in the picture.
function drawWheel(canvas, lut) {
  const radius = WHEEL / 2;
  const at = Array.from({ length: WHEEL * WHEEL }, (_, i) => [
    (i % WHEEL) + 0.5 - radius, Math.floor(i / WHEEL) + 0.5 - radius,
  ]);
  put(canvas, WHEEL, WHEEL, (out) => {
    const angles = Float32Array.from(at, ([x, y]) => Math.atan2(y, x));
    paintDirection(angles, Float32Array.from(at, ([x, y]) => Math.hypot(x, y)), radius, lut, out);
  });
}

export class PanelView {
  /** @type {import("../shared/types").PanelJson} */ spec = null;
  /** @type {import("./recipe.js").Value | null} */ value = null; // null where it could not be made
  /** @type {[number, number]} */ range = [0, 255]; // of its colours

  /** @param {import("../shared/types").PanelJson} spec */
  constructor(spec) {
    this.root = document.createElement("figure");
    this.root.className = "panel";
    this.root.innerHTML = PARTS;
    this.part = (name) => this.root.querySelector(name);
    this.button = this.part(".picture");
    this.canvas = this.part("canvas");
    this.describe(spec);
  }

  /**
   * Takes a new specification with the same words, or writes the new ones.
   * @param {import("../shared/types").PanelJson} spec
   */
  describe(spec) {
    this.spec = spec;
    this.root.dataset.role = spec.role;
    this.part(".title").textContent = spec.title;
    this.part(".note").textContent = spec.note;
    this.part(".step").innerHTML = spec.step ? ARROW : "";
    this.part(".step").append(spec.step);
    this.button.setAttribute("aria-label", `${spec.title}: ${spec.alt}. Enlarge; arrow keys read the values.`);
  }

  get large() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  set large(on) {
    this.button.setAttribute("aria-pressed", String(on));
    this.root.toggleAttribute("data-large", on);
  }

  refuse(sentence) {
    this.value = null;
    this.part(".problem").textContent = sentence;
    for (const name of [".picture", ".under"]) this.part(name).hidden = true;
    this.part(".problem").hidden = false;
  }

  paint(theme) {
    if (!this.value) return;
    for (const name of [".picture", ".under"]) this.part(name).hidden = false;
    this.part(".problem").hidden = true;
    const { planes, width, height, strength } = this.value;
    const lut = lutFromBase64(this.spec.lut[theme]);
    const rgb = this.spec.data?.kind === "rgb";
    put(this.canvas, width, height, (out) => {
      if (strength) paintDirection(planes[0], strength, valueRange([strength], "absolute")[1], lut, out);
      else paint(planes, width, height, rgb ? "clip" : this.spec.display, lut, this.range, out);
    });
    this.part(".size").textContent = sizeAndRange(this);
    this.button.style.aspectRatio = `${width} / ${height}`;
    this.root.style.setProperty("--ratio", String(width / height));
    if (strength) this.wheel(lut);
    else this.part(".wheel")?.remove();
    sharpen(this.canvas);
  }

  wheel(lut) {
    const box = this.part(".wheel") ?? document.createElement("div");
    box.className = "wheel";
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", "Legend: the colour is the direction; 0° to the right, 90° down");
    if (!box.firstChild) box.append(document.createElement("canvas"));
    this.part(".under").append(box);
    drawWheel(box.firstChild, lut);
  }

  // Marks the cell at these fractions of the picture and returns its value as text.
  show(fy, fx) {
    const cell = this.part(".cell"), shown = this.part(".value");
    cell.hidden = shown.hidden = !this.value || fy === null;
    if (cell.hidden) return "";
    const { width, height } = this.value;
    const y = clampIndex(Math.floor(fy * height), height), x = clampIndex(Math.floor(fx * width), width);
    const text = cellText(this.value, y, x);
    cell.style.left = `${((x + 0.5) / width) * 100}%`;
    cell.style.top = `${((y + 0.5) / height) * 100}%`;
    cell.style.width = `max(11px, ${100 / width}%)`;
    shown.textContent = text;
    shown.dataset.at = fy > 0.6 ? "top" : "bottom"; // out of the way of the cell
    return `${this.spec.title} ${text}`;
  }
}
