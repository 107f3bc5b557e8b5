"""Every page of app.py without a browser: controls at their ends, links without meaning, the way back."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import apptest
import pytest
from app_pages import PAGES, AppPage
from apptest import buttons, views
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

import cnnviz.ui
from cnnviz.core.kernels.library import KERNELS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.ui.kernel.photo import parameter_control
from cnnviz.ui.kit.controls import Choice, Number, Switch
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.network_stack import StackControl

FILTER = next(page for page in PAGES if page.path == "filter")
SMALL = {"px": "256", "pic": "letter_a"}  # quick to compute
NONSENSE = (
    "123456",
    "-1",
    "",
    "nope",
    "nan",
    "1e999",
    "-1,x",
    "1,2,3;4",
    "/sum",
    "🙂" * 200,
    "<b>&",
    "9" * 5000,
    "9" * 12_000 + "x",
    " " * 60_000,
)


def declared(*kinds: type) -> dict[str, Any]:
    """Key → every control or linked value of these kinds that a module of cnnviz.ui declares."""
    found = {}
    for info in pkgutil.walk_packages(cnnviz.ui.__path__, "cnnviz.ui."):
        for value in vars(importlib.import_module(info.name)).values():
            parts = (value, *value.parts) if isinstance(value, StackControl) else (value,)
            chosen = (part for part in parts if isinstance(part, kinds))
            found |= {part.prefix if isinstance(part, StackControl) else part.key: part for part in chosen}
    return found


def nonsense(part: Any, at: int) -> str:
    """The text at this place of NONSENSE, or the next one that means nothing here: 123456 is a kernel 1×1."""
    texts = (NONSENSE[(at + step) % len(NONSENSE)] for step in range(len(NONSENSE)))
    return next(text for text in texts if not (isinstance(part, Linked) and reads(part, text)))


def reads(linked: Linked[Any], text: str) -> bool:
    try:
        linked.parse(text)
    except ValueError:
        return False
    return True


def open_page(page: AppPage, query: dict[str, str] | None = None) -> AppTest:
    return fine(apptest.open_page(page.script if page.path else "", query))


def fine(app: AppTest) -> AppTest:
    """The app, which has raised nothing and stands under its title."""
    apptest.fine(app)
    assert len(app.title) == 1
    return app


def state(app: AppTest) -> dict[str, Any]:
    """What the page works with: the value of every declared control and linked value that it has drawn."""
    found = {}
    for key, value in declared(Choice, Number, Switch, Linked).items():
        if key in app.session_state:
            held = app.session_state[key]
            found[key] = value._value(held) if isinstance(value, Choice) else held
    for control in declared(StackControl).values():
        stack, layer = (part.key for part in control.parts)
        if layer in found and not has_layer(found[stack], found[layer]):
            found[layer] = None  # as the page takes it
    return found


def has_layer(spec: NetSpec, path: tuple[int, ...] | None) -> bool:
    layers = spec.layers
    for index in path or ():
        if index >= len(layers):
            return False
        layers = getattr(layers[index], "layers", ())
    return True


def extremes(app: AppTest) -> Iterator[tuple[str, str, Any]]:
    """(kind, key, value) for both ends of every widget on the page."""
    for kind in ("slider", "number_input"):
        for widget in getattr(app, kind):
            if not widget.disabled:
                yield from ((kind, widget.key, end) for end in (widget.min, widget.max))
    for kind in ("selectbox", "button_group"):
        for widget in getattr(app, kind):
            yield from ((kind, widget.key, option) for option in widget.options)
    for widget in app.toggle:
        yield from (("toggle", widget.key, value) for value in (not widget.value, widget.value))


def label(widget: Any) -> Any:
    """What a widget stands at; for a menu the option as it is written there."""
    return widget.options[widget.index] if isinstance(widget, Selectbox) else widget.value


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_stands(page: AppPage) -> None:
    app = open_page(page)
    assert not app.error
    assert not app.warning


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_control_reaches_both_ends(page: AppPage) -> None:
    """One after the other, so that later controls meet earlier ones at their ends."""
    app = open_page(page, SMALL)
    for kind, key, value in list(extremes(app)):
        widgets = {widget.key: widget for widget in getattr(app, kind)}
        if key not in widgets:  # another setting has taken it away
            continue
        widgets[key].set_value(value)
        fine(app.run())
        now = {widget.key: label(widget) for widget in getattr(app, kind)}
        assert now.get(key, value) == value


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_link_that_means_nothing_gives_the_defaults(page: AppPage) -> None:
    parts = declared(Choice, Number, Switch, Linked)
    defaults = state(open_page(page))
    for turn in range(0, len(NONSENSE), 2):
        given = {key: nonsense(part, at + turn) for at, (key, part) in enumerate(parts.items())}
        assert state(open_page(page, given)) == defaults, given


def test_a_number_out_of_bounds_counts_as_the_default() -> None:
    held = state(open_page(FILTER, {"f_stride": "99", "f_dilation": "0", "f_pad": "amount", "f_pad_y": "-5"}))
    assert [held[key] for key in ("f_stride", "f_dilation", "f_pad_y")] == [1, 1, 1]


def test_an_own_kernel_that_is_none_gives_the_first_one() -> None:
    app = open_page(FILTER, {"f_kernel": "own", "f_own": "1,2;x"})
    kernel = views(app)["f_view"]["kernel"]
    assert (kernel["rows"], kernel["cols"]) == (3, 3)


@pytest.mark.parametrize(("pin", "want"), [("3,4", [3, 4]), ("-1,x", None), ("1", None), ("1,2,3", None)])
def test_a_pinned_cell_comes_from_the_link(pin: str, want: list[int] | None) -> None:
    assert views(open_page(FILTER, {"f_pin": pin}))["f_view"]["pin"] == want


def test_kernel_parameters_reach_both_ends() -> None:
    app = open_page(FILTER, SMALL)
    for kernel in (kernel for kernel in KERNELS.values() if kernel.parameters):
        for end in ("low", "high"):
            app.session_state["f_kernel"] = kernel.id
            for parameter in kernel.parameters:
                app.session_state[parameter_control(kernel, parameter).key] = getattr(parameter, end)
            shown = views(fine(app.run()))["f_view"]["kernel"]
            want = kernel.make(**{p.name: getattr(p, end) for p in kernel.parameters})
            assert (shown["rows"], shown["cols"]) == want.shape, (kernel.id, end)
            assert shown["slices"][0] == pytest.approx(want.ravel(), abs=1e-6), (kernel.id, end)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_leaving_and_coming_back_keeps_every_setting(page: AppPage) -> None:
    query = {"pic": "rings", "px": "256", "f_kernel": "own", "f_own": "1,2;3,4;5,6/sum", "f_pin": "3,5"}
    query |= {"f_stride": "2", "f_channels": "each by itself", "f_flip": "true", "f_layout": "slider"}
    app = open_page(page, query)
    before = state(app)
    assert before["pic"] == "rings"
    for other in PAGES:
        if other == page:
            continue
        app.switch_page(other.script)
        fine(app.run())
        app.switch_page(page.script)
        fine(app.run())
        assert {key: value for key, value in state(app).items() if key in before} == before


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_experiment_changes_something(page: AppPage) -> None:
    app = open_page(page, SMALL)
    for key in buttons(app, "_try_"):
        before = state(app)
        next(button for button in app.button if button.key == key).click()
        assert state(fine(app.run())) != before, key


def test_the_filter_page_has_at_least_four_experiments() -> None:
    assert len(buttons(open_page(FILTER), "_try_")) >= 4
