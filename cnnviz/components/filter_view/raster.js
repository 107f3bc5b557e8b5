// Planes of numbers as a picture, a pixel a cell.
import { paint } from "../shared/maths/colour.js";

export class Raster {
  canvas = document.createElement("canvas");
  /** @type {ImageData} */ pixels = null;

  // lut: 768 bytes; range: [low, high]
  draw({ planes, width, height }, display, lut, range) {
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    if (this.pixels?.width !== width || this.pixels.height !== height) this.pixels = new ImageData(width, height);
    paint(planes, width, height, display, lut, range, this.pixels.data);
    canvas.getContext("2d", { willReadFrequently: true }).putImageData(this.pixels, 0, 0);
  }
}
