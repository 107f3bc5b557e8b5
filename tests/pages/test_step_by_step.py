"""The page "Step by step" without a browser: its link, its settings, its code and its experiments."""

from __future__ import annotations

from typing import Any

import apptest
import numpy as np
import pytest
from apptest import fine, press, views
from streamlit.testing.v1 import AppTest

from cnnviz.core.steps.settings import StepSettings
from cnnviz.ui.kernel import small as kernels
from cnnviz.ui.kernel.small import kernels_text, read_kernels
from cnnviz.ui.step import pictures, settings
from cnnviz.ui.step.experiments import EXPERIMENTS
from cnnviz.ui.step.pictures import cells_text, read_cells
from cnnviz.ui.step.sections import SEEN, shown_cell

SCRIPT = "pages/explore/step_by_step.py"
NONSENSE = ("99", "-1", "", "nope", "nan", "1,2;3", "1~2", "~", "o9,9,9", "🙂" * 50, "<b>&%00", "9" * 5000)


def open_page(**query: str) -> AppTest:
    return apptest.open_page(SCRIPT, query)


def data(app: AppTest) -> dict[str, Any]:
    return views(app)["s_view"]


def shown(app: AppTest) -> StepSettings:
    """The settings that the view was given."""
    got = data(app)
    image, one = got["image"], got["kernels"]
    planes = np.array(image["planes"]).reshape(-1, image["height"], image["width"])
    slices = np.array(one["slices"]).reshape(len(one["slices"]), -1, one["rows"], one["cols"])
    sides = got["padding"]
    return StepSettings(
        np.moveaxis(planes, 0, -1),
        np.moveaxis(slices, 1, -1),
        np.array(got["bias"]),
        (sides["top"], sides["bottom"], sides["left"], sides["right"]),
        got["paddingMode"],
        tuple(got["stride"]),
        tuple(got["dilation"]),
        flip=got["flip"],
        transposed=got["transposed"],
    )


@pytest.mark.parametrize(("mode", "title"), settings.MODE.options.items())
def test_every_mode_stands_and_says_what_is_seen(mode: str, title: str) -> None:
    app = open_page(s_mode=title)
    assert data(app)["mode"] == mode
    assert any(SEEN[mode] in text.value for text in app.markdown)
    assert shown(app).output().size > 0


def test_several_kernels_start_as_the_issue_writes_them() -> None:
    assert shown(open_page(s_mode="several kernels")).shape_text == "6×6×3 → 4×4×2"


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("title", settings.MODE.options.values())
def test_a_link_that_means_nothing_gives_the_defaults(title: str, value: str) -> None:
    keys = [part.key for family in (*pictures.FAMILIES, *kernels.FAMILIES) for part in family.parts]
    given = dict.fromkeys([*keys, "s_pin", "s_step", "s_pad", "s_padmode"], value)
    if value.isdigit() and len(value) < 5:  # 99 is a legal draw and a legal step
        given = {key: text for key, text in given.items() if key != "s_step" and "seed" not in key}
    assert data(open_page(s_mode=title, **given)) == data(open_page(s_mode=title))


@pytest.mark.parametrize("mode", ["one channel", "transposed", "as a network", "RGB"])
def test_no_combination_of_ends_leaves_nothing_to_compute(mode: str) -> None:
    """Every control at its low and at its high end, one after the other, so that later meet earlier ones."""
    largest = kernels_text(np.ones((1, 7, 7, 3 if mode == "RGB" else 1), np.float32))
    suffix = "_rgb" if mode == "RGB" else ""
    own = {f"s_kernel{suffix}": "your own", f"s_own{suffix}": largest}
    for padding in ("none", "same", "each side"):
        app = open_page(s_mode=mode, s_pad=padding, **own)
        for name in ("min", "max"):
            for key in [slider.key for slider in app.slider]:
                found = [slider for slider in app.slider if slider.key == key]
                if found:
                    found[0].set_value(getattr(found[0], name))
                    fine(app.run())
        assert shown(app).output().size > 0


def test_own_cells_and_kernels_come_from_the_link() -> None:
    app = open_page(
        s_pic="own cells",
        s_cells="1,2,3;4,5,6;7,8,9",
        s_rows="3",
        s_cols="4",
        s_kernel="your own",
        s_own="1,2",
    )
    got = shown(app)
    assert got.image[:, :, 0].tolist() == [[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0]]
    assert got.kernels[0, :, :, 0].tolist() == [[1, 2]]


def test_texts_read_back() -> None:
    random = np.random.default_rng(1)
    for channels in (1, 3):
        image = random.integers(-9, 256, (5, 16, channels)).astype(np.float32)
        assert np.array_equal(read_cells(cells_text(image), channels), image)
        sets = random.normal(size=(4, 7, 2, channels)).astype(np.float32)
        assert np.array_equal(read_kernels(kernels_text(sets), channels), sets)


@pytest.mark.parametrize("text", ["1,2;3,4", "1,2,3;4,5,6;7,8,9|1,2,3;4,5,6;7,8,9|1,2,3;4,5,6;7,8,9"])
def test_cells_of_another_size_or_depth_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="This picture"):
        read_cells(text, 1)


@pytest.mark.parametrize("text", ["1,2~1", ",".join("1" * 8), "1~1~1~1~1"])
def test_kernels_that_do_not_belong_together_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_kernels(text, 1)


def test_code_and_picture_are_of_the_pinned_cell() -> None:
    several = StepSettings(np.ones((6, 6, 3)), np.ones((2, 3, 3, 3)))
    assert shown_cell(several, settings.PIN.parse("o1,2,3"), None) == (1, 2, 3)
    assert shown_cell(several, None, 1) == (0, 0, 0)
    assert shown_cell(several, None, 4) == (1, 0, 1)
    assert shown_cell(several, settings.PIN.parse("i0,2,2"), 99) == (1, 3, 3)


@pytest.mark.parametrize("pin", ["o0,4,0", "o1,0,0", "i0,6,0", "i1,0,0", "w0,0,3,0"])
def test_a_pin_that_these_settings_do_not_have_is_not_shown(pin: str) -> None:
    assert data(open_page(s_pin=pin))["pin"] is None


def test_the_code_tab_runs_and_gives_the_cell() -> None:
    app = open_page(s_pin="o0,2,3", s_tab="Code")
    settled = shown(app)
    numpy_text = next(code.value for code in app.code if "numpy" in code.value)
    names: dict[str, Any] = {}
    exec(numpy_text, names)
    assert names["value"] == pytest.approx(settled.output()[0, 2, 3])


def experiment(title: str) -> AppTest:
    number = [each.title for each in EXPERIMENTS].index(title)
    return press(open_page(), f"s_try_{number}")


def test_an_edge_gives_36_and_0() -> None:
    assert set(shown(experiment("Walk over an edge")).output().ravel()) == {0, 36}


def test_the_pinned_cell_feeds_as_often_as_the_text_says() -> None:
    from cnnviz.core.steps.sums import uses_of_input

    app = experiment("Find the copies in the padding")
    place = data(app)["pin"]
    settled = shown(app)
    cell = place["py"] - settled.padding[0], place["px"] - settled.padding[2]

    def how_often(of: StepSettings) -> dict[int, set[tuple[int, int]]]:
        fed = [(use.y, use.x) for use in uses_of_input(of, *cell)]
        return {times: {one for one in fed if fed.count(one) == times} for times in map(fed.count, fed)}

    found = how_often(settled)
    assert set(found) == {1, 2, 4}
    assert found[4] == {(0, 0)}
    app.selectbox(key="s_padmode").set_value("zeros")
    assert set(how_often(shown(fine(app.run())))) == {1}


def test_a_row_and_a_column_are_lost_and_7_by_9_loses_none() -> None:
    from cnnviz.core.steps.sums import dropped_cells

    app = experiment("Lose a row and a column")
    assert [len(lost) for lost in dropped_cells(shown(app))] == [1, 1]
    app.slider(key="s_rows").set_value(7)
    app.slider(key="s_cols").set_value(9)
    assert dropped_cells(shown(fine(app.run()))) == ((), ())


def test_the_shared_weight_has_the_nodes_that_the_text_says() -> None:
    app = experiment("Share a weight")
    first = shown(app)
    assert (first.image.size, first.output().size, first.kernels.size) == (49, 9, 9)
    app.slider(key="s_sy").set_value(1)
    app.slider(key="s_sx").set_value(1)
    assert shown(fine(app.run())).output().size == 25


def test_rings_overlap_to_two_and_stamps_of_ones_to_four() -> None:
    assert shown(experiment("Let stamps overlap")).output().max() == 2
    assert set(shown(experiment("Make a checkerboard")).output().ravel()) == {1, 2, 4}


def test_the_fibre_is_6_6_3_to_4_4_2() -> None:
    assert shown(experiment("Fill a fibre")).shape_text == "6×6×3 → 4×4×2"
