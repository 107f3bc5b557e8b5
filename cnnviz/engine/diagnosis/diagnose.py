"""A run explained in words: what the rules find in its history, with evidence in numbers and a remedy.

Torch-free. The imports of this package go one way: diagnose → rules → findings and run_view → remedies.
"""

from __future__ import annotations

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.diagnosis.findings import TITLES, Finding
from cnnviz.engine.diagnosis.rules import RULES
from cnnviz.engine.diagnosis.run_view import RunView
from cnnviz.engine.runs.history import History

__all__ = ["FEWEST_STEPS", "diagnose"]

FEWEST_STEPS = 20
"""Before so many steps nothing but NaN is found."""


def diagnose(history: History, config: TrainConfig) -> list[Finding]:
    """All findings, the most serious first; empty where nothing is wrong or too little is known."""
    view = RunView(history, config)
    if not view.steps or not view.names:
        return []
    found: list[Finding] = []
    for name in TITLES:
        known = view.steps >= FEWEST_STEPS or name == "not_a_number"
        explained = name == "not_learning" and found  # another rule has named the reason
        if known and not explained and (finding := RULES[name](view)) is not None:
            found.append(finding)
        if found and found[0].rule == "not_a_number":
            break
    return found
