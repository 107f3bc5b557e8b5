"""Links that people have written down go on to mean what they meant.

`old_links.json` holds what links could carry in November 2026, before the labels were gone through: the text
of every choice with its id, the names of tabs, and the ids of networks. Nothing is ever taken out of it.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from app_pages import PAGES
from apptest import linked, open_page

from cnnviz.ui.kit.controls import Choice, Tabs
from cnnviz.ui.kit.state import PageState

OLD = json.loads((Path(__file__).parent / "old_links.json").read_text(encoding="utf-8"))
BY_PATH = {page.path: page for page in PAGES}
STATES: dict[str, PageState] = {
    state.prefix: state
    for path in BY_PATH
    if path
    for state in [importlib.import_module(f"cnnviz.ui.{path}.settings").STATE]
}


def part(key: str) -> Any:
    prefix = key.partition("_")[0]
    return STATES.get(prefix, STATES["f"]).part(key)


@pytest.mark.parametrize("key", OLD["choices"])
def test_every_old_label_means_its_option(key: str) -> None:
    choice = part(key)
    assert isinstance(choice, Choice)
    for label, option in OLD["choices"][key].items():
        assert choice.from_link(label) == option
        assert OLD["choices"][key].get(choice.options[option], option) == option


@pytest.mark.parametrize("key", OLD["tabs"])
def test_every_old_tab_is_there(key: str) -> None:
    tabs = part(key)
    assert isinstance(tabs, Tabs)
    assert [tabs.names.index(tabs.from_link(name)) for name in OLD["tabs"][key]] == list(
        range(len(OLD["tabs"][key]))
    )


@pytest.mark.parametrize("key", ["n_stack", "r_stack", "t_stack"])
def test_every_old_network_is_known(key: str) -> None:
    for preset in OLD["presets"]:
        assert part(key).from_link(preset).layers


def test_no_label_is_another_option_s_id_or_old_label() -> None:
    for state in STATES.values():
        for one in state.parts:
            if isinstance(one, Choice):
                for name, label in one.options.items():
                    assert one.options.get(label, label) == label, (one.key, label)
                    assert one.aliases.get(label, name) == name, (one.key, label)


LINKS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("", {"pic": "rings", "px": "256"}, {"pic": "rings", "px": "256"}),
    (
        "filter",
        {"f_kernel": "gaussian", "f_gaussian_sigma": "2.5", "f_pad": "amount", "f_pad_y": "3"}
        | {"f_channels": "one 3-D kernel", "f_show": "shift by 128", "f_colours": "ink-teal-yellow"}
        | {"f_pin": "3,4", "f_tab": "Code"},
        {"f_kernel": "gaussian", "f_gaussian_sigma": 2.5, "f_pad": "amount", "f_pad_y": 3}
        | {"f_channels": "sum", "f_show": "shift", "f_colours": "ink", "f_pin": (3, 4), "f_tab": "Code"},
    ),
    (
        "step",
        {"s_mode": "several kernels", "s_kernel_maps": "upright and level edges", "s_pad": "each side"}
        | {"s_top": "2", "s_padmode": "reflect", "s_step": "4"},
        {"s_mode": "several", "s_kernel_maps": "edges", "s_pad": "sides", "s_top": 2, "s_step": 4}
        | {"s_padmode": "reflect"},
    ),
    (
        "activation",
        {"a_function": "Leaky ReLU", "a_leaky_relu_slope": "0.3", "a_kernel": "Upright line", "a_x": "-2"},
        {"a_function": "leaky_relu", "a_leaky_relu_slope": 0.3, "a_kernel": "line_vertical", "a_x": -2.0},
    ),
    (
        "pooling",
        {"p_view": "shift test", "p_field": "its Sobel map", "p_shift": "1,0,stay", "p_tab": "Every shift"},
        {"p_view": "shift", "p_field": "sobel", "p_shift": (1, 0, "stay"), "p_tab": "Every shift"},
    ),
    (
        "network",
        {"n_stack": "seed_direct", "n_look": "wr", "n_tab": "Output", "n_z": "1_-2"},
        {"n_z": (1.0, -2.0)},
    ),
    (
        "field",
        {"r_stack": "seed_pool", "r_guess": "off", "r_unit": "0,1", "r_tab": "Layer by layer"},
        {"r_guess": False, "r_unit": (0, 1)},
    ),
    (
        "train",
        {"t_opt": "SGD", "t_rate": "0.1", "t_end": "100", "t_axis": "log", "t_cell": "3-4"},
        {"t_rate": "0.1", "t_end": "100", "t_axis": "log", "t_cell": (3, 4)},
    ),
]


@pytest.mark.parametrize(("path", "params", "want"), LINKS, ids=[path or "home" for path, *_ in LINKS])
def test_an_old_link_shows_the_settings_it_meant(
    path: str, params: dict[str, str], want: dict[str, Any]
) -> None:
    app = open_page(BY_PATH[path].script if path else "", params)
    for key, value in want.items():
        held = app.session_state[key]
        assert (part(key)._value(held) if isinstance(part(key), Choice) else held) == value, key


@pytest.mark.parametrize(
    ("path", "key", "old", "now"),
    [
        ("filter", "f_pad", "amount", "custom"),
        ("filter", "f_kernel", "line_upright", "line_vertical"),
        ("step", "s_mode", "several", "several kernels"),
        ("step", "s_kernel", "line_level", "Horizontal line"),
    ],
)
def test_an_opened_old_link_is_written_as_today(path: str, key: str, old: str, now: str) -> None:
    """So that the address that the visitor copies is one of today; an id becomes the label too."""
    app = open_page(BY_PATH[path].script, {key: old})
    assert app.session_state[key] == now
    assert linked(app, key) == now
