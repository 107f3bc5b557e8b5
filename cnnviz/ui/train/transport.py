"""Start, pause, step, stop, reset: the buttons of the page, each with a key of the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.ui.train import settings
from cnnviz.ui.train.runs import VisitorRuns, visitor_runs

__all__ = ["draw"]

FIRST_STEP_WITHIN = 0.25  # seconds; a preloader that is ready needs less, one that still starts much more


@dataclass(frozen=True)
class Command:
    """One button. `shortcut` works wherever no text is being typed."""

    key: str
    label: str
    icon: str
    shortcut: str
    help: str
    act: Callable[[], None]
    disabled: bool = False
    primary: bool = False

    def draw(self) -> None:
        st.button(
            self.label,
            key=self.key,
            icon=f":material/{self.icon}:",
            shortcut=self.shortcut,
            help=self.help,
            on_click=self.act,
            disabled=self.disabled,
            type="primary" if self.primary else "secondary",
        )


def draw(visitor: VisitorRuns, given: TrainConfig, *, fits: bool) -> None:
    """The row of buttons. `given` is what Start starts; `fits`: whether it can be trained."""
    with st.container(horizontal=True, gap="xsmall", key="t_transport"):
        for command in _commands(visitor, given, fits=fits):
            command.draw()
    with st.container():  # always there: see `run_end.draw`
        if visitor.sentence:
            st.warning(visitor.sentence)


def _commands(visitor: VisitorRuns, given: TrainConfig, *, fits: bool) -> list[Command]:
    paused = visitor.open and not visitor.moving
    ready = paused or (not visitor.open and fits)
    epoch = given.steps_per_epoch(settings.train_count(given.dataset))
    return [
        Command(
            "t_start",
            "Start",
            "play_arrow",
            "S",
            "A new run with the settings beside.",
            lambda: _start(given),
            visitor.open or not fits,
            primary=not visitor.open,
        ),
        _pause_or_resume(visitor, paused),
        *(
            Command(
                f"t_step_{number}",
                label,
                "skip_next" if count == 1 else "fast_forward",
                str(number),
                f"{count:,} {'step' if count == 1 else 'steps'}, then a pause.",
                lambda count=count: _step(given, count),  # type: ignore[misc]
                not ready,
            )
            for number, (label, count) in enumerate([("1 step", 1), ("10 steps", 10), ("1 epoch", epoch)], 1)
        ),
        Command(
            "t_stop",
            "Stop",
            "stop",
            "X",
            "Ends the run; what it measured and learned stays here.",
            lambda: visitor_runs().each(lambda run: run.stop()),
            not visitor.open,
        ),
        Command(
            "t_reset",
            "Reset",
            "restart_alt",
            "N",
            "Puts the run away; the settings stay.",
            lambda: visitor_runs().clear(),
            visitor.first is None,
        ),
    ]


def _pause_or_resume(visitor: VisitorRuns, paused: bool) -> Command:
    if paused:
        return Command(
            "t_resume",
            "Resume",
            "play_circle",
            "P",
            "Goes on where it paused.",
            lambda: visitor_runs().each(lambda run: run.resume()),
            primary=True,
        )
    return Command(
        "t_pause",
        "Pause",
        "pause",
        "P",
        "Holds the run after this step.",
        lambda: visitor_runs().each(lambda run: run.pause()),
        not visitor.moving,
        primary=visitor.moving,
    )


def _start(given: TrainConfig) -> None:
    """A new run. The script waits a moment for the first step, so that the first drawing has it already."""
    visitor = visitor_runs()
    visitor.start([(given, "")])
    last = time.monotonic() + FIRST_STEP_WITHIN
    while visitor.first and not visitor.first.history.last_step and time.monotonic() < last:
        time.sleep(0.005)


def _step(given: TrainConfig, count: int) -> None:
    """So many steps of the paused run, or of a new one that begins in a pause."""
    visitor = visitor_runs()
    if not visitor.open:
        visitor.start([(given, "")], playing=False)
    visitor.step(count)
