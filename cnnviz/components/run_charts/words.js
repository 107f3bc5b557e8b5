// What is read off the curves, in words and numbers.
import { formatNumber, grouped, percent } from "../shared/text/format.js";
import { lastNotAbove, nearest } from "../shared/maths/search.js";

/**
 * The numbers of one run at a step, or at its end (null): [[name, text], …], always as many.
 * @param {import("./decode.js").Run} run
 * @param {number | null} step
 */
export function reading(run, step) {
  const at = step === null ? run.steps.length - 1 : nearest(run.steps, step);
  const has = at >= 0, here = has ? run.steps[at] : 0;
  const check = has ? lastNotAbove(run.validation.steps, here) : -1;
  const { validation, stepsPerEpoch } = run;
  const show = (yes, text) => (yes ? text : "–");
  return [
    ["step", show(has, grouped(here))],
    ["epoch", show(has && stepsPerEpoch, ((here - 1) / stepsPerEpoch + 1).toFixed(2))],
    ["loss", show(has, formatNumber(run.loss[at]))],
    [`mean of ${run.window}`, show(has, formatNumber(run.smoothLoss[at]))],
    ["accuracy", show(has, percent(run.accuracy[at]))],
    [`mean of ${run.window}`, show(has, percent(run.smoothAccuracy[at]))],
    ["rate", show(has, formatNumber(run.rate[at]))],
    ["val. at step", show(check >= 0, grouped(validation.steps[check]))],
    ["val. loss", show(check >= 0, formatNumber(validation.loss[check]))],
    ["val. accuracy", show(check >= 0, percent(validation.accuracy[check]))],
  ];
}

/**
 * The same as a sentence.
 * @param {import("./decode.js").Run} run
 * @param {number | null} step
 * @param {boolean} two
 */
export function spoken(run, step, two) {
  const said = Object.fromEntries(reading(run, step).map(([name, text], i) => [i, `${name} ${text}`]));
  const parts = [0, 2, 3, 4, 6].map((i) => said[i]);
  if (!said[7].endsWith("–")) parts.push(...[7, 8, 9].map((i) => said[i].replace("val.", "validation")));
  return `${two ? `${run.label}: ` : ""}${parts.join(", ")}.`;
}

/**
 * What happened to the loss, for people who do not see the marks.
 * @param {import("./decode.js").Run} run
 */
export function oddWords(run) {
  return run.odd.map(({ step, sign }) => `${sign} at step ${grouped(step)}`).join(", ");
}

/**
 * What the chart shows, as its name.
 * @param {import("./decode.js").Run[]} runs
 * @param {boolean} log
 */
export function summary(runs, log) {
  const each = runs.map((run) => {
    const odd = run.odd.length ? ` The loss is ${oddWords(run)}.` : "";
    const { bestAccuracy, accuracy, steps } = run.validation;
    const best = bestAccuracy >= 0
      ? ` Best validation accuracy ${percent(accuracy[bestAccuracy])} at step ${grouped(steps[bestAccuracy])}.` : "";
    return `${run.label}: ${grouped(run.count)} steps.${best}${odd}`;
  });
  return `Loss (${log ? "log" : "linear"} scale) and accuracy by step. ${each.join(" ")}`;
}
