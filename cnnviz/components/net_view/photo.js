// The visitor's picture as the network's input: cut to the input's proportions around its middle, resized, and in grey
// where the network has one channel.

// The part that is kept, in pixels of the picture: {left, top, width, height}.
function cropOf(picture, [, rows, cols]) {
  const share = Math.min(picture.width / cols, picture.height / rows);
  const [width, height] = [cols * share, rows * share];
  return { left: (picture.width - width) / 2, top: (picture.height - height) / 2, width, height };
}

// What was done, in words.
export function changeWords(picture, input) {
  const [channels, rows, cols] = input;
  const crop = cropOf(picture, input);
  const cut = Math.abs(crop.width - picture.width) + Math.abs(crop.height - picture.height) > 1;
  const done = [cut ? "cut to the input's proportions" : "", `resized to ${rows}×${cols} pixels`];
  if (channels === 1) done.push("turned to grey");
  const said = done.filter(Boolean).join(", ").replace(/, ([^,]*)$/, " and $1");
  const other = channels !== 1 && channels !== 3 ? ` It has 3 channels, this network wants ${channels}.` : "";
  return `The input is your picture, ${said}.${other}`;
}

// A data address of the input: rows × cols pixels.
export function inputImage(picture, input) {
  const [channels, rows, cols] = input;
  const whole = document.createElement("canvas");
  Object.assign(whole, { width: picture.width, height: picture.height });
  const image = new ImageData(picture.width, picture.height);
  for (let i = 0, o = 0; i < picture.rgb.length; i += 3, o += 4) {
    for (let c = 0; c < 3; c++) image.data[o + c] = picture.rgb[i + c];
    image.data[o + 3] = 255;
  }
  whole.getContext("2d").putImageData(image, 0, 0);
  const small = document.createElement("canvas");
  Object.assign(small, { width: Math.min(cols, 512), height: Math.min(rows, 512) });
  const pen = small.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  const { left, top, width, height } = cropOf(picture, input);
  pen.drawImage(whole, left, top, width, height, 0, 0, small.width, small.height);
  if (channels === 1) grey(pen, small);
  return small.toDataURL();
}

function grey(pen, { width, height }) {
  const image = pen.getImageData(0, 0, width, height), { data } = image;
  for (let i = 0; i < data.length; i += 4) {
    data[i] = data[i + 1] = data[i + 2] = Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  }
  pen.putImageData(image, 0, 0);
}
