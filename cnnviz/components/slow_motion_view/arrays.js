// An array by its shape: a number, a row, a table, maps, kernels or pictures.
import { cut, unpack } from "../shared/maths/arrays.js";
import { lutFromBase64 } from "../shared/maths/colour.js";
import { element } from "../shared/controls/dom.js";
import { spread } from "../shared/maths/spread.js";
import { TileBoard } from "../shared/canvas/tiles.js";
import { formatValue, rangeText } from "../shared/text/format.js";

const MOST_CELLS = 120; // numbers written out; larger arrays are drawn as colours
const ROLES = { gradient: /^gradient|running/, kernel: /^weight|^bias|change|rate/, input: /^input|^pictures/ };

const roleOf = (name) => Object.entries(ROLES).find(([, pattern]) => pattern.test(name))?.[0] ?? "output";

/**
 * Draws into `figure`; returns a function that draws again for another width.
 * @param {HTMLElement} figure
 * @param {import("../shared/types").NamedArray} array
 * @param {{luts: {signed: string, plain: string, grey: string}, classes: string[]}} options
 */
export function drawArray(figure, { name, shape, values: text }, { luts, classes }) {
  const values = unpack(text), size = values.length;
  figure.dataset.role = roleOf(name);
  figure.append(element("figcaption", {}, name));
  const again = () => {};
  if (!shape.length) {
    figure.append(element("p", { class: "single numbers" }, formatValue(values[0])));
    return again;
  }
  figure.append(element("p", { class: "shape numbers" }, shape.join("×")));
  if (name === "labels") {
    figure.append(table([...values].map((v) => [classes[v] ?? formatValue(v)]), "row"));
    return again;
  }
  if (shape.length <= 2 && size <= MOST_CELLS) {
    figure.append(numbers(values, shape, shape.at(-1) === classes.length ? classes : null));
    return again;
  }
  return tiles(figure, values, shape, name, luts);
}

// One or two axes as a table of numbers; columns named by class where they are classes.
function numbers(values, shape, heads) {
  const cols = shape.at(-1), rows = shape.length > 1 ? shape[0] : 1;
  const lines = Array.from({ length: rows }, (_, r) => Array.from(values.subarray(r * cols, (r + 1) * cols), formatValue));
  return table(shape.length > 1 ? lines : lines[0].map((one) => [one]), shape.length > 1 ? "" : "row", heads);
}

function table(lines, kind, heads = null) {
  const scroll = element("div", { class: "scroll" }), made = element("table", { class: `numbers ${kind}` });
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", "Numbers");
  if (heads && kind !== "row") {
    const head = element("tr");
    for (const name of heads) { const cell = element("th", {}, name); cell.scope = "col"; head.append(cell); }
    made.append(head);
  }
  for (const line of lines) {
    const row = element("tr");
    row.append(...line.map((text) => element("td", {}, text)));
    made.append(row);
  }
  scroll.append(made);
  return scroll;
}

// Maps, kernels, pictures and long rows as colours, all on one range.
function tiles(figure, values, shape, name, luts) {
  const host = element("div", { class: "host" }), words = element("p", { class: "value numbers" });
  figure.append(host, words);
  const long = shape.length <= 2;
  const [rows, cols] = long ? [shape.length > 1 ? shape[0] : 1, shape.at(-1)] : shape.slice(-2);
  const planes = cut(values, rows * cols);
  const { signed, range } = spread([values]);
  const rest = `${rangeText(range)}`;
  words.textContent = rest;
  const board = new TileBoard(host, {
    point: (map, row, col) => {
      const at = planes.length > 1 ? `${map + 1}: ` : "";
      words.textContent = row === null ? `${at}${rest}` : `${at}row ${row}, column ${col}: ${formatValue(planes[map][row * cols + col])}`;
    },
  });
  const target = long ? Math.min(600, Math.max(rows, cols) * 6) : Math.max(rows, cols) <= 8 ? 46 : 72;
  const draw = () => board.set({
    planes, rows, cols, ranges: planes.map(() => range), target, label: `${name}, ${shape.join("×")}, ${rest}`,
    lut: lutFromBase64(name === "pictures" ? luts.grey : signed ? luts.signed : luts.plain),
    names: planes.length > 1 && planes.length <= 64 ? planes.map((_, i) => `${i + 1}`) : null,
  });
  draw();
  return draw;
}
