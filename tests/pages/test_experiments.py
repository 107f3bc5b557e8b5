"""Every "try this" is a link: a press and the opened link show the same, whatever stood there before."""

from __future__ import annotations

import importlib
import time
from typing import Any

import pytest
from app_pages import PAGES, AppPage
from apptest import fine, linked, open_page, press, views
from streamlit.testing.v1 import AppTest

from cnnviz.ui.jobs import DEADLINE
from cnnviz.ui.kit.controls import Choice, Number, Switch, Tabs
from cnnviz.ui.kit.link import Part
from cnnviz.ui.kit.page import Experiment
from cnnviz.ui.kit.state import PageState

FOLDERS = {page.path: f"cnnviz.ui.{page.path}" for page in PAGES if page.path}
CASES = [
    (page, number, experiment)
    for page in PAGES
    if page.path
    for number, experiment in enumerate(
        importlib.import_module(f"{FOLDERS[page.path]}.experiments").EXPERIMENTS
    )
]
each_experiment = pytest.mark.parametrize(
    ("page", "number", "experiment"), CASES, ids=[f"{page.path}-{number}" for page, number, _ in CASES]
)
PASSING = (
    "digest",
    "version",
    "token",
    "turn",
)  # of the moment, or of a picture that is compared by its name


def state_of(page: AppPage) -> PageState:
    state: PageState = importlib.import_module(f"{FOLDERS[page.path]}.settings").STATE
    return state


def pressed(params: dict[str, str], page: AppPage, number: int) -> AppTest:
    """The page by this link, and then a press of its experiment."""
    return press(open_page(page.script, params), f"{state_of(page).prefix}_try_{number}")


def another(part: Part[Any]) -> Any:
    """A value of a control that is not its default; None where no other is known."""
    if isinstance(part, Choice):
        return [name for name in part.options if name != part.default][-1]
    if isinstance(part, Tabs):
        return part.names[-1]
    if isinstance(part, Switch):
        return not part.default
    if isinstance(part, Number):
        return part.low if part.low != part.default else part.high
    return None


def changed(page: AppPage) -> dict[str, str]:
    """A link on which every control of the page stands somewhere else."""
    found = {}
    for part in state_of(page).parts:
        text = None if another(part) is None else part.to_link(another(part))
        if text is not None:
            found[part.key] = text
    return found


def settings_of(app: AppTest, page: AppPage) -> dict[str, Any]:
    """Each part that the page has drawn or read: what the session holds of it."""
    state = state_of(page)
    parts = (*state.shared, *state.parts)
    return {part.key: app.session_state[part.key] for part in parts if part.key in app.session_state}


def view_data(app: AppTest) -> dict[str, Any]:
    """What the views are given."""
    return {
        key: {name: value for name, value in data.items() if name not in PASSING}
        for key, data in views(app).items()
    }


def link_of(app: AppTest) -> dict[str, str]:
    return {name: linked(app, name) or "" for name in app.query_params}


def wait_for_answers(*apps: AppTest) -> None:
    """Run the pages until all of them show the same views: some wait for a job in a child process."""
    deadline = time.monotonic() + DEADLINE
    while len({frozenset(views(app)) for app in apps}) > 1 and time.monotonic() < deadline:
        for app in apps:
            fine(app.run())
        time.sleep(0.2)


def same(page: AppPage, by_press: AppTest, by_link: AppTest) -> None:
    wait_for_answers(by_press, by_link)
    pressed_settings, linked_settings = settings_of(by_press, page), settings_of(by_link, page)
    drawn = set(pressed_settings) & set(linked_settings)
    assert {key: pressed_settings[key] for key in drawn} == {key: linked_settings[key] for key in drawn}
    assert view_data(by_press) == view_data(by_link)
    assert link_of(by_press) == link_of(by_link)


@each_experiment
def test_a_press_and_its_link_show_the_same(page: AppPage, number: int, experiment: Experiment) -> None:
    by_press = pressed({}, page, number)
    by_link = open_page(page.script, experiment.params)
    same(page, by_press, by_link)


@each_experiment
def test_a_press_shows_the_same_whatever_stood_there(
    page: AppPage, number: int, experiment: Experiment
) -> None:
    before = changed(page)
    assert len(before) > 3 or page.path == "network"
    by_press = pressed(before, page, number)
    same(page, by_press, open_page(page.script, experiment.params))


@each_experiment
def test_a_receiver_of_the_copied_link_sees_the_same(
    page: AppPage, number: int, experiment: Experiment
) -> None:
    by_press = pressed({}, page, number)
    same(page, by_press, open_page(page.script, link_of(by_press)))


@each_experiment
def test_an_experiment_names_only_what_its_page_has(
    page: AppPage, number: int, experiment: Experiment
) -> None:
    """Each parameter is one of the page's, has a value, and is not the default, which needs no name."""
    state = state_of(page)
    for key, text in experiment.params.items():
        part = state.part(key)
        assert part.from_link(text) is not None
    with pytest.raises(KeyError):
        state.open({"no_such_parameter": "1"})
