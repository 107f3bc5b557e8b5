// One small picture of values with hard pixel edges; fewer dots than cells are averaged by the browser.
import { pixelRatio } from "../shared/canvas/stage.js";
import { coloured } from "./style.js";

export class Tile {
  scale = 1; // CSS pixels of a cell

  constructor(canvas) {
    this.canvas = canvas;
    this.source = document.createElement("canvas");
  }

  // value: {plane, width, height}; room: CSS pixels; table: name of a colour table in style.luts
  draw({ plane, width, height }, range, style, room, { table = "plain", tallest = Infinity, even = true } = {}) {
    if (this.source.width !== width || this.source.height !== height) Object.assign(this.source, { width, height });
    const image = new ImageData(coloured(plane, width, height, range, style.luts, table), width, height);
    this.source.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
    const ratio = pixelRatio();
    let scale = Math.min(room / width, tallest / height) * ratio;
    if (even && scale >= 1) scale = Math.floor(2 * scale + 1e-6) / 2; // even enlargement: no false pattern of its own
    this.scale = scale / ratio;
    const w = Math.max(1, Math.round(width * scale)), h = Math.max(1, Math.round(height * scale));
    const { canvas } = this;
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${w / ratio}px`, height: `${h / ratio}px` });
    const ctx = canvas.getContext("2d", { alpha: false });
    ctx.imageSmoothingEnabled = scale < 1;
    ctx.imageSmoothingQuality = "medium";
    ctx.drawImage(this.source, 0, 0, w, h);
  }
}
