// Two convolutions in a row and the one kernel that they collapse into, on the visitor's picture; then the same
// with an activation between them. Pixels are rounded to whole numbers and weights are multiples of 1/256, so
// that every value fits into 24 bits and nothing is rounded on the way: equal means equal.
import { valueRange } from "../shared/maths/colour.js";
import { convolve, padAmounts, planesOf } from "../shared/maths/engine.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Speaker } from "../shared/text/speak.js";
import { MapView } from "./map.js";
import { oneSlice } from "../shared/maths/geometry.js";
import { functionOf, mapped } from "./maths.js";
import { formatValue, rangeText } from "../shared/text/format.js";

function slide({ plane, width, height }, kernel, scale = 1) {
  const scaled = { ...kernel, slices: [Float64Array.from(kernel.slices[0], (w) => w * scale)] };
  const padding = padAmounts("same", kernel, [1, 1]);
  const settings = { channels: "grey", padding, mode: "zeros", stride: [1, 1], dilation: [1, 1], flip: false };
  const result = convolve([plane], width, height, scaled, settings);
  return { plane: result.planes[0], width: result.width, height: result.height };
}

const minus = (a, b) => ({ ...a, plane: a.plane.map((v, i) => v - b.plane[i]) });

// The largest |value| further than `rim` cells from the border, and in all.
function largest({ plane, width, height }, rim) {
  let inside = 0, all = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const size = Math.abs(plane[i]);
      if (size > all) all = size;
      const inner = y >= rim[0] && y < height - rim[0] && x >= rim[1] && x < width - rim[1];
      if (inner && size > inside) inside = size;
    }
  }
  return { inside, all };
}

/**
 * Everything that is shown.
 * @param {{width: number, height: number, rgb: Uint8Array}} picture
 * @param {Pick<import("../shared/types").ActivationCollapseData, "first" | "second" | "both" | "activation">} data
 */
export function compare(picture, data) {
  const [first, second, both] = [data.first, data.second, data.both].map(oneSlice);
  const { width, height } = picture;
  const grey = { plane: planesOf(picture, "grey")[0].map((v) => Math.floor(v + 0.5)), width, height };
  const hidden = slide(grey, first, 1 / 256);
  const two = slide(hidden, second), one = slide(grey, both, 1 / 256);
  const activated = slide({ ...hidden, plane: mapped(hidden.plane, functionOf(data.activation).f) }, second);
  const rim = [second.rows >> 1, second.cols >> 1];
  const plain = minus(two, one), other = minus(activated, one);
  return { two, one, plain, activated, other, plainMost: largest(plain, rim), otherMost: largest(other, rim) };
}

/**
 * A kernel as a small table of numbers.
 * @param {import("../shared/types").WeightsJson} kernel
 * @param {string} caption
 */
function table(kernel, caption) {
  const rows = Array.from({ length: kernel.rows }, (_, r) =>
    `<tr>${Array.from({ length: kernel.cols }, (_, c) =>
      `<td>${formatValue(kernel.weights[r * kernel.cols + c])}</td>`).join("")}</tr>`);
  return `<table class="numbers"><caption>${caption}</caption><tbody>${rows.join("")}</tbody></table>`;
}

export class Collapse {
  constructor(root) {
    root.innerHTML = `<div class="kernels"></div><div class="row"></div>
      <p class="verdict"></p><p class="legend"></p><div class="visually-hidden spoken" aria-live="polite"></div>`;
    this.root = root;
    this.speaker = new Speaker(root.querySelector(".spoken"));
    const onCell = (y, x) => this.over(y, x);
    this.names = ["two", "one", "plain", "activated", "other"];
    this.maps = this.names.map(() => new MapView({ title: "", onCell }));
    this.maps.forEach((map, i) => (map.root.dataset.role = i === 2 || i === 4 ? "" : "output"));
    root.querySelector(".row").append(...this.maps.map((map) => map.root));
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").ActivationCollapseData>} args */
  update({ data }) {
    this.data = data;
    this.root.querySelector(".kernels").innerHTML =
      `${table(data.first, "first kernel")}<span>then</span>${table(data.second, "second kernel")}<span>=</span>${
        table(data.both, "collapsed kernel")}`;
    const between = data.activation.title;
    const titles = ["Two layers, nothing between", "The collapsed kernel", "Difference",
      `Two layers, ${between} between`, "Difference from the collapsed kernel"];
    this.maps.forEach((map, i) => (map.title = titles[i]));
    this.forget?.();
    this.forget = whenPicture(data.digest, (picture) => this.paint(compare(picture, data)));
  }

  destroy() {
    this.forget?.();
    this.maps.forEach((map) => map.destroy());
    this.speaker.stop();
  }

  paint(found) {
    const shown = this.names.map((name) => found[name]);
    const range = valueRange(shown.map(({ plane }) => plane), "signed");
    shown.forEach((map, i) => this.maps[i].paint(map, range, this.data.luts[this.root.dataset.theme]));
    const { plainMost, otherMost } = found, { second, activation } = this.data;
    const rim = Math.max(second.rows, second.cols) >> 1;
    this.maps[2].note = `away from the border: ${formatValue(plainMost.inside)}`;
    this.maps[4].note = `away from the border: up to ${formatValue(otherMost.inside)}`;
    const border = plainMost.all > 0
      ? ` In the outermost ${rim === 1 ? "row and column of cells" : `${rim} cells`} they differ by up to ${
        formatValue(plainMost.all)}: there the second layer meets zeros in place of what the first would have made of them.`
      : "";
    const verdict = this.root.querySelector(".verdict");
    verdict.innerHTML = "<strong></strong><span></span>";
    verdict.children[0].textContent = plainMost.inside === 0
      ? "Without an activation the difference is exactly 0 away from the border: two layers, no more than one."
      : `Away from the border they differ by ${formatValue(plainMost.inside)}.`;
    const activated = otherMost.inside === 0
      ? `the difference is 0 here too: no value of the first layer lies where ${activation.title} bends.`
      : `the difference goes up to ${formatValue(otherMost.inside)}: the bend cannot be multiplied out.`;
    verdict.children[1].textContent = `${border} With ${activation.title} between them ${activated}`;
    Object.assign(verdict.dataset, { plain: plainMost.inside, border: plainMost.all, other: otherMost.inside });
    const zero = this.root.dataset.theme === "dark" ? "black" : "white";
    this.root.querySelector(".legend").textContent =
      `All five on ${rangeText(range)}: blue is negative, ${zero} is 0, orange is positive.`;
    this.root.dataset.painted = this.data.digest;
  }

  over(y, x) {
    const values = this.maps.map((map) => map.show(y, x));
    this.speaker.stop();
    if (y === null) return;
    const said = this.maps.map((map, i) => `${map.words} ${formatValue(values[i])}`);
    this.speaker.say(`Row ${y}, column ${x}. ${said.join("; ")}`);
  }
}
