// Values to colours: the twin of cnnviz/core/colour.py. t = (value - low) / (high - low), held to 0 … 1, then
// index = floor(t * 255 + 0.5), in doubles, so that both give the same bytes.

// [low, high] of a display over all planes together.
export function valueRange(planes, display) {
  if (display === "clip") return [0, 255];
  if (display === "shift") return [-128, 127];
  let low = Infinity, high = -Infinity;
  for (const plane of planes) {
    for (let i = 0; i < plane.length; i++) {
      const v = plane[i];
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  if (low > high) return [0, 1];
  if (display === "stretch") return [low, high];
  const most = Math.max(-low, high);
  return display === "signed" ? [-most, most] : [0, most];
}

// The 768 bytes of a look-up table as 256 pixels, in the byte order of this machine.
function pixelTable(lut) {
  const bytes = new Uint8Array(1024);
  for (let i = 0; i < 256; i++) bytes.set([lut[3 * i], lut[3 * i + 1], lut[3 * i + 2], 255], 4 * i);
  return new Uint32Array(bytes.buffer);
}

function paintOne(plane, low, span, absolute, table, pixels) {
  for (let i = 0; i < plane.length; i++) {
    const v = plane[i];
    const t = ((absolute && v < 0 ? -v : v) - low) / span;
    pixels[i] = table[t > 0 ? (t < 1 ? (t * 255 + 0.5) | 0 : 255) : 0];
  }
}

function paintThree(planes, low, span, absolute, out) {
  planes.forEach((plane, channel) => {
    for (let i = 0, o = channel; i < plane.length; i++, o += 4) {
      const v = plane[i];
      const t = ((absolute && v < 0 ? -v : v) - low) / span;
      out[o] = t > 0 ? (t < 1 ? (t * 255 + 0.5) | 0 : 255) : 0;
    }
  });
  for (let o = 3; o < out.length; o += 4) out[o] = 255;
}

// Paints 1 plane through the table `lut` (Uint8Array(768)), or 3 planes as red, green and blue, into the RGBA
// bytes `out` (Uint8ClampedArray, width * height * 4). range: [low, high], as valueRange gives it.
export function paint(planes, width, height, display, lut, range, out) {
  const [low, high] = range;
  const span = high > low ? high - low : 1;
  const absolute = display === "absolute";
  if (planes.length === 1) {
    const pixels = new Uint32Array(out.buffer, out.byteOffset, width * height);
    paintOne(planes[0], low, span, absolute, pixelTable(lut), pixels);
  } else paintThree(planes, low, span, absolute, out);
  return out;
}

// A table from its base64 text (as Python sends it).
export function lutFromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
