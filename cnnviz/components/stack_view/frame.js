// How tall the list may be: down to the end of the window where it begins in the upper part, so that the page need not
// be scrolled; most of a window where it begins further down, as on a phone.
const BELOW = 20; // pixels that stay free under the list
const LEAST = 320;

// What scrolls around a node: a frame of its own, or the page.
export function scrollerOf(node) {
  for (let up = node; up; up = up.parentNode ?? up.host) {
    if (!(up instanceof Element)) continue;
    const { overflowY } = getComputedStyle(up);
    if (["auto", "scroll"].includes(overflowY) && up.scrollHeight > up.clientHeight + 1) return up;
  }
  return document.scrollingElement;
}

export class Frame {
  constructor(scroller) {
    this.scroller = scroller;
    this.fit = () => this.set();
    window.addEventListener("resize", this.fit);
    this.observer = new ResizeObserver(this.fit);
    this.observer.observe(scroller.parentElement);
  }

  set() {
    const page = scrollerOf(this.scroller.parentElement);
    const top = this.scroller.getBoundingClientRect().top + page.scrollTop;
    const room = top < innerHeight * 0.55 ? innerHeight - top - BELOW : innerHeight * 0.8;
    const height = `${Math.round(Math.max(LEAST, room))}px`;
    if (height === this.height) return;
    this.height = height;
    this.scroller.style.setProperty("--list-height", height);
  }

  // Scrolls the list, never the page, until a card is inside.
  reveal(card) {
    const frame = this.scroller.getBoundingClientRect(), box = card.getBoundingClientRect();
    const below = Math.min(box.bottom - frame.bottom, box.top - frame.top);
    if (box.top < frame.top) this.scroller.scrollTop -= frame.top - box.top + 8;
    else if (below > 0) this.scroller.scrollTop += below + 8;
  }

  destroy() {
    window.removeEventListener("resize", this.fit);
    this.observer.disconnect();
  }
}
