"""The drawn shapes: seeded, antialiased, recognisable, and each distractor changes only what it says."""

import numpy as np
import pytest

from cnnviz.core.datasets import shapes
from cnnviz.core.datasets.shapes import DISTRACTORS, LARGEST, SHAPES, SMALLEST, ShapeOptions, draw_shapes

PLAIN = ShapeOptions(size=64, distractors=())


def grid(half=1.5, count=301):
    at = np.linspace(-half, half, count)
    return np.meshgrid(at, at)


@pytest.fixture(params=list(SHAPES))
def distance(request):
    return SHAPES[request.param]


def test_the_same_seed_draws_the_same_pictures():
    (a, la), (b, lb), (c, _) = (draw_shapes(50, ShapeOptions(), seed) for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(la, lb)
    assert (a != c).any()


@pytest.mark.parametrize("size", [SMALLEST, 33, LARGEST])
def test_any_size_is_drawn(size):
    images, labels = draw_shapes(20, ShapeOptions(size=size), [0])
    assert images.shape == (20, 3, size, size)
    assert images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [2] * len(SHAPES)


def test_the_classes_are_as_equal_as_can_be():
    _, labels = draw_shapes(1_003, ShapeOptions(size=16), [0])
    assert np.ptp(np.bincount(labels)) == 1


def test_2000_small_pictures_are_drawn_together_and_not_one_by_one(monkeypatch):
    """A distance is asked for many pictures in one call: benchmarks/bounds.py has the time."""
    calls = []

    def counted(distance):
        return lambda u, v: calls.append(len(u)) or distance(u, v)

    monkeypatch.setattr(shapes, "SHAPES", {name: counted(distance) for name, distance in SHAPES.items()})
    draw_shapes(2_000, ShapeOptions(), [0])
    assert sum(calls) == 2_000
    assert len(calls) <= 2_000 / 10


def test_a_shape_fits_the_unit_disc_and_fills_a_good_part_of_it(distance):
    u, v = grid()
    inside = distance(u, v) < 0
    assert not inside[np.hypot(u, v) > 1.1].any()
    assert 0.2 < inside.mean() * 9 / np.pi < 1


def test_a_distance_is_about_1_steep_at_the_outline(distance):
    """So 1/2 − d is a pixel's share; only at corners, where lines meet, may it be flatter."""
    u, v = grid()
    d = distance(u, v)
    steep = np.hypot(*np.gradient(d, 3 / 300))[np.abs(d) < 0.05]
    assert steep.max() < 1.02
    assert np.median(steep) > 0.97


def test_no_two_shapes_are_alike_in_any_turn():
    """The largest share that two shapes have in common, over 90 turns, stays well below all of it."""
    u, v = grid(1.3, 81)
    turns = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    plain = {name: distance(u, v) < 0 for name, distance in SHAPES.items()}
    for name, distance in SHAPES.items():
        turned = np.stack(
            [distance(np.cos(a) * u + np.sin(a) * v, np.cos(a) * v - np.sin(a) * u) < 0 for a in turns]
        )
        for other in set(SHAPES) - {name}:
            both = (turned & plain[other]).sum((1, 2)) / (turned | plain[other]).sum((1, 2))
            assert both.max() < 0.9, (name, other)


def test_outlines_are_antialiased():
    """A plain picture has two greys and, only next to the outline, greys in between."""
    images, _ = draw_shapes(20, PLAIN, [0])
    for image in images[:, 0]:
        ground, shape = image[0, 0], image.max()
        between = (image > ground) & (image < shape)
        assert 20 < between.sum() < 500
        apart = np.abs(np.diff(image.astype(int), axis=1)).max()
        assert apart <= int(shape) - int(ground)


def test_a_pixels_value_is_the_shapes_share_of_it():
    """Against drawing the disc sixteen times finer: equal to 6 % of a pixel."""
    images, labels = draw_shapes(40, PLAIN, [3])
    disc = images[labels == 0][0, 0].astype(float)
    share = (disc - disc.min()) / (disc.max() - disc.min())
    area, (rows, columns) = share.sum(), np.indices(share.shape) + 0.5
    y, x, radius = (share * rows).sum() / area, (share * columns).sum() / area, np.sqrt(area / np.pi)
    at = (np.arange(64 * 16) + 0.5) / 16
    fine = (np.hypot(at[None] - x, at[:, None] - y) < radius).reshape(64, 16, 64, 16).mean((1, 3))
    assert np.abs(fine - share).max() < 0.06


@pytest.mark.parametrize("distractor", DISTRACTORS)
def test_a_distractor_changes_the_pictures_but_not_the_classes(distractor):
    without = ShapeOptions(distractors=tuple(d for d in DISTRACTORS if d != distractor))
    (all_of_them, la), (fewer, lb) = (draw_shapes(200, options, [0]) for options in (ShapeOptions(), without))
    np.testing.assert_array_equal(la, lb)
    assert (all_of_them != fewer).any(axis=(1, 2, 3)).mean() > 0.65  # a quarter of the textures is plain


def test_without_colour_the_pictures_are_grey():
    grey = ShapeOptions(distractors=("texture", "position", "size", "rotation", "background"))
    images, _ = draw_shapes(30, grey, [0])
    assert (images == images[:, :1]).all()


def test_without_position_the_middle_of_a_disc_stays_in_the_middle():
    images, labels = draw_shapes(200, PLAIN, [0])
    share = images[labels == 0][:, 0] / 255.0 - 0.2
    share[share < 0.05] = 0
    middle = (share * (np.arange(64) + 0.5)).sum((1, 2)) / share.sum((1, 2))
    assert np.abs(middle - 32).max() < 0.6


def test_a_shape_stays_inside_the_picture():
    options = ShapeOptions(size=32, distractors=("position", "size", "rotation"))
    images, _ = draw_shapes(500, options, [0])
    border = np.concatenate([images[..., 0], images[..., -1], images[..., 0, :], images[..., -1, :]], -1)
    assert (border > images.min() + 3).mean() < 0.01


def test_shape_and_ground_differ_in_every_channel():
    images, _ = draw_shapes(300, ShapeOptions(distractors=("colour",)), [0])
    levels = images.reshape(300, 3, -1).astype(int)
    assert np.ptp(levels, axis=2).min() >= 0.3 * 0.8 * 255 - 2


def test_the_mean_colour_does_not_tell_the_class():
    """Each class's mean colour lies near the mean of all: colour alone is no help."""
    images, labels = draw_shapes(4_000, ShapeOptions(size=16), [0])
    colour = images.mean((2, 3))
    spread = colour.std(0)
    for label in range(len(SHAPES)):
        assert (np.abs(colour[labels == label].mean(0) - colour.mean(0)) < 0.25 * spread).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (ShapeOptions(size=8), "The shapes are drawn 16 to 128 pixels wide, not 8."),
        (ShapeOptions(size=10**9), "The shapes are drawn 16 to 128 pixels wide, not 1000000000."),
        (ShapeOptions(number=5), "10 to 64,453 training pictures of 32×32 can be drawn, not 5."),
        (
            ShapeOptions(number=10**9),
            "10 to 64,453 training pictures of 32×32 can be drawn, not 1,000,000,000.",
        ),
        (
            ShapeOptions(distractors=("colour", "smell")),
            f"There is no distractor 'smell'; there are {', '.join(DISTRACTORS)}.",
        ),
        (ShapeOptions(seed=-1), "A seed is 0 or more, not -1."),
    ],
)
def test_bad_options_are_one_sentence(options, sentence):
    with pytest.raises(ValueError) as caught:
        draw_shapes(10, options, [0])
    assert str(caught.value) == sentence
