// Which values a colour map spans: the range of a group of maps, and its words.
import { extremes, formatValue } from "./colour.js";

// {signed, range} of all planes together: around 0 where a value is negative, else from 0 up.
export function spread(planes) {
  const [low, high] = extremes(planes);
  const most = Math.max(-low, high) || 1;
  return low < 0 ? { signed: true, range: [-most, most] } : { signed: false, range: [0, most] };
}

// “−1.2 … 1.2” or “0 … 3.4”
export const rangeWords = ([low, high]) => `${formatValue(low)} … ${formatValue(high)}`;
