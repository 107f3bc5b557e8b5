// The activation page's two stages: "apply" (map, curve, map) and "collapse" (two layers against one kernel).
import { Apply } from "./apply.js";
import { Collapse } from "./collapse.js";

const kernel = ({ rows, cols, weights }) => ({ rows, cols, slices: [Float64Array.from(weights)] });

export function mount(root, { data }) {
  const stage = data.show === "apply" ? new Apply(root) : new Collapse(root);
  return {
    update(args) {
      const ready = { ...args.data };
      for (const name of ["kernel", "first", "second", "both"]) if (ready[name]) ready[name] = kernel(ready[name]);
      stage.update(args, ready);
    },
    destroy: () => stage.destroy(),
  };
}
