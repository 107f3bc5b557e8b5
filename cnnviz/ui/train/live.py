"""What changes by itself while a run goes on: fragments that look again, and stop when nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
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
from cnnviz.ui.train.cadence import NUMBERS, PICTURES, Kind, Looker
from cnnviz.ui.train.exhibit import Exhibit
from cnnviz.ui.train.judged import draw_stream
from cnnviz.ui.train.runs import Desk, Entry, desk
from cnnviz.ui.train.settings import AXIS, RANGE

__all__ = ["begin", "curves", "line", "mark", "mosaic", "series", "start", "take_over", "ticking"]

MAPS_HEIGHT = 600  # pixels, in which a deep network's maps are scrolled, beside curves of that height
DRAWN = "_t_drawn"
PARTS = "_t_parts"
Body = Callable[[Desk], None]
Part = tuple[Kind, DeltaGenerator, Body]
_lately: WeakKeyDictionary[Entry, tuple[tuple[int, str], RunSeries]] = WeakKeyDictionary()


def begin() -> Desk:
    """The visitor's desk, at the start of each run of the page's script."""
    if DRAWN not in st.session_state:  # the first visit: the next click may be Start
        preload()
    return desk()


def mark(mine: Desk) -> None:
    """Note what the page shows; call it before anything that ticks, and after all that may ask for more."""
    st.session_state[DRAWN] = _state(mine)
    st.session_state[PARTS] = []


def ticking(kind: Kind, body: Body) -> None:
    """Here `start` draws `body`, and again and again while something moves."""
    st.session_state[PARTS].append((kind, st.container(), body))


def start() -> None:
    """Draw all that ticks; call it after the last of it, and outside of any container.

    What ticks alike is one fragment, since most of what a look costs is Streamlit's own; and that grows with
    the square of the number of containers that the fragment is declared in. When a run begins to wait or
    ends, the page is drawn once more: its buttons follow, and when nothing more can come, its fragments have
    no timer any longer.
    """
    parts: list[Part] = st.session_state.pop(PARTS)
    for kind in (NUMBERS, PICTURES):
        _together(kind, [(place, body) for one, place, body in parts if one is kind])


def _together(kind: Kind, parts: Sequence[tuple[DeltaGenerator, Body]]) -> None:
    lively, looker = st.session_state[DRAWN][-1], Looker(kind)

    def again() -> None:
        mine = desk()
        if st.session_state[DRAWN] != _state(mine):
            st.rerun()
        if lively and (wait := looker.look(_news(mine), mine.session)):
            set_fragment_interval(wait)
        for place, body in parts:
            with place, st.container():  # which also holds the place while there is nothing to draw
                body(mine)

    st.fragment(again, run_every=kind.every if lively else None)()


def _state(mine: Desk) -> tuple[bool, bool, bool]:
    return mine.moving, mine.open, mine.lively


def _news(mine: Desk) -> Hashable:
    """What a look sees; the same again where nothing has come meanwhile."""
    shown = mine.exhibit.history.version if mine.exhibit else 0
    return shown, *((entry.run.status, entry.history.version) for entry in mine.entries)


def take_over(name: str) -> None:
    """A control of a setting that a run takes over at once was moved; called before the script runs.

    Streamlit also calls this for a moment with the old values where the page itself has set the controls.
    """
    if not settings.just_set():
        value = getattr(settings.config(), name)
        desk().each(lambda run: run.set(name, value))


def line() -> None:
    """Where the runs stand."""
    ticking(NUMBERS, lambda mine: status.draw(mine.entries))


def curves() -> None:
    """Loss and accuracy."""
    ticking(NUMBERS, _curves)


def _curves(mine: Desk) -> None:
    found = series(mine.entries)
    if not found:
        _before(mine)
    else:
        log = AXIS.get() == "log"
        run_charts(found, key="t_curves", log=log, on_log=lambda on: AXIS.set("log" if on else "linear"))


def _before(mine: Desk) -> None:
    """Before the first step: what is seen instead, or why nothing is yet."""
    on_show = mine.exhibit if not mine.entries else None
    if on_show is None:
        st.info("The first step is on its way." if mine.entries else "Press Start.")
        return
    if on_show.problem:
        st.warning(on_show.problem)
    st.markdown(
        f"**Trained already: {plain(on_show.label)}** Beside are its maps of the pinned picture. Press "
        "**Start** to train a network of your own, with the settings on this page."
    )
    if not draw_stream(on_show, "t_stream_first"):
        st.caption("It is looking at the pictures.")


def mosaic() -> None:
    """The first filters and the maps of every layer, for the pinned picture."""
    with st.container(height=MAPS_HEIGHT, border=False):
        ticking(PICTURES, _mosaic)


def _mosaic(mine: Desk) -> None:
    shown: Sequence[Entry | Exhibit] = mine.entries or ([mine.exhibit] if mine.exhibit else [])
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
    """The same one again as long as the run tells nothing new: it knows what it has been drawn as."""
    told = (entry.history.version, entry.label)
    before, made = _lately.get(entry, (None, None))
    if made is None or before != told:
        made = _measured(entry)
        _lately[entry] = (told, made)
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
        looks=history.of(LayerStats),
        steps_per_epoch=started.steps_per_epoch,
    )
