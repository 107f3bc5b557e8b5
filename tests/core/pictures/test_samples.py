"""The shipped samples: complete, described, small, and made by the script that says so."""

import numpy as np
import pytest

from assets import make_samples
from cnnviz.core import SAMPLES, load_sample
from cnnviz.core.pictures.samples import FOLDER, Sample


@pytest.fixture(params=list(SAMPLES))
def sample(request) -> Sample:
    return SAMPLES[request.param]


def test_a_photograph_comes_first():
    assert next(iter(SAMPLES)) in make_samples.PHOTOS


def test_every_sample_is_made_by_the_script():
    assert set(SAMPLES) == set(make_samples.DRAWN) | set(make_samples.PHOTOS)


def test_the_folder_holds_the_samples_and_nothing_else():
    assert {p.name for p in FOLDER.iterdir()} == {s.file for s in SAMPLES.values()} | {
        "README.md",
        "samples.toml",
    }


def test_all_files_together_are_small():
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 2_500_000


def test_it_loads_at_a_useful_size(sample):
    picture = load_sample(sample.id)
    assert 256 <= max(picture.pixels.shape[:2]) <= 640
    assert picture.pixels.std() > 20


def test_its_texts_are_complete(sample):
    assert sample.alt.endswith(".")
    assert sample.alt.count(".") == 1
    assert sample.licence in ("CC0", "Public domain")
    assert sample.title
    assert sample.source


@pytest.mark.parametrize("name", make_samples.DRAWN)
def test_a_drawing_is_what_the_script_draws(name):
    drawn = make_samples.DRAWN[name]()
    stored = load_sample(name).pixels
    np.testing.assert_array_equal(stored, drawn if drawn.ndim == 3 else np.repeat(drawn[..., None], 3, 2))


@pytest.mark.parametrize("name", make_samples.PHOTOS)
def test_a_photograph_is_the_file_of_scikit_image(name):
    assert (FOLDER / SAMPLES[name].file).read_bytes() == make_samples.photo(name)


def test_the_readme_shows_the_table():
    assert make_samples.table() in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_two_samples_have_the_seeds_size():
    sizes = {name: load_sample(name).pixels.shape[:2] for name in ("letter_a", "robot")}
    assert sizes == {"letter_a": (264, 264), "robot": (264, 264)}


def test_the_zone_plate_reaches_the_nyquist_limit_at_the_middle_of_its_sides():
    """Near the right end of the middle row, light and dark alternate from pixel to pixel."""
    row = load_sample("zone_plate").pixels[160, -8:, 0].astype(float) - 127.5
    assert (row[1:] * row[:-1] < 0).all()
    inner = load_sample("zone_plate").pixels[160, 160:176, 0].astype(float) - 127.5
    assert (inner[1:] * inner[:-1] < 0).sum() <= 1


def test_the_gradient_rises_by_one_level_a_column():
    assert (np.diff(load_sample("gradient").pixels[..., 0].astype(int), axis=1) == 1).all()


def test_an_unknown_sample_is_a_key_error():
    with pytest.raises(KeyError):
        load_sample("no such picture")
