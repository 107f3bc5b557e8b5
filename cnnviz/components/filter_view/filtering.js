// One picture through one kernel: the planes of the input, the output and where its cells lie. No DOM.
import { valueRange } from "../shared/maths/colour.js";
import { convolve, Drag, outputShape, padAmounts, planesOf } from "../shared/maths/engine.js";
import { usedKernel } from "../shared/controls/kernel_moves.js";

/** @typedef {import("../shared/maths/geometry.js").Kernel} Kernel */
/** @typedef {import("./viewport.js").Geometry} Geometry */

export class Filtering {
  /** @type {{width: number, height: number, rgb: Uint8Array}} */ picture = null;
  channels = "";
  /** @type {Float32Array[]} */ planes = null; // of the picture
  /** @type {{planes: Float32Array[], width: number, height: number}} */ result = null;
  /** @type {Geometry} */ geometry = null;
  /** @type {[number, number]} */ range = null; // that the output's colours span
  /** @type {Drag} */ drag = null; // while one weight follows the pointer
  weight = 0; // of the dragged cell

  // Splits the picture into its planes; false where they are those of before.
  read(picture, channels) {
    if (this.picture === picture && this.channels === channels) return false;
    this.planes = planesOf(picture, channels);
    this.picture = picture;
    this.channels = channels;
    this.drag = null;
    return true;
  }

  /**
   * What is sent by Python, with the padding counted for this kernel.
   * @param {import("../shared/types").FilterSettingsJson} settings
   * @param {Kernel} kernel
   */
  settings(settings, kernel) {
    return { ...settings, padding: padAmounts(settings.padding, kernel, settings.dilation) };
  }

  // From now on only one weight changes: what the others give is computed once.
  startDrag(kernel, settings, { row, col, slice }) {
    const { width, height } = this.picture;
    this.drag = new Drag(this.planes, width, height, kernel, this.settings(settings, kernel), row, col, slice);
  }

  // Computes the output; returns a sentence where the kernel does not fit into the padded picture, else "".
  compute(kernel, divide, sent, display) {
    const settings = this.settings(sent, kernel), { width, height } = this.picture;
    const shape = outputShape(width, height, kernel, settings);
    if (shape.width < 1 || shape.height < 1) return doesNotFit(kernel, settings, this.picture);
    const used = usedKernel(kernel, divide);
    if (this.drag) {
      this.result = this.drag.at(this.weight);
      rescale(this.result.planes, kernel, used);
    } else this.result = convolve(this.planes, width, height, used, settings, this.result);
    this.geometry = {
      padding: settings.padding, stride: settings.stride, dilation: settings.dilation, width, height,
      rows: kernel.rows, cols: kernel.cols, outWidth: this.result.width, outHeight: this.result.height,
    };
    this.range = valueRange(this.result.planes, display);
    return "";
  }
}

function doesNotFit({ rows, cols }, { padding, dilation }, { width, height }) {
  const spans = `${dilation[0] * (rows - 1) + 1}×${dilation[1] * (cols - 1) + 1}`;
  const room = `${height + padding.top + padding.bottom}×${width + padding.left + padding.right}`;
  return `The kernel spans ${spans} cells; the padded picture has ${room}.`;
}

// While a cell is dragged, the division by the sum is one more factor on the whole output.
function rescale(planes, kernel, used) {
  const before = kernel.slices[0], after = used.slices[0];
  const at = before.findIndex((w) => w !== 0);
  if (at < 0 || before[at] === after[at]) return;
  const factor = after[at] / before[at];
  for (const plane of planes) for (let i = 0; i < plane.length; i++) plane[i] *= factor;
}
