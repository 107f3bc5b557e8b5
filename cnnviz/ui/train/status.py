"""Where a run stands: one line of numbers, a bar, and in words why it waits or ended."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.ui.train.runs import Entry

__all__ = ["draw", "duration", "numbers"]

STYLE = """<style>
.t-status { display: flex; flex-wrap: wrap; gap: 0 1.1em; line-height: 1.5;
  font-variant-numeric: tabular-nums; }
.t-status b { font-weight: 650; }
.t-bar { height: 6px; border-radius: 3px; overflow: hidden;
  background: color-mix(in srgb, currentcolor 16%, transparent); }
.t-bar i { display: block; height: 100%; background: var(--st-primary-color, #5b3cc4); }
</style>"""
RECENT = 50  # steps that a number on the line is the mean of


def draw(entries: Sequence[Entry]) -> None:
    """The line and the bar of each run."""
    lines = "".join(_line(entry, named=len(entries) > 1) for entry in entries)
    st.html(STYLE + lines)


def _line(entry: Entry, *, named: bool) -> str:
    parts = [f"<b>{html.escape(entry.label)}</b>"] if named else []
    parts += [f"<span>{html.escape(part)}</span>" for part in numbers(entry)]
    step, total = entry.run.history.last_step, entry.config.max_steps or 0
    share = min(1.0, step / total) if total else 0.0
    return (
        f'<div class="t-status" data-status="{entry.run.status}">{"".join(parts)}</div>'
        f'<div class="t-bar" role="progressbar" aria-label="Steps done" aria-valuemin="0" '
        f'aria-valuemax="{total}" aria-valuenow="{step}"><i style="width:{100 * share:.2f}%"></i></div>'
    )


def numbers(entry: Entry) -> list[str]:
    """What the line says."""
    run, history = entry.run, entry.run.history
    parts = [_state(entry)]
    step, total = entry.run.history.last_step, entry.config.max_steps or 0
    started = history.started
    if not step or started is None:
        return parts
    epoch, epochs = -(-step // started.steps_per_epoch), total // started.steps_per_epoch
    parts.append(f"epoch {epoch} of {epochs}" if epochs else f"epoch {epoch}")
    parts.append(f"step {step:,} of {total:,}")
    if math.isfinite(loss := _mean(history.loss)):
        parts.append(f"loss {loss:.3g}")
    parts.append(f"accuracy {_mean(history.accuracy):.1%}")
    milliseconds = _mean(history.milliseconds)
    if milliseconds > 0:
        parts.append(f"{milliseconds:.1f} ms per batch")
        parts.append(f"{1000 * entry.config.batch / milliseconds:,.0f} pictures/s")
    if run.status == "running" and (pace := entry.pace.at(step)) > 0:
        parts.append(f"{duration((total - step) / pace)} left")
    return parts


def _mean(values: NDArray[np.floating[Any]]) -> float:
    return float(np.mean(values[-RECENT:]))


def _state(entry: Entry) -> str:
    run = entry.run
    if run.status == "queued" and run.queue_position:
        return f"waiting, place {run.queue_position} in the queue"
    return STATES.get(run.status, run.status)


STATES = {
    "queued": "waiting",
    "starting": "starting",
    "running": "training",
    "paused": "paused",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
    "diverged": "the loss is no longer a number",
}


def duration(seconds: float) -> str:
    """A time left, in the unit that suits it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
