// The two pictures on their panes: how large, which part of them, and what is marked. Knows no kernel and no keys.
import { clamp } from "../shared/maths/clamp.js";
import { Divider } from "./divider.js";
import { Raster } from "./raster.js";
import { outputRect, Pane, patchRect, Viewport, worldRect } from "./viewport.js";

const LABELS = {
  input: "Input picture. Move over it, or use the arrow keys, to choose an output cell.",
  output: "Output picture. Arrow keys move from cell to cell, Enter pins, plus and minus zoom.",
};
const GREY = Uint8Array.from({ length: 768 }, (_, i) => (i / 3) | 0);

export class Scene {
  viewport = new Viewport();
  rasters = { input: new Raster(), output: new Raster() };
  /** @type {import("./viewport.js").Geometry} */ geometry = null;
  slider = false; // both pictures on one pane, with the divider between them
  unsized = true; // the room may be another one

  // find(selector): within the view; onDivider(): the divider lies elsewhere
  constructor(find, onDivider) {
    this.panes = {
      input: new Pane(find(".input .pane"), LABELS.input), output: new Pane(find(".output .pane"), LABELS.output),
    };
    this.divider = new Divider(this.panes.output, onDivider);
  }

  setInput(planes, width, height) {
    this.rasters.input.draw({ planes, width, height }, "clip", GREY, [0, 255]);
  }

  setOutput({ result, geometry, range }, display, lut) {
    this.geometry = geometry;
    this.viewport.setWorld(worldRect(geometry));
    this.rasters.output.draw(result, display, lut, range);
  }

  setLayout(layout) {
    this.slider = layout === "slider";
    this.divider.show(this.slider);
  }

  // Reading the room makes the browser lay out the page: not at every frame of a drag.
  resize() {
    const { width, height } = this.viewport.world, size = `${width}×${height}`;
    if (!this.unsized && size === this.size) return;
    this.unsized = false;
    this.size = size;
    const tallest = clamp(globalThis.innerHeight * 0.62, 260, 1400);
    for (const pane of Object.values(this.panes)) {
      const room = pane.holder.clientWidth, tall = Math.min((room * height) / width, tallest);
      if (room > 1) pane.setSize(Math.min(room, Math.max(120, (tall * width) / height)), tall);
    }
  }

  draw(theme) {
    const { geometry, panes, rasters, slider, viewport } = this, { width, height, padding } = geometry;
    const input = { source: rasters.input.canvas, left: 0, top: 0, width, height };
    const output = { source: rasters.output.canvas, ...outputRect(geometry) };
    const padded = {
      left: -padding.left, top: -padding.top,
      width: width + padding.left + padding.right, height: height + padding.top + padding.bottom,
    };
    panes.input.draw(viewport, [input], theme, padded);
    const { share } = this.divider;
    panes.output.draw(viewport, slider ? [{ ...input, to: share }, { ...output, from: share }] : [output], theme);
    if (slider) this.divider.place();
    for (const pane of Object.values(panes)) pane.marks.style.touchAction = viewport.zoom > 1 || slider ? "none" : "pan-y";
  }

  // Frames an output cell and what the kernel covers for it; none where the cell is null.
  mark(cell, { roles }) {
    const { geometry, panes, viewport } = this;
    if (!cell) {
      for (const pane of Object.values(panes)) pane.mark(viewport, []);
      return;
    }
    const { x, y } = this.centreOf(cell), [height, width] = geometry.stride;
    const read = { ...patchRect(geometry, cell), colour: roles.kernel };
    const made = { left: x - width / 2, top: y - height / 2, width, height, colour: roles.output, cross: true };
    panes.input.mark(viewport, [read]);
    panes.output.mark(viewport, this.slider ? [read, made] : [made]);
  }

  centreOf(cell) {
    const rect = outputRect(this.geometry), { stride } = this.geometry;
    return { x: rect.left + (cell.x + 0.5) * stride[1], y: rect.top + (cell.y + 0.5) * stride[0] };
  }
}
