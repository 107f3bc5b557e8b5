"""The three stages of the page: each draws its controls and gives the view what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from cnnviz.components.pool_view import (
    PoolSettings,
    PoolViewState,
    Pyramid,
    ShiftTest,
    WholePicture,
    Windows,
    pair_of,
    pool_view,
)
from cnnviz.core.pooling.shift import frame_for
from cnnviz.ui.pooling import maps, settings
from cnnviz.ui.pooling.maps import Field, Spec

Pair = tuple[int, int]


@dataclass(frozen=True)
class PoolingShown:
    """What the page shows: the stage's name, the map, its (H, W), how it is pooled, and how often."""

    stage: str
    map: Spec
    shape: Pair
    pool: PoolSettings
    times: int = 1
    maps: int = 1


def draw_stage() -> str:
    with st.container(width=420):
        return settings.STAGE.draw()


def draw_controls(stage: str, size: Pair) -> PoolingShown:
    """Draw the controls of one stage for a picture of this (H, W)."""
    if stage == "pyramid":
        with st.container(width=430):
            kind = settings.MAPS.draw()
        pool = settings.draw_pool(size)
        times = settings.draw_times(size, pool)
        field = cast("Field", kind if kind != "eight" else "grey")
        return PoolingShown(stage, WholePicture(field), size, pool, times, 8 if kind == "eight" else 1)
    if stage == "shift":
        with st.container(width=300):
            field = cast("Field", settings.FIELD.draw())
        return PoolingShown(stage, WholePicture(field), size, settings.draw_shift_pool(size))
    spec = maps.draw_map(size)
    shape = maps.shape_of(spec, size)
    return PoolingShown(stage, spec, shape, settings.draw_pool(shape))


def _stage(shown: PoolingShown) -> Windows | Pyramid | ShiftTest:
    pool = shown.pool
    if shown.stage == "pyramid":
        step = f"global {pool.mode}" if pool.whole_map else f"{pool.mode} {pool.size[0]}×{pool.size[1]}"
        bank = maps.bank() if shown.maps > 1 else ()
        return Pyramid(shown.times, step.replace("l2", "L2"), bank, settings.WHICH.get())
    if shown.stage == "shift":
        frame = frame_for(shown.shape, pool.size[0], pool.stride[0])
        down, right, compare = settings.SHIFT.get()
        held = [max(-frame.limit, min(frame.limit, d)) for d in (down, right)]
        return ShiftTest(frame, (held[0], held[1]), "stay" if compare == "stay" else "along")
    return Windows(settings.PIN.get())


def draw_view(digest: str, shown: PoolingShown) -> None:
    """Mount the view. ValueError, with the numbers, where the map is too small for what is asked."""
    state = PoolViewState(digest, shown.map, shown.pool, _stage(shown))
    pool_view(
        state,
        key="p_pool",
        on_change={
            "pin": lambda pin: settings.PIN.set(pair_of(pin)),
            "at": lambda at: settings.AT.set(pair_of(at)),
            "own": _take_own,
            "which": lambda which: settings.WHICH.set(int(which)),
            "shift": _take_shift,
        },
    )


def _take_own(values: list[float]) -> None:
    settings.OWN.set(tuple(int(value) for value in values))


def _take_shift(reported: tuple[int, int, str]) -> None:
    down, right, compare = reported
    settings.SHIFT.set((int(down), int(right), str(compare)))
