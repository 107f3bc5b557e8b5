// A board of maps of one size, side by side on one canvas: hard pixels, a map or a cell under the pointer or the
// keyboard, and nothing that jumps when new values come in.
import { arrowStep, withCommand } from "../controls/keys.js";
import { clampIndex } from "../maths/clamp.js";
import { paint } from "../maths/colour.js";
import { pixelRatio, sized } from "./stage.js";

const NAME_ROOM = 15; // CSS pixels below a tile for its name

// Columns, tile size and canvas size (CSS pixels) of `count` maps of rows × cols in this width.
export function arrange({ count, rows, cols }, width, target, named) {
  const gap = target < 20 ? 1 : 4, room = named ? NAME_ROOM : 0;
  const cell = target / Math.max(rows, cols);
  const size = { width: Math.max(2, Math.min(cols * cell, width)), height: Math.max(2, rows * cell) };
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (size.width + gap))));
  const lines = Math.ceil(count / columns);
  return {
    ...size, gap, room, columns, lines,
    total: [columns * (size.width + gap) - gap, lines * (size.height + room + gap) - gap],
  };
}

export class TileBoard {
  /** @type {(Float32Array | Float32Array[])[]} */ planes = [];
  rows = 1; // of a map
  cols = 1;
  /** @type {Uint8Array} */ lut;
  /** @type {[number, number][]} */ ranges = [];
  /** @type {string[] | null} */ names = null;
  target = 56; // CSS pixels of a map's longer side
  /** @type {ReturnType<typeof arrange> | null} */ plan = null;
  at = 0; // the map that the keyboard is on
  /** @type {number | null} */ marked = null;
  ink = "";
  scratch = document.createElement("canvas");

  /**
   * @param {HTMLElement} host
   * @param {{point?: (map: number, row: number | null, col: number | null) => void, choose?: (map: number) => void}} [on]
   */
  constructor(host, on = {}) {
    this.canvas = document.createElement("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.className = "tiles";
    host.append(this.canvas);
    this.on = on;
    this.host = host;
    this.canvas.onpointermove = (event) => this.pointed(event);
    this.canvas.onpointerdown = (event) => { this.pointed(event); this.on.choose?.(this.at); };
    this.canvas.onpointerleave = () => this.mark(null);
    this.canvas.onkeydown = (event) => this.key(event);
    this.canvas.onfocus = () => this.canvas.matches(":focus-visible") && this.go(this.at);
    this.canvas.onblur = () => this.mark(null);
  }

  // planes: one Float32Array (or three, as red, green and blue) for each map; ranges: [low, high] for each;
  // names: for each, or null; label: what the board is, for those who do not see it.
  set({ planes, rows, cols, lut, ranges, names = null, target = 56, label = "" }) {
    this.planes = planes;
    this.rows = rows;
    this.cols = cols;
    this.lut = lut;
    this.ranges = ranges;
    this.names = names;
    this.target = target;
    this.at = Math.min(this.at, planes.length - 1);
    this.canvas.setAttribute("aria-label", label);
    this.draw();
  }

  draw() {
    const width = this.host.clientWidth || 300, count = this.planes.length;
    const plan = arrange({ count, rows: this.rows, cols: this.cols }, width, this.target, Boolean(this.names));
    this.plan = plan;
    const context = sized(this.canvas, Math.ceil(plan.total[0]), Math.ceil(plan.total[1]));
    const style = getComputedStyle(this.host);
    this.ink = style.color;
    context.font = `11px ${style.fontFamily}`;
    for (let i = 0; i < count; i++) this.tile(context, i);
    if (this.marked !== null) this.outline(context, this.marked);
  }

  tile(context, i) {
    const { x, y } = this.place(i), { width, height } = this.plan;
    const bitmap = this.bitmap(i);
    context.imageSmoothingEnabled = width * pixelRatio() < this.cols; // a map shown smaller must not lose pixels
    context.drawImage(bitmap, x, y, width, height);
    if (!this.names) return;
    context.fillStyle = this.ink;
    context.fillText(this.names[i], x, y + height + 11, Math.max(width, 10));
  }

  bitmap(i) {
    const map = this.planes[i], planes = map instanceof Float32Array ? [map] : map;
    const image = new ImageData(this.cols, this.rows);
    paint(planes, this.cols, this.rows, "stretch", this.lut, this.ranges[i], image.data);
    Object.assign(this.scratch, { width: this.cols, height: this.rows });
    this.scratch.getContext("2d").putImageData(image, 0, 0);
    return this.scratch;
  }

  place(i) {
    const { columns, width, height, gap, room } = this.plan;
    return { x: (i % columns) * (width + gap), y: Math.floor(i / columns) * (height + room + gap) };
  }

  outline(context, i) {
    const { x, y } = this.place(i), { width, height } = this.plan;
    context.strokeStyle = this.ink;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, Math.max(width - 2, 1), Math.max(height - 2, 1));
  }

  // The map and the cell under a point of the canvas, or null between maps.
  find(px, py) {
    const { columns, width, height, gap, room } = this.plan;
    const column = Math.floor(px / (width + gap)), line = Math.floor(py / (height + room + gap));
    const inX = px - column * (width + gap), inY = py - line * (height + room + gap), map = line * columns + column;
    if (column >= columns || map >= this.planes.length || inX >= width || inY >= height + room) return null;
    const row = Math.min(this.rows - 1, Math.floor((inY / height) * this.rows));
    return { map, row, col: Math.min(this.cols - 1, Math.floor((inX / width) * this.cols)) };
  }

  pointed(event) {
    const found = this.planes?.length ? this.find(event.offsetX, event.offsetY) : null;
    this.mark(found?.map ?? null);
    if (found) { this.at = found.map; this.on.point?.(found.map, found.row, found.col); }
  }

  mark(map) {
    if (map === this.marked) return;
    this.marked = map;
    if (this.plan) this.draw();
  }

  go(map) {
    this.at = clampIndex(map, this.planes.length);
    this.mark(this.at);
    this.on.point?.(this.at, null, null);
  }

  key(event) {
    const step = arrowStep(event);
    if (step) this.go(this.at + step[0] * (this.plan?.columns ?? 1) + step[1]);
    else if ((event.key === "Enter" || event.key === " ") && !withCommand(event)) this.on.choose?.(this.at);
    else return;
    event.preventDefault();
  }
}
