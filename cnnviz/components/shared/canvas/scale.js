// Numbers to places on the screen, and where to put ticks. A log scale works in decades.

// A round step (1, 2, 5 × 10ⁿ) that gives at most `most` ticks over `span`; whole numbers only where asked.
export function roundStep(span, most, whole = false) {
  const raw = span / Math.max(1, most), ten = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map((each) => each * ten).find((each) => each >= raw * 0.999999) ?? 10 * ten;
  return whole ? Math.max(1, Math.round(step)) : step;
}

function linearTicks(low, high, most, whole) {
  const step = roundStep(high - low, most, whole), found = [];
  const first = Math.ceil(low / step - 1e-9);
  for (let i = first; i * step <= high + step * 1e-9 && found.length < 50; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

export class Linear {
  constructor(low, high, from, to) {
    this.low = low;
    this.high = high > low ? high : low + 1;
    this.from = from;
    this.to = to;
  }

  at(value) {
    return this.from + ((value - this.low) / (this.high - this.low)) * (this.to - this.from);
  }

  value(at) {
    return this.low + ((at - this.from) / (this.to - this.from)) * (this.high - this.low);
  }

  ticks(most, whole = false) {
    return linearTicks(this.low, this.high, most, whole);
  }
}

// low, high > 0. What is not above 0 has no place: it is put at the low end, and whoever draws it says so.
export class Log {
  constructor(low, high, from, to) {
    this.inner = new Linear(Math.log10(low), Math.log10(high), from, to);
    this.low = low;
    this.high = high;
    this.from = from;
    this.to = to;
  }

  at(value) {
    return value > 0 ? this.inner.at(Math.log10(value)) : this.from;
  }

  value(at) {
    return 10 ** this.inner.value(at);
  }

  // Powers of ten; 1, 2 and 5 of each where there are few decades.
  ticks(most) {
    const { low, high } = this.inner, decades = high - low;
    if (decades < 2.5) {
      const fine = [], parts = decades < 0.8 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 5];
      for (let ten = Math.floor(low); ten <= high; ten++)
        for (const part of parts) fine.push(Number((part * 10 ** ten).toPrecision(6)));
      const inside = fine.filter((v) => v >= this.low * 0.9999 && v <= this.high * 1.0001);
      return inside.length > most ? inside.filter((_, i) => i % Math.ceil(inside.length / most) === 0) : inside;
    }
    return this.powers(most).map((ten) => 10 ** ten);
  }

  // Exponents of ten, at most `most`.
  powers(most) {
    const { low, high } = this.inner, every = Math.max(1, Math.ceil((high - low) / most)), found = [];
    for (let ten = Math.ceil(low - 1e-9); ten <= high + 1e-9; ten++) if (ten % every === 0) found.push(ten);
    return found;
  }
}

// The finite extremes of `values` in [from, to): [low, high], or null where there is none.
export function reach(values, from = 0, to = values.length, above = -Infinity) {
  let low = Infinity, high = -Infinity;
  for (let i = from; i < to; i++) {
    const v = values[i];
    if (v > above && v < low && v > -Infinity) low = v;
    if (v > high && v < Infinity) high = v;
  }
  return low > high ? null : [low, high];
}
