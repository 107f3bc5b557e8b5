"""The rules that find what is wrong with a run, one function each; the thresholds stand above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from cnnviz.engine.diagnosis.findings import Finding
from cnnviz.engine.diagnosis.remedies import (
    Remedy,
    against_overfitting,
    has_flat_arm,
    is_squashing,
    more_rate,
    normalise,
    start_at,
    swap_activations,
)
from cnnviz.engine.diagnosis.run_view import RunView

__all__ = ["RULES"]

Rule = Callable[[RunView], Finding | None]

VANISHED = 1 / 100
"""Vanishing: the first layer's gradient norm is below this share of the last layer's."""
EXPLODED = 100.0
"""Exploding: a layer's gradient norm is above so many times the last layer's, or its own at the start."""
DEAD = 0.75
"""Dead: a larger share of a layer's units gives no gradient for any picture."""
SATURATED = 0.5
"""Saturated: a larger share of a layer's values lies where the slope is below 5 % of its largest."""
HIGH_RATIO = 0.1
"""Rate too high: update/weight above this, where about 1/1000 is usual."""
SPIKE = 2.0
"""Rate too high: the loss once rose above so many times its start."""
LOW_RATIO = 1e-4
"""Rate too low: update/weight below this in every layer, and the loss has hardly moved."""
MOVED = 0.9
"""The loss has hardly moved while it is above this share of its start."""
RISEN = 1.3
"""Overfitting: the validation loss is above so many times its lowest."""
GAP = 0.1
"""Overfitting: accuracy is so much higher in training than in validation."""
PATIENCE = 100
"""Not learning is found after so many steps."""


def not_a_number(view: RunView) -> Finding | None:
    """The last loss is NaN or infinite."""
    if np.isfinite(view.loss[-1]):
        return None
    finite = view.loss[np.isfinite(view.loss)]
    ratios = view.history.update_ratios
    known = ratios[np.isfinite(ratios)]
    evidence = {
        "step": float(view.history.step[-1]),
        "last loss that was a number": float(finite[-1]) if len(finite) else np.nan,
        "largest update/weight": float(known.max()) if known.size else np.nan,
    }
    remedy = more_rate(view.config, 0.1)
    grown = (
        f", single steps were up to {known.max():.2g} of the weights' size (1/1000 is usual)"
        if known.size
        else ""
    )
    sentence = (
        f"At step {view.history.step[-1]:,} the loss is no longer a number{grown}: the rate "
        f"{view.config.rate:g} is most likely too high; {remedy.advice}."
    )
    return Finding("not_a_number", sentence, evidence, remedy=remedy)


def vanishing(view: RunView) -> Finding | None:
    """The first layer receives a small share of the last layer's gradient, but more than none."""
    gradients = view.gradients
    if len(gradients) < 3 or not gradients[-1] > 0 or not 0 < gradients[0] < VANISHED * gradients[-1]:
        return None
    share = gradients[0] / gradients[-1]
    cause, remedy = _why_it_vanishes(view)
    sentence = (
        f"L{view.name(0)[1:]} gets {_fraction(share)} of the last layer's gradient: vanishing, "
        f"most likely because of {cause}; {remedy.advice}."
    )
    evidence = {
        "gradient norm, first layer": float(gradients[0]),
        "gradient norm, last layer": float(gradients[-1]),
        "first ÷ last": float(share),
    }
    return Finding("vanishing", sentence, evidence, view.weight_layers[0], remedy)


def _why_it_vanishes(view: RunView) -> tuple[str, Remedy]:
    config = view.config
    squashing = [layer for layer in view.layers if is_squashing(layer)]
    if config.init == "normal_small":
        return "weights that start too small", start_at("kaiming")
    if len(squashing) > 1:
        kinds = " and ".join(sorted({layer.label.lower() for layer in squashing}))
        return f"{len(squashing)} {kinds} layers in a row", swap_activations(config, is_squashing, "relu")
    depth = sum(layer.type in ("conv", "dense") for layer in view.layers)
    return f"{depth} layers in a row without normalisation or shortcuts", normalise(config)


def exploding(view: RunView) -> Finding | None:
    """A layer's gradient is many times the last layer's, or many times what it was at the start."""
    gradients = view.gradients
    start = np.median(view.history.gradient_norms[:3].astype(np.float64), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_depth = np.nan_to_num(gradients / gradients[-1], posinf=0.0)
        by_time = np.nan_to_num(gradients / start, posinf=0.0)
    worst = int(np.argmax(np.maximum(by_depth, by_time)))
    times = float(max(by_depth[worst], by_time[worst]))
    if times < EXPLODED:
        return None
    whose = "the last layer's" if by_depth[worst] >= by_time[worst] else "its own at the start"
    remedy = start_at("kaiming") if view.config.init == "large" else more_rate(view.config, 0.1)
    cause = "weights that start too large" if view.config.init == "large" else "steps that are too large"
    sentence = (
        f"The gradient of {view.name(worst)} is {times:,.0f} times {whose}: exploding, most likely because "
        f"of {cause}; {remedy.advice}."
    )
    evidence = {"gradient norm": float(gradients[worst]), "times": times}
    return Finding("exploding", sentence, evidence, view.weight_layers[worst], remedy)


def dead(view: RunView) -> Finding | None:
    """Most units of a layer give no gradient for any picture of the batch."""
    if view.stats is None:
        return None
    shares = np.array(
        [view.stats.dead[n] if _was_alive(view, n) else np.nan for n in range(len(view.layers))], np.float64
    )
    if not np.nan_to_num(shares).max(initial=0) > DEAD:
        return None
    worst = int(np.nanargmax(shares))
    remedy = swap_activations(view.config, has_flat_arm, "leaky_relu")
    sentence = (
        f"{shares[worst]:.0%} of the units of {view.layer_name(worst)} are dead: they lie on the flat arm "
        f"for every picture, so no gradient passes them, most likely after steps that were too large; "
        f"{remedy.advice}."
    )
    return Finding("dead", sentence, {"share of dead units": float(shares[worst])}, worst, remedy)


def _was_alive(view: RunView, number: int) -> bool:
    """Whether units of a layer can die, and the weights before it did receive a gradient once.

    Units that begin with all weights zero are not dead: they have never had a gradient.
    """
    before = [place for place, layer in enumerate(view.weight_layers) if layer < number]
    once = bool(before) and view.history.gradient_norms[:3, before[-1]].any()
    return bool(once) and has_flat_arm(view.layers[number])


def saturated(view: RunView) -> Finding | None:
    """Most values of a squashing activation lie on its flat arms."""
    if view.stats is None:
        return None
    shares = np.array(
        [view.stats.saturated[n] if is_squashing(layer) else np.nan for n, layer in enumerate(view.layers)]
    )
    if not np.nan_to_num(shares).max(initial=0) > SATURATED:
        return None
    worst = int(np.nanargmax(shares))
    large = view.config.init == "large"
    remedy = start_at("xavier") if large else swap_activations(view.config, is_squashing, "relu")
    cause = "weights that start too large" if large else "inputs that have grown too large"
    sentence = (
        f"{shares[worst]:.0%} of the values of {view.layer_name(worst)} are saturated: its slope there is "
        f"nearly 0, most likely because of {cause}; {remedy.advice}."
    )
    return Finding("saturated", sentence, {"share of saturated values": float(shares[worst])}, worst, remedy)


def rate_too_high(view: RunView) -> Finding | None:
    """The steps are large against the weights, or the loss once jumped far above its start."""
    ratio = float(np.median(np.nan_to_num(view.ratios)))
    spike = float(view.loss.max() / view.first) if view.first > 0 else 0.0
    if ratio < HIGH_RATIO and spike < SPIKE:
        return None
    remedy = more_rate(view.config, 0.1)
    if spike >= SPIKE:
        seen = f"the loss rose to {spike:.3g} times its start"
    else:
        seen = f"each step changes the weights by {ratio:.0%} of their size (0.1 % is usual)"
    sentence = f"The rate {view.config.rate:g} is most likely too high: {seen}; {remedy.advice}."
    evidence = {"update/weight": ratio, "highest loss ÷ first loss": spike}
    return Finding("rate_too_high", sentence, evidence, remedy=remedy)


def rate_too_low(view: RunView) -> Finding | None:
    """Every step is tiny, though there is a gradient, and the loss has hardly moved."""
    ratio = float(np.nan_to_num(view.ratios).max())
    if not 0 < ratio < LOW_RATIO or view.now < MOVED * view.first:
        return None
    remedy = more_rate(view.config, min(100.0, 1e-3 / ratio))
    sentence = (
        f"The rate {view.config.rate:g} is most likely too low: each step changes the weights by less than "
        f"{_fraction(ratio)} of their size (1/1000 is usual), and the loss has only come from "
        f"{view.first:.3g} to {view.now:.3g}; {remedy.advice}."
    )
    evidence = {"update/weight": ratio, "loss now ÷ first": view.now / view.first}
    return Finding("rate_too_low", sentence, evidence, remedy=remedy)


def overfitting(view: RunView) -> Finding | None:
    """The validation loss has turned and risen while training went on to improve."""
    validation = view.history.validation
    if len(validation) < 2:
        return None
    lowest, last = min(validation, key=lambda each: each[1]), validation[-1]
    accuracy = float(np.mean(view.history.accuracy[view.window]))
    if not (last[1] > RISEN * lowest[1] and view.now < last[1] and accuracy > last[2] + GAP):
        return None
    remedy = against_overfitting(view.config)
    sentence = (
        f"The validation loss was lowest at step {int(lowest[0]):,} ({lowest[1]:.3g}) and has risen to "
        f"{last[1]:.3g}, while accuracy is {accuracy:.0%} on training pictures but only {last[2]:.0%} on "
        f"validation pictures: overfitting; {remedy.advice}."
    )
    evidence = {
        "validation loss": last[1],
        "lowest validation loss": lowest[1],
        "at step": float(lowest[0]),
        "accuracy in training": accuracy,
        "accuracy in validation": last[2],
    }
    return Finding("overfitting", sentence, evidence, remedy=remedy)


def not_learning(view: RunView) -> Finding | None:
    """The loss is where it began, and no other rule says why."""
    if view.steps < PATIENCE or view.now < MOVED * view.first:
        return None
    still = view.gradients[:-1] == 0
    if len(still) and still.all():
        remedy = start_at("kaiming")
        cause = "no gradient reaches any layer but the last: with equal weights nothing tells the units apart"
    else:
        remedy = more_rate(view.config, 0.1 if view.config.rate > 0.01 else 10)
        cause = f"it is still {view.now:.3g}, and was {view.first:.3g} at the start"
    sentence = f"After {view.steps:,} steps the loss has not fallen: {cause}; {remedy.advice}."
    evidence = {"loss now": view.now, "first loss": view.first, "steps": float(view.steps)}
    return Finding("not_learning", sentence, evidence, remedy=remedy)


def _fraction(share: float) -> str:
    """“1/900” for 0.00111: two digits are enough to be remembered."""
    return f"1/{float(f'{1 / share:.2g}'):,.0f}"


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (
            not_a_number,
            exploding,
            vanishing,
            dead,
            saturated,
            rate_too_high,
            rate_too_low,
            overfitting,
            not_learning,
        )
    }
)
"""Rule by its name; `findings.TITLES` has the order and the names for people."""
