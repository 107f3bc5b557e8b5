"""One more of each kind, as an engineer would add it: a class or an entry, and a line in its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import pytest

from cnnviz.core.networks import layers
from cnnviz.core.networks.layers import Field, Layer, Pair
from cnnviz.core.networks.layers.maps import POOL_KERNEL, POOL_STRIDE, Pool


@dataclass(frozen=True)
class LpPool(Pool):
    """(Σ xᵖ)^(1/p) over each window, as torch.nn.LPPool2d."""

    type: ClassVar[str] = "lp_pool"
    title: ClassVar[str] = "Lp pooling"
    about: ClassVar[str] = "Each window of each map becomes its p-norm; the number of maps stays."
    name: ClassVar[str] = "Lp pool"
    torch_class: ClassVar[str] = "LPPool2d"
    fields: ClassVar[tuple[Field, ...]] = (
        POOL_KERNEL,
        POOL_STRIDE,
        Field("norm", "Norm", "number", 2.0, 1.0, 8.0, "n", "p: 1 adds up, a large one takes the maximum."),
    )

    kernel: Pair = (2, 2)
    stride: Pair | None = None
    norm: float = 2.0

    def leading(self) -> tuple[object, ...]:
        return (self.norm,)


def with_layer(monkeypatch: pytest.MonkeyPatch, kind: type[Layer]) -> Mapping[str, type[Layer]]:
    """The table of layers with one more entry, for this test."""
    table = MappingProxyType({**layers.LAYERS, kind.type: kind})
    monkeypatch.setattr(layers, "LAYERS", table)
    return table
