// Numbers held to a range. No DOM.

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * A place among `count`: 0 … count − 1.
 * @param {number} at
 * @param {number} count
 */
export const clampIndex = (at, count) => clamp(at, 0, count - 1);
