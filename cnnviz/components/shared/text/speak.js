// Words for people who do not see the picture, put into a live region when nothing has moved for a while: spoken at
// every move they would never end. No DOM but the region's text.

const AT_REST = 350; // ms without a move

export class Speaker {
  /**
   * @param {{textContent: string | null}} region an element with aria-live
   * @param {number} [wait] ms
   */
  constructor(region, wait = AT_REST) {
    this.region = region;
    this.wait = wait;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * Says this after a while, if nothing else is to be said until then; at once where `wait` is 0.
   * @param {string | (() => string)} words a function is asked when the time has come
   * @param {number} [wait] ms
   */
  say(words, wait = this.wait) {
    this.stop();
    const speak = () => {
      const text = typeof words === "function" ? words() : words;
      if (this.region.textContent !== text) this.region.textContent = text; // equal text would be read again
    };
    if (wait) this.timer = setTimeout(speak, wait);
    else speak();
  }

  stop() {
    clearTimeout(this.timer);
  }
}
