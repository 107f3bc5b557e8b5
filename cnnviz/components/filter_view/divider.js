// The border between input and output where one picture shows both: dragged, or moved by the arrow keys.
import { clamp } from "../shared/maths/clamp.js";
import { element } from "../shared/controls/dom.js";
import { sliderStep } from "../shared/controls/keys.js";

const REACH = { touch: 24, mouse: 8, pen: 8 }; // CSS pixels beside the line that still count as on it

export class Divider {
  share = 0.5; // of the picture's width

  // onMove(): the line lies elsewhere
  constructor(pane, onMove) {
    this.pane = pane;
    this.onMove = onMove;
    this.line = element("div", {
      class: "divider", tabindex: "0", role: "slider", "aria-label": "Border between input (left) and output (right)",
      "aria-valuemin": "0", "aria-valuemax": "100",
    });
    this.line.onkeydown = (event) => this.key(event);
    this.set(this.share);
  }

  // Is only there in the layout that needs it.
  show(on) {
    if (!on) this.line.remove();
    else if (!this.line.isConnected) this.pane.holder.append(this.line);
  }

  place() {
    this.line.style.left = `${this.share * this.pane.marks.clientWidth}px`;
  }

  isUnder(event) {
    if (!this.line.isConnected) return false;
    const box = this.pane.marks.getBoundingClientRect();
    return Math.abs(event.clientX - box.left - this.share * box.width) < (REACH[event.pointerType] ?? REACH.mouse);
  }

  moveTo(event) {
    const box = this.pane.marks.getBoundingClientRect();
    this.set((event.clientX - box.left) / box.width);
    this.onMove();
  }

  key(event) {
    const step = sliderStep(event, 0.02, 0.1);
    if (step === null) return;
    event.preventDefault();
    this.set(this.share + step);
    this.onMove();
  }

  set(share) {
    this.share = clamp(share, 0, 1);
    this.line.setAttribute("aria-valuenow", String(Math.round(this.share * 100)));
  }
}
