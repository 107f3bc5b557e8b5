// Which panels share a range, and the words for it.
import { extremes, valueRange } from "../shared/maths/colour.js";
import { formatValue } from "../shared/text/format.js";

const isValued = (panel) => panel.spec.data?.kind !== "rgb" && panel.spec.recipe?.op !== "direction";

// Gives each panel its `range`; returns the groups [{display, range, panels, themed}] in order.
export function shareRanges(panels, shared) {
  const groups = new Map();
  panels.forEach((panel, at) => {
    if (!panel.value) return;
    if (!isValued(panel)) {
      panel.range = [0, 255];
      return;
    }
    const { display, lut } = panel.spec;
    const name = shared && panel.spec.shared ? `${display} ${lut.light}` : `own ${at}`;
    if (!groups.has(name)) groups.set(name, { display, panels: [], themed: panel.spec.themed });
    groups.get(name).panels.push(panel);
  });
  for (const group of groups.values()) {
    group.range = valueRange(group.panels.flatMap((panel) => panel.value.planes), group.display);
    for (const panel of group.panels) panel.range = group.range;
  }
  return [...groups.values()];
}

function mapping({ display, range, themed }, theme) {
  const [low, high] = range.map(formatValue);
  if (display === "clip") return `clipped to ${low} … ${high}`;
  if (display === "shift") return `128 is added, then clipped to 0 … 255`;
  if (display === "absolute") return `on ${low} … ${high}, the sign is not shown`;
  if (display === "stretch") return `stretched from ${low} … ${high}`;
  const zero = theme === "dark" ? "black" : "white";
  return themed
    ? `on ${low} … ${high}: blue is negative, ${zero} is 0, orange is positive`
    : `on ${low} … ${high}, with 0 in the middle of the colours`;
}

// "All on −812 … 812: blue is negative, …", or one sentence for each group.
export function rangeSentences(groups, theme) {
  if (groups.length === 1 && groups[0].panels.length > 1) return `All ${mapping(groups[0], theme)}.`;
  return groups
    .map((group) => `${group.panels.map((panel) => panel.spec.title).join(", ")}: ${mapping(group, theme)}.`)
    .join(" ");
}

const NBSP = "\u00a0"; // a line may only break between size and range

// "(384, 512) · −812 … 1003"
export function sizeAndRange(panel) {
  const { planes, width, height } = panel.value;
  const size = `(${[height, width, ...(planes.length === 3 ? [3] : [])].join(`,${NBSP}`)})`;
  if (!isValued(panel)) return size;
  const [low, high] = extremes(planes).map(formatValue);
  return `${size}${NBSP}· ${low}${NBSP}…${NBSP}${high}`;
}

// The value of one cell as text: a number, three, or an angle with its strength.
export function cellText(value, y, x) {
  const at = y * value.width + x;
  if (!value.strength) return value.planes.map((plane) => formatValue(plane[at])).join(", ");
  if (value.strength[at] === 0) return "none";
  return `${formatValue(Math.round((value.planes[0][at] * 180) / Math.PI))}°`;
}
