"""One more activation is one entry of the table and its twin in the browser."""

from __future__ import annotations

import numpy as np
import pytest
from apart import assert_passes
from node import run

from cnnviz.core.activations.table import ACTIVATIONS, SATURATED_BELOW


def test_every_reader_of_the_table_goes_with_one_more_entry() -> None:
    """A softsign: layer, pages, training, export, diagnosis; see with_softsign.py."""
    assert_passes("one_more_activation", "with_softsign.py")


def test_every_activation_has_its_twin_in_the_browser() -> None:
    missing = run(
        """import { hasTwin } from "activation_view/maths.js";
        return data.filter((id) => !hasTwin(id));""",
        list(ACTIVATIONS),
    )
    assert missing == [], f"no twin in cnnviz/components/activation_view/maths.js: {', '.join(missing)}"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_facts_of_an_entry_are_those_of_its_curve(name: str) -> None:
    entry = ACTIVATIONS[name]
    below, above = np.abs(entry.derivative([-50.0, 50.0])) < SATURATED_BELOW * entry.steepest()
    assert (below, above) == (entry.saturates in ("below", "both"), entry.saturates in ("above", "both"))
    ends = entry.derivative([-1e6, -50.0, 50.0, 1e6])
    arms = (ends[:2] == 0).all() or (ends[2:] == 0).all()
    smooth = name in {"gelu", "silu", "sigmoid", "tanh", "softplus", "elu"}  # 0 there by rounding alone
    assert entry.zero_arm == (bool(arms) and not smooth)
    assert (entry.family == "squashing") == (np.ptp(entry.function([-1e6, 1e6])) < 3)
