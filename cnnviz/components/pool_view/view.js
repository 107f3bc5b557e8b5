// Pooling in the browser. Three stages share one map: the windows with winners and gradients, the pyramid of
// repeated pooling, and the shift test. What is kept (pinned output, place of the patch, shift) goes to Python.
import { Stage } from "../shared/canvas/stage.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Reporter } from "../shared/controls/report.js";
import { Maps } from "./maps.js";
import { Pyramid } from "./pyramid.js";
import { ShiftStage } from "./shift_stage.js";
import { readStyle } from "./style.js";
import { Windows } from "./windows.js";

const STAGES = { windows: Windows, pyramid: Pyramid, shift: ShiftStage };

/**
 * What a stage is given: its data, and the map that they speak of
 * @template Data
 * @typedef {{data: Data, maps: Maps, map: {plane: Float32Array, width: number, height: number},
 *   picture: {width: number, height: number, rgb: Uint8Array}, style: import("./style.js").Style}} Taken
 */

export class PoolView {
  /** @type {import("../shared/types").PoolWindowsData |
   *   import("../shared/types").PoolPyramidData | import("../shared/types").PoolShiftData} */ data = null;
  /** @type {Windows | Pyramid | ShiftStage} */ stage = null;
  stageName = "";
  /** @type {{width: number, height: number, rgb: Uint8Array, digest: string}} */ picture = null;
  maps = new Maps();
  reporter = new Reporter();
  ready = false; // the stage has taken what Python sent
  painted = 0;

  /** @param {HTMLElement & {poolView?: PoolView}} root */
  constructor(root) {
    root.innerHTML = `<div class="stage"></div><p class="problem" role="status"></p>`;
    this.root = root;
    this.drawing = new Stage(root, { levels: ["data", "layout", "marks"], resized: "layout", draw: (due) => this.render(due) });
  }

  /**
   * @param {import("../shared/types").ViewArguments<
   *   import("../shared/types").PoolWindowsData | import("../shared/types").PoolPyramidData | import("../shared/types").PoolShiftData>} args
   */
  update(args) {
    const { data } = args;
    if (!data) return;
    this.data = data;
    this.reporter.connect(args);
    if (data.stage !== this.stageName) {
      this.stage?.destroy();
      /** @type {HTMLElement} */
      const host = this.root.querySelector(".stage");
      host.className = `stage ${data.stage}`;
      this.stage = new STAGES[data.stage](host, this);
      this.stageName = data.stage;
    }
    this.forget?.();
    this.forget = whenPicture(data.digest, (picture) => {
      this.picture = picture;
      this.schedule("data");
    });
    this.schedule("data");
  }

  // "data", "layout" or "marks": each includes those after it.
  schedule(level) {
    this.drawing.ask(level);
  }

  render(due) {
    if (!this.picture || this.picture.digest !== this.data.digest) return;
    if (!due("data")) {
      if (!this.ready) return;
      if (due("layout")) this.stage.layOut();
      else this.stage.mark();
      return;
    }
    this.ready = this.take();
    this.root.dataset.painted = String(++this.painted);
  }

  take() {
    const { data, maps, picture } = this;
    /** @type {{take: (shown: Taken<any>) => void}} */
    const stage = this.stage; // of the class for just these data
    const problem = this.root.querySelector(".problem");
    try {
      stage.take({ data, maps, picture, map: maps.get(picture, data.map), style: readStyle(this.root, data.luts) });
      problem.textContent = "";
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problem.textContent = error.message;
      return false;
    }
  }

  destroy() {
    this.drawing.destroy();
    this.forget?.();
    this.stage?.destroy();
    this.reporter.stop();
  }
}

export function mount(root) {
  const view = new PoolView(root);
  root.poolView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
