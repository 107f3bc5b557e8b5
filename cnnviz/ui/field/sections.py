"""What stands with the view of the page "Receptive field": the photo, words, and the table."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.field_view import FieldState, field_table, field_view
from cnnviz.components.picture_store import pack, picture_store
from cnnviz.core.networks.presets import PRESETS
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.pictures.load import Picture
from cnnviz.ui.field import effective, rows, settings
from cnnviz.ui.field.puzzle import puzzle
from cnnviz.ui.field.rows import Stage
from cnnviz.ui.picture import network_input as photo

Pixels = NDArray[np.uint8]
STYLE = """<style>
.st-key-r_small { display: none; }
@media (min-width: 641px) { .st-key-r_stack_box { max-height: 46rem; overflow-y: auto; } }
</style>"""
SEEN = (
    "**What you see.** The bright part of the photo is all that the marked unit can see: whatever happens "
    "in the dimmed part, the unit's number stays the same. What is hatched is padding. Each layer widens "
    "the field by (span of its kernel − 1) · jump, and a stride makes the jump of all layers after it "
    "larger."
)
NOTES = {
    "tutorial_pool": "Why 8×8: the pool moves by 3, so the two rows that the last 2×2 convolution reads lie "
    "3 pixels apart. One of them sees 5 rows (3 from the convolution and 2 more from the 3×3 pool), and "
    "5 + 1 · 3 = 8. One often reads 4×4 for this stack; that is right only when the pool is left out.",
    "tutorial_no_pool": "Why 4×4: without the pool the jump stays 1, and 3 + 1 · 1 = 4. With a 3×3 pool "
    "between the two convolutions it is 8×8: the pool itself adds 2, and behind it every step is worth 3 "
    "pixels.",
    "tiny_vgg": "Two pools make the jump 4, yet the field is only 16 pixels wide: a unit of the last pool "
    "never sees a whole face of 64 pixels. Only the dense layer after it puts the parts together.",
    "five_3x3": "Five 3×3 kernels have 5 · 9 = 45 weights for each pair of maps, one 11×11 kernel has 121, "
    "and both see 11×11 pixels. With 8 maps before and after each layer that is 2,880 against 7,744. Five "
    "layers can also have an activation after each.",
    "one_11x11": "One layer reaches as far as five 3×3 layers, with 121 weights instead of 45 for each pair "
    "of maps.",
    "dilated": "The taps of the kernels lie 1, 2, 4, 8 and 16 cells apart: the field about doubles with "
    "each layer while the weights stay 3×3 and no resolution is lost.",
    "resnet50": "With the stride in the first unit of a stage, as in torchvision, the field is 427 pixels "
    "wide.",
    "resnet50_last": "With the stride in the last unit of a stage the field is 483 pixels wide: the same "
    "layers, in another order.",
    "vgg16": "Its last pool sees 212 of 224 pixels: nearly the whole photo, but no unit sees all of it.",
}


def _shape(spec: NetSpec) -> tuple[int, int]:
    return spec.input[1], spec.input[2]


def draw_view(digest: str, pixels: Pixels, small: Picture, spec: NetSpec, found: tuple[Stage, ...]) -> None:
    """The photo, the units and the row of layers."""
    shape = _shape(spec)
    st.html(STYLE)
    picture_store(pack(small.pixels, small.digest), key="r_small")
    shown = settings.shown(found, shape)
    crop = photo.middle((pixels.shape[0], pixels.shape[1]), shape)
    question = puzzle(found, shown.layer, shape)
    state = FieldState(digest, crop, small.digest, shape, rows.view_layers(found), shown, question)
    field_view(state, key="r_view", on_state=lambda now: settings.take(now, found))
    st.caption(photo.caption(pixels, spec.input[0], shape))


def problems(spec: NetSpec) -> None:
    """The sentence about a layer that does not fit its input; the layers before it are still shown."""
    for sentence in spec.problems():
        st.warning(sentence)


def what_you_see(spec: NetSpec) -> None:
    st.markdown(SEEN)
    note = next((NOTES[name] for name in NOTES if PRESETS[name].spec == spec), None)
    if note:
        st.markdown(note)


def table(spec: NetSpec, found: tuple[Stage, ...]) -> None:
    """Every layer's numbers with the formulas that give them."""
    st.markdown(
        "$n_{out} = \\lfloor (n + p - k) / s \\rfloor + 1$, $\\;\\; j_{out} = j \\cdot s$, "
        "$\\;\\; r_{out} = r + (k - 1) \\cdot j$, "
        "$\\;\\; start_{out} = start + (\\frac{k - 1}{2} - p_{before}) \\cdot j$"
    )
    chosen = settings.shown(found, _shape(spec)).layer
    field_table(
        rows.COLUMNS,
        rows.table_rows(spec, found),
        chosen,
        key="r_table",
        on_layer=lambda at: _choose(at, found),
    )
    st.caption(
        "k is the span, dilation · (kernel − 1) + 1; p the padding of both sides together; s the stride. "
        "Pixels of the input; the start is the centre of the first unit's field, and 0.5 is the centre of "
        "pixel 0. After V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning, "
        "2016, and A. Araujo, W. Norris and J. Sim, Computing Receptive Fields of Convolutional Neural "
        "Networks, Distill, 2019."
    )


def measured_field(spec: NetSpec, found: tuple[Stage, ...], small: Picture) -> None:
    """The effective field of the unit that is looked at."""
    shape = _shape(spec)
    shown = settings.shown(found, shape)
    output = found[shown.layer - 1].after.output if shown.layer else shape
    unit = shown.unit or (output[0] // 2, output[1] // 2)
    effective.draw(spec, found, shown.layer, unit, small)


def _choose(layer: int, found: tuple[Stage, ...]) -> None:
    settings.choose_layer(layer, found)
    settings.UNIT.reset()
    settings.GUESS.set(False)
