"""The stack control: presets, link, JSON in and out, and what the editor reports."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from apptest import linked, run_script
from streamlit.testing.v1 import AppTest

from cnnviz.core.networks.layers import Conv, Dense, Flatten, MaxPool, Residual
from cnnviz.core.networks.presets import PRESETS, find_preset
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import stack_text
from cnnviz.ui.network_stack import StackControl
from cnnviz.ui.network_stack.exchange import read_file
from cnnviz.ui.network_stack.rows import editor_rows

LENET = PRESETS["lenet5"].spec
SMALL = NetSpec((1, 8, 8), (Conv(4), MaxPool(), Flatten(), Dense(10)))
BAD = NetSpec((1, 8, 8), (Conv(4, kernel=(9, 9)), Flatten(), Dense(10)))


def script() -> None:
    """A page with one stack; what it is stands in a text, as JSON."""
    import json

    import streamlit as st

    from cnnviz.components.base import library
    from cnnviz.ui.network_stack import StackControl

    library()
    control = StackControl("x", ("lenet5", "tiny_vgg", "small"), "lenet5", types=lambda: ("conv", "relu"))
    control.get()
    for name in ("choose", "reset", "select", "edit"):
        if name in st.session_state:
            getattr(control, name)(*st.session_state.pop(name))
    spec = control.draw(lambda spec: {(0,): f"{len(spec.layers)}"})
    preset = control.preset()
    st.text(json.dumps([spec.to_dict(), preset.id if preset else None, control.selected()]))


def page(**query: str) -> AppTest:
    return run_script(script, query)


def read(app: AppTest) -> tuple[NetSpec, str | None, list[int] | None]:
    assert not app.exception
    spec, preset, selected = json.loads(app.text[0].value)
    return NetSpec.from_dict(spec), preset, selected


def doing(app: AppTest, name: str, *values: Any) -> AppTest:
    app.session_state[name] = values
    return app.run()


def test_it_begins_with_its_default_and_an_empty_link() -> None:
    app = page()
    assert read(app) == (LENET, "lenet5", None)
    assert linked(app, "x_stack") is None
    assert app.selectbox[0].options == ["LeNet-5", "Tiny VGG", "Small, two convolutions"]


@pytest.mark.parametrize("spec", [SMALL, BAD, PRESETS["deep_residual"].spec, NetSpec((3, 1, 1))])
def test_a_link_gives_the_stack_legal_or_not(spec: NetSpec) -> None:
    app = page(x_stack=stack_text(spec), x_layer="1")
    assert read(app) == (spec, None, [0] if spec.layers else None)
    assert app.selectbox[0].value == "own"


def test_a_preset_stands_in_the_link_by_its_name() -> None:
    app = page(x_stack="tiny_vgg")
    assert read(app)[:2] == (PRESETS["tiny_vgg"].spec, "tiny_vgg")
    assert linked(app, "x_stack") == "tiny_vgg"


def test_a_link_with_a_preset_s_former_name_opens_it() -> None:
    app = page(x_stack="seed_pool")
    assert read(app)[0] == PRESETS["tutorial_pool"].spec
    old = ("dense", "dropout", "direct", "single", "pool", "no_pool")
    assert all(find_preset(f"seed_{name}") is PRESETS[f"tutorial_{name}"] for name in old)
    assert find_preset("seed_nothing") is None


@pytest.mark.parametrize("text", ["", "x", "1x28x28~nonsense", "1x28~conv", "(", "1x28x28~conv-k9999"])
def test_a_link_without_meaning_gives_the_default(text: str) -> None:
    assert read(page(x_stack=text))[0] == LENET


@pytest.mark.parametrize(
    ("text", "want"),
    [("input", []), ("12", [11]), ("13", None), ("0", None), ("2.1", None), ("x", None), ("1..2", None)],
)
def test_the_selected_layer_is_in_the_link(text: str, want: list[int] | None) -> None:
    assert read(page(x_layer=text))[2] == want


def test_choosing_a_preset_replaces_the_stack_and_the_link() -> None:
    app = page(x_layer="3")
    app.selectbox[0].set_value("tiny_vgg")
    assert read(app.run()) == (PRESETS["tiny_vgg"].spec, "tiny_vgg", None)
    assert linked(app, "x_stack") == "tiny_vgg"
    app.selectbox[0].set_value("lenet5")
    assert read(app.run())[:2] == (LENET, "lenet5")
    assert linked(app, "x_stack") is None


def test_an_edit_counts_and_the_menu_says_own() -> None:
    app = doing(page(), "edit", SMALL.to_dict(), (1,))
    assert read(app) == (SMALL, None, [1])
    assert app.selectbox[0].value == "own"
    assert linked(app, "x_stack") == stack_text(SMALL)
    assert linked(app, "x_layer") == "2"
    app = doing(app, "edit", LENET.to_dict(), None)
    assert read(app) == (LENET, "lenet5", None)
    assert "own" not in app.selectbox[0].options


def test_an_illegal_stack_is_kept() -> None:
    assert read(doing(page(), "edit", BAD.to_dict(), None))[0] == BAD


@pytest.mark.parametrize("spec", [None, "x", {"input": [1, 8, 8]}, {"input": [1, 8, 8], "layers": [{}]}])
def test_a_report_that_is_no_stack_gets_a_sentence_and_changes_nothing(spec: object) -> None:
    app = doing(page(), "edit", spec, None)
    assert read(app)[0] == LENET
    assert len(app.warning) == 1
    assert app.warning[0].value.endswith(".")
    assert not app.run().warning


def test_select_choose_and_reset() -> None:
    app = doing(page(), "select", (2,))
    assert read(app)[2] == [2]
    app = doing(app, "choose", "small")
    assert read(app) == (PRESETS["small"].spec, "small", None)
    assert read(doing(app, "reset"))[:2] == (LENET, "lenet5")


def open_json(app: AppTest) -> AppTest:
    app.session_state["x_json"] = True
    return app.run()


def test_the_json_shows_the_stack_and_follows_it() -> None:
    app = open_json(page())
    assert NetSpec.from_json(app.text_area[0].value) == LENET
    assert NetSpec.from_json(doing(app, "choose", "small").text_area[0].value) == PRESETS["small"].spec


def test_pasted_json_replaces_the_stack() -> None:
    app = open_json(page())
    app.text_area[0].set_value(json.dumps(SMALL.to_dict()))
    assert read(app.run())[0] == SMALL
    assert not app.error
    assert app.text_area[0].value == SMALL.to_json()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"input": [1, 8, 8], "layers": [{"type": "x"}]}', "[" * 5000, "9" * 5000]
)
def test_bad_json_gets_one_sentence_and_the_old_stack_stays(text: str) -> None:
    app = open_json(page())
    app.text_area[0].set_value(text)
    assert read(app.run())[0] == LENET
    assert [error.value.count(". ") for error in app.error] == [0]
    assert app.error[0].value.endswith(".")
    assert app.text_area[0].value == text, "what was typed stays, to be mended"
    app.text_area[0].set_value(SMALL.to_json())
    assert read(app.run())[0] == SMALL
    assert not app.error


def upload(app: AppTest, data: bytes) -> AppTest:
    app.file_uploader[0].upload("network.json", data, "application/json")
    return app.run()


def test_a_file_replaces_the_stack() -> None:
    app = upload(open_json(page()), b"\xef\xbb\xbf" + SMALL.to_json().encode())
    assert read(app)[0] == SMALL
    app = doing(app, "choose", "small")
    assert read(app)[0] == PRESETS["small"].spec, "the file is read once, not at every run"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe0", b"{}", b" " * 600_000])
def test_a_bad_file_gets_one_sentence_and_the_old_stack_stays(data: bytes) -> None:
    app = upload(open_json(page()), data)
    assert read(app)[0] == LENET
    assert [error.value[-1] for error in app.error] == ["."]


def test_a_large_file_is_refused_before_any_of_it_is_read() -> None:
    content = b"[" * 20_000_000
    tracemalloc.start()
    with pytest.raises(ValueError, match="too long"):
        read_file(content)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000  # as text it would be 20 MB


def test_the_prefix_keeps_two_stacks_apart() -> None:
    one, two = StackControl("a", ("small",), "small"), StackControl("b", ("small",), "small")
    assert {part.key for part in one.parts}.isdisjoint(part.key for part in two.parts)


def test_a_row_for_every_layer_also_inside_blocks() -> None:
    spec = PRESETS["deep_residual"].spec
    rows = {row.path: row for row in editor_rows(spec, {(0,): "3×3"})}
    assert rows[0,].extra == "3×3"
    assert [rows[n,].output for n in range(len(spec.layers))] == spec.shapes()
    for n, layer in enumerate(spec.layers):
        if isinstance(layer, Residual):
            assert [rows[n, at].output for at in range(len(layer.layers))] == layer.inner_shapes(
                spec.shapes()[n - 1]
            )


def test_a_problem_stands_at_the_layer_that_causes_it_with_settings_that_work() -> None:
    rows = editor_rows(BAD)
    assert [bool(row.problem) for row in rows] == [True, False, False]
    assert [row.output for row in rows] == [None, None, None]
    assert rows[0].problem[0].isupper()
    assert rows[0].fixes
    for fix in rows[0].fixes:
        mended = NetSpec(BAD.input, (BAD.layers[0].changed(**fix), *BAD.layers[1:]))
        assert mended.problems() == []


def test_a_problem_in_a_block_stands_at_the_inner_layer() -> None:
    block = Residual((Conv(1, padding=(1, 1)), Conv(1, kernel=(9, 9))))
    rows = {row.path: row for row in editor_rows(NetSpec((1, 4, 4), (block, Flatten())))}
    assert rows[0, 1].problem
    assert not rows[0,].problem
    assert rows[0, 0].output == (1, 4, 4)
    assert rows[0,].output is rows[1,].output is None


def test_a_block_that_changes_the_shape_says_so_itself() -> None:
    rows = editor_rows(NetSpec((1, 4, 4), (Residual((Conv(2, padding=(1, 1)),)),)))
    assert [bool(row.problem) for row in rows] == [True, False]
    assert rows[0].fixes == ({"shortcut": "projection"},)


def test_a_notice_in_a_block_is_said_once() -> None:
    block = Residual((MaxPool(), Conv(1)), shortcut="projection")
    rows = editor_rows(NetSpec((1, 9, 9), (block,)))
    assert [bool(row.notice) for row in rows][:2] == [False, True]


def fitted() -> None:
    """A page whose presets all get another input."""
    import json

    import streamlit as st

    from cnnviz.core.networks.spec import NetSpec
    from cnnviz.ui.network_stack import StackControl

    control = StackControl(
        "x", ("small", "lenet5"), "small", fit=lambda spec: NetSpec((2, 40, 40), spec.layers)
    )
    if "choose" in st.session_state:
        control.choose(st.session_state.pop("choose"))
    control.draw_presets()
    preset = control.preset()
    st.text(json.dumps([control.get().to_dict(), preset.id if preset else None, control.selected()]))


@pytest.mark.parametrize("name", ["small", "lenet5"])
def test_a_preset_is_fitted_wherever_it_comes_from(name: str) -> None:
    want = NetSpec((2, 40, 40), PRESETS[name].spec.layers)
    app = AppTest.from_function(fitted)
    app.query_params["x_stack"] = name
    assert read(app.run())[:2] == (want, name)
    app = AppTest.from_function(fitted).run()
    app.session_state["choose"] = name
    assert read(app.run())[:2] == (want, name)
    assert linked(app, "x_stack") == (None if name == "small" else name)
