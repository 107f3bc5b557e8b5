// Typed arrays from what Python packed: base64 text of little-endian numbers.

/**
 * @template [T=Float32Array]
 * @param {string} text
 * @param {new (bytes: ArrayBuffer) => T} [Kind]
 * @returns {T}
 */
export function unpack(text, Kind = /** @type {any} */ (Float32Array)) {
  return new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

// Views of a row of numbers, `size` long each: as many as asked for, or as there are.
/**
 * @template {{ length: number, subarray(from: number, to: number): T }} T
 * @param {T} values
 * @param {number} size
 * @returns {T[]}
 */
export function cut(values, size, count = Math.floor(values.length / size)) {
  return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
}
