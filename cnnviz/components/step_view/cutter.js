// Cutting the small picture out of the visitor's photo: a window on the photo that is dragged, and how many pixels
// of it make one cell. Each cell is the mean of its pixels, rounded to a whole number.
import { sized } from "../shared/canvas/stage.js";
import { whenPicture } from "../shared/canvas/store.js";
import { arrowStep } from "../shared/controls/keys.js";
import { clamp } from "../shared/maths/clamp.js";

const HTML = `
  <canvas tabindex="0" role="application" aria-label="Your photo with the window that is cut out. Drag it, or move it with the arrow keys."></canvas>
  <div class="cut"><label>one cell is <select></select> pixels of the photo</label>
  <p class="where numbers"></p></div>`;
const SCALES = [1, 2, 4, 8, 16, 32, 64];

// The cells of a window: [plane] of one grey plane or three, each Float64Array(rows * cols).
export function cells(picture, { left, top, scale }, rows, cols, channels) {
  const sums = [0, 1, 2].map(() => new Float64Array(rows * cols));
  for (let y = 0; y < rows * scale; y++) {
    for (let x = 0; x < cols * scale; x++) {
      const from = 3 * ((top + y) * picture.width + left + x), to = Math.floor(y / scale) * cols + Math.floor(x / scale);
      for (let c = 0; c < 3; c++) sums[c][to] += picture.rgb[from + c];
    }
  }
  const count = scale * scale, round = (v) => Math.floor(v + 0.5);
  if (channels === 3) return sums.map((sum) => sum.map((v) => round(v / count)));
  const [r, g, b] = sums;
  return [r.map((_, i) => round((0.299 * r[i] + 0.587 * g[i] + 0.114 * b[i]) / count))];
}

export class Cutter {
  open = false; // is shown
  drag = false;
  zoom = 1; // CSS pixels for each pixel of the photo
  /** @type {{left: number, top: number, scale: number} | null} */ window = null; // scale: pixels for each cell
  /** @type {{width: number, height: number, rgb: Uint8Array}} */ picture = null;
  /** @type {OffscreenCanvas | null} */ image = null; // of it

  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").StepView} view
   */
  constructor(host, view) {
    this.host = host;
    this.view = view;
    host.innerHTML = HTML;
    this.canvas = host.querySelector("canvas");
    this.select = host.querySelector("select");
    this.select.onchange = () => this.rescale(Number(this.select.value));
    this.canvas.onpointerdown = (event) => this.down(event);
    this.canvas.onpointermove = (event) => this.drag && this.moveTo(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.up();
    this.canvas.onkeydown = (event) => this.key(event);
  }

  follow(digest) {
    if (digest === this.digest) return;
    this.digest = digest;
    this.cancel?.();
    this.cancel = whenPicture(digest, (picture) => {
      this.picture = picture;
      this.window = null;
      this.image = null;
      if (this.open) this.show();
    });
  }

  get size() {
    const { height, width } = this.view.model.image;
    return { rows: height, cols: width };
  }

  // Opening shows the window where it was, in the middle at first; the picture changes only when it is moved.
  show() {
    if (!this.picture) return;
    const { picture } = this, { rows, cols } = this.size;
    const scales = SCALES.filter((s) => s * rows <= picture.height && s * cols <= picture.width);
    if (scales.length === 0) {
      this.say(`The photo of ${picture.height}×${picture.width} pixels is smaller than the ${rows}×${cols} cells.`);
      return;
    }
    const scale = scales.includes(this.window?.scale) ? this.window.scale : scales[Math.floor((scales.length - 1) / 2)];
    this.select.replaceChildren(...scales.map((s) => new Option(`${s}×${s}`, String(s), false, s === scale)));
    this.place(this.window?.left ?? (picture.width - cols * scale) / 2, this.window?.top ?? (picture.height - rows * scale) / 2, scale);
    this.draw();
  }

  place(left, top, scale) {
    const { picture } = this, { rows, cols } = this.size;
    this.window = {
      scale, left: Math.round(clamp(left, 0, picture.width - cols * scale)), top: Math.round(clamp(top, 0, picture.height - rows * scale)),
    };
  }

  say(text) {
    this.host.querySelector(".where").textContent = text;
  }

  draw() {
    const { picture, canvas, window } = this, { rows, cols } = this.size;
    const zoom = Math.min(1, 240 / picture.height, 318 / picture.width);
    const w = Math.round(picture.width * zoom), h = Math.round(picture.height * zoom);
    this.zoom = zoom;
    const ctx = sized(canvas, w, h);
    ctx.drawImage(this.bitmap(), 0, 0, w, h);
    const side = window.scale * zoom, box = [window.left * zoom, window.top * zoom, cols * side, rows * side];
    for (const [colour, thick] of Object.entries({ "#14171f": 5, "#ffffff": 2.5 })) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = thick;
      ctx.strokeRect(box[0], box[1], box[2], box[3]);
    }
    this.say(`${rows}×${cols} cells from row ${window.top}, column ${window.left}`);
  }

  bitmap() {
    if (this.image) return this.image;
    const { width, height, rgb } = this.picture;
    const pixels = new ImageData(width, height);
    for (let i = 0, o = 0; o < pixels.data.length; o += 4) {
      for (let c = 0; c < 3; c++) pixels.data[o + c] = rgb[i++];
      pixels.data[o + 3] = 255;
    }
    this.image = new OffscreenCanvas(width, height);
    this.image.getContext("2d").putImageData(pixels, 0, 0);
    return this.image;
  }

  down(event) {
    if (!this.window || event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = true;
    this.moveTo(event);
  }

  // The window's middle follows the pointer.
  moveTo(event) {
    const box = this.canvas.getBoundingClientRect(), { rows, cols } = this.size, { scale } = this.window;
    this.place((event.clientX - box.left) / this.zoom - (cols * scale) / 2, (event.clientY - box.top) / this.zoom - (rows * scale) / 2, scale);
    this.cut(false);
  }

  up() {
    if (!this.drag) return;
    this.drag = false;
    this.cut(true);
  }

  key(event) {
    const step = arrowStep(event, 10);
    if (!step || !this.window) return;
    event.preventDefault();
    const { left, top, scale } = this.window;
    this.place(left + step[1] * scale, top + step[0] * scale, scale);
    this.cut(true);
  }

  rescale(scale) {
    const { rows, cols } = this.size, { left, top, scale: old } = this.window;
    this.place(left + (cols * (old - scale)) / 2, top + (rows * (old - scale)) / 2, scale);
    this.cut(true);
  }

  cut(done) {
    const { rows, cols } = this.size;
    this.draw();
    this.view.takePlanes(cells(this.picture, this.window, rows, cols, this.view.model.image.planes.length), done);
  }

  destroy() {
    this.cancel?.();
  }
}
