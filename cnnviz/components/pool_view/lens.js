// The window of one output with its numbers, where the map itself is too fine to carry them: values on the left,
// the share of the gradient that returns to each on the right.
import { coloured } from "./style.js";
import { inkOn } from "../shared/canvas/fills.js";
import { sized } from "../shared/canvas/stage.js";
import { shortNumber } from "../shared/text/format.js";

const MOST = 16; // a window of more rows or columns is only told in words
const HIGH = 26, GAP = 44, HEAD = 20;

export class Lens {
  /** @type {CanvasRenderingContext2D} */ ctx = null;

  constructor(host) {
    this.host = host;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    host.append(this.canvas);
  }

  // found: see windowAt in shared/maths/pool.js; owner: {style, range, mode}
  show(found, owner) {
    const cols = found ? new Set(found.cells.map((cell) => cell.x)).size : 0;
    const rows = found ? found.cells.length / cols : 0;
    this.host.hidden = !found || rows > MOST || cols > MOST;
    if (this.host.hidden) return;
    const wide = Math.max(24, Math.min(52, (this.host.clientWidth - GAP) / (2 * cols)));
    this.size(2 * cols * wide + GAP, HEAD + rows * HIGH + 2);
    this.block("values", found.cells, (cell) => cell.value, owner.range, 0, { cols, wide, ...owner, role: owner.style.roles.kernel });
    const most = Math.max(...found.cells.map((cell) => Math.abs(cell.share))) || 1;
    const left = cols * wide + GAP;
    this.block("gradient", found.cells, (cell) => cell.share, [0, most], left, { cols, wide, ...owner, role: owner.style.roles.gradient });
    this.ctx.fillStyle = owner.style.ink;
    this.ctx.font = `600 18px ${owner.style.font}`;
    this.ctx.fillText("←", cols * wide + GAP / 2, HEAD + (rows * HIGH) / 2);
  }

  size(width, height) {
    this.ctx = sized(this.canvas, width, height);
    this.ctx.textAlign = "center";
    this.ctx.textBaseline = "middle";
  }

  block(title, cells, valueOf, range, left, { cols, wide, style, role, mode }) {
    const { ctx } = this;
    ctx.font = `600 13px ${style.font}`;
    ctx.fillStyle = role;
    ctx.fillText(title, left + (cols * wide) / 2, 9, cols * wide + GAP);
    const values = Float32Array.from(cells, valueOf);
    const rgba = coloured(values, values.length, 1, range, style.luts, title === "gradient" ? "difference" : "plain");
    ctx.font = `12px ${style.mono}`;
    cells.forEach((cell, i) => {
      const x = left + (i % cols) * wide, y = HEAD + Math.floor(i / cols) * HIGH;
      const [r, g, b] = rgba.subarray(4 * i, 4 * i + 3);
      ctx.fillStyle = cell.inside ? `rgb(${r}, ${g}, ${b})` : style.soft;
      ctx.fillRect(x, y, wide - 1, HIGH - 1);
      ctx.fillStyle = cell.inside ? inkOn(r, g, b) : style.ink;
      const text = cell.inside || mode !== "max" ? shortNumber(values[i], 3) : "–";
      ctx.fillText(text, x + wide / 2, y + HIGH / 2, wide - 3);
      if (mode === "max" && cell.share === 1) {
        ctx.strokeStyle = role;
        ctx.lineWidth = 3;
        ctx.strokeRect(x + 1, y + 1, wide - 3, HIGH - 3);
      }
    });
  }
}
