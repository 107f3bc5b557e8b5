"""The table of tools/plant_faults.py fits the code; that each fault is found is seen by running it."""

from __future__ import annotations

import runpy
from typing import Any

import pytest
from app_pages import ROOT

FAULTS = runpy.run_path(str(ROOT / "tools" / "plant_faults.py"), run_name="plant_faults")["FAULTS"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_a_fault_can_be_planted_and_its_test_exists(fault: Any) -> None:
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.right) == 1
    file, _, name = fault.test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"def {name.partition('[')[0]}(" in text if name else "def test_" in text


def test_there_is_one_of_each_of_ten_kinds() -> None:
    assert len({fault.kind for fault in FAULTS}) >= 10
