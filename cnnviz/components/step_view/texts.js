// Pictures and kernels as the texts that Python keeps in the link.
import { formatKernel } from "../shared/text/kernel_text.js";

const floats = (slices) => slices.map((slice) => Float64Array.from(slice));

/** @param {import("../shared/types").StepPictureJson} image */
export const planesText = ({ height, width, planes }) => formatKernel({ rows: height, cols: width, slices: floats(planes) });

/**
 * One text for each kernel, with ~ between them.
 * @param {import("../shared/types").StepKernelsJson} kernels
 */
export const kernelsText = ({ rows, cols, slices }) => slices.map((each) => formatKernel({ rows, cols, slices: floats(each) })).join("~");
