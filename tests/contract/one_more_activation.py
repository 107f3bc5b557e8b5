"""A plugin of pytest: the table of activations has one more entry as soon as it is read.

Menus and layer types are made from the table when their modules are imported, so the tests with the entry
have a process of their own, in which the table's module is loaded with the entry in it.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from apart import load_with

TABLE = "cnnviz.core.activations.table"


def softsign(table: Any, curve: Any) -> Any:
    """The entry as it would stand in the table."""
    return table.Activation(
        "softsign",
        "Softsign",
        r"f(x) = \frac{x}{1 + |x|}",
        "Every cell is squeezed between −1 and 1, more slowly than by tanh.",
        "J. Bergstra et al., Quadratic Polynomials Learn Better Image Features, 2009",
        "between −1 and 1",
        curve=curve(lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x)) ** 2),
        torch_class="Softsign",
        family="squashing",
        saturates="both",
    )


class _WithOneMore(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        table: Any = module
        entry = softsign(table, table.Curve)
        table.ACTIVATIONS = MappingProxyType({**table.ACTIVATIONS, entry.id: entry})


load_with(TABLE, _WithOneMore)
