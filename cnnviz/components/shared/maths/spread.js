// Which values a colour map spans: the range of a group of maps.
import { extremes } from "./colour.js";

// {signed, range} of all planes together: around 0 where a value is negative, else from 0 up.
export function spread(planes) {
  const [low, high] = extremes(planes);
  const most = Math.max(-low, high) || 1;
  return low < 0 ? { signed: true, range: [-most, most] } : { signed: false, range: [0, most] };
}
