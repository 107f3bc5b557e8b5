// The pictures that the server has sent, by digest: sent once, read by every view on the page.

const KEEP = 4; // a picture at full size may take 36 MB; the newest few are enough
const pictures = new Map();
const waiting = new Map();

// picture: {digest, width, height, rgb: Uint8Array of width*height*3}
export function putPicture(picture) {
  pictures.delete(picture.digest);
  pictures.set(picture.digest, picture);
  while (pictures.size > KEEP) pictures.delete(pictures.keys().next().value);
  for (const callback of waiting.get(picture.digest) ?? []) callback(picture);
  waiting.delete(picture.digest);
}

// Calls back at once if the picture is here, else when it comes.
export function whenPicture(digest, callback) {
  const picture = pictures.get(digest);
  if (picture) callback(picture);
  else if (waiting.has(digest)) waiting.get(digest).add(callback);
  else waiting.set(digest, new Set([callback]));
  return () => waiting.get(digest)?.delete(callback);
}
