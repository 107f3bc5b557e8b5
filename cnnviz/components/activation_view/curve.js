// Draws a function, its derivative, where the map's values lie, and one point that can be moved. No arithmetic of
// the activation itself; see maths.js.
import { filled } from "../shared/canvas/stage.js";
import { clamp } from "../shared/maths/clamp.js";
import { formatValue } from "../shared/text/format.js";

const SHARE = 0.2; // of the height, for the histogram below the curve
const EDGE = { left: 34, right: 12, top: 12, bottom: 22 };
const BINS = 120;

function ticks(low, high) {
  const step = [0.5, 1, 2, 5, 10].find((each) => (high - low) / each <= 8) ?? 20;
  const found = [];
  for (let t = Math.ceil(low / step) * step; t <= high + 1e-9; t += step) found.push(Math.round(t * 10) / 10);
  return found;
}

// The lowest and highest of both curves, with 0 and 1 always in view.
function reach(shape, domain) {
  let low = 0, high = 1;
  for (let i = 0; i <= 200; i++) {
    const x = domain[0] + ((domain[1] - domain[0]) * i) / 200;
    for (const y of [shape.f(x), shape.slope(x)]) {
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  const spare = 0.06 * (high - low);
  return [low - spare, high + spare];
}

export class Curve {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  get bins() {
    return BINS;
  }

  // state: {shape: {f, slope}, domain: [low, high], flat: |slope| below this, counts, point, theme}
  draw(state) {
    if (!filled(this.canvas)) return;
    this.place(state, this.canvas.clientWidth, this.canvas.clientHeight);
    this.flat(state);
    this.axes(state);
    this.histogram(state);
    this.line(state.shape.slope, state.theme.roles.gradient, [6, 4], 2);
    this.line(state.shape.f, state.theme.roles.output, [], 3);
    this.point(state);
  }

  place({ shape, domain }, width, height) {
    const inner = height - EDGE.top - EDGE.bottom;
    this.box = { left: EDGE.left, right: width - EDGE.right, top: EDGE.top, bottom: EDGE.top + inner * (1 - SHARE) };
    this.foot = height - EDGE.bottom;
    this.domain = domain;
    this.range = reach(shape, domain);
  }

  x(value) {
    const { left, right } = this.box;
    return left + ((value - this.domain[0]) / (this.domain[1] - this.domain[0])) * (right - left);
  }

  y(value) {
    const { top, bottom } = this.box;
    return bottom - ((value - this.range[0]) / (this.range[1] - this.range[0])) * (bottom - top);
  }

  // The value under a pointer, held to the domain.
  valueAt(clientX) {
    const { left, right } = this.box;
    const t = (clientX - this.canvas.getBoundingClientRect().left - left) / (right - left);
    return this.domain[0] + clamp(t, 0, 1) * (this.domain[1] - this.domain[0]);
  }

  // Bands where the slope is nearly 0.
  flat({ shape, flat, theme }) {
    const { pen, box, domain } = this;
    const scale = (domain[1] - domain[0]) / (box.right - box.left);
    const isFlat = (at) => Math.abs(shape.slope(domain[0] + (at - box.left) * scale)) < flat;
    pen.fillStyle = theme.dark ? "#ffffff14" : "#00000010";
    for (let from = box.left; from < box.right; from++) {
      let to = from;
      while (to < box.right && isFlat(to + 0.5)) to++;
      if (to > from) pen.fillRect(from, box.top, Math.min(to, box.right) - from, box.bottom - box.top);
      from = to;
    }
  }

  axes({ theme }) {
    const { pen, box } = this;
    pen.strokeStyle = theme.grid;
    pen.fillStyle = theme.ink;
    pen.lineWidth = 1;
    pen.setLineDash([]);
    pen.font = `13px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const tick of ticks(...this.domain)) {
      this.stroke([[this.x(tick), box.top], [this.x(tick), this.foot]]);
      pen.fillText(formatValue(tick), this.x(tick), this.foot + 4);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const tick of ticks(...this.range)) {
      this.stroke([[box.left, this.y(tick)], [box.right, this.y(tick)]]);
      pen.fillText(formatValue(tick), box.left - 5, this.y(tick));
    }
    pen.strokeStyle = theme.ink;
    this.stroke([[box.left, this.y(0)], [box.right, this.y(0)]]);
    this.stroke([[this.x(0), box.top], [this.x(0), box.bottom]]);
  }

  stroke(points) {
    this.pen.beginPath();
    points.forEach(([x, y], i) => (i ? this.pen.lineTo(x, y) : this.pen.moveTo(x, y)));
    this.pen.stroke();
  }

  // Heights are square roots, so that rare values can be seen beside the many near 0.
  histogram({ counts, theme }) {
    if (!counts) return;
    const { pen, box } = this;
    const most = Math.sqrt(Math.max(1, ...counts)), room = this.foot - box.bottom - 6;
    const wide = (box.right - box.left) / counts.length;
    pen.fillStyle = theme.roles.input;
    counts.forEach((count, i) => {
      const tall = (Math.sqrt(count) / most) * room;
      pen.fillRect(box.left + i * wide, this.foot - tall, Math.max(1, wide - 0.5), tall);
    });
  }

  line(f, colour, dash, width) {
    const { pen, box, domain } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    const n = 400, points = [];
    for (let i = 0; i <= n; i++) {
      const value = domain[0] + ((domain[1] - domain[0]) * i) / n;
      points.push([this.x(value), this.y(f(value))]);
    }
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    this.stroke(points);
    pen.restore();
    pen.setLineDash([]);
  }

  // The point on the function, its shadow on the derivative, and the line down to the values.
  point({ shape, point, theme }) {
    const { pen } = this;
    const at = this.x(point);
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1;
    pen.setLineDash([2, 3]);
    this.stroke([[at, this.box.top], [at, this.foot]]);
    pen.setLineDash([]);
    const dot = (value, radius, colour) => {
      pen.beginPath();
      pen.arc(at, this.y(value), radius, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
      pen.lineWidth = 2;
      pen.strokeStyle = theme.ground;
      pen.stroke();
    };
    dot(shape.slope(point), 6, theme.roles.gradient);
    dot(shape.f(point), 9, theme.roles.output);
  }
}
