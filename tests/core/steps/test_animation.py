"""Pictures and animations of steps: what is in them, how large they are, and that they never differ."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageColor
from test_steps import step_settings

from cnnviz.core.colour.displays import ROLES, to_rgb
from cnnviz.core.steps.animation.drawing import ADVANCE, GROUND, SIGNED_MAP, Slide, font
from cnnviz.core.steps.animation.encode import GIF_SIZE, PNG_SIZE, gif_bytes, png_bytes, spread_steps
from cnnviz.core.steps.animation.layout import layout
from cnnviz.core.steps.sums import StepSettings

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
SMALL = StepSettings(
    np.random.default_rng(4).integers(0, 10, (5, 6)), SOBEL, padding=(1, 1, 1, 1), stride=(2, 2)
)


def pixels(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_computed_cells_have_their_colour_and_the_others_are_empty(theme: str) -> None:
    picture = pixels(png_bytes(SMALL, 4, theme))
    grid = layout(SMALL, *PNG_SIZE).outputs[0]
    output = SMALL.output()[0]
    most = float(np.abs(output).max())
    colours = to_rgb(output, "signed", SIGNED_MAP[theme], (-most, most))
    for step, (row, column) in enumerate(np.ndindex(output.shape)):
        left, top, right, bottom = grid.box(row, column)
        found = picture[bottom - 7, left + 7]  # inside the lines, beside the number
        expected = colours[row, column] if step <= 4 else ImageColor.getrgb(GROUND[theme])
        np.testing.assert_array_equal(found, expected)
        assert right - left == bottom - top


def test_the_patch_the_weights_and_the_cell_are_marked() -> None:
    """Step 4 is output (1, 1): it lies on the padded cells 2 to 4, both ways."""
    picture = pixels(png_bytes(SMALL, 4, "light"))
    places = layout(SMALL, *PNG_SIZE)
    kernel, output = (ImageColor.getrgb(ROLES[role].light) for role in ("kernel", "output"))
    inside = [places.inputs[0].box(row, column) for row in (2, 3, 4) for column in (2, 3, 4)]
    weights = [places.kernel[0].box(row, column) for row in range(3) for column in range(3)]
    for left, top, *_ in inside + weights:
        assert tuple(picture[top + 1, left + 6]) == kernel
    left, top, *_ = places.outputs[0].box(1, 1)
    assert tuple(picture[top + 2, left + 6]) == output
    left, top, *_ = places.inputs[0].box(0, 3)
    assert tuple(picture[top + 1, left + 30]) != kernel


def test_what_the_stride_drops_is_hatched() -> None:
    dropping = StepSettings(SMALL.image, SOBEL, stride=(2, 2))  # 6 columns, room for 2: one is left over
    grid = layout(dropping, *PNG_SIZE).inputs[0]
    hatch = np.array(ImageColor.getrgb(ROLES["gradient"].light))
    picture = pixels(png_bytes(dropping, 0, "light"))

    def hatched(row: int, column: int) -> bool:
        left, top, right, bottom = grid.box(row, column)
        return bool((picture[top + 3 : bottom - 3, left + 3 : right - 3] == hatch).all(axis=2).any())

    assert [hatched(1, column) for column in range(6)] == [False] * 5 + [True]


def test_numbers_too_small_to_read_are_left_out() -> None:
    crowded = StepSettings(np.full((40, 40), 123.4), np.full((3, 3), 1 / 9))
    slide = Slide(crowded, "light", *GIF_SIZE)
    assert slide.text_sizes["input"] == 0
    assert Slide(SMALL, "light", *GIF_SIZE).text_sizes["input"] > 12


@settings(max_examples=25)
@given(step_settings(), st.sampled_from(["light", "dark"]), st.data())
def test_any_settings_fit_on_the_slide(s: StepSettings, theme: str, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, s.output().size - 1))
    height, width, _ = pixels(png_bytes(s, step, theme)).shape
    assert (width <= PNG_SIZE[0], height <= PNG_SIZE[1]) == (True, True)
    places = layout(s, *PNG_SIZE)
    boxes = [grid.outline for grid in places.inputs + places.kernel + places.outputs]
    for left, top, right, bottom in boxes:
        assert (left > 0, right < width, top > 0, bottom < height) == (True,) * 4
    assert len(set(boxes)) == len(boxes)
    for one, other in itertools.combinations(boxes, 2):
        side_by_side = one[2] < other[0] or other[2] < one[0]
        one_above_the_other = one[3] < other[1] or other[3] < one[1]
        assert side_by_side or one_above_the_other


def test_the_same_settings_give_the_same_bytes() -> None:
    assert png_bytes(SMALL, 3, "light") == png_bytes(SMALL, 3, "light")
    assert gif_bytes(SMALL, "dark", 100, 5) == gif_bytes(SMALL, "dark", 100, 5)


def test_a_frame_for_every_cell_and_the_last_one_stays() -> None:
    with Image.open(io.BytesIO(gif_bytes(SMALL, "light", 120, 50))) as animation:
        count = SMALL.output().size
        assert animation.n_frames == count
        assert animation.info["loop"] == 0
        durations = []
        for frame in range(count):
            animation.seek(frame)
            durations.append(animation.info["duration"])
    assert durations == [120] * (count - 1) + [2000]


def test_the_last_frame_is_the_finished_picture() -> None:
    with Image.open(io.BytesIO(gif_bytes(SMALL, "light", 120, 50))) as animation:
        animation.seek(animation.n_frames - 1)
        last = np.asarray(animation.convert("RGB")).astype(int)
    slide = Slide(SMALL, "light", *GIF_SIZE)
    finished = np.asarray(slide.draw(slide.steps - 1)).astype(int)
    assert (last == finished).all(axis=2).mean() > 0.99  # but for a few rims of letters
    assert np.abs(last - finished).mean() < 0.1
    assert tuple(last[0, 0]) == (255, 255, 255)
    np.testing.assert_array_equal(finished, np.asarray(slide.draw(slide.steps - 1)))
    assert (finished != np.asarray(slide.draw(0))).any()  # going back empties the later cells


def test_a_long_animation_is_thinned_out() -> None:
    data = gif_bytes(SMALL, "light", 100, 4)
    with Image.open(io.BytesIO(data)) as animation:
        assert animation.n_frames == 4
    assert spread_steps(9, 4) == [2, 4, 6, 8]
    for count, limit in ((7, 7), (256, 100), (401, 400), (5, 1)):
        steps = spread_steps(count, limit)
        assert len(steps) == len(set(steps)) == min(count, limit)
        assert steps[-1] == count - 1


def test_the_largest_animation_of_the_page_stays_small() -> None:
    random = np.random.default_rng(0)
    large = StepSettings(
        random.uniform(0, 255, (16, 16, 3)), random.normal(size=(2, 3, 3, 3)), padding=(1, 1, 1, 1)
    )
    assert len(gif_bytes(large, "light", 50, 60)) < 3_000_000


def test_the_font_is_as_wide_as_the_layout_believes() -> None:
    for text in ("0123456789", "−×…+()", "row 1, column 2"):
        assert font(40).getlength(text) == pytest.approx(len(text) * 40 * ADVANCE, rel=0.01)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: png_bytes(SMALL, 9, "light"), "There is no step 9; they go from 0 to 8"),
        (lambda: png_bytes(SMALL, -1, "light"), "There is no step -1"),
        (lambda: png_bytes(SMALL, 0, "sepia"), "not 'sepia'"),
        (lambda: gif_bytes(SMALL, "light", 5, 9), "at least 20 ms, not 5"),
        (lambda: gif_bytes(SMALL, "light", 50, 0), "at least 1 frame, not 0"),
    ],
)
def test_what_cannot_be_drawn_is_said(call, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
