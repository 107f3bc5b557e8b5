// Pooling in the browser. Three stages share one map: the windows with winners and gradients, the pyramid of
// repeated pooling, and the shift test. What is kept (pinned output, place of the patch, shift) goes to Python.
import { whenPicture } from "../shared/canvas/store.js";
import { Maps } from "./maps.js";
import { Pyramid } from "./pyramid.js";
import { ShiftStage } from "./shift_stage.js";
import { readStyle } from "./style.js";
import { Windows } from "./windows.js";

const STAGES = { windows: Windows, pyramid: Pyramid, shift: ShiftStage };
const SETTLED = 300; // ms without a change before Python hears of it

class PoolView {
  constructor(root) {
    root.innerHTML = `<div class="stage"></div><p class="problem" role="status"></p>`;
    this.root = root;
    this.maps = new Maps();
    this.timers = {};
    this.painted = 0;
    this.observer = new ResizeObserver(() => this.schedule("layout"));
    this.observer.observe(root);
  }

  update({ data, setStateValue }) {
    if (!data) return;
    Object.assign(this, { data, setStateValue });
    if (data.stage !== this.stageName) {
      this.stage?.destroy();
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

  // Each level includes those after it.
  schedule(level) {
    this.dirty = Math.max(this.dirty ?? 0, ["marks", "layout", "data"].indexOf(level));
    this.ticket ||= requestAnimationFrame(() => {
      this.ticket = 0;
      const dirty = this.dirty;
      this.dirty = 0;
      this.render(dirty);
    });
  }

  render(dirty) {
    if (!this.picture || this.picture.digest !== this.data.digest || !this.root.isConnected) return;
    if (dirty < 2) {
      if (!this.ready) return;
      if (dirty === 1) this.stage.layOut();
      else this.stage.mark();
      return;
    }
    this.ready = this.take();
    this.root.dataset.painted = String(++this.painted);
  }

  take() {
    const { data, maps, picture } = this;
    const problem = this.root.querySelector(".problem");
    try {
      this.stage.take({ data, maps, picture, map: maps.get(picture, data.map), style: readStyle(this.root, data.luts) });
      problem.textContent = "";
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problem.textContent = error.message;
      return false;
    }
  }

  // Python hears of a value when it has come to rest, once; `known` is how it will come back.
  report(name, value, guard, known = value) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => {
      if (guard.send(known)) this.setStateValue(name, value);
    }, SETTLED);
  }

  destroy() {
    cancelAnimationFrame(this.ticket);
    this.observer.disconnect();
    this.forget?.();
    this.stage?.destroy();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }
}

export function mount(root) {
  const view = new PoolView(root);
  root.poolView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
