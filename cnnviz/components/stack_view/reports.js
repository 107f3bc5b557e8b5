// What Python hears of an edited stack. The place of the selection goes along: an edit may have moved it.

/**
 * @param {{reporter: import("../shared/controls/report.js").Reporter, data: any}} view
 * @param {any} spec as Python sends it back
 * @param {number[] | null} selected the path of the selected layer
 */
export function reportStack({ reporter, data }, spec, selected) {
  reporter.cancel("selected");
  const news = reporter.guard("stack").send([spec, data.version]);
  const moved = reporter.guard("selected").send(selected);
  if (news) reporter.setStateValue("stack", { spec, selected, at: Date.now() });
  else if (moved) reporter.setStateValue("selected", { path: selected, at: Date.now() });
}
