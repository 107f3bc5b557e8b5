// One output number, taken apart: patch × kernel = products, and their sum. Drawn on a canvas so that it follows
// the pointer at every frame, and written as a sentence for those who do not see it.
import { say } from "../shared/controls/dom.js";
import { hatch } from "../shared/canvas/hatch.js";
import { shortNumber } from "../shared/text/format.js";

const HTML = `
  <div class="equation numbers" aria-hidden="true"></div>
  <div class="sheet" tabindex="0" role="group" aria-label="Patch, kernel and products as numbers"><canvas></canvas></div>
  <p class="spoken" aria-live="polite"></p>`;

const CHANNELS = ["R", "G", "B"];

export class Inspector {
  constructor(host) {
    this.host = host;
    host.innerHTML = HTML;
    this.canvas = host.querySelector("canvas");
    this.equation = host.querySelector(".equation");
    this.spoken = host.querySelector(".spoken");
  }

  // found: {patch (see engine.js), y, x, channels: "grey"|"each"|"sum"}; style: colours and functions value → fill
  show(found, style) {
    this.found = found;
    if (!found) {
      this.host.dataset.empty = "true";
      this.say("Move over the output (mouse, finger or arrow keys): the patch of the picture, the kernel and their products appear here. A click pins the cell.");
      return;
    }
    delete this.host.dataset.empty;
    this.draw(found, style);
    this.equation.textContent = this.equationText(found);
    this.say(this.sentence(found), 250);
  }

  // Speaking at every move would never end: only the last position is put into the live region.
  say(text, wait = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      say(this.spoken, text);
    }, wait);
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
      return `${output} = ${patch.channels.map((c) => shortNumber(c.sum, 6)).join(" + ").replaceAll("+ \u2212", "\u2212 ")} = ${shortNumber(patch.sum, 7)}`;
    }
    const [{ values, weights }] = patch.channels;
    const products = Array.from(values, (v, i) => v * weights[i]).filter((_, i) => weights[i] !== 0);
    const shown = products.slice(0, 9).map((p) => shortNumber(p, 5));
    const more = products.length > 9 ? ` + … (${products.length - 9} more)` : "";
    const terms = products.length ? shown.join(" + ").replaceAll("+ \u2212", "\u2212 ") : "0";
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

  draw({ patch, channels }, style) {
    const layout = this.layout(patch);
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    const w = Math.ceil(layout.width), h = Math.ceil(layout.height);
    if (this.canvas.width !== w * ratio || this.canvas.height !== h * ratio) {
      Object.assign(this.canvas, { width: w * ratio, height: h * ratio });
      Object.assign(this.canvas.style, { width: `${w}px`, height: `${h}px` });
    }
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, w, h);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    patch.channels.forEach((channel, index) => {
      const top = layout.head + index * (layout.block + layout.gap);
      const name = patch.channels.length > 1 ? CHANNELS[index] : "";
      this.row(ctx, patch, channel, name, top, layout, style, index === 0);
      const sum = channels === "each" || patch.channels.length === 1 ? channel.sum : null;
      this.total(ctx, sum ?? channel.sum, sum === null ? `${name} part` : `${name} sum`, top, layout, style);
    });
  }

  layout(patch) {
    const room = Math.max(280, this.host.clientWidth - 4);
    const wide = patch.cols;
    const fit = (room - 3 * 34 - 84) / (3 * wide);
    const cell = Math.max(patch.cols > 7 ? 30 : 34, Math.min(54, Math.floor(fit)));
    const high = Math.max(22, Math.min(34, Math.round(cell * 0.62)));
    const head = 22, gap = 12, between = 34;
    const block = patch.rows * high;
    const matrix = wide * cell;
    return {
      cell, high, head, gap, between, block, matrix,
      width: 3 * matrix + 3 * between + 84 + 12,
      height: head + patch.channels.length * (block + gap),
    };
  }

  row(ctx, patch, channel, name, top, layout, style, titled) {
    const { values, weights, inside } = channel;
    const products = values.map((v, i) => v * weights[i]);
    const most = weights.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    const reach = products.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    const blocks = [
      ["patch of the input", values, (v) => style.input(v), style.roles.input, inside],
      ["kernel", weights, (v) => style.weight(v, most), style.roles.kernel, null],
      ["products", products, (v) => style.weight(v, reach), style.roles.output, null],
    ];
    blocks.forEach(([title, numbers, fill, role, inside01], at) => {
      const left = 6 + at * (layout.matrix + layout.between);
      if (titled) {
        ctx.font = `600 13px ${style.font}`;
        ctx.fillStyle = role;
        ctx.fillText(title, left + layout.matrix / 2, 10);
      }
      this.matrix(ctx, numbers, fill, inside01, left, top, patch, layout, style);
      ctx.strokeStyle = role;
      ctx.lineWidth = 2;
      ctx.strokeRect(left - 1, top - 1, layout.matrix + 2, layout.block + 2);
      ctx.fillStyle = style.ink;
      ctx.font = `600 18px ${style.font}`;
      ctx.fillText(["×", "=", "→"][at], left + layout.matrix + layout.between / 2, top + layout.block / 2);
    });
  }

  matrix(ctx, numbers, fill, inside, left, top, { cols }, layout, style) {
    const { cell, high } = layout;
    ctx.font = `${cell < 36 ? 11 : cell < 46 ? 12 : 13}px ${style.mono}`;
    numbers.forEach((value, i) => {
      const x = left + (i % cols) * cell, y = top + Math.floor(i / cols) * high;
      const { background, ink } = fill(value);
      ctx.fillStyle = background;
      ctx.fillRect(x, y, cell, high);
      // A padded cell carries the same slanted lines as the border around the picture.
      if (inside && !inside[i]) hatch(ctx, x, y, cell, high, style.hatch, { gap: 6 });
      ctx.fillStyle = ink;
      ctx.fillText(shortNumber(value, cell < 40 ? 3 : 4), x + cell / 2, y + high / 2 + 0.5, cell - 3);
    });
  }

  total(ctx, sum, title, top, layout, style) {
    const left = 6 + 3 * (layout.matrix + layout.between), middle = top + layout.block / 2;
    ctx.fillStyle = style.roles.output;
    ctx.font = `600 13px ${style.font}`;
    ctx.fillText(title, left + 38, middle - 16, 78);
    ctx.font = `700 18px ${style.mono}`;
    ctx.fillStyle = style.ink;
    ctx.fillText(shortNumber(sum, 6), left + 38, middle + 6, 78);
  }
}
