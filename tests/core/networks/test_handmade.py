"""The hand-made stack: against torch, and each map on a picture of what it is said to find."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from cnnviz.core.networks.handmade import FIRST, LAYERS, POOL, SECOND, run_stack


def torch_stack(picture: np.ndarray) -> list[np.ndarray]:
    maps = torch.from_numpy(picture.astype(np.float32))[None, None]
    after = []
    for kernels in LAYERS:
        weights = torch.from_numpy(np.stack([k.weights.transpose(2, 0, 1) for k in kernels]))
        padded = functional.pad(maps, (1, 1, 1, 1), mode="replicate")
        maps = functional.max_pool2d(functional.relu(functional.conv2d(padded, weights)), POOL)
        after.append(maps[0].numpy())
    return after


@pytest.mark.parametrize("size", [(64, 48), (37, 51), (4, 4)])
def test_it_is_what_torch_computes(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(3).uniform(0, 255, size)
    for got, want in zip(run_stack(picture), torch_stack(picture), strict=True):
        assert got.dtype == np.float32
        assert got.shape == want.shape
        assert np.abs(got - want).max() < 1e-3


def test_sizes_halve_and_maps_multiply() -> None:
    first, second = run_stack(np.zeros((170, 256)))
    assert first.shape == (len(FIRST), 85, 128) == (8, 85, 128)
    assert second.shape == (len(SECOND), 42, 64) == (16, 42, 64)


def test_a_picture_too_small_to_pool_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="2"):
        run_stack(np.zeros((3, 9)))


def test_an_even_picture_gives_nothing() -> None:
    for maps in run_stack(np.full((40, 40), 137.0)):
        assert np.abs(maps).max() < 1e-3


def test_positive_weights_sum_to_one_and_nothing_can_be_changed() -> None:
    for depth, kernels in zip((1, len(FIRST)), LAYERS, strict=True):
        for kernel in kernels:
            assert kernel.weights.shape == (3, 3, depth)
            assert kernel.weights[kernel.weights > 0].sum() == pytest.approx(1)
            assert not kernel.weights.flags.writeable
    titles = [kernel.title for kernels in LAYERS for kernel in kernels]
    assert len(set(titles)) == len(titles)


def on_dark(rows: slice, columns: slice) -> np.ndarray:
    picture = np.zeros((48, 48))
    picture[rows, columns] = 200
    return picture


ALL, BAR, HALF = slice(None), slice(22, 26), slice(24, None)
FIRST_HALF = slice(None, 24)
SQUARE = on_dark(slice(12, 36), slice(12, 36))
RISING = np.fliplr(np.eye(48)) * 200
NOISE = np.random.default_rng(0).uniform(0, 200, (48, 48))

FOUND = {
    "Brighter right": on_dark(ALL, HALF),
    "Brighter left": on_dark(ALL, FIRST_HALF),
    "Brighter below": on_dark(HALF, ALL),
    "Brighter above": on_dark(FIRST_HALF, ALL),
    "Rising line": RISING,
    "Falling line": np.fliplr(RISING),
    "Bright spot": on_dark(slice(24, 25), slice(24, 25)),
    "Dark spot": 200 - on_dark(slice(24, 25), slice(24, 25)),
    "Bright vertical bar": on_dark(ALL, BAR),
    "Dark vertical bar": 200 - on_dark(ALL, BAR),
    "Bright horizontal bar": on_dark(BAR, ALL),
    "Dark horizontal bar": 200 - on_dark(BAR, ALL),
    "Bright blob": on_dark(BAR, BAR),
    "Dark blob": 200 - on_dark(BAR, BAR),
    "Vertical edges": on_dark(ALL, HALF),
    "Horizontal edges": on_dark(HALF, ALL),
    "Rising lines": RISING,
    "Falling lines": np.fliplr(RISING),
    "Any edge": SQUARE,
    "Fine texture": NOISE,
}


def largest(picture: np.ndarray) -> dict[str, float]:
    maps = run_stack(picture)
    return {k.title: float(m.max()) for layer, kernels in zip(maps, LAYERS, strict=True)
            for k, m in zip(kernels, layer, strict=True)}  # fmt: skip


@pytest.mark.parametrize("title", FOUND)
def test_a_map_finds_what_it_is_named_after(title: str) -> None:
    """Its answer is clear, and twice what it gives to the opposite: turned round, or dark for bright."""
    answer = largest(FOUND[title])[title]
    assert answer > 20
    if title not in {"Any edge", "Fine texture"}:
        opposite = (
            np.rot90(FOUND[title]) if "line" in title.lower() or "edges" in title else 200 - FOUND[title]
        )
        assert answer >= 1.99 * largest(opposite)[title]


@pytest.mark.parametrize(
    ("title", "row", "column"),
    [("Corner, top left", 12, 12), ("Corner, top right", 12, 36), ("Corner, lower left", 36, 12),
     ("Corner, lower right", 36, 36)],
)  # fmt: skip
def test_a_corner_map_is_brightest_at_its_corner(title: str, row: int, column: int) -> None:
    at = [kernel.title for kernel in SECOND].index(title)
    corners = run_stack(SQUARE)[1][at]
    y, x = np.unravel_index(int(corners.argmax()), corners.shape)
    assert abs(4 * y + 2 - row) <= 4
    assert abs(4 * x + 2 - column) <= 4
