// The activation page's two stages: "apply" (map, curve, map) and "collapse" (two layers against one kernel).
import { Apply } from "./apply.js";
import { Collapse } from "./collapse.js";

/**
 * @param {HTMLElement} root
 * @param {import("../shared/types").ViewArguments<
 *   import("../shared/types").ActivationApplyData | import("../shared/types").ActivationCollapseData>} args
 */
export function mount(root, { data }) {
  return data.show === "apply" ? new Apply(root) : new Collapse(root);
}
