"""The groups of controls beside the live view: the data, and the four choices that make a training run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.layers import Dense, Flatten, Layer
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.controls import CONTROLS as TABLE
from cnnviz.engine.config.controls import GROUPS, Group
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.train import settings
from cnnviz.ui.train.settings import CLASS, DATA, STACK


def draw(on_live: Callable[[str], None]) -> None:
    """Draw all groups. `on_live` is called with the name of a setting that a run takes over at once."""
    _expander(0, settings.group_title("data"), lambda: _group("data", on_live))
    _expander(1, f"**1** {_architecture_title()}", STACK.draw)
    others = [group for group in GROUPS if group != "data" and _drawn(group)]
    for number, group in enumerate(others, 2):
        title = f"**{number}** {settings.group_title(group)}"
        _expander(number, title, lambda group=group: _group(group, on_live))  # type: ignore[misc]


def _expander(number: int, title: str, body: Callable[[], object]) -> None:
    with st.expander(title, key=f"t_group_{number}"):
        body()


def _drawn(group: Group) -> list[str]:
    """The settings of a group that the page has a control for."""
    return [name for name, entry in TABLE.items() if entry.group == group and entry.link]


def _group(group: Group, on_live: Callable[[str], None]) -> None:
    """The controls of a group in the order of the table, and which of them a run takes over at once."""
    names = _drawn(group)
    for name in names:
        if name in SPECIAL:
            SPECIAL[name]()
        else:
            changed = partial(on_live, name) if TABLE[name].live else None
            settings.CONTROLS[name].draw(on_change=changed)
    if live := [TABLE[name].label for name in names if TABLE[name].live]:
        *others, last = live
        labels = f"{', '.join(others)} and {last} take" if others else f"{last} takes"
        st.caption(f"{labels} effect at once, also while a run goes on.")


def _dataset() -> None:
    before = settings.data()
    DATA.draw(on_change=lambda: _refit(before.id))
    if DATA.get() == "shapes":
        settings.SHAPE_SIDE.draw(on_change=lambda: _refit(before.id))
        settings.SHAPE_COUNT.draw()
    st.caption(_about_data())


def _about_data() -> str:
    chosen = settings.data()
    shape = "×".join(map(str, chosen.shape))
    return f"{chosen.about} Pictures of {shape} in {len(chosen.classes)} classes. {chosen.licence}."


def _refit(before: str) -> None:
    """Other pictures: a network that fitted those before is made to fit these."""
    old, spec = DATASETS[before], STACK.get()
    if settings.fitted(spec, old.shape, len(old.classes)) == spec:
        STACK.set(settings.fit(spec))


def _architecture_title() -> str:
    spec, preset = STACK.get(), STACK.preset()
    name = preset.title if preset else "your own network"
    return f"Architecture: {name}" + (
        "" if spec.problems() else f", {sum(spec.parameter_counts()):,} weights"
    )


def _output() -> None:
    output = settings.CONTROLS["output"].draw()
    st.caption(OUTPUTS[str(output)])


def _class() -> None:
    """The menu of classes, for an output of one node."""
    if settings.CONTROLS["output"].get() != "binary":
        return
    classes, key = settings.data().classes, f"{CLASS.key}_menu"
    st.session_state[key] = min(CLASS.get(), len(classes) - 1)
    st.selectbox(
        TABLE["binary_class"].label,
        range(len(classes)),
        format_func=lambda number: classes[number],
        key=key,
        help=TABLE["binary_class"].about,
        on_change=lambda: CLASS.set(st.session_state[key]),
    )


SPECIAL: Mapping[str, Callable[[], object]] = {
    "dataset": _dataset,
    "output": _output,
    "binary_class": _class,
    "max_steps": settings.EPOCHS.draw,
}
"""What is drawn otherwise than its entry in the table alone says."""

OUTPUTS = {
    "softmax": "p = eᶻ / Σ eᶻ makes the outputs shares that add up to 1; the loss is −log p of the true "
    "class.",
    "one_hot_mse": "The target is 1 for the true class and 0 for the others; the loss is the mean of the "
    "squared differences.",
    "binary": "One node, read by a sigmoid as the probability of one class; the last dense layer has one "
    "unit, and the loss is the cross-entropy of yes and no.",
}


def misfit(given: TrainConfig) -> str:
    """Why these settings cannot be trained, in one sentence, with the button that mends it; else empty."""
    chosen = settings.data()
    problems = given.problems(chosen.shape, len(chosen.classes))
    with st.container():  # always there: see `run_end.draw`
        if problems:
            st.warning(problems[0])
            _mend(given)
    return problems[0] if problems else ""


def _mend(given: TrainConfig) -> None:
    """A button for the nearest network that fits, where there is one."""
    chosen = settings.data()
    flat = [] if any(layer.type == "flatten" for layer in given.net.layers) else [Flatten()]
    ends: list[list[Layer]] = [[], [Dense(len(chosen.classes))], [*flat, Dense(len(chosen.classes))]]
    for end in ends:
        mended = settings.fit(NetSpec(given.net.input, (*given.net.layers, *end)))
        if not given.changed(net=mended).problems(chosen.shape, len(chosen.classes)):
            st.button(
                f"Make it fit: {'×'.join(map(str, mended.input))} in, {mended.layers[-1].label} at the end",
                key="t_mend",
                icon=":material/build:",
                on_click=STACK.set,
                args=(mended,),
            )
            return
