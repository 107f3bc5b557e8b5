"""Layers that keep the shape: batch normalisation, dropout, and every activation of the table."""

from __future__ import annotations

from dataclasses import dataclass, field, make_dataclass
from typing import Any, ClassVar

from cnnviz.core.activations.table import ACTIVATIONS, Activation, Family
from cnnviz.core.networks.layers.base import Layer
from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.layers.settings import Field, Shape

__all__ = ["ACTIVATION_LAYERS", "ActivationLayer", "BatchNorm", "Dropout", "activation_layer"]

ICONS: dict[Family, str] = {
    "linear": "bend",
    "rectifier": "bend",
    "smooth": "curve",
    "squashing": "squash",
}
"""The editor's icon for each family of activations."""


@dataclass(frozen=True)
class BatchNorm(Layer):
    """γ · (x − mean) / √(variance + 10⁻⁵) + β for each map, mean and variance taken over the batch.

    Two weights a map are trained; the running mean and variance are not, and are not counted.
    """

    type: ClassVar[str] = "batch_norm"
    title: ClassVar[str] = "Batch normalisation"
    about: ClassVar[str] = (
        "Each map is shifted and scaled to mean 0 and spread 1 over the batch, then to what it learned."
    )
    group: ClassVar[str] = "Regularisation"
    card: ClassVar[str] = "batch norm"
    icon: ClassVar[str] = "norm"
    trained: ClassVar[bool] = True
    pointwise: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return "batch norm"

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def parameter_count(self, shape: Shape) -> int:
        return 2 * shape[0]

    def parameter_formula(self, shape: Shape) -> str:
        return f"2×{shape[0]}"

    def calls(self, shape: Shape) -> list[Call]:
        return [Call("BatchNorm2d" if len(shape) == 3 else "BatchNorm1d", (shape[0],))]


@dataclass(frozen=True)
class Dropout(Layer):
    """In training each number becomes 0 with probability p, and the others are divided by 1 − p."""

    type: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout"
    about: ClassVar[str] = (
        "While training, a share p of the numbers is set to 0 at random; after training none is."
    )
    group: ClassVar[str] = "Regularisation"
    card: ClassVar[str] = "dropout · {p}"
    icon: ClassVar[str] = "drop"
    pointwise: ClassVar[bool] = True
    fields: ClassVar[tuple[Field, ...]] = (
        Field(
            "p", "p, share dropped", "number", 0.5, 0.0, 0.95, "p", "The share that is dropped.", always=True
        ),
    )

    p: float = 0.5

    @property
    def label(self) -> str:
        return f"dropout {self.p:g}"

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def output_text(self, shape: Shape, output: Shape) -> str:
        dropped = f"while training, each number becomes 0 with probability {self.p:g}"
        return f"{super().output_text(shape, output)}; {dropped}"

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call("Dropout", (self.p,))]


@dataclass(frozen=True)
class ActivationLayer(Layer):
    """One activation function on every number; each entry of the table of activations is a layer type."""

    group: ClassVar[str] = "Activation"
    pointwise: ClassVar[bool] = True
    activation: ClassVar[Activation]

    @property
    def label(self) -> str:
        return self.activation.title

    def settings(self) -> dict[str, float]:
        """The parameters of the function by name."""
        return {setting.name: getattr(self, setting.name) for setting in self.fields}

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def calls(self, shape: Shape) -> list[Call]:
        del shape
        return [Call(self.activation.torch_class, tuple(self.settings().values()))]


def activation_layer(entry: Activation) -> type[ActivationLayer]:
    """The layer type of one activation, with its parameters as settings."""
    fields = tuple(
        Field(p.name, p.title, "number", p.default, p.low, p.high, p.name[0], always=True)
        for p in entry.parameters
    )
    namespace: dict[str, Any] = {
        "type": entry.id,
        "title": entry.title,
        "about": entry.about,
        "icon": ICONS[entry.family],
        "fields": fields,
        "activation": entry,
        "__module__": __name__,
        "__doc__": entry.about,
    }
    attributes = [(setting.name, float, field(default=setting.default)) for setting in fields]
    layer = make_dataclass(
        f"{entry.id.title().replace('_', '')}Layer",
        attributes,
        bases=(ActivationLayer,),
        namespace=namespace,
        frozen=True,
    )
    globals()[layer.__name__] = layer  # so that a layer can be copied and pickled by its name
    return layer


ACTIVATION_LAYERS: dict[str, type[ActivationLayer]] = {
    name: activation_layer(entry) for name, entry in ACTIVATIONS.items()
}
"""Layer type by the activation's id."""
