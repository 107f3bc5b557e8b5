// The layers as a table: each number with the formula that gives it. A row's name chooses the layer.
export class Table {
  constructor(root) {
    root.innerHTML = `<div class="scroll" role="region" tabindex="0" aria-label="Receptive field of each layer"><table><thead><tr></tr></thead><tbody></tbody></table></div>`;
    this.root = root;
  }

  // data: {columns: [title], rows: [{name, about, cells: [{value, formula}]}], chosen: index of the row}
  update({ data, setStateValue }) {
    const titles = data.columns.map((title) => {
      const th = document.createElement("th");
      th.scope = "col";
      th.textContent = title;
      return th;
    });
    this.root.querySelector("thead tr").replaceChildren(...titles);
    const rows = data.rows.map((row, at) => this.row(row, at, at === data.chosen, () => setStateValue("layer", at)));
    this.root.querySelector("tbody").replaceChildren(...rows);
    this.root.dataset.painted = "table";
  }

  row({ name, about, cells }, at, chosen, choose) {
    const row = document.createElement("tr"), head = document.createElement("th"), button = document.createElement("button");
    head.scope = "row";
    button.type = "button";
    button.textContent = name;
    button.title = about;
    button.setAttribute("aria-pressed", String(chosen));
    button.onclick = choose;
    head.append(button);
    row.append(head, ...cells.map((cell) => this.cell(cell)));
    return row;
  }

  cell({ value, formula }) {
    const cell = document.createElement("td"), strong = document.createElement("b"), small = document.createElement("span");
    strong.textContent = value;
    small.textContent = formula;
    cell.append(strong, small);
    return cell;
  }

  destroy() {}
}
