"""One convolution on a small picture, number by number, played and inspected in the browser.

The view paints the picture, edits the kernels, plays the steps and asks questions. It reports only what
the link keeps (picture and kernels as text, the pinned cell, the step) and what a question needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.base import view
from cnnviz.components.json_types import IntPair
from cnnviz.components.luts import ThemedLut, themed_lut
from cnnviz.core.steps.settings import StepSettings

Mode = Literal["one", "rgb", "several", "stamp", "network", "transposed"]

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "input": ("c", "py", "px"),
    "weight": ("n", "c", "r", "k"),
    "output": ("n", "y", "x"),
}


class PinJson(TypedDict):
    """A `Pin`: c, py, px for "input"; n, c, r, k for "weight"; n, y, x for "output"."""

    kind: str
    c: NotRequired[int]
    py: NotRequired[int]
    px: NotRequired[int]
    n: NotRequired[int]
    r: NotRequired[int]
    k: NotRequired[int]
    y: NotRequired[int]
    x: NotRequired[int]


class HiddenJson(TypedDict, total=False):
    """What a question hides: the output's size, or a cell of the output or a weight, as "0,1,2"."""

    size: bool
    output: str
    weight: str


class QuestionJson(TypedDict):
    """An open question; where it cannot be asked, `problem` says why, and there is no prompt."""

    number: int
    settled: bool
    problem: NotRequired[str]
    prompt: NotRequired[str]
    right: NotRequired[bool]
    verdict: NotRequired[str | None]
    hidden: NotRequired[HiddenJson | None]


class StepPictureJson(TypedDict):
    """The picture that is convolved: its channels, row by row."""

    height: int
    width: int
    planes: list[list[float]]


class StepKernelsJson(TypedDict):
    """The kernels: for each its slices, one for each channel, row by row."""

    rows: int
    cols: int
    slices: list[list[list[float]]]


class StepPaddingJson(TypedDict):
    """Cells on each side."""

    top: int
    bottom: int
    left: int
    right: int


class StepLutsJson(TypedDict):
    """The colours."""

    signed: ThemedLut


class StepViewData(TypedDict):
    """Picture, kernels, settings; `step`: how many steps are done, null for all; `score`: right, of all."""

    mode: Mode
    image: StepPictureJson
    kernels: StepKernelsJson
    bias: list[float]
    padding: StepPaddingJson
    paddingMode: str
    stride: IntPair
    dilation: IntPair
    flip: bool
    transposed: bool
    kernelName: str
    pin: PinJson | None
    step: int | None
    digest: str
    question: QuestionJson | None
    score: IntPair
    luts: StepLutsJson


@dataclass(frozen=True)
class Pin:
    """A pinned cell.

    kind "input": (channel, row, column) with the padding counted; "weight": (map, channel, row, column)
    of the kernel as it is multiplied; "output": (map, row, column).
    """

    kind: str
    place: tuple[int, ...]

    def to_json(self) -> PinJson:
        numbers = dict(zip(_FIELDS[self.kind], self.place, strict=True))
        return cast("PinJson", {"kind": self.kind, **numbers})

    @staticmethod
    def from_json(value: object) -> Pin | None:
        """What the view reported; None where it is not a cell."""
        if not isinstance(value, dict) or value.get("kind") not in _FIELDS:
            return None
        place = tuple(value.get(name) for name in _FIELDS[value["kind"]])
        if not all(isinstance(index, int | float) and index >= 0 for index in place):
            return None
        return Pin(value["kind"], tuple(int(index) for index in place if index is not None))

    @property
    def text(self) -> str:
        """For the link: "o0,1,2"."""
        return self.kind[0] + ",".join(map(str, self.place))

    @staticmethod
    def parse(text: str) -> Pin:
        """The inverse of `text`. Raises ValueError for anything else."""
        kind = next((kind for kind in _FIELDS if kind[0] == text[:1]), None)
        place = tuple(int(part) for part in text[1:].split(","))
        if kind is None or len(place) != len(_FIELDS[kind]) or min(place) < 0:
            raise ValueError(f"{text!r} is not a cell.")
        return Pin(kind, place)


@dataclass(frozen=True)
class StepViewState:
    """Everything that the view shows.

    settings:   picture, kernels and how they are applied.
    pin, step:  the pinned cell, and how many steps are done (None: all of them).
    digest:     the visitor's photo in the browser's store, to cut the picture out of.
    question:   the open question, or None.
    score:      right answers and all answers of this visit.
    """

    mode: Mode
    settings: StepSettings
    kernel_name: str
    digest: str
    pin: Pin | None = None
    step: int | None = None
    question: QuestionJson | None = None
    score: tuple[int, int] = (0, 0)


def _floats(values: NDArray[np.float32]) -> list[float]:
    # Through text, so that 1/9 arrives as the shortest decimal that means this float32.
    return [float(str(value)) for value in values.ravel()]


def as_data(state: StepViewState) -> StepViewData:
    """The JSON that the view reads."""
    settings = state.settings
    height, width, channels = settings.image.shape
    top, bottom, left, right = settings.padding
    return {
        "mode": state.mode,
        "image": {
            "height": height,
            "width": width,
            "planes": [_floats(settings.image[:, :, c]) for c in range(channels)],
        },
        "kernels": {
            "rows": settings.kernels.shape[1],
            "cols": settings.kernels.shape[2],
            "slices": [[_floats(kernel[:, :, c]) for c in range(channels)] for kernel in settings.kernels],
        },
        "bias": _floats(settings.bias),
        "padding": {"top": top, "bottom": bottom, "left": left, "right": right},
        "paddingMode": settings.mode,
        "stride": list(settings.stride),
        "dilation": list(settings.dilation),
        "flip": settings.flip,
        "transposed": settings.transposed,
        "kernelName": state.kernel_name,
        "pin": state.pin.to_json() if state.pin else None,
        "step": state.step,
        "digest": state.digest,
        "question": state.question,
        "score": list(state.score),
        "luts": {"signed": themed_lut(None)},
    }


@dataclass(frozen=True)
class StepEvents:
    """The callbacks for the view's reports, called before the page's script runs again.

    on_picture:  the picture's cells as text, as `format_kernel` writes a matrix or three.
    on_kernels:  the kernels as such texts, with ~ between them.
    on_ask:      the kind of question asked for; "" closes the open one.
    on_answer:   what was typed.
    """

    on_pin: Callable[[Pin | None], None]
    on_step: Callable[[int | None], None]
    on_picture: Callable[[str], None]
    on_kernels: Callable[[str], None]
    on_ask: Callable[[str], None]
    on_answer: Callable[[str], None]


def step_view(state: StepViewState, events: StepEvents, *, key: str) -> None:
    """Mount the view."""

    def reported(name: str) -> object:
        report = st.session_state[key][name]
        return report.get("value") if isinstance(report, dict) else report

    def stepped() -> None:
        step = reported("step")
        events.on_step(int(step) if isinstance(step, int | float) and step >= 0 else None)

    view("step_view")(
        key=key,
        data=as_data(state),
        on_pin_change=lambda: events.on_pin(Pin.from_json(reported("pin"))),
        on_step_change=stepped,
        on_image_change=lambda: events.on_picture(str(reported("image"))),
        on_kernels_change=lambda: events.on_kernels(str(reported("kernels"))),
        on_ask_change=lambda: events.on_ask(str(reported("ask"))),
        on_answer_change=lambda: events.on_answer(str(reported("answer"))),
    )
