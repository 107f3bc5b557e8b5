// What a view tells Python: each value when it has come to rest, once, and never what Python has just said itself.
// No DOM.
import { EchoGuard } from "./echo.js";

/** @typedef {(name: string, value: unknown) => void} Setter */

const AT_REST = 300; // ms without another value before Python hears of it: each report runs the page's script

export class Reporter {
  /** @param {number} [wait] ms */
  constructor(wait = AT_REST) {
    this.wait = wait;
    /** @type {Map<string, EchoGuard>} */
    this.guards = new Map();
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    /** @type {Setter | null} */
    this.setStateValue = null;
    /** @type {Setter | null} */
    this.setTriggerValue = null;
  }

  /**
   * Streamlit hands over new functions with every update.
   * @param {{setStateValue?: Setter, setTriggerValue?: Setter}} args
   */
  connect({ setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue ?? null;
    this.setTriggerValue = setTriggerValue ?? null;
  }

  /** @param {string} name */
  guard(name) {
    let guard = this.guards.get(name);
    if (!guard) this.guards.set(name, (guard = new EchoGuard()));
    return guard;
  }

  /**
   * Whether Python's value is news to this view, to be taken over.
   * @param {string} name
   * @param {unknown} value
   */
  receive(name, value) {
    return this.guard(name).receive(value);
  }

  /**
   * Reports a state. Streamlit passes one on only if it differs from the last that this view sent; a link or an
   * experiment may have changed the value since, so each report carries a time that makes it new.
   * @param {string} name
   * @param {unknown} value as Python will send it back
   * @param {{wait?: number, sent?: object, guard?: string}} [options] sent: what travels instead of {value}; guard: the
   *   name under which Python sends it back, where several reports change one value
   */
  state(name, value, { wait = this.wait, sent = { value }, guard = name } = {}) {
    this.later(name, wait, () => {
      if (this.guard(guard).send(value)) this.setStateValue?.(name, { ...sent, at: Date.now() });
    });
  }

  /**
   * Reports a value that Python sees in one run only.
   * @param {string} name
   * @param {unknown} value
   * @param {{wait?: number}} [options]
   */
  trigger(name, value, { wait = 0 } = {}) {
    this.later(name, wait, () => {
      if (this.guard(name).send(value)) this.setTriggerValue?.(name, value);
    });
  }

  /**
   * @param {string} name
   * @param {number} wait
   * @param {() => void} act
   */
  later(name, wait, act) {
    this.cancel(name);
    if (!wait) {
      act();
      return;
    }
    const done = () => {
      this.timers.delete(name); // so that `timers` holds what is still due
      act();
    };
    this.timers.set(name, setTimeout(done, wait));
  }

  /** @param {string} name of a report that is no longer to be made */
  cancel(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  stop() {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
