// Small pictures as Python sends them: uint8 (C, H, W), one after the other in one base64 text.
import { cut, unpack } from "../maths/arrays.js";

export function picturesOf(text, [channels, rows, cols]) {
  return cut(unpack(text, Uint8Array), channels * rows * cols);
}

// A canvas of one picture, a pixel a pixel: grey for one channel, colour for three, else the first channel.
export function pictureCanvas(bytes, [channels, rows, cols]) {
  const canvas = document.createElement("canvas"), image = new ImageData(cols, rows), size = rows * cols;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = bytes[(channels >= 3 ? c : 0) * size + i];
    image.data[4 * i + 3] = 255;
  }
  Object.assign(canvas, { width: cols, height: rows });
  canvas.setAttribute("role", "img");
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
