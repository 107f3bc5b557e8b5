"""The residual block: what its layers compute is added to their input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from cnnviz.core.networks.layers.base import Layer, Reads
from cnnviz.core.networks.layers.explain import FieldFormulas, dimensions_text, size_change
from cnnviz.core.networks.layers.maps import Conv
from cnnviz.core.networks.layers.modules import Call
from cnnviz.core.networks.layers.receptive_field import ReceptiveField, union
from cnnviz.core.networks.layers.settings import Field, Fix, LayerError, Shape, SpecError, shape_text
from cnnviz.core.networks.layers.taps import Taps
from cnnviz.core.sentences import short_repr

__all__ = ["Residual"]


@dataclass(frozen=True)
class Residual(Layer):
    """y = f(x) + x, or f(x) + P(x) with P a 1×1 convolution without bias where f changes the shape.

    K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", 2016. The receptive field
    is the union of both branches'.
    """

    type: ClassVar[str] = "residual"
    title: ClassVar[str] = "Residual block"
    about: ClassVar[str] = (
        "What its layers compute is added to their input, so the gradient has a short path back."
    )
    group: ClassVar[str] = "Block"
    short_name: ClassVar[str] = "block"
    card: ClassVar[str] = "residual block"
    icon: ClassVar[str] = "skip"
    trained: ClassVar[bool] = True
    reads: ClassVar[Reads] = "branches"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("layers", "Layers", "layers", (), short="l", always=True),
        Field(
            "shortcut",
            "Shortcut",
            "choice",
            "identity",
            short="h",
            options=("identity", "projection"),
            card="{} shortcut",
            help="Identity needs equal shapes; a projection is a 1×1 convolution that makes them equal.",
        ),
    )

    layers: tuple[Layer, ...] = ()
    shortcut: str = "identity"

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        object.__setattr__(self, "shortcut", self.fields[1].parse(self.shortcut, "residual block"))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        from cnnviz.core.networks.layers import layers_from_list  # noqa: PLC0415  (the table holds this class)

        for name in given:
            if name not in ("type", "layers", "shortcut"):
                raise SpecError(
                    f"A residual block has no setting called {short_repr(name)}; it has: layers, shortcut."
                )
        return cls(layers_from_list(given.get("layers", ())), given.get("shortcut", "identity"))

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": self.type, "layers": [layer.to_dict() for layer in self.layers]}
        return data if self.shortcut == "identity" else {**data, "shortcut": self.shortcut}

    @property
    def label(self) -> str:
        return f"residual, {len(self.layers)} layer{'' if len(self.layers) == 1 else 's'}"

    @property
    def drawing_title(self) -> str:
        return f"add {'input' if self.shortcut == 'identity' else 'projection'}"

    def setting_texts(self) -> list[str]:
        return ["residual block"]

    @property
    def field_detail(self) -> str:
        return f"{len(self.layers)} layers"

    def inner_shapes(self, shape: Shape) -> list[Shape]:
        """The shape after each of its layers. LayerError, naming the inner layer, where one cannot follow."""
        shapes: list[Shape] = []
        for number, layer in enumerate(self.layers, 1):
            try:
                shapes.append(layer.output_shape(shapes[-1] if shapes else shape))
            except LayerError as error:
                raise LayerError(f"in the block, layer {number} ({layer.label}): {error}") from error
        return shapes

    def output_shape(self, shape: Shape) -> Shape:
        if not self.layers:
            raise LayerError("a residual block needs at least one layer.")
        result = self.inner_shapes(shape)[-1]
        if self.shortcut == "identity":
            if result != shape:
                fixes: tuple[Fix, ...] = (
                    ({"shortcut": "projection"},) if self._projects(shape, result) else ()
                )
                advice = "; shortcut projection works" if fixes else ""
                raise LayerError(
                    f"{shape_text(result)} cannot be added to the block's input of {shape_text(shape)}: the "
                    f"shapes must be equal{advice}.",
                    fixes,
                )
        elif not self._projects(shape, result):
            raise LayerError(
                f"no 1×1 convolution turns the block's input {shape_text(shape)} into {shape_text(result)}."
            )
        return result

    def _projects(self, shape: Shape, result: Shape) -> bool:
        return len(shape) == 3 and len(result) == 3 and self.projection(shape, result) is not None

    @staticmethod
    def projection(shape: Shape, result: Shape) -> Conv | None:
        """The 1×1 convolution from one shape to the other: the smallest stride that gives its size."""
        strides = []
        for n, m in zip(shape[1:], result[1:], strict=True):
            stride = -(-n // m)
            if m > n or (n - 1) // stride + 1 != m or stride > 64:
                return None
            strides.append(stride)
        return Conv(result[0], (1, 1), (strides[0], strides[1]), bias=False)

    def _projection_layer(self, shape: Shape) -> Conv | None:
        """The projection, or None for the identity."""
        return None if self.shortcut == "identity" else self.projection(shape, self.output_shape(shape))

    def notice(self, shape: Shape) -> str:
        shapes = [shape, *self.inner_shapes(shape)]
        notices = (
            (n, layer, layer.notice(before))
            for n, (layer, before) in enumerate(zip(self.layers, shapes, strict=False), 1)
        )
        return " ".join(
            f"In the block, layer {n} ({layer.label}): {text}" for n, layer, text in notices if text
        )

    def parameter_count(self, shape: Shape) -> int:
        return self._sum("parameter_count", shape)

    def multiply_adds(self, shape: Shape) -> int:
        return self._sum("multiply_adds", shape)

    def _sum(self, name: str, shape: Shape) -> int:
        conv = self._projection_layer(shape)
        shapes = [shape, *self.inner_shapes(shape)]
        inside = sum(getattr(layer, name)(before) for layer, before in zip(self.layers, shapes, strict=False))
        return int(inside + (getattr(conv, name)(shape) if conv else 0))

    def parameter_formula(self, shape: Shape) -> str:
        conv = self._projection_layer(shape)
        shapes = [shape, *self.inner_shapes(shape)]
        parts = [layer.parameter_formula(before) for layer, before in zip(self.layers, shapes, strict=False)]
        parts += [conv.parameter_formula(shape)] if conv else []
        return " + ".join(f"({part})" if "+" in part else part for part in parts if part)

    def propagate(self, field: ReceptiveField, shape: Shape) -> ReceptiveField:
        conv = self._projection_layer(shape)
        main, at = field, shape
        for layer in self.layers:
            main, at = layer.propagate(main, at), layer.output_shape(at)
        return union(main, conv.propagate(field, shape) if conv else field) if len(at) == 3 else main

    def taps(self, taps: Taps, before: ReceptiveField, shape: Shape) -> Taps | None:
        """All of them where the main path alone reads the whole of the block's box; else it is not known:
        what two branches read together is not a product of rows and columns.
        """
        main: Taps | None = taps
        field, at = before, shape
        for layer in self.layers:
            main = layer.taps(main, field, at) if main else None
            field, at = layer.propagate(field, at), layer.output_shape(at)
        whole = field.size == self.propagate(before, shape).size
        return main if main is not None and main.full and whole else None

    def field_formulas(self, before: ReceptiveField, after: ReceptiveField) -> FieldFormulas:
        return FieldFormulas(
            "as the block's layers",
            "as the block's layers",
            f"{size_change(before, after)}, through the block's layers",
            "middle of both branches",
        )

    def output_text(self, shape: Shape, output: Shape) -> str:
        shortcut = (
            "the block's input" if self.shortcut == "identity" else "the 1×1 projection of the block's input"
        )
        return f"{dimensions_text(output)}: what the block computes plus {shortcut}"

    def calls(self, shape: Shape) -> list[Call]:
        conv = self._projection_layer(shape)
        body: list[Call] = []
        at = shape
        for layer in self.layers:
            body += layer.calls(at)
            at = layer.output_shape(at)
        return [Call("Residual", branches=(tuple(body), tuple(conv.calls(shape) if conv else ())))]
