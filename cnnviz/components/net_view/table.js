// All layers as a table; on a phone each row becomes a small card.
import { Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { sentence } from "./detail.js";

const COLUMNS = [
  ["output", "Output"], ["weights", "Weights"], ["share", "Share of all weights"], ["adds", "Multiply-adds"],
  ["memory", "Memory"], ["field", "Sees"], ["jump", "Jump"],
];

export class Table {
  // host: {point(at), choose(at)}
  constructor(host) {
    this.host = host;
    this.root = element("div", { class: "sheet-of-numbers", "aria-label": "Layer that is shown" });
    this.choices = new Choices(this.root, {
      choose: (at) => host.choose(Number(at)), reveal: (button) => button.scrollIntoView({ block: "nearest" }),
    });
  }

  /** @param {import("../shared/types").NetNetworkData} data */
  draw(data) {
    const head = element("tr", { role: "row" }, element("th", { scope: "col", role: "columnheader" }, "Layer"),
      ...COLUMNS.map(([id, title]) => element("th", { scope: "col", role: "columnheader", class: id }, title)));
    this.rows = data.nodes.map((node, at) => this.row(node, at));
    const { parameters, adds, memory } = data.totals;
    const sums = { output: "", weights: parameters, share: "", adds, memory, field: "", jump: "" };
    const foot = element("tr", { role: "row" }, element("th", { scope: "row", role: "rowheader" }, "Together"),
      ...COLUMNS.map(([id, title]) => element("td", { role: "cell", class: id, "data-label": title }, sums[id])));
    const table = element("table", { role: "table", "aria-label": "All layers with their numbers" },
      element("thead", { role: "rowgroup" }, head), element("tbody", { role: "rowgroup" }, ...this.rows), element("tfoot", { role: "rowgroup" }, foot));
    this.root.replaceChildren(table);
  }

  /**
   * @param {import("../shared/types").NetNodeJson} node
   * @param {number} at
   */
  row(node, at) {
    const button = element("button", { type: "button", role: "radio", "data-choice": at },
      element("span", { class: "place numbers" }, node.path.map((n) => n + 1).join(".")), element("b", {}, node.title));
    const name = element("th", { scope: "row", role: "rowheader", style: `--depth: ${node.path.length - 1}` }, button,
      element("span", { class: "more" }, node.settings));
    const said = node.problem || node.notice;
    if (said) name.append(element("p", { class: `message ${node.problem ? "problem" : "notice"}` }, sentence(said)));
    const row = element("tr", { role: "row", "data-state": node.problem ? "problem" : node.output ? "" : "unknown" }, name, ...COLUMNS.map(([id, title]) => this.cell(id, title, node.cells)));
    row.onpointerenter = () => this.host.point(at);
    row.onpointerleave = () => this.host.point(null);
    return row;
  }

  /**
   * @param {string} id
   * @param {string} title
   * @param {import("../shared/types").NetCellsJson} cells
   */
  cell(id, title, cells) {
    const made = element("td", { role: "cell", class: `${id} ${cells[id] === "–" ? "none" : ""}`, "data-label": title }, cells[id]);
    if (id === "weights" && cells.formula) made.prepend(element("span", { class: "formula" }, `${cells.formula} =`), " ");
    if (id === "share") {
      const bar = element("span", { class: "part", "aria-hidden": "true" }, element("span", { style: `width: ${100 * cells.part}%` }));
      made.prepend(bar);
    }
    return made;
  }

  show(at, chosen) {
    this.rows.forEach((row, i) => row.classList.toggle("shown", i === at));
    this.choices.mark(chosen === null ? null : String(chosen));
  }
}
