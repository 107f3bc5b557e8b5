"""The kernel of the filter page: one of the library with its parameters, or the visitor's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.kernel_gallery import GalleryEntry, kernel_gallery
from cnnviz.core.kernels.library import KERNELS, Kernel, Parameter, divide_by_sum
from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.ui.kernel.titles import OLD_NAMES
from cnnviz.ui.kit.controls import Number
from cnnviz.ui.kit.link import Linked
from cnnviz.ui.kit.own import OWN, NamedOrOwn, checked
from cnnviz.ui.kit.values import one_of

OWN_LIMIT = 15
SUM_MARK = "/sum"
DEFAULT = "sobel_right"
GALLERY = "f_gallery"


@dataclass(frozen=True, eq=False)
class ChosenKernel:
    """The kernel in use: ``raw`` as the editor shows it, (kh, kw) or (kh, kw, 3), ``weights`` as applied."""

    id: str
    name: str
    raw: NDArray[np.float32]
    divide: bool
    token: str

    @property
    def weights(self) -> NDArray[np.float32]:
        return np.asarray(divide_by_sum(self.raw), np.float32) if self.divide else self.raw

    def for_channels(self, channels: str) -> ChosenKernel:
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

    :raises ValueError: one sentence, for text that is not a kernel or too large, or a sum of 0 to divide by.
    """
    divide = text.endswith(SUM_MARK)
    weights = parse_kernel(text.removesuffix(SUM_MARK), short=True)
    if max(weights.shape[:2]) > OWN_LIMIT:
        raise ValueError(
            f"Your own kernel has at most {OWN_LIMIT}×{OWN_LIMIT} cells; "
            f"this one has {weights.shape[0]}×{weights.shape[1]}."
        )
    if divide:
        divide_by_sum(weights)
    return weights, divide


KERNEL = Linked("f_kernel", DEFAULT, one_of(OWN, *KERNELS), str, OLD_NAMES)
OWN_TEXT = Linked("f_own", "1,0,-1;2,0,-2;1,0,-1", checked(read_own), str)


def _parameter_control(kernel: Kernel, parameter: Parameter) -> Number:
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return Number(
        f"f_{kernel.id}_{parameter.name}",
        f"{parameter.title}{unit}",
        parameter.low,
        parameter.high,
        parameter.default,
        parameter.step,
    )


PARAMETERS = {
    kernel.id: tuple(_parameter_control(kernel, p) for p in kernel.parameters) for kernel in KERNELS.values()
}
"""The sliders of each kernel's parameters. The link has them apart, so going back finds them unchanged."""
SLIDERS = tuple(slider for sliders in PARAMETERS.values() for slider in sliders)


def parameter_control(kernel: Kernel, parameter: Parameter) -> Number:
    """The slider of one parameter."""
    return PARAMETERS[kernel.id][kernel.parameters.index(parameter)]


def _own(text: str) -> ChosenKernel:
    weights, divide = read_own(text)
    return ChosenKernel(OWN, "Your own kernel", weights, divide, text)


def _named(name: str) -> ChosenKernel:
    kernel = KERNELS[name]
    values = {p.name: parameter_control(kernel, p).get() for p in kernel.parameters}
    weights = kernel.make(**values)
    return ChosenKernel(name, kernel.title, weights, False, f"{name} {format_kernel(weights)}")


CHOICE: NamedOrOwn[ChosenKernel] = NamedOrOwn(
    KERNEL,
    OWN_TEXT,
    _named,
    _own,
)


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


def draw_parameters() -> ChosenKernel:
    """Draw the kernel's own sliders, if it has any; return the kernel in use."""
    if problem := CHOICE.problem():
        st.warning(problem)
    sliders = PARAMETERS.get(KERNEL.get(), ())
    if sliders:
        with st.container(horizontal=True, gap="medium"):
            for slider in sliders:
                with st.container(width=200):
                    slider.draw()
    return CHOICE.get()


def draw_gallery(digest: str) -> None:
    """The button that opens the gallery: every kernel of the library on this very picture."""
    current = CHOICE.get()
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
            on_choose=_chosen_in_gallery,
        )


def _chosen_in_gallery() -> None:
    name = st.session_state[GALLERY]["choose"]
    if name in KERNELS:
        CHOICE.choose(str(name))
