"""The effective receptive field: how much each pixel really moves a unit. In torch, in a child process.

Definition and the experiments with uniform and random weights: W. Luo, Y. Li, R. Urtasun, R. Zemel,
"Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", NIPS 2016.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.networks.layers import ActivationLayer, Layer, Residual
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.effective_field.cone import Region, needed, run, work
from cnnviz.engine.effective_field.weights import (
    MOST_RANDOM_MAPS,
    RandomRules,
    StackRules,
    TrainedRules,
    UniformRules,
)

Mode = Literal["linear", "relu"]
Source = Literal["uniform", "random", "trained"]
MOST_DRAWS = 200
MOST_PIXELS = 4_000_000
MOST_WORK = 4_000_000_000  # multiply-adds of all draws, forwards; 3 seconds on a slow core with the way back
_IN_FIELD = 1 - 0.9545  # Luo et al.: a pixel counts where it has more than this share of the largest


@dataclass(frozen=True)
class Question:
    """What is asked: one unit of one layer, and what stands for the weights and the non-linearities.

    layer, unit: the layer's place from 0 and the unit's (row, column); unit None is the middle one.
    mode:    "linear" leaves the activations out and averages where a max pool would choose, so that the
             gradient does not depend on the picture; "relu" keeps both, and where a stack has no activation
             at all, puts a ReLU after each convolution.
    weights: "uniform": all equal; "random": normal, of variance 1 / fan-in (2 / fan-in in mode "relu");
             "trained": `state`, the network's state_dict as arrays.
    draws:   of random weights and of pictures (standard normal, unless `picture` (C, H, W) is given), over
             which |gradient| is averaged. One is enough where neither matters.
    work:    multiply-adds of all draws together, at most, though one is always made. Counted and not timed,
             so that a seed gives the same field on every machine.
    """

    spec: NetSpec
    layer: int
    unit: tuple[int, int] | None = None
    mode: Mode = "linear"
    weights: Source = "random"
    draws: int = 20
    seed: int = 0
    state: Mapping[str, NDArray[Any]] | None = None
    picture: NDArray[np.float32] | None = None
    work: int = MOST_WORK

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode) or self.weights not in get_args(Source):
            raise EngineError("The mode is linear or relu, and the weights are uniform, random or trained.")
        if not 0 <= self.layer < len(self.spec.layers):
            raise EngineError(f"There is no layer {self.layer + 1}: the network has {len(self.spec.layers)}.")
        if math.prod(self.spec.input[1:]) > MOST_PIXELS:
            raise EngineError(f"The effective field is shown for inputs of at most {MOST_PIXELS:,} pixels.")
        if not 1 <= self.draws <= MOST_DRAWS:
            raise EngineError(f"The number of draws is 1 to {MOST_DRAWS}, not {self.draws}.")
        if self.weights == "trained" and self.state is None:
            raise EngineError("There are no trained weights for this network.")


def effective_field(question: Question) -> dict[str, Any]:
    """How much each pixel moves the unit: E = mean over draws of Σ_c |∂(mean of the unit's maps)/∂x_c|.

    Absolute values, not squares, for every kind of weights. Uniform weights are computed with one map a
    layer, which is exact: all maps of a layer are equal then. Random ones with at most 8 maps a layer.

    Returns, with H, W the input's size and pixel (0, 0) centred at 0.5:
    field (H, W) float32, sums to 1 (all 0 where no draw reached the unit); total, the sum before that;
    box (top, left, bottom, right), the theoretical field, not clipped; centre (y, x) and sigma (y, x), mean
    and standard deviation of the field as a distribution; within_1_sigma and within_2_sigma, its mass inside
    those ellipses (0.393 and 0.865 for a Gaussian); pixels, the number with more than 4.55 % of the largest
    value (Luo et al.'s effective field); draws, how many were made; unit.
    """
    spec, shape = question.spec, _map_shape(question.spec, question.layer)
    unit = question.unit or (shape[1] // 2, shape[2] // 2)
    if not (0 <= unit[0] < shape[1] and 0 <= unit[1] < shape[2]):
        raise EngineError(
            f"Layer {question.layer + 1} has {shape[1]}×{shape[2]} units; there is none at {unit}."
        )
    layers = spec.layers[: question.layer + 1]
    region: Region = ((unit[0], unit[0] + 1), (unit[1], unit[1] + 1))
    crop = needed(layers, spec.input, region)
    mass, draws = _averaged(question, layers, region, crop)
    field = np.zeros(spec.input[1:], np.float32)
    total = float(mass.sum())
    if total > 0 and math.isfinite(total):
        field[slice(*crop[0]), slice(*crop[1])] = mass / total
    theoretical = receptive_field(spec)[question.layer]
    return {
        "field": field,
        "total": total,
        "box": theoretical.box(unit),
        "draws": draws,
        "unit": unit,
        **spread(field),
    }


def growth(question: Question) -> dict[str, Any]:
    """`effective_field` of the middle unit of every map layer that grows the field, as arrays over layers.

    layers: their places; theoretical (n, 2): sizes; sigma (n, 2); effective (n,): √pixels. For a stack of
    equal convolutions sigma grows like √depth, the theoretical size like depth.
    """
    places, sizes, sigmas, reached = _growing(question), [], [], []
    fields = receptive_field(question.spec)
    for place in places:
        result = effective_field(replace(question, layer=place, unit=None, work=question.work // len(places)))
        sizes.append(fields[place].size)
        sigmas.append(result["sigma"])
        reached.append(math.sqrt(result["pixels"]))
    return {
        "layers": places,
        "theoretical": np.array(sizes, np.int64).reshape(-1, 2),
        "sigma": np.array(sigmas, np.float64).reshape(-1, 2),
        "effective": np.array(reached, np.float64),
    }


def _growing(question: Question) -> list[int]:
    """The places of the map layers up to the asked one that see more than those before them."""
    shapes, before, places = question.spec.shapes(), (1, 1), []
    for place, theoretical in enumerate(receptive_field(question.spec)[: question.layer + 1]):
        if len(shapes[place]) == 3 and theoretical.size != before:
            before = theoretical.size
            places.append(place)
    return places


def spread(field: NDArray[np.float32]) -> dict[str, Any]:
    """Centre, standard deviations, mass within 1 and 2 of them, pixels in the field; as `effective_field`."""
    mass = field.astype(np.float64)
    if not mass.any():
        return {
            "centre": (0.0, 0.0),
            "sigma": (0.0, 0.0),
            "within_1_sigma": 0.0,
            "within_2_sigma": 0.0,
            "pixels": 0,
        }
    mass /= mass.sum()
    places = [np.arange(n) + 0.5 for n in mass.shape]
    along = [mass.sum(axis=1), mass.sum(axis=0)]
    centre = [float(p @ m) for p, m in zip(places, along, strict=True)]
    sigma = [math.sqrt(float((p - c) ** 2 @ m)) for p, m, c in zip(places, along, centre, strict=True)]
    scaled = [(p - c) / s if s > 0 else p * 0 for p, c, s in zip(places, centre, sigma, strict=True)]
    distance = scaled[0][:, None] ** 2 + scaled[1][None, :] ** 2
    return {
        "centre": tuple(centre),
        "sigma": tuple(sigma),
        "within_1_sigma": float(mass[distance <= 1].sum()),
        "within_2_sigma": float(mass[distance <= 4].sum()),
        "pixels": int((mass > _IN_FIELD * mass.max()).sum()),
    }


def _map_shape(spec: NetSpec, layer: int) -> tuple[int, int, int]:
    shapes = spec.shapes()
    for place, shape in enumerate(shapes[: layer + 1]):
        if len(shape) != 3:
            raise EngineError(
                f"Layer {place + 1} ({spec.layers[place].label}) gives a flat vector: choose a layer of maps "
                "before it."
            )
    return shapes[layer]  # type: ignore[return-value]


def _averaged(
    question: Question, layers: Sequence[Layer], region: Region, crop: Region
) -> tuple[NDArray[np.float64], int]:
    """Mean over draws of |gradient| summed over input channels, on the crop; and the number of draws."""
    random = torch.Generator().manual_seed(question.seed)
    total = torch.zeros([stop - start for start, stop in crop], dtype=torch.float64)
    draws = _draws(question, layers, region)
    for _ in range(draws):
        rules = _rules(question, random)
        x = _picture(question, rules.input_channels(question.spec.input[0]), crop, random).requires_grad_()
        y = run(layers, question.spec.input, x, region, rules).mean()
        (gradient,) = torch.autograd.grad(y, x)
        total = total + gradient[0].abs().sum(dim=0).double()
    return total.numpy() / draws, draws


def _draws(question: Question, layers: Sequence[Layer], region: Region) -> int:
    """As many as are asked for and allowed; one where every draw would be the same."""
    if question.mode == "linear" and question.weights != "random":
        return 1
    widest = max(max(shape) for shape in question.spec.shapes())
    most_maps = {"uniform": 1, "random": MOST_RANDOM_MAPS, "trained": widest}[question.weights]
    each = work(layers, question.spec.input, region, most_maps)
    return max(1, min(question.draws, question.work // max(each, 1)))


def _rules(question: Question, random: torch.Generator) -> StackRules:
    linear = question.mode == "linear"
    if question.weights == "trained":
        return TrainedRules(linear, question.state or {})
    insert = not linear and not _has_activation(question.spec.layers[: question.layer + 1])
    return (
        UniformRules(linear, insert) if question.weights == "uniform" else RandomRules(linear, insert, random)
    )


def _picture(question: Question, channels: int, crop: Region, random: torch.Generator) -> Tensor:
    """The crop of the picture, (1, channels, h, w), shifted and scaled to mean 0 and variance 1; or noise."""
    if question.picture is None:
        size = [stop - start for start, stop in crop]
        return torch.randn(1, channels, *size, generator=random)
    picture = torch.tensor(question.picture, dtype=torch.float32)
    if tuple(picture.shape) != question.spec.input:
        raise EngineError(
            f"The picture is {tuple(picture.shape)}, but the network reads {question.spec.input}."
        )
    if question.weights != "trained":
        picture = (picture - picture.mean()) / (picture.std() + 1e-6)
    picture = picture if channels == len(picture) else picture.mean(0, keepdim=True).expand(channels, -1, -1)
    return picture[None, :, slice(*crop[0]), slice(*crop[1])].clone()


def _has_activation(layers: Sequence[Layer]) -> bool:
    return any(
        isinstance(layer, ActivationLayer) or (isinstance(layer, Residual) and _has_activation(layer.layers))
        for layer in layers
    )


def effective_field_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """`effective_field` for `jobs`: the arguments are Question's, `spec` as its dict."""
    return effective_field(_question(arguments))


def growth_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """`growth` for `jobs`; `layer` may be left out: the last."""
    return growth(_question(arguments))


def _question(arguments: dict[str, Any]) -> Question:
    given = dict(arguments)
    spec = NetSpec.from_dict(given.pop("spec", None))
    unit = given.pop("unit", None)
    layer = given.pop("layer", len(spec.layers) - 1)
    return Question(spec, layer, (int(unit[0]), int(unit[1])) if unit is not None else None, **given)
