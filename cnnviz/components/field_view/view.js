// The receptive field: "field" is the photo with what the units of a network see; "table" and "effective" stand below it.
import { Effective } from "./effective.js";
import { Field } from "./field.js";
import { Table } from "./table.js";

const STAGES = { field: Field, table: Table, effective: Effective };

class FieldView {
  constructor(root) {
    this.root = root;
  }

  /**
   * @param {import("../shared/types").ViewArguments<
   *   import("../shared/types").FieldPhotoData | import("../shared/types").FieldTableData | import("../shared/types").EffectiveFieldData>} args
   */
  update(args) {
    if (!args.data) return;
    if (args.data.show !== this.show) {
      this.stage?.destroy();
      this.root.replaceChildren();
      this.show = args.data.show;
      this.root.dataset.stage = this.show;
      this.stage = new STAGES[this.show](this.root);
    }
    this.stage.update(args);
  }

  destroy() {
    this.stage?.destroy();
  }
}

export function mount(root) {
  const view = new FieldView(root);
  root.fieldView = view; // for the browser tests, which compare its numbers with Python's
  return view;
}
