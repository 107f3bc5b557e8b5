"""The page "Receptive field" without a browser: what its views are given, links, and the measured field."""

from __future__ import annotations

import time
from typing import Any
from unittest.mock import patch

import apptest
import numpy as np
import pytest
from app_pages import PAGES
from apptest import buttons, fine, press_titled, text, views
from streamlit.testing.v1 import AppTest

from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.receptive import receptive_field
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import stack_text
from cnnviz.engine.checkpoints.pretrained import PRETRAINED
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.processes import supervisor
from cnnviz.ui import jobs
from cnnviz.ui.field import effective, rows, settings
from cnnviz.ui.picture import network_input as photo

PAGE = next(page for page in PAGES if page.path == "field")
EFFECTIVE = {"r_tab": "Effective field", "r_guess": "off"}


def open_page(query: dict[str, str] | None = None) -> AppTest:
    return apptest.open_page(PAGE.script, query)


def view(app: AppTest, key: str = "r_view") -> dict[str, Any]:
    return views(app)[key]


def test_first_sight_is_the_puzzle_about_tiny_vgg() -> None:
    app = open_page()
    shown = view(app)
    assert shown["state"]["guess"] is True
    assert shown["records"][shown["state"]["layer"] - 1]["name"] == "pool 2"
    assert shown["puzzle"]["options"][shown["puzzle"]["right"]]["size"] == [16, 16]
    assert shown["input"] == [64, 64]
    assert text(app).count("What you see.") == 1
    assert len(buttons(app, "r_try_")) >= 3


def test_the_editor_does_not_give_the_answer_away() -> None:
    assert all(not row["extra"] for row in view(open_page(), "r_editor")["rows"])
    assert view(open_page({"r_guess": "off"}), "r_editor")["rows"][9]["extra"] == "sees 16"


def test_the_records_are_those_of_the_core() -> None:
    shown = view(open_page({"r_stack": "alexnet"}))
    records = {tuple(one.size): one for one in receptive_field(PRESETS["alexnet"].spec)}
    assert {tuple(sent["size"]) for sent in shown["records"]} == set(records)
    for sent in shown["records"]:
        want = records[tuple(sent["size"])]
        assert (sent["jump"], sent["start"]) == (list(want.jump), list(want.start))


def test_a_link_restores_layer_unit_pixel_and_what_is_switched_on() -> None:
    query = {"r_stack": "vgg16", "r_layer": "1", "r_unit": "3,220", "r_nested": "on", "r_sharp": "on"}
    state = view(open_page({**query, "r_guess": "off", "r_pixel": "5,6"}))["state"]
    assert state == {
        "layer": 1,
        "unit": [3, 220],
        "pixel": [5, 6],
        "nested": True,
        "sharp": True,
        "guess": False,
    }


def test_the_editors_layer_is_the_one_that_is_looked_at() -> None:
    for layer, want in (("input", 0), ("1", 1), ("2", 1), ("5", 3), ("99", 6)):
        assert view(open_page({"r_layer": layer}))["state"]["layer"] == want


@pytest.mark.parametrize(
    ("unit", "want"), [("900,900", [12, 12]), ("0,13", [0, 12]), ("x", None), ("-1,0", None)]
)
def test_a_unit_that_is_not_there_is_held_to_the_layer(unit: str, want: list[int] | None) -> None:
    assert view(open_page({"r_unit": unit}))["state"]["unit"] == want


@pytest.mark.parametrize("preset", settings.IDS)
def test_every_preset_opens_with_its_table(preset: str) -> None:
    app = open_page({"r_stack": preset})
    assert not app.warning
    table, shown = view(app, "r_table"), view(app)
    assert [row["name"] for row in table["rows"][1:]] == [record["name"] for record in shown["records"]]
    assert table["chosen"] == shown["state"]["layer"]


def test_a_stack_that_cannot_go_on_is_shown_as_far_as_it_goes() -> None:
    kernels = [{"type": "conv", "channels": 2, "kernel": k, "padding": 0} for k in (3, 40, 3)]
    spec = NetSpec.from_dict({"input": [1, 20, 20], "layers": kernels})
    app = open_page({"r_stack": stack_text(spec)})
    assert [warning.value for warning in app.warning] == spec.problems()
    assert [record["size"] for record in view(app)["records"]] == [[3, 3]]


def test_an_empty_stack_leaves_the_input() -> None:
    app = open_page({"r_stack": "3x40x50"})
    shown = view(app)
    assert (shown["records"], shown["state"]["layer"], shown["puzzle"]) == ([], 0, None)
    assert "choose a layer" in text(open_page({"r_stack": "3x40x50", **EFFECTIVE}))


def test_the_tutorials_two_sizes_are_explained() -> None:
    with_pool, without = (open_page({"r_stack": name}) for name in ("tutorial_pool", "tutorial_no_pool"))
    assert "5 + 1 · 3 = 8" in text(with_pool)
    assert "3 + 1 · 1 = 4" in text(without)
    assert [view(app)["records"][-1]["size"] for app in (with_pool, without)] == [[8, 8], [4, 4]]


def test_the_experiments_say_what_is_true() -> None:
    app = press_titled(open_page(), "Double it with every layer")
    assert [record["size"][0] for record in view(app)["records"]] == [3, 7, 15, 31, 63]
    app = press_titled(app, "A sieve")
    last = view(app)["records"][-1]
    assert last["size"] == [13, 13]
    assert [axis.count("1") for axis in last["reads"]] == [7, 7]
    app = press_titled(app, "Who sees the corner?")
    pool = receptive_field(PRESETS["tiny_vgg"].spec)[9]
    assert pool.projective_field((0, 0)) == ((0, 1), (0, 1))
    assert pool.projective_field((32, 32)) == ((5, 9), (5, 9))
    assert view(app)["state"]["pixel"] == [0, 0]
    app = press_titled(app, "Into the corner")
    top, left, bottom, right = receptive_field(PRESETS["vgg16"].spec)[-1].box((0, 0))
    assert bottom * right < (bottom - top) * (right - left) / 2
    assert view(app)["state"]["unit"] == [0, 0]
    app = press_titled(app, "Five small or one large")
    assert view(app)["records"][-1]["size"] == [11, 11]
    app = press_titled(app, "Guess: 4×4 or 8×8?")
    assert view(app)["puzzle"]["options"][view(app)["puzzle"]["right"]]["size"] == [8, 8]
    assert view(app)["state"]["guess"] is True


@pytest.fixture(scope="module")
def _children_end() -> Any:
    yield
    supervisor.close()


def measured(app: AppTest, *keys: str) -> AppTest:
    """Wait for the child processes, as the page's own timer does, until these views are there; where the
    machine is so busy that a job runs out of time, the next run asks again, as on the page."""
    end = time.monotonic() + 150
    while time.monotonic() < end and (app.info or not all(key in views(app) for key in keys)):
        time.sleep(0.3)
        for button in app.button:
            if (button.key or "").startswith("again_") and keys:
                button.click()
        fine(app.run())
    return app


@pytest.mark.usefixtures("_children_end")
def test_the_measured_field_is_drawn_with_its_numbers() -> None:
    app = measured(open_page({"r_stack": "five_3x3", **EFFECTIVE}), "r_glow")
    glow = view(app, "r_glow")
    assert glow["input"] == [64, 64]
    assert glow["box"] == {"top": 27, "left": 27, "bottom": 38, "right": 38}
    # Five equal 3×3 steps of variance 2/3: σ² = 10/3.
    assert glow["sigma"] == pytest.approx([np.sqrt(10 / 3)] * 2, rel=1e-3)
    assert "4σ is 66 % of the theoretical width" in text(app)
    assert "√5 is 2.24" in text(app)
    assert "effective width 2.24 times" in text(app)
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.usefixtures("_children_end")
def test_random_weights_and_relu_are_measured_too_and_the_seed_counts() -> None:
    query = {"r_stack": "tutorial_pool", "r_weights": "random", "r_mode": "ReLU", **EFFECTIVE}
    first, again, other = (
        view(measured(open_page({**query, "r_seed": seed}), "r_glow"), "r_glow")["glow"]
        for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other


@pytest.mark.usefixtures("_children_end")
def test_trained_weights_are_offered_where_there_are_some_and_their_field_is_drawn_together() -> None:
    query = {"r_stack": stack_text(PRETRAINED["fashion"].spec), **EFFECTIVE}
    sigmas = {}
    for weights in ("trained", "random"):
        app = measured(open_page({**query, "r_weights": weights}), "r_glow")
        sigmas[weights] = sum(view(app, "r_glow")["sigma"])
    assert sigmas["trained"] < 0.95 * sigmas["random"]
    other = open_page({"r_weights": "trained", **EFFECTIVE})
    group = next(group for group in other.button_group if group.key == "r_weights")
    assert "trained" not in group.options
    assert "trained" in next(group for group in app.button_group if group.key == "r_weights").options


def test_trained_weights_and_a_picture_are_drawn_once() -> None:
    network = PRETRAINED["mnist"]
    stage = rows.stages(network.spec)[1]
    small = photo.as_input(np.zeros((28, 28, 3), np.uint8), 1, (28, 28))
    asked = effective.Measurement(network.spec, stage, (1, 2), small, network)
    with patch.dict("streamlit.session_state", {"r_mode": "ReLU", "r_weights": "trained"}):
        arrays = asked.arrays()
    assert arrays["draws"] == 1
    assert arrays["picture"].shape == (1, 28, 28)
    assert len(arrays["state"]) == len(network.load().weights)


@pytest.mark.usefixtures("_children_end")
def test_a_full_server_is_one_sentence_and_the_page_stands() -> None:
    with patch.object(jobs, "submit", side_effect=RefusedError("The server is busy.")):
        app = open_page({"r_stack": "five_3x3", **EFFECTIVE})
    assert [warning.value for warning in app.warning] == ["The server is busy."] * 2
    assert "r_view" in views(app)
    assert "r_glow" not in views(app)
    fine(app.run())
    assert len(app.warning) == 2  # no second try by itself
    assert "r_glow" in views(measured(app, "r_glow"))


@pytest.mark.usefixtures("_children_end")
def test_a_dense_layer_gets_a_sentence() -> None:
    app = measured(open_page({"r_stack": "tiny_vgg", "r_layer": "12", **EFFECTIVE}))
    assert any("flat vector" in warning.value for warning in app.warning)
