// The kernels as a spreadsheet, one at a time.
import { choiceButton, Choices } from "../shared/controls/choices.js";
import { signedFill } from "../shared/canvas/fills.js";
import { KernelEditor } from "../shared/controls/kernel_editor.js";
import { reshape } from "../shared/controls/kernel_moves.js";

const LARGEST = 7;
const middle = (k) => Math.floor((k - 1) / 2);

export class KernelPanel {
  // view: has kernels {rows, cols, slices: [n][c]}, data, style, takeKernels(kernels, done)
  constructor(host, view) {
    this.view = view;
    this.index = 0;
    host.innerHTML = '<div class="which-kernel" role="radiogroup" aria-label="Which kernel is edited" hidden></div><div class="editor"></div>';
    this.choices = new Choices(host.querySelector(".which-kernel"), { choose: (id) => this.choose(Number(id)) });
    this.editor = new KernelEditor(host.querySelector(".editor"), {
      onScrubStart: (kernel) => this.edited(kernel, true),
      onScrub: (kernel) => this.edited(kernel, true),
      onChange: (kernel, _, live) => this.edited(kernel, live),
    }, LARGEST);
  }

  show() {
    const { kernels, data, style } = this.view;
    this.index = Math.min(this.index, kernels.slices.length - 1);
    this.offer(kernels.slices.length);
    const slices = kernels.slices[this.index].map((s) => Float64Array.from(s));
    this.editor.show({
      kernel: { rows: kernels.rows, cols: kernels.cols, slices },
      divide: false, name: kernels.slices.length > 1 ? `kernel ${this.index}` : data.kernelName,
      threeSlices: slices.length === 3,
      note: data.flip ? "Multiplied turned by 180°. " : "",
      cell: (weight, most) => signedFill(style.signed, weight, most),
    });
  }

  offer(count) {
    const { host, buttons } = this.choices;
    host.hidden = count < 2;
    if (buttons.length !== count) {
      host.replaceChildren(...Array.from({ length: count }, (_, n) => choiceButton(String(n), `kernel ${n}`)));
    }
    this.choices.mark(String(this.index));
  }

  choose(index) {
    this.index = index;
    this.show();
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
