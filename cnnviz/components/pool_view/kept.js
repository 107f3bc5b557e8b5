// One value that the view changes and Python keeps. Python sends it back with every update: an echo of what we
// reported ourselves, perhaps older than what the hand has done since, is no news and must not undo that.
export class Kept {
  constructor() {
    this.last = undefined; // what Python said last, as text
    this.mine = []; // what we reported and have not heard back
  }

  // Whether Python's value is a new one, to be taken over.
  news(value) {
    const text = JSON.stringify(value);
    if (text === this.last) return false;
    this.last = text;
    const at = this.mine.indexOf(text);
    if (at >= 0) this.mine.splice(0, at + 1);
    else this.mine = [];
    return at < 0;
  }

  reported(value) {
    this.mine.push(JSON.stringify(value));
  }
}
