"""The controls of the page "Train", their link parameters, and the settings of a run that they make."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from cnnviz.components.gradient_flow import SHOWS
from cnnviz.core.datasets.table import DATASETS, Dataset, shapes_id
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.controls import CONTROLS as TABLE
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.settings import settings as limits
from cnnviz.ui.kit.controls import Choice, Number, Switch, Tabs
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.state import OPENED_AT, PageState
from cnnviz.ui.kit.values import cell, joined, one_of, whole
from cnnviz.ui.network_stack import StackControl
from cnnviz.ui.picture.sources import SHARED
from cnnviz.ui.train.scale import Scale, decades, scale


def _choice(key: str, name: str) -> Choice:
    """A menu over the options of a setting of `TABLE`."""
    control = TABLE[name]
    default = str(getattr(DEFAULT, name))
    return Choice(key, control.label, control.options, default, control.about, kind="select")


DEFAULT = TrainConfig()
SETTLED = 3.0  # seconds
POWERS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

DATA = Choice(
    "t_data",
    "Pictures",
    {name: data.title.partition(":")[0] for name, data in DATASETS.items()},
    "fashion" if "fashion" in DATASETS else next(iter(DATASETS)),
    "What the network learns from.",
    kind="select",
)
SHAPE_SIDE = Number(
    "t_side", "Side of a picture", 16, 64, 32, 8, "Pixels. Larger shapes cost more time a step."
)
SHAPE_COUNT = scale(
    "t_drawn",
    "Pictures drawn",
    (200, 500, 1000, 2000, 4000, 8000),
    4000,
    "To learn from; a fifth as many to test.",
)
SIZE = scale(
    "t_size",
    "Training pictures",
    (20, 50, 100, 200, 500, 1000, 2000, 5000),
    None,
    "With few pictures a network learns them by heart: overfitting.",
    all_of_them=True,
)
NOISE = Number("t_noise", "Noise", 0, 1, 0, 0.05, TABLE["noise"].about)
WRONG = Number("t_wrong", "Wrong labels", 0, 1, 0, 0.05, TABLE["label_noise"].about)
SHUFFLE = Switch(
    "t_shuffle", "Shuffle all labels", help="The labels then have nothing to do with the pictures."
)

OUTPUT = _choice("t_out", "output")
OPTIMIZER = _choice("t_opt", "optimizer")
MOMENTUM = Number("t_mom", "Momentum", 0, 0.99, 0.9, 0.01, TABLE["momentum"].about)
L1 = scale("t_l1", "L1", (0, *decades(-6, -1, (1,))), 0, TABLE["l1"].about)
DECAY = scale("t_l2", "L2 (weight decay)", (0, *decades(-5, -1, (1, 3)), 0.3), 0, TABLE["weight_decay"].about)
DROP = Number("t_drop", "Dropout p", 0, 0.95, 0, 0.05, TABLE["drop"].about)
AUGMENT = _choice("t_aug", "augment")

RATE = scale("t_rate", "Learning rate", decades(-5, 2), 0.001, "Size of a step; the scale is logarithmic.")
SCHEDULE = _choice("t_sched", "schedule")
BATCH = scale("t_batch", "Batch", POWERS, 64, TABLE["batch"].about)
SEED = Number("t_seed", "Seed", 0, 9999, 0, help=TABLE["seed"].about, kind="box")
INIT = _choice("t_init", "init")
EPOCHS = scale(
    "t_end",
    "Ends after epochs",
    (1, 2, 3, 5, 10, 20, 50, 100),
    10,
    f"A schedule runs over this. A run ends after {limits.max_steps:,} steps in any case.",
)

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

WORDS = {"output": OUTPUT, "optimizer": OPTIMIZER, "augment": AUGMENT, "schedule": SCHEDULE, "init": INIT}
NUMBERS = {"momentum": MOMENTUM, "drop": DROP, "noise": NOISE, "label_noise": WRONG}
SCALES: Mapping[str, Scale] = {"rate": RATE, "l1": L1, "weight_decay": DECAY}


CLASS: Linked[int] = Linked("t_class", 0, whole(0, 99), str)
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
    return DATASETS[shapes_id(int(SHAPE_SIDE.get()), round(SHAPE_COUNT.number() or 4000))]


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
    *(DATA, SHAPE_SIDE, SHAPE_COUNT, SIZE, NOISE, WRONG, SHUFFLE),
    STACK,  # after the data, which it is made to fit
    *(OUTPUT, CLASS, OPTIMIZER, MOMENTUM, L1, DECAY, DROP, AUGMENT),
    *(RATE, SCHEDULE, BATCH, SEED, INIT, EPOCHS),
    *(PIN, PIN_AT, SPLIT, RANGE, FLOW, AXIS, ONLY, SHARE, CELL, TABS),
    shared=SHARED,
)


def config() -> TrainConfig:
    """The settings of the next run, as the controls stand. The stack may not fit; `problems` says so."""
    chosen, size = data(), SIZE.number()
    given = TrainConfig.from_dict(
        {
            "net": STACK.get(),
            "dataset": chosen.id,
            "binary_class": min(CLASS.get(), len(chosen.classes) - 1),
            "train_size": None if size is None else round(size),
            "batch": round(BATCH.number() or 1),
            "device": limits.device,
            "seed": int(SEED.get()),
            "shuffle_labels": SHUFFLE.get(),
            **{name: control.get() for name, control in WORDS.items()},
            **{name: control.get() for name, control in NUMBERS.items()},
            **{name: control.number() for name, control in SCALES.items()},
        }
    )
    return given.changed(max_steps=_steps(given, round(EPOCHS.number() or 1)))


def _steps(given: TrainConfig, epochs: int) -> int:
    return min(epochs * given.steps_per_epoch(train_count(given.dataset)), limits.max_steps)


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
    RATE.put(rate)


def take(given: TrainConfig) -> None:
    """Set all controls to these settings, a number to the nearest step of its slider; in a callback."""
    st.session_state[OPENED_AT] = time.monotonic()
    DATA.set(given.dataset.partition("-")[0] if given.dataset.startswith("shapes") else given.dataset)
    if given.dataset.startswith("shapes"):
        SHAPE_SIDE.set(DATASETS[given.dataset].options.size)
        SHAPE_COUNT.put(DATASETS[given.dataset].options.number)
    STACK.set(given.net)
    STACK.select(None)
    CLASS.set(given.binary_class)
    SIZE.put(given.train_size)
    BATCH.put(given.batch)
    SEED.set(given.seed)
    SHUFFLE.set(given.shuffle_labels)
    for name, word in WORDS.items():
        word.set(getattr(given, name))
    for name, number in NUMBERS.items():
        number.set(getattr(given, name))
    for name, one in SCALES.items():
        one.put(getattr(given, name))
    if given.max_steps:
        EPOCHS.put(given.max_steps / given.steps_per_epoch(train_count(given.dataset)))
