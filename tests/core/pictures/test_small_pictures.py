"""The small pictures that the page "Step by step" starts from."""

import numpy as np
import pytest

from cnnviz.core.pictures.small import LARGEST, PRESETS, SMALLEST, resize_canvas, small_picture


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_is_drawn_and_has_something_in_it(preset: str, channels: int) -> None:
    for size in [(SMALLEST, LARGEST), (LARGEST, SMALLEST), (6, 7), (SMALLEST, SMALLEST)]:
        picture = small_picture(preset, *size, channels=channels)
        assert picture.shape == (*size, channels)
        assert picture.dtype == np.float32
        assert len(np.unique(picture)) > 1
        assert np.array_equal(picture, np.round(picture))


def test_an_edge_is_dark_left_and_bright_right() -> None:
    picture = small_picture("edge", 5, 8)[:, :, 0]
    assert (picture[:, :4] == 0).all()
    assert (picture[:, 4:] == 9).all()


def test_a_corner_is_bright_only_at_the_lower_right() -> None:
    picture = small_picture("corner", 4, 6)[:, :, 0]
    assert picture.sum() == 9 * 2 * 3
    assert picture[2:, 3:].min() == 9


def test_points_lie_four_apart() -> None:
    rows, columns = np.nonzero(small_picture("points", 12, 14)[:, :, 0])
    assert sorted(set(rows)) == [2, 6, 10]
    assert sorted(set(columns)) == [2, 6, 10]


def test_the_letter_is_the_same_left_and_right() -> None:
    letter = small_picture("letter_a", 7, 7)[:, :, 0]
    assert np.array_equal(letter, letter[:, ::-1])
    assert not np.array_equal(letter, letter[::-1])


def test_integers_follow_the_seed() -> None:
    first = small_picture("integers", 9, 9, seed=3)
    assert np.array_equal(first, small_picture("integers", 9, 9, seed=3))
    assert not np.array_equal(first, small_picture("integers", 9, 9, seed=4))
    assert set(np.unique(first)) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(("preset", "size"), [("cat", (5, 5)), ("edge", (2, 5)), ("edge", (5, 17))])
def test_other_names_and_sizes_are_refused(preset: str, size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="small picture"):
        small_picture(preset, *size)


def test_resizing_cuts_or_continues_with_zeros() -> None:
    picture = np.arange(12, dtype=np.float32).reshape(3, 4, 1)
    assert np.array_equal(resize_canvas(picture, 2, 3), picture[:2, :3])
    larger = resize_canvas(picture, 4, 5)
    assert np.array_equal(larger[:3, :4], picture)
    assert larger.sum() == picture.sum()
