"""The groups of controls beside the live view: the data, and the four choices that make a training run."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.layers import Dense, Flatten, Layer
from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.kit.controls import OnChange
from cnnviz.ui.train import settings
from cnnviz.ui.train.settings import CLASS, DATA, STACK

LIVE = "Counts at once, also while a run goes on."


def draw(on_live: Callable[[str], None]) -> None:
    """Draw all groups. `on_live` is called with the name of a setting that a run takes over at once."""
    _data()
    for number, (title, body) in enumerate(
        [
            (_architecture_title(), _architecture),
            ("Output", _output),
            ("Method", lambda: _method(on_live)),
            ("Hyper-parameters", lambda: _numbers(on_live)),
        ],
        1,
    ):
        with st.expander(f"**{number}** {title}", key=f"t_group_{number}"):
            body()


def _heard(on_live: Callable[[str], None], name: str) -> OnChange:
    return lambda: on_live(name)


def _data() -> None:
    with st.expander(f"**Data** {DATASETS[DATA.get()].title}", key="t_group_0"):
        before = settings.data()
        DATA.draw(on_change=lambda: _refit(before.id))
        if DATA.get() == "shapes":
            settings.SHAPE_SIDE.draw(on_change=lambda: _refit(before.id))
            settings.SHAPE_COUNT.draw()
        st.caption(_about_data())
        settings.SIZE.draw()
        settings.NOISE.draw()
        settings.WRONG.draw()
        settings.SHUFFLE.draw()


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


def _architecture() -> None:
    STACK.draw()


def _output() -> None:
    output = settings.OUTPUT.draw()
    classes = settings.data().classes
    if output == "binary":
        key = "t_class_menu"
        st.session_state[key] = min(CLASS.get(), len(classes) - 1)
        st.selectbox(
            "The class of the one node",
            range(len(classes)),
            format_func=lambda number: classes[number],
            key=key,
            on_change=lambda: CLASS.set(st.session_state[key]),
        )
    st.caption(OUTPUTS[output])


OUTPUTS = {
    "softmax": "p = eᶻ / Σ eᶻ makes the outputs shares that add up to 1; the loss is −log p of the true "
    "class.",
    "one_hot_mse": "The target is 1 for the true class and 0 for the others; the loss is the mean of the "
    "squared differences.",
    "binary": "One node, read by a sigmoid as the probability of one class; the last dense layer has one "
    "unit, and the loss is the cross-entropy of yes and no.",
}


def _method(on_live: Callable[[str], None]) -> None:
    settings.OPTIMIZER.draw()
    settings.MOMENTUM.draw(on_change=_heard(on_live, "momentum"))
    settings.DECAY.draw(on_change=_heard(on_live, "weight_decay"))
    st.caption(f"Momentum and L2: {LIVE[0].lower()}{LIVE[1:]}")
    settings.L1.draw()
    settings.DROP.draw()
    settings.AUGMENT.draw()


def _numbers(on_live: Callable[[str], None]) -> None:
    settings.RATE.draw(on_change=_heard(on_live, "rate"))
    st.caption(LIVE)
    settings.SCHEDULE.draw()
    settings.BATCH.draw()
    settings.EPOCHS.draw()
    settings.INIT.draw()
    settings.SEED.draw()


def misfit(given: TrainConfig) -> str:
    """Why these settings cannot be trained, in one sentence, with the button that mends it; else empty."""
    chosen = settings.data()
    problems = given.problems(chosen.shape, len(chosen.classes))
    with st.container():  # always there: see `outcome.draw`
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
