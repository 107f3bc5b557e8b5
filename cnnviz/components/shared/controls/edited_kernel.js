// A kernel that is being edited: its weights, whether they are divided by their sum, and the way back. No DOM.
import { clamp } from "../maths/clamp.js";
import { reshape, transformed } from "./kernel_moves.js";

/** @typedef {import("../maths/geometry.js").Kernel} Kernel */

const STEPS_BACK = 50;

/** @param {Kernel} kernel @returns {Kernel} */
const copyOf = (kernel) => ({ ...kernel, slices: kernel.slices.map((s) => Float64Array.from(s)) });

const middle = (k) => Math.floor((k - 1) / 2);

export class EditedKernel {
  /** @type {Kernel} */ kernel = null;
  divide = false;
  /** @type {number | null} */ slice = null; // that is edited; null: all together
  threeSlices = false; // whether red, green and blue may have weights of their own
  /** @type {{kernel: Kernel, divide: boolean}[]} */ past = [];

  /** @param {number} limit rows and columns that a kernel may grow to */
  constructor(limit) {
    this.limit = limit;
  }

  // Takes a kernel from outside: no step to undo. True where it has another size.
  show(kernel, divide, threeSlices) {
    const resized = this.kernel?.rows !== kernel.rows || this.kernel.cols !== kernel.cols;
    this.kernel = copyOf(kernel);
    this.divide = divide;
    this.threeSlices = threeSlices;
    if (!threeSlices) this.slice = null;
    return resized;
  }

  copy() {
    return copyOf(this.kernel);
  }

  get rows() {
    return this.kernel.rows;
  }

  get cols() {
    return this.kernel.cols;
  }

  // Those of the slice that is edited.
  get weights() {
    return this.kernel.slices[Math.min(this.slice ?? 0, this.kernel.slices.length - 1)];
  }

  weightAt({ row, col }) {
    return this.weights[row * this.cols + col];
  }

  // The largest |weight| of all slices.
  get most() {
    return this.kernel.slices.reduce((m, s) => s.reduce((a, v) => Math.max(a, Math.abs(v)), m), 0);
  }

  // A weight of one slice makes three of a kernel that had one for all.
  set({ row, col }, weight) {
    const { kernel, slice } = this;
    if (slice !== null && kernel.slices.length === 1) kernel.slices = [0, 1, 2].map(() => Float64Array.from(kernel.slices[0]));
    kernel.slices.forEach((weights, s) => {
      if (slice === null || s === slice) weights[row * kernel.cols + col] = weight;
    });
  }

  // What is now can be brought back.
  remember() {
    this.past.push({ kernel: this.copy(), divide: this.divide });
    if (this.past.length > STEPS_BACK) this.past.shift();
  }

  // False where there is nothing to undo.
  undo() {
    const last = this.past.pop();
    if (!last) return false;
    this.kernel = last.kernel;
    this.divide = last.divide;
    return true;
  }

  // Makes a whole new kernel the present one.
  take(kernel, divide = false) {
    this.remember();
    const slices = !this.threeSlices && kernel.slices.length === 3 ? [kernel.slices[0]] : kernel.slices;
    this.kernel = copyOf({ ...kernel, slices });
    this.divide = divide;
  }

  toggleDivide() {
    this.remember();
    this.divide = !this.divide;
  }

  // move: see kernel_moves.js
  transform(move) {
    this.take(transformed(this.kernel, move), move === "clear" ? false : this.divide);
  }

  // Grows or shrinks around the middle; false where the size is what it was.
  resize(rows, cols) {
    if (rows === this.rows && cols === this.cols) return false;
    const [down, right] = [middle(rows) - middle(this.rows), middle(cols) - middle(this.cols)];
    this.take(reshape(this.kernel, rows, cols, down, right), this.divide);
    return true;
  }

  // A block that is not pasted at the top left overwrites from there; the kernel grows as far as it may.
  paste(block, { row, col }) {
    if (row === 0 && col === 0) {
      this.take(block);
      return;
    }
    const rows = clamp(row + block.rows, this.rows, this.limit), cols = clamp(col + block.cols, this.cols, this.limit);
    const grown = reshape(this.kernel, rows, cols, 0, 0);
    for (let r = row; r < Math.min(rows, row + block.rows); r++) {
      for (let c = col; c < Math.min(cols, col + block.cols); c++) {
        for (const weights of grown.slices) weights[r * cols + c] = block.slices[0][(r - row) * block.cols + c - col];
      }
    }
    this.take(grown);
  }
}
