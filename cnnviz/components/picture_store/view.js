// Takes a picture's raw bytes from Python and files it for the other views; draws nothing.
// Layout of the bytes: uint32 little-endian length of a JSON header, the header, then RGB triples by rows.
import { putPicture } from "../shared/canvas/store.js";

export function mount() {
  return {
    update({ data }) {
      if (!(data instanceof Uint8Array) || data.length < 4) return;
      const length = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
      putPicture({ ...header, rgb: data.slice(4 + length) });
    },
    destroy() {},
  };
}
