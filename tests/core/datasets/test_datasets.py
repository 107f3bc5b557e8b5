"""The data sets: complete, disjoint, balanced, the same every time."""

import dataclasses
import hashlib
import tomllib

import numpy as np
import pytest

from assets import make_data
from cnnviz.core.datasets import table as datasets
from cnnviz.core.datasets.shapes import SHAPES, ShapeOptions
from cnnviz.core.datasets.table import DATASETS, DataError, Splits

PARTS = ("train", "validation", "test")
FILES = ("mnist", "fashion")


@pytest.fixture(params=["mnist", "fashion", "shapes"])
def dataset(request):
    return DATASETS[request.param]


def pictures_of(splits: Splits) -> dict[str, set[bytes]]:
    return {part: {image.tobytes() for image in getattr(splits, part).images} for part in PARTS}


def assert_disjoint(splits: Splits) -> None:
    """No picture is in two parts, nor twice in one."""
    parts = pictures_of(splits)
    assert [len(parts[part]) for part in PARTS] == [len(getattr(splits, part)) for part in PARTS]
    assert len(set.union(*parts.values())) == sum(map(len, parts.values()))


def test_the_three_sets_are_there():
    assert list(DATASETS)[:3] == ["mnist", "fashion", "shapes"]
    assert all(DATASETS[name].id == name for name in DATASETS)


def test_the_parts_have_the_said_form(dataset):
    for part in PARTS:
        found = getattr(dataset.load(), part)
        assert found.images.dtype == np.uint8
        assert found.images.shape == (len(found), *dataset.shape)
        assert found.images.flags.c_contiguous
        assert found.labels.dtype == np.int64
        assert found.labels.shape == (len(found),)
        assert set(found.labels.tolist()) == set(range(len(dataset.classes)))


def test_no_picture_is_in_two_parts(dataset):
    assert_disjoint(dataset.load())


def test_every_class_has_as_many_pictures(dataset):
    for part in PARTS:
        counts = np.bincount(getattr(dataset.load(), part).labels)
        assert counts.max() == counts.min()


@pytest.mark.parametrize("count", [10, 25, 100, 999])
def test_the_first_pictures_hold_the_classes_evenly(dataset, count):
    counts = np.bincount(dataset.load().train.labels[:count], minlength=len(dataset.classes))
    assert counts.max() - counts.min() <= 1


def test_the_classes_do_not_follow_each_other_in_one_order(dataset):
    first, second = dataset.load().test.labels[:20].reshape(2, 10)
    assert first.tolist() != second.tolist()


def test_it_is_read_once_and_cannot_be_changed(dataset):
    splits = dataset.load()
    assert dataset.load() is splits
    for array in (splits.train.images, splits.train.labels, splits.test.images):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_its_texts_are_complete(dataset):
    assert all((dataset.title, dataset.licence, dataset.source))
    assert dataset.about.endswith(".")
    assert len(set(dataset.classes)) == len(dataset.classes) == 10


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_set_is_10000_and_2000(name):
    splits = DATASETS[name].load()
    assert [len(getattr(splits, part)) for part in PARTS] == [9_000, 1_000, 2_000]


@pytest.mark.parametrize("name", FILES)
def test_the_validation_pictures_come_from_the_files_training_pictures(name):
    """And all three parts together are the file, each picture with its own label."""
    splits = DATASETS[name].load()
    with np.load(datasets.FOLDER / f"{name}.npz", allow_pickle=False) as file:
        given = {
            part: dict(zip(map(bytes, file[f"{part}_images"]), file[f"{part}_labels"].tolist(), strict=True))
            for part in ("train", "test")
        }
    found = {
        part: dict(zip(map(bytes, (p := getattr(splits, part)).images), p.labels.tolist(), strict=True))
        for part in PARTS
    }
    assert found["train"] | found["validation"] == given["train"]
    assert found["test"] == given["test"]


@pytest.mark.parametrize("name", FILES)
def test_the_pictures_and_labels_fit_together(name):
    """The nearest class mean is right far more often than chance: the labels were not mixed up on the way."""
    splits = DATASETS[name].load()
    train, test = (p.images.reshape(len(p), -1) / 255 for p in (splits.train, splits.test))
    means = np.stack([train[splits.train.labels == label].mean(0) for label in range(10)])
    nearest = np.argmin((means**2).sum(1) - 2 * test @ means.T, axis=1)
    assert np.mean(nearest == splits.test.labels) > {"mnist": 0.8, "fashion": 0.66}[name]


def test_each_file_is_named_with_its_licence():
    entries = tomllib.loads((make_data.DATA / "data.toml").read_text("utf-8"))["dataset"]
    readme = (make_data.DATA / "README.md").read_text("utf-8")
    assert make_data.table() in readme
    assert [entry["id"] for entry in entries] == list(make_data.MD5)
    for entry in entries:
        licence = entry["licence"].partition("see ")[2]
        assert (make_data.DATA / licence).is_file()
        assert (make_data.DATA / entry["file"]).stat().st_size < 6_000_000


def test_the_script_takes_evenly_spaced_pictures_of_each_class():
    labels = np.array([0, 1] * 6 + [0] * 6, np.uint8)  # 12 of class 0, 6 of class 1
    assert make_data.evenly_spaced(labels, 3).tolist() == [0, 1, 5, 8, 9, 14]


def test_the_script_sums_a_whole_idx_file():
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    file = bytes.fromhex("00000803 00000002 00000002 00000003") + bytes(range(12))
    assert make_data.md5(pixels) == hashlib.md5(file, usedforsecurity=False).hexdigest()


def test_a_set_without_its_file_is_not_offered(tmp_path, monkeypatch):
    (tmp_path / "data.toml").write_bytes((datasets.FOLDER / "data.toml").read_bytes())
    (tmp_path / "fashion.npz").write_bytes(b"")
    monkeypatch.setattr(datasets, "FOLDER", tmp_path)
    assert list(datasets._shipped()) == ["fashion"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(40)])
def test_a_broken_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^mnist\.npz cannot be read as a data set\.$"):
        dataclasses.replace(DATASETS["mnist"], path=path).load()


def shapes(**options):
    return dataclasses.replace(DATASETS["shapes"], options=ShapeOptions(**options)).load()


def test_shapes_can_be_ordered():
    splits = shapes(number=300, size=24, seed=5)
    assert [len(getattr(splits, part)) for part in PARTS] == [300, 60, 60]
    assert splits.train.images.shape[1:] == (3, 24, 24)
    assert_disjoint(splits)


@pytest.mark.parametrize("distractors", [(), ("position",), ("colour", "background")])
def test_shapes_share_no_picture_whatever_varies(distractors):
    assert_disjoint(shapes(number=1_500, size=16, distractors=distractors))


def test_the_test_shapes_do_not_depend_on_how_many_there_are_to_train():
    few, more = (shapes(number=n).test for n in (100, 104))
    np.testing.assert_array_equal(few.images, more.images)


def test_pictures_that_come_twice_are_drawn_again(monkeypatch):
    """A generator that draws only a few different pictures at first is asked until all differ."""
    real, calls = datasets.draw_shapes, []

    def poor(number, options, seed):
        images, labels = real(number, options, seed)
        calls.append(seed)
        if seed[-1] == 0:
            images[labels == 3] = images[labels == 3][0]
        return images, labels

    monkeypatch.setattr(datasets, "draw_shapes", poor)
    splits = shapes(number=100, seed=77)
    assert_disjoint(splits)
    assert len(calls) > len(PARTS)
    assert np.bincount(splits.train.labels).tolist() == [10] * len(SHAPES)


def test_pictures_that_cannot_differ_end_in_one_sentence(monkeypatch):
    def same(number, options, seed):
        return np.zeros((number, 3, 16, 16), np.uint8), np.arange(number) % len(SHAPES)

    monkeypatch.setattr(datasets, "draw_shapes", same)
    with pytest.raises(DataError, match="not enough different pictures"):
        shapes(number=20, size=16, seed=77)


def test_options_that_cannot_be_drawn_are_one_sentence():
    with pytest.raises(DataError, match="not 4096"):
        shapes(size=4096)


def test_shapes_of_any_size_and_number_have_an_id() -> None:
    name = datasets.shapes_id(24, 60, 3)
    assert name == "shapes-24x60-3"
    drawn = DATASETS[name]
    assert (drawn.id, drawn.shape) == (name, (3, 24, 24))
    assert drawn.load().train.images.shape == (60, 3, 24, 24)
    assert name in DATASETS
    assert name not in list(DATASETS)
    assert datasets.shapes_id(32, 4000) == "shapes"


@pytest.mark.parametrize(
    "name", ["shapes-8x100", "shapes-32x4", "shapes-32x999999", "shapes-032x100", "shapes-x", "", 3, None]
)
def test_what_cannot_be_drawn_is_no_data_set(name: object) -> None:
    assert name not in DATASETS
    with pytest.raises(KeyError):
        DATASETS[name]  # type: ignore[index]
