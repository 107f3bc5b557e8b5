// What stands beside the pictures: sizes and ranges in words, the legend of the colours, the frequency response.
import { paint, valueRange } from "../shared/maths/colour.js";
import { frequencyResponse } from "../shared/maths/engine.js";
import { say } from "../shared/controls/dom.js";
import { shortNumber } from "../shared/text/format.js";

const MAPPINGS = {
  signed: "Colours: signed, 0 in the middle",
  absolute: "Colours: absolute value, the sign is not shown",
  clip: "Colours: clipped to 0 … 255",
  shift: "Colours: 128 added, then clipped to 0 … 255",
  stretch: "Colours: stretched from the smallest to the largest value",
};
const SIDE = 64; // pixels of the response

export class Captions {
  /** @type {Uint8Array} */ lut = null; // that the legend shows
  planes = 0; // of the output that it is for

  // find(selector): within the view
  constructor(find) {
    this.find = find;
    this.legend = find(".legend canvas");
    this.response = find(".response canvas");
    this.response.setAttribute("role", "img");
    this.pixels = new ImageData(SIDE, SIDE);
  }

  /** @param {import("./filtering.js").Filtering} filtering */
  describe({ picture, result, range }, { channels, display }) {
    const [low, high] = range.map((v) => shortNumber(v, 4));
    const [least, most] = valueRange(result.planes, "stretch").map((v) => shortNumber(v, 4));
    const three = result.planes.length === 3, grey = channels === "grey", absolute = display === "absolute";
    const kind = grey ? "grey = 0.299 R + 0.587 G + 0.114 B" : "red, green, blue";
    say(this.find(".mapping"), `${MAPPINGS[display]}${three ? "; one range for red, green and blue" : ""}.`);
    say(this.find(".input .about"), `${picture.height}×${picture.width}${grey ? "" : "×3"}, ${kind}`);
    say(this.find(".output .about"), `${result.height}×${result.width}${three ? "×3" : ""}, values ${least} … ${most}`);
    say(this.find(".low"), absolute ? `|${low}|` : low);
    say(this.find(".high"), absolute ? `|${high}|` : high);
  }

  // The colours from the lowest value to the highest: those of the table, or grey for three planes.
  drawLegend(lut, planes) {
    if (this.lut === lut && this.planes === planes) return;
    this.lut = lut;
    this.planes = planes;
    const image = new ImageData(256, 1);
    for (let i = 0; i < 256; i++) image.data.set([...(planes === 1 ? lut.subarray(3 * i, 3 * i + 3) : [i, i, i]), 255], 4 * i);
    this.legend.getContext("2d").putImageData(image, 0, 0);
  }

  // kernel: as it is used; slice: the one that is edited, or null
  drawResponse(kernel, slice, lut) {
    const values = frequencyResponse(kernel, SIDE, Math.min(slice ?? 0, kernel.slices.length - 1));
    const range = valueRange([values], "absolute"), most = shortNumber(range[1]);
    paint([values], SIDE, SIDE, "absolute", lut, range, this.pixels.data);
    this.response.getContext("2d").putImageData(this.pixels, 0, 0);
    const middle = shortNumber(values[(SIDE >> 1) * SIDE + (SIDE >> 1)]);
    say(
      this.find(".response figcaption"),
      `frequency response: dark 0, bright ${most}; slow changes in the middle, fine detail at the rim`,
    );
    this.response.setAttribute(
      "aria-label", `Frequency response of the kernel, 0 to ${most}; at frequency zero it is ${middle}.`,
    );
  }
}
