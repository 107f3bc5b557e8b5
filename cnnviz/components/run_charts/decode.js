// The curves of a run from what Python packed.
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
