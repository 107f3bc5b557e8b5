// Small helpers for SVG.
const SPACE = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const number = (n) => Math.round(n * 100) / 100;

export const path = (points, closed = true) =>
  `M${points.map((point) => point.map(number).join(" ")).join("L")}${closed ? "Z" : ""}`;
