"""A plugin of pytest: the table of training settings has one more entry as soon as it is read.

`TrainConfig` and the page's controls are made from the table when their modules are imported, so the tests
with the entry have a process of their own, in which the table's module is loaded with the entry in it.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from types import CodeType

from apart import load_with

TABLE = "cnnviz.engine.config.controls"
BEFORE = "    rate: float = _setting(\n"
ENTRY = """    weight_bound: float = _setting(
        "Weight bound",
        "method",
        "number",
        0.0,
        "No weight gets larger than this; 0 stands for no bound.",
        0,
        100,
        link="bound",
        stops=(0, 0.01, 0.1, 1, 10),
        live=True,
    )
"""


class _WithOneMore(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname)
        assert source is not None
        assert source.count(BEFORE) == 1
        return compile(source.replace(BEFORE, ENTRY + BEFORE), self.path, "exec", dont_inherit=True)


load_with(TABLE, _WithOneMore)
