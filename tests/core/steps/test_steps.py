"""Steps of a convolution: numbers checked by head, torch as the oracle, and three views of one map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch.nn import functional

from cnnviz.core.convolution.convolve import convolve2d
from cnnviz.core.convolution.padding import pad
from cnnviz.core.steps.sums import (
    StepSettings,
    Term,
    conv_transpose2d,
    dropped_cells,
    sources,
    stamp,
    unread_cells,
    uses_of_input,
    uses_of_weight,
)

MODES = ("zeros", "reflect", "replicate", "circular")
COUNT = np.arange(16.0).reshape(4, 4)


@st.composite
def step_settings(
    draw: st.DrawFn,
    transposed: bool | None = None,
    modes: Sequence[str] = MODES,
    even_padding: bool = False,
    no_rest: bool = False,
) -> StepSettings:
    """Any legal settings of whole numbers.

    ``even_padding``: as much before as after. ``no_rest``: the last window ends with the padded picture.
    """
    backwards = draw(st.booleans()) if transposed is None else transposed
    size, kernel, stride, dilation = ([draw(st.integers(1, top)) for _ in range(2)] for top in (6, 4, 3, 3))
    channels, maps = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    padding = []
    for n, k, s, d in zip(size, kernel, stride, dilation, strict=True):
        reach = d * (k - 1) + 1
        if backwards:
            most = (n - 1) * s + reach - 1
            before = draw(st.integers(0, most))
            after = draw(st.integers(0, most - before))
        else:
            before, after = draw(st.integers(0, 4)), draw(st.integers(0, 4))
            if even_padding:
                before = after = max(before, -(-(reach - n) // 2))
            after = max(after, reach - n - before)
            after += -(before + n + after - reach) % s if no_rest else 0
        padding += [before, after]
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return StepSettings(
        random.integers(-9, 10, (*size, channels)),
        random.integers(-3, 4, (maps, *kernel, channels)),
        random.integers(-5, 6, maps),
        padding=tuple(padding),
        mode="zeros" if backwards else draw(st.sampled_from(modes)),
        stride=tuple(stride),
        dilation=tuple(dilation),
        flip=draw(st.booleans()),
        transposed=backwards,
    )


def by_torch(s: StepSettings) -> NDArray[np.float64]:
    weight = torch.tensor(s.weights.astype(float).copy())
    top, bottom, left, right = s.padding
    bias = torch.tensor(s.bias.astype(float))
    if s.transposed:
        image = torch.tensor(s.image.astype(float)).permute(2, 0, 1)[None]
        out = functional.conv_transpose2d(
            image, weight.permute(3, 0, 1, 2), bias, stride=s.stride, dilation=s.dilation
        )[0].numpy()
        return out[:, top : out.shape[1] - bottom, left : out.shape[2] - right]
    padded = torch.tensor(pad(s.image, s.padding, s.mode).astype(float)).permute(2, 0, 1)[None]
    return functional.conv2d(padded, weight.permute(0, 3, 1, 2), bias, stride=s.stride, dilation=s.dilation)[
        0
    ].numpy()


@given(step_settings())
def test_output_is_torchs(s: StepSettings) -> None:
    assert s.output().shape == (len(s.kernels), *s.size)
    np.testing.assert_array_equal(s.output(), by_torch(s))  # whole numbers: exact


@given(step_settings(transposed=False, even_padding=True))
def test_output_is_convolve2ds(s: StepSettings) -> None:
    top, bottom, left, right = s.padding
    assert (top, left) == (bottom, right)  # convolve2d knows no other padding
    for kernel, bias, mine in zip(s.kernels, s.bias, s.output(), strict=True):
        theirs = convolve2d(
            s.image, kernel, padding=(top, left), padding_mode=s.mode, stride=s.stride, dilation=s.dilation,
            flip=s.flip,
        )  # fmt: skip
        np.testing.assert_allclose(mine, theirs + bias, atol=1e-4)


@given(step_settings(), st.data())
def test_every_cell_is_the_total_of_its_sources(s: StepSettings, data: st.DataObject) -> None:
    n, y, x = (data.draw(st.integers(0, top - 1)) for top in s.output().shape)
    found = sources(s, n, y, x)
    assert np.float32(found.total) == s.output()[n, y, x]
    assert len(found.partial) == s.image.shape[2]
    for channel, partial in enumerate(found.partial):
        assert partial == sum(link.product for link in found.terms if link.channel == channel)
    assert found.total == sum(found.partial) + s.bias[n]


def test_the_total_is_the_number_shown_also_where_decimals_round() -> None:
    random = np.random.default_rng(3)
    s = StepSettings(random.normal(size=(5, 6, 3)), random.normal(size=(2, 3, 3, 3)), random.normal(size=2))
    for cell in np.ndindex(s.output().shape):
        assert np.float32(sources(s, *cell).total) == s.output()[cell]


@settings(max_examples=25)
@given(step_settings())
def test_the_three_views_show_the_same_multiplications(s: StepSettings) -> None:
    maps, kh, kw, channels = s.kernels.shape
    by_output = [link for cell in np.ndindex(maps, *s.size) for link in sources(s, *cell).terms]
    by_weight = [link for place in np.ndindex(maps, kh, kw, channels) for link in uses_of_weight(s, *place)]
    by_input = [link for place in np.ndindex(s.image.shape[:2]) for link in uses_of_input(s, *place)]
    assert set(by_weight) == set(by_output)
    assert len(by_weight) == len(by_output) == len(set(by_output))
    assert set(by_input) == {link for link in by_output if link.cell is not None}
    assert len(by_input) == len(set(by_input))


def weights_that_meet(s: StepSettings, axis: int, place: int) -> int:
    """How many of a kernel's weights along an axis an output cell takes: all, or those stamped there."""
    rows = s.kernels.shape[1 + axis]
    if not s.transposed:
        return rows
    stamped = (s.stride[axis] * at + s.dilation[axis] * row - s.padding[2 * axis]
               for at in range(s.image.shape[axis]) for row in range(rows))  # fmt: skip
    return sum(one == place for one in stamped)


@given(step_settings())
def test_a_link_tells_the_truth(s: StepSettings) -> None:
    height, width = s.image.shape[:2]
    for cell in np.ndindex(s.size):
        met = [weights_that_meet(s, axis, place) for axis, place in enumerate(cell)]
        assert len(sources(s, 0, *cell).terms) == met[0] * met[1] * s.image.shape[2]
    for link in (link for cell in np.ndindex(s.size) for link in sources(s, 0, *cell).terms):
        assert link.weight == s.kernels[link.map, link.row, link.column, link.channel]
        assert link.value == (0 if link.cell is None else s.image[(*link.cell, link.channel)])
        assert link.product == link.value * link.weight
        assert link.inside == (0 <= link.input_y < height and 0 <= link.input_x < width)
        assert link.inside == (link.cell == (link.input_y, link.input_x))


def test_a_patch_by_head() -> None:
    s = StepSettings(COUNT, np.array([[1, 2], [3, 4]]), np.array([10]))
    found = sources(s, 0, 1, 2)
    assert [(link.input_y, link.input_x) for link in found.terms] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    assert [link.product for link in found.terms] == [6 * 1, 7 * 2, 10 * 3, 11 * 4]
    assert (found.partial, found.bias, found.total) == ((94.0,), 10.0, 104.0)
    assert s.shape_text == "4×4×1 → 3×3×1"


def test_three_channels_have_three_partial_sums() -> None:
    image = np.stack([np.full((2, 2), level) for level in (1, 10, 100)], axis=2)
    kernel = np.stack([np.ones((2, 2)), np.ones((2, 2)), -np.ones((2, 2))], axis=2)
    found = sources(StepSettings(image, kernel, np.array([6])), 0, 0, 0)
    assert found.partial == (4, 40, -400)
    assert found.total == -350


def test_the_corner_of_a_padded_picture_reads_zeros_or_copies() -> None:
    zeros = StepSettings(COUNT, np.ones((3, 3)), padding=(1, 1, 1, 1))
    corner = sources(zeros, 0, 0, 0)
    assert [link.inside for link in corner.terms] == [False] * 4 + [True] * 2 + [False] + [True] * 2
    assert corner.total == 0 + 1 + 4 + 5
    assert corner.terms[0].cell is None
    mirror = StepSettings(COUNT, np.ones((3, 3)), padding=(1, 1, 1, 1), mode="reflect")
    first = sources(mirror, 0, 0, 0).terms[0]
    assert (first.input_y, first.input_x, first.inside, first.cell, first.value) == (-1, -1, False, (1, 1), 5)


def test_flip_reads_the_kernel_as_written_from_its_other_end() -> None:
    s = StepSettings(COUNT, np.array([[1, 2], [3, 4]]), flip=True)
    first = sources(s, 0, 0, 0).terms[0]
    assert (first.input_y, first.input_x, first.row, first.column, first.weight) == (0, 0, 1, 1, 4)
    assert [link.weight for link in uses_of_weight(s, 0, 1, 1, 0)] == [4] * 9


def test_an_inner_cell_feeds_as_many_outputs_as_the_kernel_has_weights() -> None:
    s = StepSettings(np.zeros((5, 5)), np.arange(1, 10).reshape(3, 3))
    fed = uses_of_input(s, 2, 2)
    assert len(fed) == 9
    assert {(link.y, link.x): link.weight for link in fed} == {
        (y, x): 3 * (2 - y) + (2 - x) + 1 for y in (0, 1, 2) for x in (0, 1, 2)
    }
    assert len(uses_of_input(s, 0, 0)) == 1


def test_a_weight_meets_a_block_of_the_input() -> None:
    s = StepSettings(np.zeros((5, 7)), np.zeros((3, 2)), stride=(2, 3))
    met = [(link.input_y, link.input_x) for link in uses_of_weight(s, 0, 2, 1, 0)]
    assert met == [(2, 1), (2, 4), (4, 1), (4, 4)]


def test_one_channel_of_the_uses_can_be_asked_for() -> None:
    s = StepSettings(np.zeros((3, 3, 2)), np.zeros((1, 2, 2, 2)))
    assert len(uses_of_input(s, 1, 1)) == 8
    assert {link.channel for link in uses_of_input(s, 1, 1, 1)} == {1}


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "padding", "rows"),
    [
        (7, 3, 2, (0, 0), ()),
        (8, 3, 2, (0, 0), (7,)),
        (8, 3, 3, (0, 0), (6, 7)),
        (8, 3, 2, (1, 1), (8,)),
    ],
)
def test_dropped_rows(
    n: int, kernel: int, stride: int, padding: tuple[int, int], rows: tuple[int, ...]
) -> None:
    s = StepSettings(
        np.zeros((n, n)), np.zeros((kernel, kernel)), padding=(*padding, *padding), stride=(stride, stride)
    )
    assert dropped_cells(s) == (rows, rows)


@given(step_settings())
def test_unread_cells_are_those_without_a_link(s: StepSettings) -> None:
    read = np.zeros_like(unread_cells(s))
    top, left = (0, 0) if s.transposed else (s.padding[0], s.padding[2])
    for y, x in np.ndindex(s.size):
        for link in sources(s, 0, y, x).terms:
            read[link.input_y + top, link.input_x + left] = True
    np.testing.assert_array_equal(unread_cells(s), ~read)
    rows, columns = dropped_cells(s)
    assert unread_cells(s)[[row + top for row in rows]].all()
    assert unread_cells(s)[:, [column + left for column in columns]].all()


@given(step_settings(transposed=False, modes=["zeros"], no_rest=True))
def test_the_transposed_convolution_has_the_transposed_matrix(s: StepSettings) -> None:
    """⟨conv(a), b⟩ = ⟨a, conv_transposed(b)⟩ for the same kernel, stride, padding and dilation."""
    plain = StepSettings(s.image[:, :, :1], s.kernels[:1, :, :, :1], padding=s.padding, stride=s.stride,
                         dilation=s.dilation)  # fmt: skip
    other = np.random.default_rng(0).integers(-5, 6, plain.size)
    back = StepSettings(other, plain.kernels, padding=s.padding, stride=s.stride, dilation=s.dilation,
                        transposed=True)  # fmt: skip
    assert back.size == plain.image.shape[:2]
    assert (plain.output()[0] * other).sum() == (plain.image[:, :, 0] * back.output()[0]).sum()


@settings(max_examples=60)
@given(st.data())
def test_conv_transpose2d_is_torchs_with_output_padding(data: st.DataObject) -> None:
    size, kernel, stride, dilation = (
        tuple(data.draw(st.integers(1, top)) for _ in range(2)) for top in (5, 4, 3, 3)
    )
    channels, maps = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    extra = tuple(data.draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    padding = tuple(
        data.draw(st.integers(0, ((n - 1) * s + d * (k - 1)) // 2))
        for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)
    )
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    image = random.integers(-9, 10, (*size, channels)).astype(float)
    kernels = random.integers(-5, 6, (maps, *kernel, channels)).astype(float)
    bias = random.integers(-5, 6, maps).astype(float)
    mine = conv_transpose2d(
        image, kernels, bias, stride=stride, padding=padding, dilation=dilation, output_padding=extra
    )
    theirs = functional.conv_transpose2d(
        torch.tensor(image).permute(2, 0, 1)[None],
        torch.tensor(kernels).permute(3, 0, 1, 2),
        torch.tensor(bias),
        stride=stride,
        padding=padding,
        output_padding=extra,
        dilation=dilation,
    )[0]
    np.testing.assert_array_equal(mine, theirs.numpy())


def test_a_transposed_stride_of_two_leaves_a_chequered_pattern() -> None:
    out = conv_transpose2d(np.ones((2, 2)), np.ones((3, 3)), stride=2)
    np.testing.assert_array_equal(out[0, 2], [2, 2, 4, 2, 2])  # the stamps overlap in one column


def test_overlapping_stamps_add_up() -> None:
    points = np.zeros((4, 5))
    points[1, 1], points[1, 2] = 1, 2
    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    np.testing.assert_array_equal(
        stamp(points, cross), [[0, 1, 2, 0, 0], [1, 3, 3, 2, 0], [0, 1, 2, 0, 0], [0, 0, 0, 0, 0]]
    )


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))
def test_stamping_is_mathematical_convolution(h: int, w: int, kh: int, kw: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.integers(-3, 4, (h, w)) * random.integers(0, 2, (h, w))
    pattern = random.integers(-5, 6, (kh, kw))
    same = convolve2d(points, pattern, padding="same", flip=True)
    np.testing.assert_allclose(stamp(points, pattern), same, atol=1e-4)
    np.testing.assert_array_equal(stamp(points, pattern, full=True), conv_transpose2d(points, pattern)[0])


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((0, 2)), np.zeros((2, 2, 2))])
def test_stamp_takes_grids_only(bad: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="must have the shape"):
        stamp(bad, np.ones((2, 2)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kernels": np.zeros((7, 3))}, "is 7 cells tall, but the padded picture is only 5 tall"),
        ({"kernels": np.zeros((3, 3)), "dilation": (1, 3)}, "dilation 3 is 7 cells wide"),
        ({"kernels": np.zeros((3, 3, 3))}, "3 channels, the picture 1"),
        ({"kernels": np.zeros((33, 1))}, "largest is 31×31"),
        ({"kernels": np.zeros(3)}, "Kernels have the shape"),
        ({"image": np.zeros(3)}, "A picture has the shape"),
        ({"image": np.full((5, 5), np.nan)}, "picture must hold finite numbers"),
        ({"image": np.full((5, 5), 1e39)}, "picture must hold finite numbers"),
        ({"bias": np.zeros(2)}, "one bias for each of the 1 map, but the biases have the shape"),
        ({"padding": (1, 1)}, "not 2 numbers"),
        ({"padding": (-1, 0, 0, 0)}, "padding must be at least 0"),
        ({"stride": (0, 1)}, "stride must be at least 1"),
        ({"mode": "mirror"}, "padding_mode must be one of"),
        ({"mode": "reflect", "transposed": True}, 'so the mode is "zeros"'),
        ({"transposed": True, "padding": (3, 4, 0, 0)}, "nothing would be left"),
    ],
)  # fmt: skip
def test_settings_without_a_meaning_are_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        StepSettings(**{"image": np.zeros((5, 5)), "kernels": np.zeros((3, 3)), **change})


def test_output_padding_must_stay_below_the_stride() -> None:
    with pytest.raises(ValueError, match="output_padding 2 must be below"):
        conv_transpose2d(np.ones((2, 2)), np.ones((3, 3)), stride=2, output_padding=2)


@pytest.mark.parametrize("cell", [(1, 0, 0), (0, 3, 0), (0, 0, -1)])
def test_cells_that_do_not_exist(cell: tuple[int, int, int]) -> None:
    with pytest.raises(IndexError, match="There is no"):
        sources(StepSettings(COUNT, np.ones((2, 2))), *cell)


def test_settings_keep_their_own_read_only_numbers() -> None:
    image = COUNT.copy()
    s = StepSettings(image, np.ones((2, 2)))
    image[:] = 0
    assert s.image[3, 3, 0] == 15
    with pytest.raises(ValueError):
        s.image[0, 0, 0] = 1
    assert isinstance(uses_of_input(s, 0, 0)[0], Term)
