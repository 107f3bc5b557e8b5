// What can be shown, by its id, and what it means.
import { formatNumber, grouped } from "../shared/text/format.js";

export const SHOWS = {
  norm: {
    button: "Norm, weights", now: "Size of the gradient for each layer's weights, now", over: "over the run",
    about: "How much of the loss's gradient reaches each layer's weights: the length of ∂loss/∂w, bias included. First layer on top.",
  },
  mean: {
    button: "Mean |g|, weights", now: "Mean size of the gradient for one weight, now", over: "over the run",
    about: "The mean size of ∂loss/∂w of one weight: unlike the norm it does not grow with the number of weights.",
  },
  activations: {
    button: "Norm, outputs", now: "Size of the gradient for each layer's output, last sample", over: "at each sample",
    about: "What back-propagation hands down: the length of ∂loss/∂(output of the layer) over one batch.",
  },
  ratio: {
    button: "Update ÷ weight", now: "‖Δw‖ ÷ ‖w‖ of the last step", over: "over the run",
    about: "How much a step changes the weights. The broken line is 0.001, a usual size: far below, the layer hardly learns; far above, it jumps about.",
  },
  units: {
    button: "Dead, saturated", now: "Dead units and saturated values, last sample", over: { dead: "dead units over the run", saturated: "saturated values over the run" },
    about: "Saturated: values where the activation is nearly flat, so that no gradient passes. Dead: units that are so for every picture of the batch.",
  },
  bands: {
    button: "Distribution", now: "|gradient| of single weights, last sample", over: "|gradient| of single outputs",
    about: "Thick: the middle half of the sizes. Wider band: 5 to 95 %. Thin: smallest to largest. Vertical line: the median.",
  },
};

const PARTS = { 2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth" };

function compared(share) {
  if (!Number.isFinite(share)) return "no ratio";
  if (share === 0) return "nothing reaches the first layer";
  const times = share < 1 ? 1 / share : share;
  if (times < 1.25) return "about the same";
  const round = times >= 1000 ? grouped(Number(times.toPrecision(3))) : Number(times.toPrecision(3));
  const part = share < 1 && PARTS[Math.round(times)];
  if (part) return `the first layer gets about ${part} of the last (${Number(share.toPrecision(2))}×)`;
  return share < 1 ? `the first layer gets 1/${round} of the last` : `the first layer gets ${round} times the last`;
}

// What the first layer gets of the last one's gradient, for the line below the charts.
export function firstAgainstLast(series) {
  return (series ?? []).map(({ label, values }) => {
    if (!values || values.length < 2) return "";
    const share = values[0] / values.at(-1), name = series.length > 1 ? `${label}: first` : "First";
    return `${name} layer ${formatNumber(values[0])}, last layer ${formatNumber(values.at(-1))}: ${compared(share)}.`;
  }).filter(Boolean);
}
