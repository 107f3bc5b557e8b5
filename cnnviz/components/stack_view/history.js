// Undo and redo over stacks that are never changed in place. Quick changes of one setting count as one step.
const TOGETHER = 900; // ms within which two changes with the same tag are one step
const MOST = 200; // steps that are kept

export class History {
  /** @type {any[]} */ past = [];
  /** @type {any[]} */ future = [];
  /** @type {string | null} */ tag = null; // of the last change, and when it was
  since = 0;

  // Notes the stack as it was before a change. `tag` names what is changed, null for a step of its own.
  note(before, tag = null) {
    const now = performance.now();
    const same = tag !== null && tag === this.tag && now - this.since < TOGETHER;
    if (!same) this.past.push(before);
    if (this.past.length > MOST) this.past.shift();
    this.tag = tag;
    this.since = now;
    this.future = [];
  }

  undo(present) {
    return this.step(this.past, this.future, present);
  }

  redo(present) {
    return this.step(this.future, this.past, present);
  }

  step(from, to, present) {
    if (!from.length) return null;
    to.push(present);
    this.tag = null;
    return from.pop();
  }
}
