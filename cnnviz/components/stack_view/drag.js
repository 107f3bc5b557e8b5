// Dragging a card by its grip (finger, pen) or anywhere on its line (mouse) to a gap, in the same list or another.
import { scrollerOf } from "./frame.js";

const FAR = 5; // pixels a mouse moves before a press on the line is a drag
const EDGE = 48; // pixels from the end of the visible part where the list scrolls by itself
const SPEED = 16; // pixels a frame, at the very edge

export class Drag {
  /** @type {any} */ held = null; // the card: {id of the pointer, uid, item, card, x, y, lifted}
  /** @type {{x: number, y: number}} */ at = null; // of the pointer
  frame = 0; // the animation frame that is asked for

  // host: {allowed(uid, parent), started(uid), ended() while the card is still in the air, drop(uid, place or null)}
  constructor(list, host) {
    this.list = list;
    this.host = host;
    list.root.onpointerdown = (event) => this.press(event);
    this.moved = (event) => this.onMove(event);
    this.ended = (event) => this.onEnd(event);
    this.key = (event) => event.key === "Escape" && this.held?.lifted && this.stop(event);
  }

  press(event) {
    if (event.button !== 0 || this.held || this.list.host.readOnly) return;
    const grip = event.target.closest(".handle");
    const item = (grip ?? (event.pointerType === "mouse" && event.target.closest(".line")))?.closest?.(".item");
    if (!item) return;
    if (grip) event.preventDefault();
    const card = item.querySelector(".card");
    this.held = { id: event.pointerId, uid: Number(item.dataset.uid), item, card, x: event.clientX, y: event.clientY };
    this.at = { x: event.clientX, y: event.clientY };
    window.addEventListener("pointermove", this.moved);
    window.addEventListener("pointerup", this.ended);
    window.addEventListener("pointercancel", this.ended);
    window.addEventListener("keydown", this.key, true);
    if (grip) this.lift();
  }

  lift() {
    const { held, list } = this;
    held.lifted = true;
    const before = held.card.getBoundingClientRect().top;
    held.item.dataset.lifted = "";
    list.root.dataset.dragging = "";
    this.host.started(held.uid);
    held.y -= before - held.card.getBoundingClientRect().top; // an open panel has closed: the card stays at the pointer
    held.scroller = scrollerOf(list.root);
    held.from = held.scroller.scrollTop;
    held.gaps = list.gaps().filter((gap) => !held.card.contains(gap) && this.host.allowed(held.uid, gap.place.parent));
    this.frame = requestAnimationFrame(() => this.follow());
  }

  onMove(event) {
    if (event.pointerId !== this.held?.id) return;
    this.at = { x: event.clientX, y: event.clientY };
    const { held } = this;
    if (!held.lifted && Math.hypot(this.at.x - held.x, this.at.y - held.y) >= FAR) this.lift();
    if (held.lifted) event.preventDefault();
  }

  // One frame of a drag: the card follows the pointer, the list scrolls near its ends, the nearest gap is marked.
  follow() {
    const { held, at } = this;
    if (!held?.lifted) return;
    const { scroller } = held;
    const top = Math.max(scroller.getBoundingClientRect().top, 0);
    const bottom = Math.min(scroller.getBoundingClientRect().bottom, innerHeight);
    const beyond = Math.max(top + EDGE - at.y, 0) * -1 || Math.max(at.y - (bottom - EDGE), 0);
    if (beyond) scroller.scrollTop += (Math.max(-1, Math.min(1, beyond / EDGE)) * SPEED);
    held.card.style.translate = `${(at.x - held.x) * 0.15}px ${at.y - held.y + scroller.scrollTop - held.from}px`;
    this.mark(this.nearest());
    this.frame = requestAnimationFrame(() => this.follow());
  }

  nearest() {
    let best = null, least = Infinity;
    for (const gap of this.held.gaps) {
      const box = gap.getBoundingClientRect();
      const away = Math.abs((box.top + box.bottom) / 2 - this.at.y);
      if (box.height && away < least) [best, least] = [gap, away];
    }
    return best;
  }

  mark(gap) {
    if (gap === this.gap) return;
    this.gap?.removeAttribute("data-drop");
    gap?.setAttribute("data-drop", "");
    this.gap = gap;
  }

  onEnd(event) {
    if (event.pointerId !== this.held?.id) return;
    if (!this.held.lifted) return this.release();
    this.stop(event, event.type === "pointerup" ? this.gap?.place : null);
  }

  destroy() {
    this.list.root.onpointerdown = null;
    if (this.held) this.release();
  }

  // Ends a drag, with a place or without; the click that follows it is none.
  stop(event, place = null) {
    const { uid } = this.held;
    event.preventDefault();
    event.stopPropagation?.();
    const swallow = (click) => click.stopPropagation();
    this.list.root.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => this.list.root.removeEventListener("click", swallow, { capture: true }), 0);
    this.release();
    this.host.drop(uid, place);
  }

  release() {
    const { held } = this;
    cancelAnimationFrame(this.frame);
    window.removeEventListener("pointermove", this.moved);
    window.removeEventListener("pointerup", this.ended);
    window.removeEventListener("pointercancel", this.ended);
    window.removeEventListener("keydown", this.key, true);
    this.held = null;
    if (!held?.lifted) return;
    this.mark(null);
    this.host.ended(); // while the card is still where it was let go, so that it can glide from there
    held.card.style.translate = "";
    delete held.item.dataset.lifted;
    delete this.list.root.dataset.dragging;
  }
}
