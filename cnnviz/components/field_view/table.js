// The layers as a table: each number with the formula that gives it. A row's name chooses the layer.
import { element } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";

export class Table {
  constructor(root) {
    root.innerHTML = `<div class="scroll" role="region" tabindex="0" aria-label="Receptive field of each layer"><table><thead><tr></tr></thead><tbody></tbody></table></div>`;
    this.root = root;
    this.reporter = new Reporter();
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").FieldTableData>} args */
  update(args) {
    const { data } = args;
    this.reporter.connect(args);
    this.reporter.receive("layer", data.chosen);
    const titles = data.columns.map((title) => element("th", { scope: "col" }, title));
    this.root.querySelector("thead tr").replaceChildren(...titles);
    const rows = data.rows.map((row, at) => this.row(row, at === data.chosen, () => this.reporter.state("layer", at, { wait: 0 })));
    this.root.querySelector("tbody").replaceChildren(...rows);
    this.root.dataset.painted = "table";
  }

  /**
   * @param {import("../shared/types").TableRowJson} row
   * @param {boolean} chosen
   * @param {() => void} choose
   */
  row({ name, about, cells }, chosen, choose) {
    const button = element("button", { type: "button", title: about, "aria-pressed": String(chosen) }, name);
    button.onclick = choose;
    return element("tr", {}, element("th", { scope: "row" }, button), ...cells.map((cell) => this.cell(cell)));
  }

  /** @param {import("../shared/types").TableCellJson} cell */
  cell({ value, formula }) {
    return element("td", {}, element("b", {}, value), element("span", {}, formula));
  }

  destroy() {}
}
