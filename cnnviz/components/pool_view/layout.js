// How windows lie on a map, as rectangles of cells: {top, left, rows, cols}; and where keys lead from a cell. No DOM.
import { arrowStep } from "../shared/controls/keys.js";
import { clampIndex } from "../shared/maths/clamp.js";
import { extent } from "../shared/maths/pool.js";

// The map with its padding and what the last windows hang over.
export function worldOf([down, across]) {
  return {
    top: -down.padding, left: -across.padding,
    rows: down.n + 2 * down.padding + down.over, cols: across.n + 2 * across.padding + across.over,
  };
}

// Padding and overhang around the map, and the rows and columns that no window reaches.
export function hatchedRects(axes) {
  const [down, across] = axes, world = worldOf(axes);
  const reached = ({ n, padding, left }) => Math.min(n + padding - left, n);
  const rows = reached(down), cols = reached(across);
  return [
    { top: world.top, left: world.left, rows: -world.top, cols: world.cols },
    { top: 0, left: world.left, rows, cols: -world.left },
    { top: rows, left: world.left, rows: world.top + world.rows - rows, cols: world.cols },
    { top: 0, left: cols, rows, cols: world.left + world.cols - cols },
  ];
}

// [first, step, count] of the lines between windows that do not overlap, else null.
export function windowLines([down, across]) {
  if (down.stride !== down.size || across.stride !== across.size) return null;
  return { rows: [-down.padding, down.size, down.outputs], cols: [-across.padding, across.size, across.outputs] };
}

// The outputs whose windows hold this cell of the map.
export function windowsWith([down, across], row, column) {
  const along = (axis, at) => Array.from({ length: axis.outputs }, (_, i) => i).filter((i) => {
    const { from, to } = extent(axis, i);
    return at >= from && at < to;
  });
  const columns = along(across, column);
  return along(down, row).flatMap((r) => columns.map((c) => ({ row: r, column: c })));
}

// The cell of a map that arrow keys (ten cells at once with Shift), Home and End lead to (with Control the map's first
// and last), or null for another key.
export function goalOf(event, now, { width, height }) {
  const step = arrowStep(event, 10);
  if (step) return { ...now, row: clampIndex(now.row + step[0], height), column: clampIndex(now.column + step[1], width) };
  if (event.key === "Home") return { ...now, row: event.ctrlKey ? 0 : now.row, column: 0 };
  if (event.key === "End") return { ...now, row: event.ctrlKey ? height - 1 : now.row, column: width - 1 };
  return null;
}
