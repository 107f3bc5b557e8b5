"""Networks to start from, as data: from the tutorial, from the literature, and pairs to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from cnnviz.core.networks.spec import NetSpec

__all__ = ["PRESETS", "Preset", "find_preset"]

Page = Literal["network", "field", "train"]
Layers = list[dict[str, Any]]


@dataclass(frozen=True)
class Preset:
    """One network.

    about:  one sentence: what to see in it.
    source: where it comes from.
    pages:  the pages whose menus show it.
    """

    id: str
    title: str
    about: str
    source: str
    spec: NetSpec
    pages: tuple[Page, ...]


def _conv(channels: int, kernel: int, *, stride: int = 1, padding: int = 0, **more: object) -> dict[str, Any]:
    data = {"type": "conv", "channels": channels, "kernel": kernel, "stride": stride, "padding": padding}
    return {**data, **more}


def _pool(kernel: int, stride: int | None = None, kind: str = "max_pool", **more: object) -> dict[str, Any]:
    return {"type": kind, "kernel": kernel, "stride": stride or kernel, **more}


def _dense(units: int) -> dict[str, Any]:
    return {"type": "dense", "units": units}


RELU = {"type": "relu"}
TANH = {"type": "tanh"}
FLAT = {"type": "flatten"}
OURS = "Made for this app."
TUTORIAL = "The tutorial that this app follows, with its numbers."


def _net(shape: tuple[int, int, int], layers: Layers) -> NetSpec:
    return NetSpec.from_dict({"input": list(shape), "layers": layers})


def _tutorial_maps() -> Layers:
    """From a 3×24×24 picture to the tutorial's last pool: 64 maps of 3×3."""
    stages = [[_conv(maps, 3, padding=1), RELU, _pool(2)] for maps in (16, 32, 64)]
    return [layer for stage in stages for layer in stage]


def _lenet() -> Layers:
    return [
        *(_conv(6, 5), TANH, _pool(2, kind="avg_pool"), _conv(16, 5), TANH, _pool(2, kind="avg_pool")),
        *(_conv(120, 5), TANH, FLAT, _dense(84), TANH, _dense(10)),
    ]


def _vgg(stages: tuple[tuple[int, ...], ...]) -> Layers:
    layers: Layers = []
    for stage in stages:
        for channels in stage:
            layers += [_conv(channels, 3, padding=1), RELU]
        layers.append(_pool(2))
    return layers


def _tiny_vgg() -> Layers:
    block = [_conv(10, 3), RELU, _conv(10, 3), RELU, _pool(2)]
    return [*block, *block, FLAT, _dense(10)]


def _deep(*, residual: bool) -> Layers:
    """A stem, six pairs of convolutions, a global pool: with the residual shortcut or without."""
    pair = [_conv(12, 3, padding=1), RELU, _conv(12, 3, padding=1)]
    block: Layers = [{"type": "residual", "layers": pair}, RELU] if residual else [*pair, RELU]
    return [
        *(_conv(12, 3, padding=1), RELU, _pool(2)),
        *(block * 6),
        *({"type": "global_avg_pool"}, _dense(10)),
    ]


def _alexnet() -> Layers:
    return [
        *(_conv(64, 11, stride=4, padding=2), RELU, _pool(3, 2), _conv(192, 5, padding=2), RELU, _pool(3, 2)),
        *(_conv(384, 3, padding=1), RELU, _conv(256, 3, padding=1), RELU, _conv(256, 3, padding=1), RELU),
        _pool(3, 2),
    ]


def _resnet18() -> Layers:
    """The main path, without the shortcuts."""
    layers = [_conv(64, 7, stride=2, padding=3), _pool(3, 2, padding=1)]
    for stage, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if stage and not block else 1
            layers += [_conv(channels, 3, stride=stride, padding=1), _conv(channels, 3, padding=1)]
    return layers


def _resnet50(*, stride_first: bool) -> Layers:
    """The main path of bottlenecks 1×1, 3×3, 1×1; the stride in the 3×3 of the first or of the last unit of a
    stage (the last stage has none then, as in the TensorFlow model whose field Araujo et al. computed)."""
    layers = [_conv(64, 7, stride=2, padding=3), _pool(3, 2, padding=1)]
    for stage, (channels, units) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for unit in range(units):
            strided = stage > 0 and unit == 0 if stride_first else stage < 3 and unit == units - 1
            layers += [
                _conv(channels, 1),
                _conv(channels, 3, stride=2 if strided else 1, padding=1),
                _conv(4 * channels, 1),
            ]
    return layers


def _tutorial_field(*, pool: bool) -> Layers:
    middle = [_pool(3)] if pool else []
    return [_conv(10, 3, padding=1), *middle, _conv(10, 2)]


HE = "K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, 2016"
VGG = "K. Simonyan and A. Zisserman, Very Deep Convolutional Networks, 2015"
LENET = "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning, 1998; all maps connected"
KRIZHEVSKY = "A. Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014"
WAVENET = "A. van den Oord et al., WaveNet, 2016, in two dimensions; F. Yu and V. Koltun, 2016"
WANG = "Z. Wang et al., CNN Explainer, 2020: its layers"
ALL: tuple[Page, ...] = ("network", "field")
BUILD: tuple[Page, ...] = ("network",)
LEARN: tuple[Page, ...] = ("network", "train")
FIELD: tuple[Page, ...] = ("field",)
LARGE = (3, 224, 224)

_ENTRIES = (
    Preset(
        "small",
        "Small, two convolutions",
        "8 and 16 maps, each halved by a pool, then one dense layer: enough for handwritten digits.",
        OURS,
        _net(
            (1, 28, 28),
            [
                _conv(8, 3, padding=1),
                RELU,
                _pool(2),
                _conv(16, 3, padding=1),
                RELU,
                _pool(2),
                FLAT,
                _dense(10),
            ],
        ),
        LEARN,
    ),
    Preset(
        "tutorial_dense",
        "Tutorial: 576 → 1000 → 10",
        "64 maps of 3×3 are flattened to 576 numbers; nearly all weights sit in the first dense layer.",
        TUTORIAL,
        _net((3, 24, 24), [*_tutorial_maps(), FLAT, _dense(1000), RELU, _dense(10)]),
        BUILD,
    ),
    Preset(
        "tutorial_dropout",
        "Tutorial, with dropout",
        "The same with half of the 1000 nodes dropped at each training step; the number of weights stays.",
        TUTORIAL,
        _net(
            (3, 24, 24),
            [*_tutorial_maps(), FLAT, _dense(1000), RELU, {"type": "dropout", "p": 0.5}, _dense(10)],
        ),
        BUILD,
    ),
    Preset(
        "tutorial_direct",
        "Tutorial, no hidden dense layer",
        "The 576 numbers go straight to the 10 outputs: 5,770 weights instead of 587,010.",
        TUTORIAL,
        _net((3, 24, 24), [*_tutorial_maps(), FLAT, _dense(10)]),
        BUILD,
    ),
    Preset(
        "tutorial_single",
        "Tutorial, one output node",
        "A single node says yes or no (diseased or healthy); a sigmoid reads it as a probability.",
        TUTORIAL,
        _net((3, 24, 24), [*_tutorial_maps(), FLAT, _dense(1000), RELU, _dense(1)]),
        BUILD,
    ),
    Preset(
        "lenet5",
        "LeNet-5",
        "Five layers with weights that read cheques.",
        LENET,
        _net((1, 32, 32), _lenet()),
        ALL,
    ),
    Preset(
        "small_vgg",
        "Small VGG",
        "Pairs of 3×3 convolutions, twice as many maps after each pool.",
        VGG + "; made small",
        _net((3, 32, 32), [*_vgg(((16, 16), (32, 32), (64, 64))), FLAT, _dense(64), RELU, _dense(10)]),
        LEARN,
    ),
    Preset(
        "tiny_vgg",
        "Tiny VGG",
        "The network of CNN Explainer, 19,920 weights: its last pool sees 16 of 64 pixels.",
        WANG,
        _net((3, 64, 64), _tiny_vgg()),
        ALL,
    ),
    Preset(
        "deep_plain",
        "Deep, plain",
        "13 convolutions in a row: the gradient has to come back through every one of them.",
        OURS,
        _net((1, 28, 28), _deep(residual=False)),
        LEARN,
    ),
    Preset(
        "deep_residual",
        "Deep, residual",
        "The same 13 convolutions and the same number of weights, with six shortcuts around pairs of them.",
        HE + "; made small",
        _net((1, 28, 28), _deep(residual=True)),
        LEARN,
    ),
    Preset(
        "logistic",
        "Logistic regression",
        "No convolution and no hidden layer: each class has one weight for each pixel.",
        OURS,
        _net((1, 28, 28), [FLAT, _dense(10)]),
        LEARN,
    ),
    Preset(
        "dense_only",
        "Dense only",
        "Two hidden dense layers, no convolution: compare the weights with those of the small network.",
        OURS,
        _net((1, 28, 28), [FLAT, _dense(128), RELU, _dense(64), RELU, _dense(10)]),
        LEARN,
    ),
    Preset(
        "tutorial_pool",
        "Tutorial: 12×12, with the pool",
        "3×3 convolution, 3×3 pool, 2×2 convolution: a unit at the end sees 8×8 pixels.",
        TUTORIAL,
        _net((1, 12, 12), _tutorial_field(pool=True)),
        FIELD,
    ),
    Preset(
        "tutorial_no_pool",
        "Tutorial: 12×12, without the pool",
        "3×3 convolution, then 2×2 convolution: a unit at the end sees 4×4 pixels.",
        TUTORIAL,
        _net((1, 12, 12), _tutorial_field(pool=False)),
        FIELD,
    ),
    Preset(
        "alexnet",
        "AlexNet",
        "Large kernels and a stride of 4 at the start: 195 pixels at the last pool.",
        KRIZHEVSKY,
        _net(LARGE, _alexnet()),
        FIELD,
    ),
    Preset(
        "vgg16",
        "VGG-16",
        "Thirteen 3×3 convolutions and five pools: 212 pixels at the last pool.",
        VGG,
        _net(LARGE, _vgg(((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3))),
        FIELD,
    ),
    Preset(
        "resnet18",
        "ResNet-18, main path",
        "435 pixels: wider than the picture of 224.",
        HE,
        _net(LARGE, _resnet18()),
        FIELD,
    ),
    Preset(
        "resnet50",
        "ResNet-50, main path",
        "427 pixels, with the stride in the first unit of each stage.",
        HE + "; stride in the 3×3 of each stage's first unit",
        _net(LARGE, _resnet50(stride_first=True)),
        FIELD,
    ),
    Preset(
        "resnet50_last",
        "ResNet-50, stride last",
        "483 pixels: the same layers with the stride in the last unit of a stage.",
        "A. Araujo, W. Norris, J. Sim, Computing Receptive Fields of Convolutional Neural Networks, 2019",
        _net(LARGE, _resnet50(stride_first=False)),
        FIELD,
    ),
    Preset(
        "dilated",
        "Dilated stack",
        "Five 3×3 convolutions with dilation 1, 2, 4, 8, 16: the field doubles each time, no pixel skipped.",
        WAVENET,
        _net((3, 96, 96), [_conv(8, 3, padding=d, dilation=d) for d in (1, 2, 4, 8, 16)]),
        FIELD,
    ),
    Preset(
        "five_3x3",
        "Five 3×3",
        "Five 3×3 convolutions see 11×11 pixels with 45 weights for each pair of maps.",
        VGG,
        _net((3, 64, 64), [_conv(8, 3, padding=1) for _ in range(5)]),
        FIELD,
    ),
    Preset(
        "one_11x11",
        "One 11×11",
        "One 11×11 convolution sees the same 11×11 pixels with 121 weights for each pair of maps.",
        OURS,
        _net((3, 64, 64), [_conv(8, 11, padding=5)]),
        FIELD,
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
"""Preset by id, in the order of the menus."""

_RENAMED = {
    f"seed_{name}": f"tutorial_{name}" for name in ("dense", "dropout", "direct", "single", "pool", "no_pool")
}


def find_preset(name: str) -> Preset | None:
    """The preset with this id, or that once had it, so that old links go on working; else None."""
    return PRESETS.get(_RENAMED.get(name, name))
