// Pictures and kernels as the texts that Python keeps in the link.
import { formatKernel } from "../shared/text/kernel_text.js";

const floats = (slices) => slices.map((slice) => Float64Array.from(slice));

// image = {height, width, planes}
export const planesText = ({ height, width, planes }) => formatKernel({ rows: height, cols: width, slices: floats(planes) });

// kernels = {rows, cols, slices: [n][c]}: one text for each kernel, with ~ between them.
export const kernelsText = ({ rows, cols, slices }) => slices.map((each) => formatKernel({ rows, cols, slices: floats(each) })).join("~");
