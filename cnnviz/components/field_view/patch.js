// The part of the picture that the unit sees, cut out and enlarged; what lies outside the picture is hatched.
import { clip } from "./maths.js";
import { sized } from "../shared/canvas/stage.js";
import { frame, hatch } from "./style.js";

export class Patch {
  constructor(host) {
    host.innerHTML = `<canvas role="img"></canvas>`;
    this.canvas = host.querySelector("canvas");
  }

  // room: CSS pixels [wide, tall] for the box
  draw(box, photo, room, style, alt, [gapRows, gapColumns]) {
    const rows = box.bottom - box.top, cols = box.right - box.left;
    const scale = Math.min(room[0] / cols, room[1] / rows);
    const width = Math.max(4, cols * scale), height = Math.max(4, rows * scale);
    const ctx = sized(this.canvas, width, height);
    ctx.fillStyle = style.soft;
    ctx.fillRect(0, 0, width, height);
    hatch(ctx, 0, 0, width, height, style.hatch);
    const inside = clip(box, photo.shape);
    photo.copy(ctx, inside, (inside.left - box.left) * scale, (inside.top - box.top) * scale, scale);
    ctx.fillStyle = style.veil;
    for (const [from, to] of gapRows) ctx.fillRect(0, from * scale, width, (to - from) * scale);
    for (const [from, to] of gapColumns) ctx.fillRect(from * scale, 0, (to - from) * scale, height);
    frame(ctx, 1.5, 1.5, width - 3, height - 3, style.roles.output, { wide: 3, under: "rgba(0, 0, 0, 0)" });
    this.canvas.setAttribute("aria-label", alt);
  }
}
