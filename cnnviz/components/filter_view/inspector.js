// One output number, taken apart: patch × kernel = products, and their sum. Drawn on a canvas so that it follows
// the pointer at every frame, and written as a sentence for those who do not see it.
import { hatch } from "../shared/canvas/hatch.js";
import { greyFill, signedFill } from "../shared/canvas/fills.js";
import { sized } from "../shared/canvas/stage.js";
import { shortNumber, sumText } from "../shared/text/format.js";
import { Speaker } from "../shared/text/speak.js";

const HTML = `
  <div class="equation numbers" aria-hidden="true"></div>
  <div class="sheet" tabindex="0" role="group" aria-label="Patch, kernel and products as numbers"><canvas></canvas></div>
  <p class="spoken" aria-live="polite"></p>`;

const CHANNELS = ["R", "G", "B"];
const HINT =
  "Move over the output (mouse, finger or arrow keys): the patch of the picture, the kernel and their products appear here. A click pins the cell.";
const BETWEEN = 34, TOTAL = 84; // pixels between the three matrices, and for the sum

export class Inspector {
  constructor(host) {
    this.host = host;
    host.innerHTML = HTML;
    this.canvas = host.querySelector("canvas");
    this.equation = host.querySelector(".equation");
    this.speaker = new Speaker(host.querySelector(".spoken"), 250);
  }

  // found: {patch (see engine.js), y, x, channels: "grey"|"each"|"sum", pinned}, or null; lut: of signed values
  show(found, theme = null, lut = null) {
    if (!found) {
      this.host.dataset.empty = "true";
      this.speaker.say(HINT, 0);
      return;
    }
    delete this.host.dataset.empty;
    this.draw(found, theme, lut);
    this.equation.textContent = this.equationText(found);
    this.speaker.say(this.sentence(found));
  }

  sums({ patch, channels }) {
    return channels === "each" ? patch.channels.map((channel) => channel.sum) : [patch.sum];
  }

  equationText(found) {
    const { patch, y, x, channels } = found;
    const output = `output[${y}, ${x}]`;
    if (channels === "each") {
      return `${output} = ${patch.channels.map((c, i) => `${CHANNELS[i]} ${shortNumber(c.sum, 6)}`).join(",  ")}`;
    }
    if (patch.channels.length > 1) {
      return `${output} = ${sumText(patch.channels.map((c) => shortNumber(c.sum, 6)))} = ${shortNumber(patch.sum, 7)}`;
    }
    const [{ values, weights }] = patch.channels;
    const products = Array.from(values, (v, i) => v * weights[i]).filter((_, i) => weights[i] !== 0);
    const shown = products.slice(0, 9).map((p) => shortNumber(p, 5));
    const more = products.length > 9 ? ` + … (${products.length - 9} more)` : "";
    const terms = products.length ? sumText(shown) : "0";
    return `${output} = ${terms}${more} = ${shortNumber(patch.sum, 7)}`;
  }

  sentence(found) {
    const { patch, y, x, channels, pinned } = found;
    const cells = patch.rows * patch.cols;
    const outside = cells - patch.channels[0].inside.reduce((total, one) => total + one, 0);
    const sums = this.sums(found).map((sum) => shortNumber(sum, 7));
    const value = channels === "each" ? `red ${sums[0]}, green ${sums[1]}, blue ${sums[2]}` : sums[0];
    const border = outside ? ` ${outside} of the ${cells} cells lie in the padding.` : "";
    return `${pinned ? "Pinned: output" : "Output"} row ${y}, column ${x}: the ${cells * patch.channels.length} products sum to ${value}.${border}`;
  }

  draw({ patch, channels }, theme, lut) {
    const layout = this.layout(patch);
    const ctx = sized(this.canvas, Math.ceil(layout.width), Math.ceil(layout.height));
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    patch.channels.forEach((channel, index) => {
      const top = layout.head + index * (layout.block + layout.gap);
      const name = patch.channels.length > 1 ? CHANNELS[index] : "";
      this.row(ctx, channel, patch.cols, top, layout, theme, lut);
      if (index === 0) this.titles(ctx, layout, theme);
      const whole = channels === "each" || patch.channels.length === 1;
      this.total(ctx, channel.sum, `${name} ${whole ? "sum" : "part"}`, top, layout, theme);
    });
  }

  layout(patch) {
    const room = Math.max(280, this.host.clientWidth - 4);
    const wide = patch.cols;
    const fit = (room - 3 * BETWEEN - TOTAL) / (3 * wide);
    const cell = Math.max(patch.cols > 7 ? 30 : 34, Math.min(54, Math.floor(fit)));
    const high = Math.max(22, Math.min(34, Math.round(cell * 0.62)));
    const head = 22, gap = 12;
    const block = patch.rows * high;
    const matrix = wide * cell;
    return {
      cell, high, head, gap, block, matrix,
      width: 3 * (matrix + BETWEEN) + TOTAL + 12,
      height: head + patch.channels.length * (block + gap),
    };
  }

  // Where the matrix number `at` of the three begins.
  left(at, { matrix }) {
    return 6 + at * (matrix + BETWEEN);
  }

  titles(ctx, layout, { font, roles }) {
    ctx.font = `600 13px ${font}`;
    ["patch of the input", "kernel", "products"].forEach((title, at) => {
      ctx.fillStyle = [roles.input, roles.kernel, roles.output][at];
      ctx.fillText(title, this.left(at, layout) + layout.matrix / 2, 10);
    });
  }

  // Patch, kernel and products of one channel, with the signs between them.
  row(ctx, { values, weights, inside }, cols, top, layout, theme, lut) {
    const products = values.map((v, i) => v * weights[i]), { roles } = theme;
    const most = largest(weights), reach = largest(products);
    const blocks = [
      { numbers: values, fill: (v) => greyFill(v, [0, 255]), role: roles.input, inside },
      { numbers: weights, fill: (v) => signedFill(lut, v, most), role: roles.kernel, inside: null },
      { numbers: products, fill: (v) => signedFill(lut, v, reach), role: roles.output, inside: null },
    ];
    blocks.forEach((block, at) => {
      const left = this.left(at, layout);
      this.matrix(ctx, block, { left, top, cols }, layout, theme);
      ctx.strokeStyle = block.role;
      ctx.lineWidth = 2;
      ctx.strokeRect(left - 1, top - 1, layout.matrix + 2, layout.block + 2);
      ctx.fillStyle = theme.ink;
      ctx.font = `600 18px ${theme.font}`;
      ctx.fillText(["×", "=", "→"][at], left + layout.matrix + BETWEEN / 2, top + layout.block / 2);
    });
  }

  matrix(ctx, { numbers, fill, inside }, { left, top, cols }, { cell, high }, theme) {
    ctx.font = `${cell < 36 ? 11 : cell < 46 ? 12 : 13}px ${theme.mono}`;
    numbers.forEach((value, i) => {
      const x = left + (i % cols) * cell, y = top + Math.floor(i / cols) * high;
      const { background, ink } = fill(value);
      ctx.fillStyle = background;
      ctx.fillRect(x, y, cell, high);
      // A padded cell carries the same slanted lines as the border around the picture.
      if (inside && !inside[i]) hatch(ctx, x, y, cell, high, theme.hatch, { gap: 6 });
      ctx.fillStyle = ink;
      ctx.fillText(shortNumber(value, cell < 40 ? 3 : 4), x + cell / 2, y + high / 2 + 0.5, cell - 3);
    });
  }

  total(ctx, sum, title, top, layout, theme) {
    const left = this.left(3, layout), middle = top + layout.block / 2;
    ctx.fillStyle = theme.roles.output;
    ctx.font = `600 13px ${theme.font}`;
    ctx.fillText(title, left + 38, middle - 16, 78);
    ctx.font = `700 18px ${theme.mono}`;
    ctx.fillStyle = theme.ink;
    ctx.fillText(shortNumber(sum, 6), left + 38, middle + 6, 78);
  }

  destroy() {
    this.speaker.stop();
  }
}

const largest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
