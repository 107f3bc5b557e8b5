// Pointer and keys on the canvas: which bin is read out.

const FAR = 10; // bins
const NEAR = 16; // pixels beside the outermost bins that still count as theirs

export class Hand {
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
    const { bins, cursor } = this.view, by = event.shiftKey ? FAR : 1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowLeft: -by, ArrowDown: -by, ArrowRight: by, ArrowUp: by, PageDown: -FAR, PageUp: FAR, Home: -Infinity, End: Infinity,
    };
    if (event.key === "Escape") this.view.point(null, true);
    else if (event.key in moves) {
      const start = cursor === null && Number.isFinite(moves[event.key]);
      const to = start ? bins.fullest : (cursor ?? 0) + moves[event.key];
      this.view.point(Math.min(bins.many - 1, Math.max(0, to)), true);
    } else return;
    event.preventDefault();
  }
}
