// Equal bins from the smallest to the largest value, and how they lie to the range of the colours.

const LEAST = 0.2; // of the axis is for the values, however far the colours reach

export class Bins {
  // counts: one array per channel, all of the same length
  /** @param {Pick<import("../types").HistogramViewData, "low" | "high" | "counts">} data */
  constructor({ low, high, counts }) {
    this.low = low;
    this.high = high;
    this.counts = counts;
    this.many = counts[0].length;
    this.sums = counts[0].map((_, i) => counts.reduce((sum, channel) => sum + channel[i], 0));
    this.all = this.sums.reduce((a, b) => a + b, 0);
    this.most = counts.reduce((most, channel) => Math.max(most, ...channel), 0);
    this.fullest = this.sums.indexOf(Math.max(...this.sums));
  }

  edge(i) {
    return i === this.many ? this.high : this.low + ((this.high - this.low) / this.many) * i;
  }

  // The bin of a value; the nearest where it lies outside.
  at(value) {
    const i = Math.floor(((value - this.low) / (this.high - this.low)) * this.many);
    return Math.min(this.many - 1, Math.max(0, i));
  }

  // "inside" the range of the colours, "below", "above", or "end" where an end of it cuts the bin.
  side(i, [low, high]) {
    const from = this.edge(i), to = this.edge(i + 1);
    if (from >= low && to <= high) return "inside";
    if (to < low) return "below";
    return from > high ? "above" : "end";
  }
}

// The values that have a colour of their own, [low, high]: an absolute value has it on both sides of 0.
/** @param {Pick<import("../types").HistogramViewData, "display" | "range">} data
    @returns {[number, number]} */
export const coloured = ({ display, range: [low, high] }) => (display === "absolute" ? [-high, high] : [low, high]);

// What the axis covers: values and colours, but the values alone where they would only be a small part of it.
export function domain({ low, high }, colours) {
  const from = Math.min(low, colours[0]), to = Math.max(high, colours[1]);
  return high - low < LEAST * (to - from) ? [low, high] : [from, to];
}
