"""The controls of the page "Train", their link parameters, and the settings of a run that they make."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import streamlit as st

from cnnviz.components.gradient_flow import SHOWS
from cnnviz.core.datasets.table import DATASETS, Dataset, shapes_id
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.controls import CONTROLS as TABLE
from cnnviz.engine.config.controls import GROUPS, Group
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.settings import settings as limits
from cnnviz.ui.kit.controls import Choice, Number, Tabs
from cnnviz.ui.kit.link import Linked, Part
from cnnviz.ui.kit.state import OPENED_AT, PageState
from cnnviz.ui.kit.values import cell, joined, one_of, whole
from cnnviz.ui.network_stack import StackControl
from cnnviz.ui.picture.sources import SHARED
from cnnviz.ui.train.scale import Scale
from cnnviz.ui.train.setting_controls import SettingControl, control_for, key_of, text_of

DEFAULT = TrainConfig()
SETTLED = 3.0  # seconds
BEYOND_EPOCHS = 1e7  # more than any run has

DATA = Choice(
    key_of("dataset"),
    TABLE["dataset"].label,
    {name: data.title.partition(":")[0] for name, data in DATASETS.items()},
    DEFAULT.dataset if DEFAULT.dataset in DATASETS else next(iter(DATASETS)),
    TABLE["dataset"].about,
    kind="select",
)
SHAPE_SIDE = Scale(
    "t_side",
    "Side of a picture",
    (16, 24, 32, 40, 48, 56, 64),
    32,
    16,
    64,
    "Pixels. Larger shapes cost more time a step.",
    whole=True,
)
SHAPE_COUNT = Scale(
    "t_drawn",
    "Pictures drawn",
    (200, 500, 1000, 2000, 4000, 8000),
    4000,
    200,
    8000,
    "To learn from; a fifth as many to test.",
    whole=True,
)
CLASS: Linked[int] = Linked(
    key_of("binary_class"), 0, whole(int(TABLE["binary_class"].low), int(TABLE["binary_class"].high)), str
)
EPOCHS = Scale(
    key_of("max_steps"),
    TABLE["max_steps"].label,
    tuple(TABLE["max_steps"].stops),
    10,
    1 / BEYOND_EPOCHS,
    BEYOND_EPOCHS,
    f"{TABLE['max_steps'].about} A run ends after {limits.max_steps:,} steps in any case.",
)
_SPECIAL: Mapping[str, Part[Any]] = {"dataset": DATA, "binary_class": CLASS, "max_steps": EPOCHS}
CONTROLS: Mapping[str, SettingControl] = {
    name: control_for(name) for name, entry in TABLE.items() if entry.link and name not in _SPECIAL
}
"""The control of each setting that is taken over as it stands; the data, the class and the end are not."""
_RATE = cast(Scale, CONTROLS["rate"])

PIN = Choice(
    "t_pic", "Pinned picture", {"test": "a test picture", "own": "the picture above"}, "test", kind="select"
)
PIN_AT = Number("t_pin", "Number", 0, 9999, 0, kind="box", help="Its place among the test pictures.")

SPLIT = Choice(
    "t_split",
    "Confusion on",
    {"validation": "validation pictures", "test": "test pictures"},
    "validation",
    "Validation is measured while the run goes on. The test pictures are for the end.",
)

RANGE: Linked[str] = Linked("t_range", "unit", one_of("unit", "layer", "all"), str)
FLOW: Linked[str] = Linked("t_flow", "norm", one_of(*SHOWS), str)
AXIS: Linked[str] = Linked("t_axis", "linear", one_of("linear", "log"), str)
ONLY: Linked[str] = Linked("t_only", "all", one_of("all", "wrong"), str)
SHARE: Linked[str] = Linked("t_cells", "count", one_of("count", "share"), str)
CELL: Linked[tuple[int, int] | None] = Linked("t_cell", None, cell(99, "-"), joined("-"))
TABS = Tabs(
    "t_tab",
    ("Gradient flow", "Test pictures", "Confusion", "Slow motion", "Gallery of failures", "Keep"),
)


def data() -> Dataset:
    """The chosen data set; shapes are drawn as large and as many as their controls say."""
    if DATA.get() != "shapes":
        return DATASETS[DATA.get()]
    return DATASETS[shapes_id(int(SHAPE_SIDE.get() or 32), int(SHAPE_COUNT.get() or 4000))]


def fit(spec: NetSpec) -> NetSpec:
    """A preset for the chosen pictures: their shape goes in, and a number for each class comes out."""
    chosen = data()
    return fitted(spec, chosen.shape, len(chosen.classes))


@lru_cache(maxsize=256)
def fitted(spec: NetSpec, shape: tuple[int, int, int], classes: int) -> NetSpec:
    """`spec` for pictures of this (C, H, W) and so many classes."""
    return DEFAULT.changed(net=spec).fitted(shape, classes).net


IDS = tuple(entry.id for entry in PRESETS.values() if "train" in entry.pages)
STACK = StackControl("t", IDS, "small", edit_input=False, fit=fit)

STATE = PageState(
    "t",
    *(DATA, SHAPE_SIDE, SHAPE_COUNT),
    STACK,  # after the data, which it is made to fit
    *(CLASS, EPOCHS, *CONTROLS.values()),
    *(PIN, PIN_AT, SPLIT, RANGE, FLOW, AXIS, ONLY, SHARE, CELL, TABS),
    shared=SHARED,
)


def config() -> TrainConfig:
    """The settings of the next run, as the controls stand. The stack may not fit; `problems` says so."""
    chosen = data()
    given = TrainConfig.from_dict(
        {
            "net": STACK.get(),
            "dataset": chosen.id,
            "binary_class": min(CLASS.get(), len(chosen.classes) - 1),
            "device": limits.device,
            **{name: control.get() for name, control in CONTROLS.items()},
        }
    )
    return given.changed(max_steps=_steps(given, EPOCHS.get() or 1))


def _steps(given: TrainConfig, epochs: float) -> int:
    steps = round(epochs * given.steps_per_epoch(train_count(given.dataset)))
    return min(max(steps, 1), limits.max_steps)


def _epochs(given: TrainConfig, steps: int) -> float:
    """So many steps in epochs: the shortest decimal that means just these."""
    each = given.steps_per_epoch(train_count(given.dataset))
    rounded = (float(f"{steps / each:.{digits}g}") for digits in range(1, 17))
    return next((epochs for epochs in rounded if round(epochs * each) == steps), steps / each)


@lru_cache(maxsize=16)
def train_count(dataset: str) -> int:
    """Training pictures of a data set."""
    return len(DATASETS[dataset].load().train.labels)


def just_set() -> bool:
    """Whether the page has set the controls a moment ago: the browser may still send the old values."""
    return time.monotonic() - float(st.session_state.get(OPENED_AT, -SETTLED)) < SETTLED


def slow_down(rate: float) -> None:
    """Set the rate alone; in a callback."""
    st.session_state[OPENED_AT] = time.monotonic()
    _RATE.set(rate)


def take(given: TrainConfig) -> None:
    """Set all controls to these settings; in a callback. Each then has the very value that is trained."""
    st.session_state[OPENED_AT] = time.monotonic()
    DATA.set(given.dataset.partition("-")[0] if given.dataset.startswith("shapes") else given.dataset)
    if given.dataset.startswith("shapes"):
        SHAPE_SIDE.set(DATASETS[given.dataset].options.size)
        SHAPE_COUNT.set(DATASETS[given.dataset].options.number)
    STACK.set(given.net)
    STACK.select(None)
    CLASS.set(given.binary_class)
    for name, control in CONTROLS.items():
        control.set(getattr(given, name))
    if given.max_steps:
        EPOCHS.set(_epochs(given, given.max_steps))


def group_title(group: Group) -> str:
    """The title of a group: what always stands there, and each value that is not the default."""
    parts = [text for name, entry in TABLE.items() if entry.group == group and (text := _in_title(name))]
    return ": ".join([GROUPS[group], " · ".join(parts)]) if parts else GROUPS[group]


def _in_title(name: str) -> str:
    if name == "dataset":
        return DATASETS[DATA.get()].title
    if name == "max_steps":
        return f"{EPOCHS.get() or 0:g} epochs"
    if name not in CONTROLS:
        return ""
    value = CONTROLS[name].get()
    return text_of(name, value) if TABLE[name].in_title or value != TABLE[name].default else ""
