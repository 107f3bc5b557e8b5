// The curves of a run from what Python packed.
import { unpack } from "../shared/maths/arrays.js";

/** @typedef {ReturnType<typeof curves>} Run */

/**
 * A run's curves: everything packed as arrays of numbers.
 * @param {import("../shared/types").RunCurvesJson} run
 */
export function curves(run) {
  const { validation } = run;
  return {
    ...run, steps: unpack(run.steps, Uint32Array), loss: unpack(run.loss), accuracy: unpack(run.accuracy),
    rate: unpack(run.rate), smoothLoss: unpack(run.smoothLoss), smoothAccuracy: unpack(run.smoothAccuracy),
    validation: {
      ...validation, steps: unpack(validation.steps, Uint32Array), loss: unpack(validation.loss), accuracy: unpack(validation.accuracy),
    },
  };
}
