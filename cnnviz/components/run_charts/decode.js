// The curves of a run from what Python packed, and places in rising steps.
import { unpack } from "../shared/maths/arrays.js";

const FLOATS = ["loss", "accuracy", "rate", "smoothLoss", "smoothAccuracy"];

// A run's curves: {label, steps, loss, …, validation: {steps, loss, accuracy, bestLoss, bestAccuracy}}.
export function curves(run) {
  const found = { ...run, steps: unpack(run.steps, Uint32Array) };
  for (const name of FLOATS) found[name] = unpack(run[name]);
  const { steps, loss, accuracy } = run.validation;
  found.validation = {
    ...run.validation, steps: unpack(steps, Uint32Array), loss: unpack(loss), accuracy: unpack(accuracy),
  };
  return found;
}

// The place of the last of the rising `steps` that is not beyond `step`; −1 where all are.
export function placeOf(steps, step) {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// The place of the nearest of the rising `steps`; −1 where there is none.
export function nearest(steps, step) {
  const at = placeOf(steps, step);
  if (at < 0) return steps.length ? 0 : -1;
  return at + 1 < steps.length && steps[at + 1] - step < step - steps[at] ? at + 1 : at;
}
