"""What the stack editor shows at each layer, the layers of blocks included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cnnviz.components.stack_view import Path, StackRow
from cnnviz.core.networks.layers import Layer, LayerError, Residual, Shape
from cnnviz.core.networks.spec import NetSpec

__all__ = ["editor_rows"]


def editor_rows(spec: NetSpec, extra: Mapping[Path, str] | None = None) -> list[StackRow]:
    """A row for every layer, in order; from an illegal layer on they have no output.

    A problem or notice inside a block stands at the inner layer that it is about, not at the block. `extra`
    is a small text for some layers.
    """
    return list(_rows(spec.layers, spec.input, (), extra or {}))


def _rows(
    layers: Sequence[Layer], shape: Shape | None, path: Path, extra: Mapping[Path, str]
) -> Iterator[StackRow]:
    for index, layer in enumerate(layers):
        at = (*path, index)
        inner = list(_rows(layer.layers, shape, at, extra)) if isinstance(layer, Residual) else []
        row = _row(layer, shape, at, extra.get(at, ""), inner)
        yield row
        yield from inner
        shape = row.output


def _row(layer: Layer, shape: Shape | None, path: Path, extra: str, inner: Sequence[StackRow]) -> StackRow:
    if shape is None or any(row.problem for row in inner):
        return StackRow(path, extra=extra)
    try:
        output = layer.output_shape(shape)
    except LayerError as error:
        return StackRow(path, problem=_sentence(error), fixes=error.fixes, extra=extra)
    return StackRow(
        path,
        output,
        notice="" if inner else _sentence(layer.notice(shape)),
        parameters=layer.parameter_count(shape),
        extra=extra,
    )


def _sentence(text: object) -> str:
    """With a capital letter: the core's sentences may begin in the middle of a longer one."""
    return f"{str(text)[:1].upper()}{str(text)[1:]}"
