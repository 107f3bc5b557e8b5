// The kernels as a spreadsheet, one at a time.
import { KernelEditor } from "../shared/controls/kernel_editor.js";
import { reshape } from "../shared/controls/kernel_moves.js";
import { signedFill } from "./paint.js";

const LARGEST = 7;
const middle = (k) => Math.floor((k - 1) / 2);

export class KernelPanel {
  // view: has kernels {rows, cols, slices: [n][c]}, data, style, takeKernels(kernels, done)
  constructor(host, view) {
    this.view = view;
    this.index = 0;
    host.innerHTML = '<div class="which-kernel" role="radiogroup" aria-label="Which kernel is edited" hidden></div><div class="editor"></div>';
    this.choice = host.querySelector(".which-kernel");
    this.editor = new KernelEditor(host.querySelector(".editor"), {
      onScrubStart: (kernel) => this.edited(kernel, true),
      onScrub: (kernel) => this.edited(kernel, true),
      onChange: (kernel, _, live) => this.edited(kernel, live),
    }, LARGEST);
  }

  show() {
    const { kernels, data, style } = this.view;
    this.index = Math.min(this.index, kernels.slices.length - 1);
    this.buildChoice(kernels.slices.length);
    const slices = kernels.slices[this.index].map((s) => Float64Array.from(s));
    this.editor.show({
      kernel: { rows: kernels.rows, cols: kernels.cols, slices },
      divide: false, name: kernels.slices.length > 1 ? `kernel ${this.index}` : data.kernelName,
      threeSlices: slices.length === 3,
      note: data.flip ? "Multiplied turned by 180°. " : "",
      cell: (weight, most) => signedFill(style, weight, most),
    });
  }

  buildChoice(count) {
    this.choice.hidden = count < 2;
    this.choice.replaceChildren(...Array.from({ length: count }, (_, n) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: `kernel ${n}` });
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", String(n === this.index));
      button.onclick = () => {
        this.index = n;
        this.show();
      };
      return button;
    }));
  }

  // All kernels of a set keep one size: the others grow or shrink around their middle.
  edited(kernel, live) {
    const { kernels } = this.view;
    const channels = kernels.slices[0].length;
    const mine = channels > 1 && kernel.slices.length === 1 ? Array.from({ length: channels }, () => kernel.slices[0]) : kernel.slices;
    const sameSize = kernel.rows === kernels.rows && kernel.cols === kernels.cols;
    const slices = kernels.slices.map((old, n) => {
      if (n === this.index) return mine.map((s) => Array.from(s));
      if (sameSize) return old;
      const others = { rows: kernels.rows, cols: kernels.cols, slices: old.map((s) => Float64Array.from(s)) };
      const moved = reshape(others, kernel.rows, kernel.cols, middle(kernel.rows) - middle(kernels.rows), middle(kernel.cols) - middle(kernels.cols));
      return moved.slices.map((s) => Array.from(s));
    });
    this.view.takeKernels({ rows: kernel.rows, cols: kernel.cols, slices }, !live);
  }
}
