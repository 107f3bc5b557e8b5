// Where the patch lies on the picture: a small picture with a frame that is dragged, or moved by the arrow keys.
import { coloured } from "./style.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const MOST = { width: 168, height: 120 };
const hold = (v, most) => Math.min(Math.max(Math.round(v), 0), most);

export class Locator {
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
    Object.assign(this, { whole, patch, style });
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    this.scale = Math.min(MOST.width / whole.width, MOST.height / whole.height);
    const width = Math.max(1, Math.round(whole.width * this.scale)), height = Math.max(1, Math.round(whole.height * this.scale));
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.canvas.setAttribute("aria-label", `Patch from row ${patch.top}, column ${patch.left} on. Drag it, or press the arrow keys; with Shift by ten.`);
    this.draw(ratio);
  }

  draw(ratio) {
    const ctx = this.canvas.getContext("2d", { alpha: false }), unit = this.scale * ratio;
    ctx.imageSmoothingEnabled = unit < 1;
    ctx.imageSmoothingQuality = "medium";
    ctx.drawImage(this.source, 0, 0, this.canvas.width, this.canvas.height);
    const { top, left, rows, cols } = this.patch;
    const w = Math.max(cols * unit, 8 * ratio), h = Math.max(rows * unit, 8 * ratio);
    const x = (left + cols / 2) * unit - w / 2, y = (top + rows / 2) * unit - h / 2;
    for (const [wide, colour] of [[5, "rgba(255, 255, 255, 0.9)"], [2.5, this.style.input]]) {
      ctx.lineWidth = wide * ratio;
      ctx.strokeStyle = colour;
      ctx.strokeRect(x, y, w, h);
    }
  }

  to(event) {
    const box = this.canvas.getBoundingClientRect(), { rows, cols } = this.patch;
    this.move((event.clientY - box.top) / this.scale - rows / 2, (event.clientX - box.left) / this.scale - cols / 2);
  }

  move(top, left) {
    const { rows, cols } = this.patch;
    this.onMove([hold(top, this.whole.height - rows), hold(left, this.whole.width - cols)]);
  }

  key(event) {
    const step = STEPS[event.key], by = event.shiftKey ? 10 : 1;
    if (!step) return;
    event.preventDefault();
    this.move(this.patch.top + by * step[0], this.patch.left + by * step[1]);
  }
}
