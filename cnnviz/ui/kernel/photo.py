"""Which kernel is at work: one of the library with its parameters, or the visitor's own; from the link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.kernel_gallery import GalleryEntry, kernel_gallery
from cnnviz.core.kernels.library import KERNELS, Kernel, Parameter, divide_by_sum
from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.ui.kit.controls import Number
from cnnviz.ui.kit.link import Linked

OWN = "own"
OWN_LIMIT = 15
SUM_MARK = "/sum"
DEFAULT = "sobel_right"
GALLERY = "f_gallery"
PROBLEM = "f_kernel_problem"


def _known(name: str) -> str:
    if name != OWN and name not in KERNELS:
        raise ValueError(f"There is no kernel called {name!r}.")
    return name


@dataclass(frozen=True, eq=False)
class Chosen:
    """The kernel in use: ``raw`` as the editor shows it, (kh, kw) or (kh, kw, 3), ``weights`` as applied."""

    id: str
    name: str
    raw: NDArray[np.float32]
    divide: bool
    token: str

    @property
    def weights(self) -> NDArray[np.float32]:
        return np.asarray(divide_by_sum(self.raw), np.float32) if self.divide else self.raw

    def for_channels(self, channels: str) -> Chosen:
        """This kernel where it has three slices and the channels are not summed: its first slice alone."""
        if self.raw.ndim == 2 or channels == "sum":
            return self
        first = np.ascontiguousarray(self.raw[:, :, 0])
        divide = self.divide and abs(float(first.sum(dtype=np.float64))) > 1e-9
        return replace(self, raw=first, divide=divide, token=f"{self.token} (first slice)")

    @property
    def entry(self) -> Kernel | None:
        """The library's entry, for its formula, sentence and source; None for an own kernel."""
        return KERNELS.get(self.id)


def read_own(text: str) -> tuple[NDArray[np.float32], bool]:
    """An own kernel from its text: the weights as typed, and whether they are divided by their sum.

    :raises ValueError: one sentence, for text that is no kernel or too large, or a sum of 0 to divide by.
    """
    divide = text.endswith(SUM_MARK)
    weights = parse_kernel(text.removesuffix(SUM_MARK))
    if max(weights.shape[:2]) > OWN_LIMIT:
        raise ValueError(
            f"A kernel of one's own has at most {OWN_LIMIT}×{OWN_LIMIT} cells; "
            f"this one has {weights.shape[0]}×{weights.shape[1]}."
        )
    if divide:
        divide_by_sum(weights)
    return weights, divide


def _own_text(text: str) -> str:
    read_own(text)
    return text


KERNEL = Linked("f_kernel", DEFAULT, _known, str)
OWN_TEXT = Linked("f_own", "1,0,-1;2,0,-2;1,0,-1", _own_text, str)


def parameter_control(kernel: Kernel, parameter: Parameter) -> Number:
    """The slider of one parameter; the link keeps it per kernel, so that going back finds it as it was."""
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return Number(
        f"f_{kernel.id}_{parameter.name}",
        f"{parameter.title}{unit}",
        parameter.low,
        parameter.high,
        parameter.default,
        parameter.step,
    )


def choose(kernel_id: str) -> None:
    """Make a kernel of the library the one in use; call it in a callback."""
    KERNEL.set(kernel_id)


def take_own(text: str) -> None:
    """Make an own kernel, as text, the one in use; text that is no kernel is not taken."""
    try:
        read_own(text)
    except ValueError as error:
        st.session_state[PROBLEM] = str(error)
        return
    OWN_TEXT.set(text)
    KERNEL.set(OWN)


def chosen() -> Chosen:
    """The kernel in use, from the link; draws nothing."""
    name = KERNEL.get()
    if name == OWN:
        text = OWN_TEXT.get()
        raw, divide = read_own(text)
        return Chosen(OWN, "Your own kernel", raw, divide, text)
    kernel = KERNELS[name]
    values = {p.name: parameter_control(kernel, p).get() for p in kernel.parameters}
    weights = kernel.make(**values)
    return Chosen(name, kernel.title, weights, False, f"{name} {format_kernel(weights)}")


@cache
def _gallery_entries() -> tuple[GalleryEntry, ...]:
    return tuple(
        GalleryEntry(
            id=k.id,
            title=k.title,
            group=k.group,
            rows=k.weights.shape[0],
            cols=k.weights.shape[1],
            weights=tuple(float(str(w)) for w in k.weights.ravel()),
        )
        for k in KERNELS.values()
    )


def draw_parameters() -> Chosen:
    """Draw the kernel's own sliders, if it has any; return the kernel in use."""
    current = chosen()
    entry = current.entry
    problem = st.session_state.pop(PROBLEM, None)
    if problem:
        st.warning(problem)
    if entry is None or not entry.parameters:
        return current
    with st.container(horizontal=True, gap="medium"):
        for parameter in entry.parameters:
            with st.container(width=200):
                parameter_control(entry, parameter).draw()
    return chosen()


def draw_gallery(digest: str) -> None:
    """The button that opens the gallery: every kernel of the library on this very picture."""
    current = chosen()
    popover = st.popover(
        f"Choose a kernel: {current.name}",
        icon=":material/grid_view:",
        key="f_gallery_open",
        on_change="rerun",
        type="primary",
    )
    if not popover.open:
        return
    with popover:
        kernel_gallery(
            digest=digest,
            kernels=_gallery_entries(),
            chosen=current.id,
            key=GALLERY,
            on_choose=lambda: choose(str(st.session_state[GALLERY]["choose"])),
        )
