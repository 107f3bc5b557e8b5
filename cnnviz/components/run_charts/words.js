// What is read off the curves, in words and numbers.
import { formatValue } from "../shared/maths/colour.js";
import { nearest, placeOf } from "./decode.js";

export const whole = (n) => Math.round(n).toLocaleString("en-GB");

// A number that may be none: NaN and infinities keep their names. Very large ones are written with a power of ten.
export function number(value) {
  if (Number.isNaN(value) || value === undefined) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Math.abs(value) < 1e5) return formatValue(value);
  const [digits, power] = Math.abs(value).toExponential(3).split("e");
  return `${value < 0 ? "−" : ""}${Number(digits)}e${power.replace("+", "")}`;
}

export const percent = (share) => (Number.isFinite(share) ? `${formatValue(100 * share)} %` : number(share));

// The numbers of one run at a step, or at its end (null): [[name, text], …], always as many.
export function reading(run, step) {
  const at = step === null ? run.steps.length - 1 : nearest(run.steps, step);
  const has = at >= 0, here = has ? run.steps[at] : 0;
  const check = has ? placeOf(run.validation.steps, here) : -1;
  const { validation, stepsPerEpoch } = run;
  const show = (yes, text) => (yes ? text : "–");
  return [
    ["step", show(has, whole(here))],
    ["epoch", show(has && stepsPerEpoch, ((here - 1) / stepsPerEpoch + 1).toFixed(2))],
    ["loss", show(has, number(run.loss[at]))],
    [`mean of ${run.window}`, show(has, number(run.smoothLoss[at]))],
    ["accuracy", show(has, percent(run.accuracy[at]))],
    [`mean of ${run.window}`, show(has, percent(run.smoothAccuracy[at]))],
    ["rate", show(has, number(run.rate[at]))],
    ["val. at step", show(check >= 0, whole(validation.steps[check]))],
    ["val. loss", show(check >= 0, number(validation.loss[check]))],
    ["val. accuracy", show(check >= 0, percent(validation.accuracy[check]))],
  ];
}

// The same as a sentence.
export function spoken(run, step, two) {
  const said = Object.fromEntries(reading(run, step).map(([name, text], i) => [i, `${name} ${text}`]));
  const parts = [0, 2, 3, 4, 6].map((i) => said[i]);
  if (!said[7].endsWith("–")) parts.push(...[7, 8, 9].map((i) => said[i].replace("val.", "validation")));
  return `${two ? `${run.label}: ` : ""}${parts.join(", ")}.`;
}

// What happened to the loss, for people who do not see the marks.
export function oddWords(run) {
  return run.odd.map(({ step, sign }) => `${sign} at step ${whole(step)}`).join(", ");
}

// What the chart shows, as its name.
export function summary(runs, log) {
  const each = runs.map((run) => {
    const odd = run.odd.length ? ` The loss is ${oddWords(run)}.` : "";
    const { bestAccuracy, accuracy, steps } = run.validation;
    const best = bestAccuracy >= 0
      ? ` Best validation accuracy ${percent(accuracy[bestAccuracy])} at step ${whole(steps[bestAccuracy])}.` : "";
    return `${run.label}: ${whole(run.count)} steps.${best}${odd}`;
  });
  return `Loss (${log ? "log" : "linear"} scale) and accuracy by step. ${each.join(" ")}`;
}
