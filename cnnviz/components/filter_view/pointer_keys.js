// Pointer, wheel and keys on the two panes: which output cell they mean, and what happens to it.
import { clamp } from "../shared/maths/clamp.js";
import { arrowStep, withCommand } from "../shared/controls/keys.js";
import { outputRect } from "./viewport.js";

const CLICK = 4; // pixels that a pointer may move in a click
const FAR = 10; // cells that an arrow key goes with Shift

export class PointerKeys {
  /** @type {{x: number, y: number, moved: boolean, split: boolean} | null} */ press = null;

  /** @param {import("./view.js").FilterView} view */
  constructor(view) {
    this.view = view;
    for (const name of ["input", "output"]) this.listen(name, view.scene.panes[name].marks);
  }

  /**
   * @param {string} name
   * @param {HTMLCanvasElement} canvas
   */
  listen(name, canvas) {
    const { view } = this;
    canvas.onpointermove = (event) => this.move(name, event);
    canvas.onpointerleave = () => view.setHover(null);
    canvas.onpointerdown = (event) => this.down(name, event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.up(name, event);
    canvas.onkeydown = (event) => this.key(event);
    canvas.onfocus = () => view.cell() ?? view.setHover(view.middle());
    canvas.onwheel = (event) => this.wheel(name, event);
  }

  // The output cell under the pointer; on the input always the nearest one.
  cellAt(name, event) {
    const { geometry } = this.view, { panes, viewport } = this.view.scene, { outWidth, outHeight } = geometry;
    const point = panes[name].pointAt(viewport, event), rect = outputRect(geometry);
    const x = Math.floor((point.x - rect.left) / geometry.stride[1]);
    const y = Math.floor((point.y - rect.top) / geometry.stride[0]);
    const hit = name === "input" || (x >= 0 && y >= 0 && x < outWidth && y < outHeight);
    return hit ? { y: clamp(y, 0, outHeight - 1), x: clamp(x, 0, outWidth - 1) } : null;
  }

  onDivider(name, event) {
    return name === "output" && this.view.scene.divider.isUnder(event);
  }

  down(name, event) {
    const { view } = this;
    if (!view.geometry) return;
    this.press = { x: event.clientX, y: event.clientY, moved: false, split: this.onDivider(name, event) };
    if (this.press.split || view.scene.viewport.zoom > 1) view.scene.panes[name].marks.setPointerCapture(event.pointerId);
  }

  move(name, event) {
    const { press, view } = this, { marks } = view.scene.panes[name];
    if (!view.geometry) return;
    if (press?.split) {
      view.scene.divider.moveTo(event);
      return;
    }
    if (press) press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > CLICK;
    if (press?.moved && view.scene.viewport.zoom > 1) {
      this.pan(marks, event);
      return;
    }
    marks.style.cursor = this.onDivider(name, event) ? "ew-resize" : view.scene.viewport.zoom > 1 ? "grab" : "crosshair";
    if (!view.pin) view.setHover(this.cellAt(name, event));
  }

  pan(marks, event) {
    const { press, view } = this, box = marks.getBoundingClientRect();
    const { scale } = view.scene.viewport.transform(box.width, box.height);
    view.scene.viewport.pan((event.clientX - press.x) / scale, (event.clientY - press.y) / scale);
    Object.assign(press, { x: event.clientX, y: event.clientY });
    view.stage.ask("panes");
  }

  up(name, event) {
    const { press, view } = this;
    this.press = null;
    if (!press || press.moved || press.split || event.type === "pointercancel" || !view.geometry) return;
    const cell = this.cellAt(name, event);
    if (cell) view.setPin(view.pin?.[0] === cell.y && view.pin[1] === cell.x ? null : [cell.y, cell.x]);
  }

  wheel(name, event) {
    const { view } = this, { viewport } = view.scene;
    if (!event.ctrlKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    viewport.setZoom(viewport.zoom * Math.exp(-event.deltaY / 200), view.scene.panes[name].pointAt(viewport, event));
    view.stage.ask("panes");
  }

  key(event) {
    const { view } = this;
    if (!view.geometry || withCommand(event)) return;
    const step = arrowStep(event, FAR), cell = view.cell() ?? view.middle();
    const { outWidth, outHeight } = view.geometry;
    if (step) view.moveTo({ y: clamp(cell.y + step[0], 0, outHeight - 1), x: clamp(cell.x + step[1], 0, outWidth - 1) });
    else if (event.key === "Home") view.moveTo({ y: cell.y, x: 0 });
    else if (event.key === "End") view.moveTo({ y: cell.y, x: outWidth - 1 });
    else if (event.key === "Enter" || event.key === " ") view.setPin(view.pin ? null : [cell.y, cell.x]);
    else if (event.key === "Escape") view.setPin(null);
    else if (event.key === "+" || event.key === "=") view.zoomBy("in");
    else if (event.key === "-") view.zoomBy("out");
    else if (event.key === "0") view.zoomBy("fit");
    else return;
    event.preventDefault();
  }
}
