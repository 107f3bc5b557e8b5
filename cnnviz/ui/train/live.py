"""What changes by itself while a run goes on: fragments that poll the run, and stop when nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.components.map_mosaic import MapRange, map_mosaic
from cnnviz.components.run_charts import RunSeries, run_charts
from cnnviz.engine.processes.supervisor import preload
from cnnviz.engine.wire.records import Filters, LayerStats, Maps
from cnnviz.ui.kit.server import set_fragment_interval
from cnnviz.ui.picture.picker import plain
from cnnviz.ui.train import settings, status
from cnnviz.ui.train.poll_rate import NUMBERS, PICTURES, PollRate, PollTimer
from cnnviz.ui.train.predictions import draw_stream
from cnnviz.ui.train.runs import Entry, VisitorRuns, visitor_runs
from cnnviz.ui.train.saved_network import SavedNetworkView
from cnnviz.ui.train.settings import AXIS, RANGE

__all__ = ["begin", "change_live", "curves", "line", "mark", "mosaic", "polled", "series", "start_polling"]

MAPS_HEIGHT = 600  # pixels, in which a deep network's maps are scrolled, beside curves of that height
DRAWN = "_t_drawn"
PARTS = "_t_parts"
Body = Callable[[VisitorRuns], None]
Part = tuple[PollRate, DeltaGenerator, Body]
_lately: WeakKeyDictionary[Entry, tuple[tuple[int, str], RunSeries]] = WeakKeyDictionary()


def begin() -> VisitorRuns:
    """The visitor's runs, at the start of each run of the page's script."""
    if DRAWN not in st.session_state:  # the first visit: the next click may be Start
        preload()
    return visitor_runs()


def mark(visitor: VisitorRuns) -> None:
    """Note what the page shows; call it before anything is polled, after all that may ask for more."""
    st.session_state[DRAWN] = _state(visitor)
    st.session_state[PARTS] = []


def polled(rate: PollRate, body: Body) -> None:
    """Here `start_polling` draws `body`, and again and again while something moves."""
    st.session_state[PARTS].append((rate, st.container(), body))


def start_polling() -> None:
    """Draw all that is polled; call it after the last of it, and outside of any container.

    What has the same rate is one fragment, since most of what a poll costs is Streamlit's own; and that grows
    with the square of the number of containers that the fragment is declared in. When a run begins to wait or
    ends, the page is drawn once more: its buttons follow, and when nothing more can come, its fragments have
    no timer any longer.
    """
    parts: list[Part] = st.session_state.pop(PARTS)
    for rate in (NUMBERS, PICTURES):
        _together(rate, [(place, body) for own, place, body in parts if own is rate])


def _together(rate: PollRate, parts: Sequence[tuple[DeltaGenerator, Body]]) -> None:
    refresh, timer = st.session_state[DRAWN][-1], PollTimer(rate)

    def again() -> None:
        visitor = visitor_runs()
        if st.session_state[DRAWN] != _state(visitor):
            st.rerun()
        if refresh and (wait := timer.poll(visitor.version, visitor.session)):
            set_fragment_interval(wait)
        for place, body in parts:
            with place, st.container():  # which also holds the place while there is nothing to draw
                body(visitor)

    st.fragment(again, run_every=rate.every if refresh else None)()


def _state(visitor: VisitorRuns) -> tuple[bool, bool, bool]:
    return visitor.moving, visitor.open, visitor.needs_refresh


def change_live(name: str) -> None:
    """The control of a live setting was moved: the runs take it over; called before the script runs.

    Streamlit also calls this for a moment with the old values where the page itself has set the controls.
    """
    if not settings.just_set():
        value = getattr(settings.config(), name)
        visitor_runs().each(lambda run: run.set(name, value))


def line() -> None:
    """Where the runs stand."""
    polled(NUMBERS, lambda visitor: status.draw(visitor.entries))


def curves() -> None:
    """Loss and accuracy."""
    polled(NUMBERS, _curves)


def _curves(visitor: VisitorRuns) -> None:
    found = series(visitor.entries)
    if not found:
        _before(visitor)
    else:
        log = AXIS.get() == "log"
        run_charts(found, key="t_curves", log=log, on_log=lambda on: AXIS.set("log" if on else "linear"))


def _before(visitor: VisitorRuns) -> None:
    """Before the first step: what is shown instead, or why there is nothing yet."""
    saved = visitor.saved_network if not visitor.entries else None
    if saved is None:
        st.info("The first step is on its way." if visitor.entries else "Press Start.")
        return
    if saved.problem:
        st.warning(saved.problem)
    st.markdown(
        f"**Trained already: {plain(saved.label)}** Beside are its maps of the pinned picture. Press "
        "**Start** to train a network of your own, with the settings on this page."
    )
    if not draw_stream(saved, "t_stream_first"):
        st.caption("Its predictions are being computed.")


def mosaic() -> None:
    """The first filters and the maps of every layer, for the pinned picture."""
    with st.container(height=MAPS_HEIGHT, border=False):
        polled(PICTURES, _mosaic)


def _mosaic(visitor: VisitorRuns) -> None:
    shown: Sequence[Entry | SavedNetworkView] = visitor.entries or (
        [visitor.saved_network] if visitor.saved_network else []
    )
    for number, entry in enumerate(shown):
        history = entry.history
        started, maps = history.started, history.latest(Maps)
        if started is None or maps is None:
            continue
        if len(shown) > 1:
            st.markdown(f"**{entry.label}**")
        map_mosaic(
            maps,
            names=started.layers,
            key=f"t_maps_{number}",
            filters=history.latest(Filters),
            classes=started.classes,
            shared=cast("MapRange", RANGE.get()),
            on_range=RANGE.set,
        )


def series(entries: Sequence[Entry]) -> list[RunSeries]:
    """What the charts draw, for each run that has done a step."""
    return [_series(entry) for entry in entries if entry.run.history.last_step]


def _series(entry: Entry) -> RunSeries:
    """The same one again as long as the run reports nothing new: it knows what it has been drawn as."""
    version = (entry.history.version, entry.label)
    before, made = _lately.get(entry, (None, None))
    if made is None or before != version:
        made = _measured(entry)
        _lately[entry] = (version, made)
    return made


def _measured(entry: Entry) -> RunSeries:
    history = entry.run.history
    started = history.started
    assert started is not None
    return RunSeries(
        label=entry.label,
        layers=started.layers,
        weight_layers=started.weight_layers,
        steps=history.step,
        loss=history.loss,
        accuracy=history.accuracy,
        rate=history.rate,
        gradient_norms=history.gradient_norms,
        gradient_means=history.gradient_means,
        update_ratios=history.update_ratios,
        validation=history.validation,
        layer_stats=history.of(LayerStats),
        steps_per_epoch=started.steps_per_epoch,
    )
