// A value that both sides know: the view reports it, Python sends it back. An echo of what was reported, perhaps
// after newer edits, is told from a value that Python wants to see (a link, an experiment, another control).

export class Kept {
  constructor() {
    this.known = undefined; // the last text that Python sent
    this.pending = []; // texts that were reported and have not come back
  }

  // True where Python sent something new, which is to be shown.
  takes(text) {
    const at = this.pending.indexOf(text);
    const fresh = at < 0 && text !== this.known;
    if (at >= 0) this.pending.splice(0, at + 1);
    else if (fresh) this.pending = [];
    this.known = text;
    return fresh;
  }

  // True where Python does not have this value yet.
  reports(text) {
    if (text === (this.pending.at(-1) ?? this.known)) return false;
    this.pending.push(text);
    return true;
  }
}
