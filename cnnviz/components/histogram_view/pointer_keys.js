// Pointer and keys on the canvas: which bin is read out.
import { sliderStep, withCommand } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";

const FAR = 10; // bins
const NEAR = 16; // pixels beside the outermost bins that still count as theirs

export class PointerKeys {
  // view: {canvas, plot, bins, cursor, point(bin, byKey)}
  constructor(view) {
    this.view = view;
    const { canvas } = view;
    canvas.onpointerdown = canvas.onpointermove = (event) => this.over(event);
    canvas.onpointerleave = (event) => event.pointerType === "mouse" && view.point(null, false);
    canvas.onkeydown = (event) => this.key(event);
  }

  over(event) {
    const { canvas, plot: { x }, bins } = this.view;
    if (!x) return; // nothing has been drawn yet
    const at = event.clientX - canvas.getBoundingClientRect().left;
    const hit = at > x.at(bins.low) - NEAR && at < x.at(bins.high) + NEAR;
    this.view.point(hit ? bins.at(x.value(at)) : null, false);
  }

  key(event) {
    const { bins, cursor } = this.view, step = sliderStep(event, 1, FAR);
    if (event.key === "Escape" && !withCommand(event)) this.view.point(null, true);
    else if (step !== null) {
      const start = cursor === null && Number.isFinite(step);
      this.view.point(clampIndex(start ? bins.fullest : (cursor ?? 0) + step, bins.many), true);
    } else return;
    event.preventDefault();
  }
}
