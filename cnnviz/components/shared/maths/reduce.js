// A small grey copy of a picture, by area averaging: each small pixel is the mean of the part of the picture
// that it covers, pixels on its edge counted by the share that lies in it. A generator, so that a large
// picture can be worked on between frames: it yields after each row and returns {plane, width, height}.

// For each of `small` cells over n pixels: the first pixel and the share of each pixel that it covers.
function shares(n, small) {
  return Array.from({ length: small }, (_, i) => {
    const from = (i * n) / small, to = ((i + 1) * n) / small;
    const first = Math.floor(from), last = Math.min(n, Math.ceil(to - 1e-9));
    const weights = [];
    for (let p = first; p < last; p++) weights.push((Math.min(p + 1, to) - Math.max(p, from)) / (to - from));
    return { first, weights };
  });
}

export function* greyCopy({ rgb, width, height }, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale)), h = Math.max(1, Math.round(height * scale));
  const columns = shares(width, w);
  const line = new Float64Array(width);
  const plane = new Float32Array(w * h);
  let at = 0;
  for (const { first, weights } of shares(height, h)) {
    line.fill(0);
    weights.forEach((share, r) => {
      for (let x = 0, j = 3 * (first + r) * width; x < width; x++, j += 3) {
        line[x] += share * (0.299 * rgb[j] + 0.587 * rgb[j + 1] + 0.114 * rgb[j + 2]);
      }
    });
    for (const { first: x, weights: across } of columns) {
      plane[at++] = across.reduce((sum, share, c) => sum + share * line[x + c], 0);
    }
    yield;
  }
  return { plane, width: w, height: h };
}
