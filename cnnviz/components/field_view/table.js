// The layers as a table: each number with the formula that gives it. A row's name chooses the layer.
import { choiceButton, Choices } from "../shared/controls/choices.js";
import { element } from "../shared/controls/dom.js";
import { Reporter } from "../shared/controls/report.js";

export class Table {
  rows = ""; // that the table was built for, as text
  chosen = 0; // index of a row

  constructor(root) {
    root.innerHTML = `<div class="scroll" role="region" tabindex="0" aria-label="Receptive field of each layer">
      <div class="rows" aria-label="Layer whose units are looked at"><table><thead><tr></tr></thead><tbody></tbody></table></div></div>`;
    this.root = root;
    this.reporter = new Reporter();
    this.choices = new Choices(root.querySelector(".rows"), {
      choose: (at) => this.choose(Number(at)), reveal: (button) => button.scrollIntoView({ block: "nearest" }),
    });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").FieldTableData>} args */
  update(args) {
    const { columns, rows, chosen } = args.data;
    this.reporter.connect(args);
    if (this.reporter.receive("layer", chosen)) this.chosen = chosen;
    const text = JSON.stringify([columns, rows]);
    if (text !== this.rows) this.build(columns, rows);
    this.rows = text;
    this.choices.mark(String(this.chosen));
    this.root.dataset.painted = "table";
  }

  /**
   * @param {string[]} columns
   * @param {import("../shared/types").TableRowJson[]} rows
   */
  build(columns, rows) {
    this.root.querySelector("thead tr").replaceChildren(...columns.map((title) => element("th", { scope: "col" }, title)));
    this.root.querySelector("tbody").replaceChildren(...rows.map((row, at) => this.row(row, at)));
  }

  /**
   * @param {import("../shared/types").TableRowJson} row
   * @param {number} at
   */
  row({ name, about, cells }, at) {
    const button = choiceButton(String(at), name);
    button.title = about;
    return element("tr", {}, element("th", { scope: "row" }, button), ...cells.map((cell) => this.cell(cell)));
  }

  /** @param {import("../shared/types").TableCellJson} cell */
  cell({ value, formula }) {
    return element("td", {}, element("b", {}, value), element("span", {}, formula));
  }

  choose(at) {
    this.chosen = at;
    this.reporter.state("layer", at);
  }

  destroy() {
    this.reporter.stop();
  }
}
