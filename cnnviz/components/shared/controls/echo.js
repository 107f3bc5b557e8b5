// A value that both sides know: a view changes and reports it, Python keeps it and sends it back with every update.
// An echo of what was reported, perhaps after newer edits, is told from a value that Python wants to see (a link, an
// experiment, another control): it must not undo what the visitor has done since. No DOM.
const FORGOTTEN = 10_000; // ms after which a report that never came back (two were answered as one) counts no more

export class EchoGuard {
  constructor() {
    /** @type {string | undefined} */
    this.known = undefined; // what Python said last, as text
    /** @type {{text: string, at: number}[]} */
    this.pending = []; // what was reported and has not come back
  }

  /**
   * Whether Python's value is a new one, to be taken over. Where it only repeats itself, later echoes are still due.
   * @param {unknown} value
   */
  receive(value) {
    const text = JSON.stringify(value);
    if (text === this.known) return false;
    this.known = text;
    const since = performance.now() - FORGOTTEN;
    const waiting = this.pending.filter(({ at }) => at > since);
    const echo = waiting.findIndex((report) => report.text === text);
    this.pending = echo < 0 ? [] : waiting.slice(echo + 1);
    return echo < 0;
  }

  /**
   * Notes that this value is on its way to Python; false where Python has it already.
   * @param {unknown} value
   */
  send(value) {
    const text = JSON.stringify(value);
    if (text === (this.pending.at(-1)?.text ?? this.known)) return false;
    this.pending.push({ text, at: performance.now() });
    return true;
  }
}
