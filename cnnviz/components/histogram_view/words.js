// What is read off a histogram, in words and numbers.
import { counted, formatNumber, grouped, percent, rangeText } from "../shared/text/format.js";

export const CHANNELS = ["red", "green", "blue"];

const cells = (n) => counted(n, "cell");

export const stretch = (low, high) => rangeText([low, high], formatNumber);

// Two decimals; of less than 1 % two digits.
function shareText(part, all) {
  const share = (100 * part) / all;
  return percent(Number(share < 1 ? share.toPrecision(2) : share.toFixed(2)) / 100);
}

const SIDES = {
  inside: "in the range", end: "at its end", below: "the lowest", above: "the highest",
};
const SAID = {
  inside: "inside the range of the colours", end: "at an end of the range of the colours",
  below: "below the range of the colours", above: "above the range of the colours",
};

// The numbers of one bin: [[name, text], …], always four.
export function reading(bins, colours, cursor) {
  const i = cursor ?? bins.fullest;
  const first = [cursor === null ? "fullest bar" : "values", stretch(bins.edge(i), bins.edge(i + 1))];
  if (bins.counts.length > 1) return [first, ...CHANNELS.map((name, c) => [name, grouped(bins.counts[c][i])])];
  const count = bins.counts[0][i];
  return [first, ["cells", grouped(count)], ["share", shareText(count, bins.all)], ["colour", SIDES[bins.side(i, colours)]]];
}

// The same as a sentence.
export function spoken(bins, i, colours) {
  const where = `${formatNumber(bins.edge(i))} to ${formatNumber(bins.edge(i + 1))}`;
  const several = bins.counts.length > 1;
  const counts = several
    ? CHANNELS.map((name, c) => `${name} ${cells(bins.counts[c][i])}`).join(", ")
    : `${cells(bins.counts[0][i])}, ${shareText(bins.counts[0][i], bins.all)}`;
  return `${where}: ${counts}; ${SAID[bins.side(i, colours)]}.`;
}

// What the chart shows, as its name.
export function summary(bins, { mean, deviation }, colours) {
  const channels = bins.counts.length > 1 ? " in red, green and blue" : "";
  return `Histogram of the output, log scale: ${grouped(bins.all)} values${channels} from ${formatNumber(bins.low)} to `
    + `${formatNumber(bins.high)}, mean ${formatNumber(mean)}, standard deviation ${formatNumber(deviation)}. `
    + `The colours cover ${formatNumber(colours[0])} to ${formatNumber(colours[1])}.`;
}
