"""Layers as torch modules and as source code, both from one declaration.

The only file of cnnviz.core that imports torch, and only when a module is built.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["RESIDUAL_SOURCE", "Call", "make", "source"]


@dataclass(frozen=True)
class Call:
    """`nn.name(*positional, **named)`; a `branches` pair is the two sides of a residual block instead."""

    name: str
    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()
    branches: tuple[tuple[Call, ...], tuple[Call, ...]] | None = None


RESIDUAL_SOURCE = '''\
class Residual(nn.Module):
    """Adds what its layers compute to their input, or to a shortcut of it."""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)
'''


def make(calls: Sequence[Call]) -> nn.Module:
    """The module that runs these calls in order."""
    from torch import nn

    modules = [_build(call) for call in calls]
    return modules[0] if len(modules) == 1 else nn.Sequential(*modules)


def _build(call: Call) -> nn.Module:
    from torch import nn

    if call.branches is not None:
        return _residual()(make_sequence(call.branches[0]), make_sequence(call.branches[1]))
    make_module = _subsampled_conv() if _is_subsampled(call) else getattr(nn, call.name)
    module: nn.Module = make_module(*call.positional, **dict(call.named))
    return module


def _is_subsampled(call: Call) -> bool:
    """Whether it is a 1×1 convolution with a stride, which skips cells, and without padding."""
    named = dict(call.named)
    return (
        call.name == "Conv2d" and named["kernel_size"] == 1 and "stride" in named and "padding" not in named
    )


@cache
def _subsampled_conv() -> Callable[..., nn.Module]:
    """Their class: it subsamples the input first and then convolves without a stride.

    The numbers are nn.Conv2d's. oneDNN 3.12 (in torch 2.13) writes beyond its memory where it computes the
    weights' gradient of the strided form on processors with AVX2, which ends the process.
    """
    from torch import nn
    from torch.nn import functional

    class SubsampledConv2d(nn.Conv2d):
        """A 1×1 convolution with a stride s, computed as one without a stride on every s-th cell."""

        def forward(self, input: Tensor) -> Tensor:
            down, right = self.stride
            read = input[:, :, ::down, ::right]
            return functional.conv2d(read, self.weight, self.bias, groups=self.groups)

    return SubsampledConv2d


def make_sequence(calls: Sequence[Call]) -> nn.Sequential:
    """As `make`, always a Sequential; an empty one returns its input."""
    from torch import nn

    return nn.Sequential(*(_build(call) for call in calls))


@cache
def _residual() -> Callable[[nn.Module, nn.Module], nn.Module]:
    """The class of residual blocks; made on first use, since its base is torch's."""
    from torch import nn

    class Residual(nn.Module):
        """Adds what its layers compute to their input, or to a shortcut of it."""

        def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
            super().__init__()
            self.body, self.shortcut = body, shortcut

        def forward(self, x: Tensor) -> Tensor:
            summed: Tensor = self.body(x) + self.shortcut(x)
            return summed

    return Residual


def source(call: Call, indent: str = "") -> str:
    """The expression that makes this call's module."""
    if call.branches is not None:
        inner = indent + "    "
        body, shortcut = (_sequence(branch, inner) for branch in call.branches)
        return f"Residual(\n{inner}{body},\n{inner}{shortcut},\n{indent})"
    arguments = [*map(_value, call.positional), *(f"{name}={_value(value)}" for name, value in call.named)]
    return f"nn.{call.name}({', '.join(arguments)})"


def _sequence(calls: Sequence[Call], indent: str) -> str:
    if not calls:
        return "nn.Identity()"
    inner = indent + "    "
    lines = "".join(f"{inner}{source(call, inner)},\n" for call in calls)
    return f"nn.Sequential(\n{lines}{indent})"


def _value(value: object) -> str:
    return 'float("-inf")' if value == float("-inf") else repr(value)
