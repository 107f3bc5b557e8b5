"""A network as plain data: an input shape and a stack of layers, with its shapes, costs and problems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from numbers import Integral
from typing import Any, cast

from cnnviz.core.networks.layers import Layer, LayerError, ReceptiveField, Shape, SpecError, layers_from_list
from cnnviz.core.networks.layers.receptive_field import LARGEST_FIELD
from cnnviz.core.sentences import short_repr

__all__ = ["BYTES_PER_NUMBER", "LayerRow", "NetSpec"]

BYTES_PER_NUMBER = 4  # float32
LARGEST_INPUT = (4096, 8192, 8192)
_SQUARE = 16  # pixels: pictures of that side and channels as many are told apart
LONGEST_JSON = 500_000


@dataclass(frozen=True)
class LayerRow:
    """What one layer of a network does, for a table; all but `problem` is empty where the layer is illegal.

    formula:          the parameter count written out, such as “5×5×3×32 + 32”.
    activation_bytes: memory of the layer's output for one picture, in bytes of float32.
    field:            receptive field of its units.
    """

    index: int
    layer: Layer
    problem: str = ""
    notice: str = ""
    fixes: tuple[Mapping[str, Any], ...] = ()
    input_shape: Shape | None = None
    output_shape: Shape | None = None
    parameters: int = 0
    formula: str = ""
    multiply_adds: int = 0
    activation_bytes: int = 0
    field: ReceptiveField | None = None


@dataclass(frozen=True)
class NetSpec:
    """A network: `input` is (C, H, W), `layers` follow each other.

    It may be illegal: `problems` says so, one sentence each, and the other methods raise LayerError then.
    """

    input: tuple[int, int, int]
    layers: tuple[Layer, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "input", _input(self.input))
        object.__setattr__(self, "layers", tuple(self.layers))

    @classmethod
    def from_dict(cls, given: object) -> NetSpec:
        """The network that this JSON describes.

        Parameters
        ----------
        given : dict or NetSpec
            `{"input": [C, H, W], "layers": [{"type": ..., ...}, ...]}`; settings that are left out have their
            defaults.

        Returns
        -------
        NetSpec
            The network; it may be illegal, which `problems` says.

        Raises
        ------
        SpecError
            A ValueError: one sentence, for anything that does not describe a network.

        Examples
        --------
        >>> from cnnviz.core import NetSpec
        >>> NetSpec.from_dict({"input": [1, 28, 28], "layers": [{"type": "conv", "channels": 4}]}).shapes()
        [(4, 26, 26)]
        """
        if isinstance(given, NetSpec):
            return given
        if not isinstance(given, Mapping):
            raise SpecError('A network is a JSON object with "input" and "layers".')
        if unknown := [name for name in given if name not in ("input", "layers")]:
            raise SpecError(f'A network has "input" and "layers"; it has no {short_repr(unknown[0])}.')
        if missing := [name for name in ("input", "layers") if name not in given]:
            raise SpecError(f'A network has "input" and "layers"; {missing[0]!r} is missing.')
        _check_order(given["input"])
        return cls(given["input"], layers_from_list(given["layers"]))

    @classmethod
    def from_json(cls, text: str) -> NetSpec:
        """As `from_dict`, from JSON text."""
        if len(text) > LONGEST_JSON:
            raise SpecError(f"The text has more than {LONGEST_JSON:,} characters: too long for a network.")
        try:
            given = json.loads(text)
        except json.JSONDecodeError as error:
            raise SpecError(
                f"This is not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}."
            ) from error
        except (RecursionError, ValueError) as error:
            raise SpecError(
                "This JSON cannot be read: it is nested too deeply or contains too long a number."
            ) from error
        return cls.from_dict(given)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` of it is the same network.

        Returns
        -------
        dict
            `{"input": [C, H, W], "layers": [...]}`, without the settings that are at their defaults but for
            the ones that are always written.

        Examples
        --------
        >>> from cnnviz.core import NetSpec
        >>> NetSpec.from_dict({"input": [1, 8, 8], "layers": [{"type": "dropout"}]}).to_dict()
        {'input': [1, 8, 8], 'layers': [{'type': 'dropout', 'p': 0.5}]}
        """
        return {"input": list(self.input), "layers": [layer.to_dict() for layer in self.layers]}

    def to_json(self) -> str:
        """JSON text, one layer per line."""
        layers = ",\n  ".join(json.dumps(layer.to_dict()) for layer in self.layers)
        inside = f"\n  {layers}\n " if layers else ""
        return f'{{"input": {json.dumps(list(self.input))},\n "layers": [{inside}]}}\n'

    def shapes(self) -> list[Shape]:
        """The shape after each layer, for one picture.

        Returns
        -------
        list of tuple of int
            (C, H, W) for maps, (n,) for a flat vector.

        Raises
        ------
        LayerError
            A ValueError: one sentence with the numbers, at an illegal layer.

        Examples
        --------
        >>> from cnnviz.core import NetSpec
        >>> layers = [{"type": "max_pool"}, {"type": "flatten"}, {"type": "dense", "units": 10}]
        >>> NetSpec.from_dict({"input": [3, 8, 8], "layers": layers}).shapes()
        [(3, 4, 4), (48,), (10,)]
        """
        shapes: list[Shape] = []
        for row in self.rows():
            if row.output_shape is None:
                raise LayerError(self._sentence(row), row.fixes)
            shapes.append(row.output_shape)
        return shapes

    @property
    def output_shape(self) -> Shape:
        """The shape of the network's output."""
        shapes = self.shapes()
        return shapes[-1] if shapes else self.input

    def parameter_counts(self) -> list[int]:
        """How many numbers of each layer are trained.

        Returns
        -------
        list of int
            Weights and biases of each layer, in order.

        Raises
        ------
        LayerError
            A ValueError: one sentence with the numbers, at an illegal layer.

        Notes
        -----
        A convolution of kernel (kh, kw) from C to C' maps in g groups has kh · kw · C/g · C' weights and C'
        biases, a dense layer from n to m numbers n · m weights and m biases, a batch normalisation 2 C. The
        running mean and variance of the latter are not trained.

        Examples
        --------
        >>> from cnnviz.core import NetSpec
        >>> layers = [{"type": "conv", "channels": 8}, {"type": "relu"}]
        >>> NetSpec.from_dict({"input": [3, 8, 8], "layers": layers}).parameter_counts()
        [224, 0]
        """
        self.shapes()
        return [row.parameters for row in self.rows()]

    def problems(self) -> list[str]:
        """What keeps the network from being built.

        Returns
        -------
        list of str
            One sentence for the layer that cannot follow its input, with the numbers and the nearest settings
            that work; empty where the network can be built. What follows an illegal layer has no shape to
            check.

        Examples
        --------
        >>> from cnnviz.core import NetSpec
        >>> for problem in NetSpec.from_dict({"input": [1, 8, 8], "layers": [{"type": "dense"}]}).problems():
        ...     print(problem.partition(":")[0])
        Layer 1 (dense 10)
        """
        return [self._sentence(row) for row in self.rows() if row.problem]

    def notices(self) -> list[tuple[int, str]]:
        """(layer, sentence) for legal layers with something to note: sizes that are rounded down."""
        return [(row.index, row.notice) for row in self.rows() if row.notice]

    def rows(self) -> list[LayerRow]:
        """One row per layer; from an illegal layer on, rows have no shapes."""
        return list(self._rows)

    @cached_property
    def _rows(self) -> tuple[LayerRow, ...]:
        rows: list[LayerRow] = []
        at: Shape | None = self.input
        field = ReceptiveField((1, 1), (1, 1), (0.5, 0.5), (self.input[1], self.input[2]))
        for index, layer in enumerate(self.layers):
            if at is None:
                rows.append(LayerRow(index, layer))
                continue
            row = _row(index, layer, at, field)
            rows.append(row)
            at, field = row.output_shape, row.field or field
        return tuple(rows)

    def _sentence(self, row: LayerRow) -> str:
        illegal = row if row.problem else next(row for row in self.rows() if row.problem)
        return f"Layer {illegal.index + 1} ({illegal.layer.label}): {illegal.problem}"


def _row(index: int, layer: Layer, shape: Shape, field: ReceptiveField) -> LayerRow:
    try:
        output = layer.output_shape(shape)
        field = layer.propagate(field, shape)
        _check_field(field)
    except LayerError as error:
        return LayerRow(index, layer, problem=str(error), fixes=error.fixes, input_shape=shape)
    return LayerRow(
        index,
        layer,
        notice=layer.notice(shape),
        input_shape=shape,
        output_shape=output,
        parameters=layer.parameter_count(shape),
        formula=layer.parameter_formula(shape),
        multiply_adds=layer.multiply_adds(shape),
        activation_bytes=prod(output) * BYTES_PER_NUMBER,
        field=field,
    )


def _check_field(field: ReceptiveField) -> None:
    """LayerError where a field is too large for exact arithmetic, which takes very many strides."""
    if max(*field.size, *field.jump) >= LARGEST_FIELD:
        raise LayerError(
            f"its receptive field or its jump would be {LARGEST_FIELD:,} pixels or more, the most that is "
            "computed; use fewer layers with a stride or dilation."
        )


def _check_order(given: object) -> None:
    """SpecError for an input in the order of Keras and TensorFlow: a square picture, channels last."""
    if not isinstance(given, (list, tuple)) or len(given) != 3:
        return
    height, width, channels = given
    if height == width and isinstance(width, int) and width >= _SQUARE and channels in (1, 3):
        raise SpecError(
            f"The input is [channels, height, width], and {list(given)} would be {height} channels of "
            f"{width}×{channels} pixels; did you mean [{channels}, {height}, {width}]?"
        )


def _input(given: object) -> tuple[int, int, int]:
    """A checked (C, H, W)."""
    valid = (
        isinstance(given, (list, tuple))
        and len(given) == 3
        and all(isinstance(n, Integral) and not isinstance(n, bool) for n in given)
        and all(1 <= n <= most for n, most in zip(cast("list[int]", given), LARGEST_INPUT, strict=True))
    )
    if not valid:
        most = "×".join(map(str, LARGEST_INPUT))
        raise SpecError(
            f"The input is [channels, height, width], whole numbers from 1 to {most}, "
            f"not {short_repr(given)}."
        )
    channels, height, width = cast("list[int]", given)
    return int(channels), int(height), int(width)
