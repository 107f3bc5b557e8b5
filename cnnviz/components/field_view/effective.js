// The effective field: how much each pixel matters to the unit, as a glow on the dimmed photo, and alone in colours.
import { unpack } from "../shared/maths/arrays.js";
import { lutFromBase64 } from "../shared/maths/colour.js";
import { whenPicture } from "../shared/canvas/store.js";
import { sized, Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { frame, hatch } from "./style.js";

const HTML = `<figure class="glow"><figcaption>On the photo</figcaption><canvas role="img"></canvas></figure>
<figure class="alone"><figcaption>The box alone, enlarged</figcaption><canvas role="img"></canvas></figure>`;

const TALLEST = 420; // CSS pixels

export class Effective {
  constructor(root) {
    root.innerHTML = HTML;
    this.root = root;
    this.stage = new Stage(root, { draw: () => this.draw() });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").EffectiveFieldData>} args */
  update({ data }) {
    this.data = data;
    this.style = readTheme(this.root);
    this.levels = unpack(data.glow, Uint8Array);
    this.lut = lutFromBase64(data.lut);
    this.stop?.();
    this.stop = whenPicture(data.small, (picture) => {
      this.picture = picture;
      this.stage.ask();
    });
  }

  draw() {
    if (!this.picture || !this.data) return;
    const [rows, cols] = this.data.input, { box } = this.data, wide = this.root.clientWidth;
    const room = wide >= 520 ? Math.floor((wide - 24) / 2) : wide, whole = { top: 0, left: 0, bottom: rows, right: cols };
    this.paint(".glow canvas", whole, room, (level, at) => this.lit(level, at));
    this.paint(".alone canvas", box, room, (level) => [0, 1, 2].map((c) => this.lut[3 * level + c]));
    this.root.dataset.painted = "effective";
  }

  // The photo in grey and at a third of its brightness, with the gradient as light on it.
  lit(level, at) {
    const { rgb, width, height } = this.picture, [rows, cols] = this.data.grid;
    const row = Math.floor((Math.floor(at / cols) * height) / rows), column = Math.floor(((at % cols) * width) / cols);
    const from = 3 * (row * width + column), share = level / 255;
    const dim = (0.299 * rgb[from] + 0.587 * rgb[from + 1] + 0.114 * rgb[from + 2]) * 0.35;
    return [0, 1, 2].map((c) => dim * (1 - share) + (rgb[from + c] * 0.25 + this.lut[3 * (128 + (level >> 1)) + c] * 0.75) * share);
  }

  // A part of the input, which may reach outside it, as large as there is room.
  paint(selector, { top, left, bottom, right }, room, colour) {
    const canvas = this.root.querySelector(selector), { input: [rows, cols], grid } = this.data, { style } = this;
    const image = new ImageData(grid[1], grid[0]), source = document.createElement("canvas");
    for (let at = 0; at < grid[0] * grid[1]; at++) {
      const [r, g, b] = colour(this.levels[at], at);
      image.data.set([r, g, b, 255], 4 * at);
    }
    Object.assign(source, { width: grid[1], height: grid[0] });
    source.getContext("2d").putImageData(image, 0, 0);
    const scale = Math.min(room / (right - left), TALLEST / (bottom - top));
    const width = (right - left) * scale, height = (bottom - top) * scale;
    const ctx = sized(canvas, width, height);
    ctx.fillStyle = style.soft;
    ctx.fillRect(0, 0, width, height);
    hatch(ctx, 0, 0, width, height, style.hatch);
    ctx.translate(-left * scale, -top * scale);
    ctx.imageSmoothingEnabled = scale < 1;
    ctx.drawImage(source, 0, 0, cols * scale, rows * scale);
    const { box } = this.data;
    frame(ctx, box.left * scale, box.top * scale, (box.right - box.left) * scale, (box.bottom - box.top) * scale, style.roles.output, { wide: 2 });
    this.rings(ctx, scale);
    canvas.setAttribute("aria-label", this.data.alt);
  }

  // Ellipses of one and of two standard deviations.
  rings(ctx, scale) {
    const { centre: [y, x], sigma: [sy, sx] } = this.data;
    for (const { times, dash } of [{ times: 1, dash: [] }, { times: 2, dash: [6, 4] }]) {
      for (const { wide, colour } of [{ wide: 4, colour: "rgba(0, 0, 0, 0.75)" }, { wide: 2, colour: "#ffffff" }]) {
        ctx.lineWidth = wide;
        ctx.strokeStyle = colour;
        ctx.setLineDash(dash);
        ctx.beginPath();
        ctx.ellipse(x * scale, y * scale, Math.max(1, times * sx * scale), Math.max(1, times * sy * scale), 0, 0, 2 * Math.PI);
        ctx.stroke();
      }
    }
    ctx.setLineDash([]);
  }

  destroy() {
    this.stop?.();
    this.stage.destroy();
  }
}
