// Work in small slices when the browser has nothing else to do, so that nothing ever waits for it.

const SLICE = 8; // ms: half a frame
const later = globalThis.requestIdleCallback
  ? (callback) => requestIdleCallback(callback, { timeout: 200 })
  : (callback) => setTimeout(callback, 16);

// A queue of generators; each is driven to its end in turn, at most SLICE ms at a time.
export class IdleQueue {
  constructor() {
    this.waiting = [];
    this.asked = false;
  }

  add(generator) {
    this.waiting.push(generator);
    this.ask();
  }

  clear() {
    this.waiting = [];
  }

  ask() {
    if (this.asked) return;
    this.asked = true;
    later(() => {
      this.asked = false;
      this.slice();
      if (this.waiting.length) this.ask();
    });
  }

  slice() {
    const end = performance.now() + SLICE;
    while (this.waiting.length && performance.now() < end) {
      if (this.waiting[0].next().done) this.waiting.shift();
    }
  }
}
