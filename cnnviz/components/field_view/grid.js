// The chosen layer's output as a grid of units: the unit in focus, or all the units that see a pixel.
import { clamp } from "../shared/maths/clamp.js";
import { sized } from "../shared/canvas/stage.js";
import { frame } from "./style.js";

const LEAST_LINES = 5; // CSS pixels of a cell below which no lines are drawn between cells
const LEAST_MARK = 8;

export class Grid {
  constructor(host, label) {
    host.innerHTML = `<canvas tabindex="0" role="application"></canvas>`;
    this.host = host;
    this.canvas = host.querySelector("canvas");
    this.canvas.setAttribute("aria-label", label);
  }

  // output: [rows, cols]; room: CSS pixels of the longer side
  lay(output, room, most = 44) {
    this.output = output;
    this.cell = Math.min(most, room / Math.max(...output));
    this.width = Math.max(8, Math.floor(output[1] * this.cell));
    this.height = Math.max(8, Math.floor(output[0] * this.cell));
  }

  // seeing: ranges [first, last) of units that see a pixel, or null; unit: the one in focus, or null
  draw({ unit, seeing, style }) {
    const { cell, width, height } = this, [rows, cols] = this.output;
    const ctx = sized(this.canvas, width, height);
    ctx.fillStyle = style.soft;
    ctx.fillRect(0, 0, width, height);
    if (seeing) this.fill(ctx, seeing, style);
    if (cell >= LEAST_LINES) this.lines(ctx, rows, cols, style);
    ctx.lineWidth = 1;
    ctx.strokeStyle = style.ink;
    ctx.strokeRect(0.5, 0.5, width - 1, height - 1);
    if (unit) {
      const side = Math.max(cell, LEAST_MARK);
      const x = clamp((unit[1] + 0.5) * cell - side / 2, 1, width - side - 1);
      const y = clamp((unit[0] + 0.5) * cell - side / 2, 1, height - side - 1);
      ctx.fillStyle = style.roles.output;
      ctx.fillRect(x, y, side, side);
      frame(ctx, x, y, side, side, style.roles.output, { wide: 1.5, under: style.ground });
    }
  }

  fill(ctx, [[top, bottom], [left, right]], style) {
    const { cell } = this;
    const w = Math.max((right - left) * cell, right > left ? 3 : 0), h = Math.max((bottom - top) * cell, bottom > top ? 3 : 0);
    ctx.fillStyle = style.roles.output;
    ctx.fillRect(left * cell, top * cell, w, h);
  }

  lines(ctx, rows, cols, style) {
    ctx.strokeStyle = style.grid;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let r = 1; r < rows; r++) {
      ctx.moveTo(0, Math.round(r * this.cell) + 0.5);
      ctx.lineTo(this.width, Math.round(r * this.cell) + 0.5);
    }
    for (let c = 1; c < cols; c++) {
      ctx.moveTo(Math.round(c * this.cell) + 0.5, 0);
      ctx.lineTo(Math.round(c * this.cell) + 0.5, this.height);
    }
    ctx.stroke();
  }

  unitAt(event) {
    const area = this.canvas.getBoundingClientRect();
    return [
      clamp(Math.floor((event.clientY - area.top) / this.cell), 0, this.output[0] - 1),
      clamp(Math.floor((event.clientX - area.left) / this.cell), 0, this.output[1] - 1),
    ];
  }
}
