// Where the patch lies on the picture: a small picture with a frame that is dragged, or moved by the arrow keys.
import { pixelRatio, sized } from "../shared/canvas/stage.js";
import { arrowStep } from "../shared/controls/keys.js";
import { clamp } from "../shared/maths/clamp.js";
import { coloured } from "./style.js";

const MOST = { width: 168, height: 120 };

export class Locator {
  /** @type {{plane: Float32Array, width: number, height: number}} */ whole = null;
  /** @type {{top: number, left: number, rows: number, cols: number}} */ patch = null;
  /** @type {import("./style.js").Style} */ style = null;
  held = false; // the pointer is down
  scale = 1; // CSS pixels for each pixel of the picture

  // onMove([top, left]) while the frame moves
  constructor(host, onMove) {
    host.innerHTML = `<p>Where the patch lies</p><canvas tabindex="0" role="application"></canvas>`;
    this.host = host;
    this.onMove = onMove;
    this.canvas = host.querySelector("canvas");
    this.source = document.createElement("canvas");
    const { canvas } = this;
    canvas.style.touchAction = "none";
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.held = true;
      this.to(event);
    };
    canvas.onpointermove = (event) => this.held && this.to(event);
    canvas.onpointerup = canvas.onpointercancel = () => (this.held = false);
    canvas.onkeydown = (event) => this.key(event);
  }

  // whole: the map that the patch is cut from; patch: {top, left, rows, cols}
  show(whole, patch, style) {
    if (this.whole !== whole || this.style !== style) {
      Object.assign(this.source, { width: whole.width, height: whole.height });
      const rgba = coloured(whole.plane, whole.width, whole.height, [0, 255], style.luts);
      this.source.getContext("2d").putImageData(new ImageData(rgba, whole.width, whole.height), 0, 0);
    }
    this.whole = whole;
    this.patch = patch;
    this.style = style;
    this.scale = Math.min(MOST.width / whole.width, MOST.height / whole.height);
    const width = Math.max(1, Math.round(whole.width * this.scale)), height = Math.max(1, Math.round(whole.height * this.scale));
    this.canvas.setAttribute("aria-label", `Patch from row ${patch.top}, column ${patch.left} on. Drag it, or press the arrow keys; with Shift by ten.`);
    this.draw(width, height);
  }

  draw(width, height) {
    const ctx = sized(this.canvas, width, height), unit = this.scale;
    ctx.imageSmoothingEnabled = unit * pixelRatio() < 1;
    ctx.imageSmoothingQuality = "medium";
    ctx.drawImage(this.source, 0, 0, width, height);
    const { top, left, rows, cols } = this.patch;
    const w = Math.max(cols * unit, 8), h = Math.max(rows * unit, 8);
    const x = (left + cols / 2) * unit - w / 2, y = (top + rows / 2) * unit - h / 2;
    drawOutline(ctx, [x, y, w, h], this.style.roles.input);
  }

  to(event) {
    const box = this.canvas.getBoundingClientRect(), { rows, cols } = this.patch;
    this.move((event.clientY - box.top) / this.scale - rows / 2, (event.clientX - box.left) / this.scale - cols / 2);
  }

  move(top, left) {
    const { rows, cols } = this.patch;
    const held = (place, most) => clamp(Math.round(place), 0, most);
    this.onMove([held(top, this.whole.height - rows), held(left, this.whole.width - cols)]);
  }

  key(event) {
    const step = arrowStep(event, 10);
    if (!step) return;
    event.preventDefault();
    this.move(this.patch.top + step[0], this.patch.left + step[1]);
  }
}

// A pale line below a coloured one: seen on any picture.
function drawOutline(ctx, [x, y, w, h], colour) {
  const line = (wide, style) => {
    ctx.lineWidth = wide;
    ctx.strokeStyle = style;
    ctx.strokeRect(x, y, w, h);
  };
  line(5, "rgba(255, 255, 255, 0.9)");
  line(2.5, colour);
}
