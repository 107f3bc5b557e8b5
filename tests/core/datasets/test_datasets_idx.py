"""Folders of IDX files: the whole sets, and what is no such folder."""

import gzip
import os
import struct

import numpy as np
import pytest

from cnnviz.core.datasets import idx
from cnnviz.core.datasets import table as datasets
from cnnviz.core.datasets.idx import DataError, first_occurrences, read_idx, read_idx_folder

NAMES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


def idx_bytes(values, shape=None, kind=8):
    values = np.asarray(values, np.uint8)
    shape = values.shape if shape is None else shape
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape) + values.tobytes()


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    train, test = (rng.integers(0, 256, (n, 9, 8), dtype=np.uint8) for n in (60, 20))
    return {
        "train_images": train,
        "train_labels": np.arange(60, dtype=np.uint8) % 3,
        "test_images": test,
        "test_labels": np.arange(20, dtype=np.uint8) % 3,
    }


@pytest.fixture
def write(tmp_path, arrays):
    """Writes the four files into a new sub-folder, with changes; gives the sub-folder."""

    def write(name="digits", packed=False, **changes):
        folder = tmp_path / name
        folder.mkdir()
        for part, file in NAMES.items():
            content = changes.get(part, arrays[part])
            if content is None:
                continue
            content = content if isinstance(content, bytes) else idx_bytes(content)
            (folder / (file + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
        return folder

    return write


@pytest.mark.parametrize("packed", [False, True])
def test_the_four_files_are_read(write, arrays, packed):
    found = read_idx_folder(write(packed=packed))
    for part, array in arrays.items():
        np.testing.assert_array_equal(getattr(found, part), array)


def test_a_sub_folder_is_a_data_set(write, arrays):
    folder = write()
    found, problems = datasets.folder_datasets(folder.parent)
    dataset = found["folder.digits"]
    assert problems == []
    assert dataset.shape == (1, 9, 8)
    assert dataset.classes == ("0", "1", "2")
    splits = dataset.load()
    assert [len(p) for p in (splits.train, splits.validation, splits.test)] == [54, 6, 20]
    assert dataset.load() is splits


def test_a_whole_known_set_keeps_the_names_of_its_classes(write):
    labels = np.arange(60, dtype=np.uint8) % 10
    folder = write("fashion-full", train_labels=labels, test_labels=labels[:20])
    found, _ = datasets.folder_datasets(folder.parent)
    assert found["folder.fashion-full"].classes == datasets.DATASETS["fashion"].classes


def test_pictures_that_come_twice_are_kept_once_and_rather_for_the_test(write, arrays):
    train = arrays["train_images"].copy()
    train[:4] = arrays["test_images"][:4]
    train[10] = train[11]
    folder = write(train_images=train)
    splits = datasets.folder_datasets(folder.parent)[0]["folder.digits"].load()
    parts = [{image.tobytes() for image in p.images} for p in (splits.train, splits.validation, splits.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 60 + 20 - 4 - 1
    assert len(splits.test) == 20


def test_first_occurrences():
    images = np.array([[1, 2], [3, 4], [1, 2], [3, 4], [5, 6]], np.uint8)
    assert first_occurrences(images).tolist() == [True, True, False, False, True]


BAD = {
    "missing": (
        {"test_labels": None},
        "digits has no file t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz.",
    ),
    "empty": (
        {"train_images": b""},
        "digits/train-images-idx3-ubyte is not an IDX file of bytes with 3 dimensions.",
    ),
    "text": (
        {"train_labels": b"label\n" * 9},
        "digits/train-labels-idx1-ubyte is not an IDX file of bytes with 1 dimension.",
    ),
    "floats": (
        {"train_labels": idx_bytes(np.zeros(60), kind=13)},
        "digits/train-labels-idx1-ubyte is not an IDX file of bytes with 1 dimension.",
    ),
    "cut off": (
        {"train_labels": idx_bytes(np.zeros(59), shape=(60,))},
        "digits/train-labels-idx1-ubyte should hold 60 bytes after its header, but it holds 59.",
    ),
    "too long": (
        {"train_labels": idx_bytes(np.zeros(61), shape=(60,))},
        "digits/train-labels-idx1-ubyte should hold 60 bytes after its header, but it holds more.",
    ),
    "huge": (
        {"train_images": idx_bytes(np.zeros(9), shape=(2**32 - 1,) * 3)},
        "digits/train-images-idx3-ubyte says that it holds 79,228,162,458,924,105,385,300,197,375 bytes; "
        "at most 200,000,000 are allowed.",
    ),
    "fewer labels": (
        {"test_labels": np.zeros(19)},
        "In digits, t10k has 20 pictures but 19 labels.",
    ),
    "many classes": (
        {"test_labels": np.full(20, 200)},
        "In digits, t10k has the label 200; at most 99 is allowed.",
    ),
    "no pictures": (
        {"train_images": np.zeros((0, 9, 8)), "train_labels": np.zeros(0)},
        "In digits, train has 0 pictures of 9×8 pixels; at least one is needed, "
        "with sides of 4 to 128 pixels.",
    ),
    "too wide": (
        {"train_images": np.zeros((60, 9, 129))},
        "In digits, train has 60 pictures of 9×129 pixels; at least one is needed, "
        "with sides of 4 to 128 pixels.",
    ),
    "other sizes": (
        {"test_images": np.zeros((20, 8, 8))},
        "In digits the training pictures are 9×8 pixels and the test pictures 8×8.",
    ),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("packed", [False, True])
def test_bad_files_are_one_sentence(write, case, packed):
    changes, sentence = BAD[case]
    folder = write(packed=packed, **changes)
    with pytest.raises(DataError) as caught:
        read_idx_folder(folder)
    assert str(caught.value).replace("ubyte.gz", "ubyte") == sentence.replace("ubyte.gz", "ubyte")
    assert datasets.folder_datasets(folder.parent) == ({}, [str(caught.value)])


@pytest.mark.parametrize("keep", [3, 12, 40, -4])
def test_a_broken_gz_file_is_one_sentence(write, keep):
    folder = write(packed=True)
    path = folder / (NAMES["train_images"] + ".gz")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"^digits/train-images-idx3-ubyte\.gz "):
        read_idx_folder(folder)


def test_a_gz_file_that_unpacks_to_far_more_is_not_unpacked(tmp_path, monkeypatch):
    """A bomb: the header says 8 bytes, a gigabyte follows; no more than what the header says is asked for."""
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(idx_bytes(np.zeros(8)) + bytes(50_000_000), compresslevel=1))
    asked = []
    real = gzip.GzipFile.read

    def read(self, size=-1):
        asked.append(size)
        return real(self, size)

    monkeypatch.setattr(gzip.GzipFile, "read", read)
    with pytest.raises(DataError, match="but it holds more"):
        read_idx(path, dimensions=1)
    assert asked == [8, 9]


@pytest.mark.parametrize("name", ["Digits", "a b", "x" * 31, "é"])
def test_a_name_that_links_cannot_carry_is_one_sentence(write, name):
    folder = write(name)
    found, problems = datasets.folder_datasets(folder.parent)
    assert found == {}
    assert "cannot be a data set's name" in problems[0]


def test_what_is_no_folder_is_one_sentence(tmp_path):
    assert datasets.folder_datasets(tmp_path / "nothing") == ({}, ["CNNVIZ_DATA does not name a folder."])


def test_a_folder_that_holds_the_files_itself_is_a_data_set_too(write):
    folder = write()
    write("more")
    assert list(datasets.folder_datasets(folder)[0]) == ["folder.digits"]
    assert list(datasets.folder_datasets(folder.parent)[0]) == ["folder.digits", "folder.more"]


@pytest.mark.parametrize(("what", "sentence"), [("iterdir", "The folder that"), ("is_file", "digits ")])
def test_a_folder_that_may_not_be_read_is_one_sentence(write, monkeypatch, what, sentence):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    folder = write()
    monkeypatch.setattr(type(folder), what, refuse)
    found, (problem,) = datasets.folder_datasets(folder.parent)
    assert found == {}
    assert problem.startswith(sentence)
    assert problem.endswith("cannot be read.")


def test_a_pipe_is_not_waited_for(write):
    folder = write(test_labels=None)
    os.mkfifo(folder / NAMES["test_labels"])
    with pytest.raises(DataError, match="has no file t10k-labels"):
        read_idx_folder(folder)


def test_labels_that_changed_after_the_start_are_one_sentence(write):
    folder = write()
    dataset = datasets.folder_datasets(folder.parent)[0]["folder.digits"]
    (folder / NAMES["train_labels"]).write_bytes(idx_bytes(np.arange(60) % 5))
    with pytest.raises(DataError, match="have changed since the app was started"):
        dataset.load()


def test_the_whole_of_mnist_fits():
    assert idx.MOST_BYTES > 60_000 * 28 * 28
