"""One more training setting is one entry of the table and the code that does what it says."""

from __future__ import annotations

import dataclasses

from apart import assert_passes

from cnnviz.engine.config.controls import CONTROLS, GROUPS, Settings
from cnnviz.engine.config.train_config import TrainConfig


def test_every_reader_of_the_table_goes_with_one_more_entry() -> None:
    """A bound on weights: settings, JSON, page, link, live change, reset; see with_weight_bound.py."""
    assert_passes("one_more_setting", "with_weight_bound.py")


def test_the_settings_of_a_run_are_the_table_and_the_network() -> None:
    ours = {part.name: part.default for part in dataclasses.fields(TrainConfig) if part.name != "net"}
    assert ours == {name: control.default for name, control in CONTROLS.items()}
    assert list(CONTROLS) == [part.name for part in dataclasses.fields(Settings)]


def test_every_entry_can_be_drawn_where_it_says() -> None:
    links = [control.link for control in CONTROLS.values() if control.link]
    assert len(set(links)) == len(links)
    for control in CONTROLS.values():
        assert control.group in GROUPS
        assert control.kind != "number" or control.stops or not control.link
        assert not control.live or control.link
