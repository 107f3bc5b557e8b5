// Logits to probabilities. No DOM.

// e^z / Σ e^z over these logits and `others` more at 0; stable, since the largest is taken off first.
export function softmax(logits, others = 0) {
  const top = Math.max(...logits, ...(others ? [0] : []));
  const powers = logits.map((z) => Math.exp(z - top));
  const rest = others * Math.exp(-top), sum = powers.reduce((a, b) => a + b, 0) + rest;
  return { each: powers.map((power) => power / sum), rest: rest / sum };
}

export const sigmoid = (z) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));
