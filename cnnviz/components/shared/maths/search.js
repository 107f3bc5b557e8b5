// Places in a list of rising numbers, by halving. No DOM.

/**
 * The place of the last of the rising `steps` that is not beyond `step`; −1 where all are.
 * @param {ArrayLike<number>} steps
 * @param {number} step
 */
export function lastNotAbove(steps, step) {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The place of the nearest of the rising `steps`; −1 where there is none.
 * @param {ArrayLike<number>} steps
 * @param {number} step
 */
export function nearest(steps, step) {
  const at = lastNotAbove(steps, step);
  if (at < 0) return steps.length ? 0 : -1;
  return at + 1 < steps.length && steps[at + 1] - step < step - steps[at] ? at + 1 : at;
}
