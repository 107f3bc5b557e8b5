// Typed arrays from what Python packed: base64 text of little-endian numbers.
export function unpack(text, Kind = Float32Array) {
  return new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

// Views of a row of numbers, `size` long each: as many as asked for, or as there are.
export function cut(values, size, count = Math.floor(values.length / size)) {
  return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
}
