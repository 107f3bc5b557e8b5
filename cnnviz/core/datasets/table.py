"""The data sets to train on: pictures and labels in three parts that share no picture.

Two come from files in assets/data, listed in data.toml there; `shapes` is drawn by the module shapes; each
sub-folder of IDX files in the folder that CNNVIZ_DATA names is one more. Noise and wrong labels belong to a
training run: cnnviz.engine adds them.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.datasets.idx import (
    PLACES,
    TRAINING,
    DataError,
    first_occurrences,
    has_idx_files,
    read_idx_folder,
)
from cnnviz.core.datasets.shapes import SHAPES, ShapeOptions, draw_shapes
from cnnviz.settings import ASSETS, settings

__all__ = ["DATASETS", "DATA_PROBLEMS", "DataError", "Dataset", "Pictures", "Splits", "shapes_id"]

FOLDER = ASSETS / "data"
VALIDATION_STEP = 10
"""Every tenth picture of a class is for validation."""
_DRAWN = re.compile(r"shapes-(\d{2,3})x(\d{2,6})(?:-(\d{1,9}))?")
_FOLDER_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Pictures:
    """One part: images uint8 (N, C, H, W) and labels int64 (N,), both read-only because they are shared.

    The order is drawn once, in rounds of one picture of each class, so the first n hold the classes as evenly
    as n pictures can: a smaller set is the beginning of a larger one.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Splits:
    """Three parts with no picture in common: to learn from, to choose settings by, to test at the end."""

    train: Pictures
    validation: Pictures
    test: Pictures


@dataclass(frozen=True)
class Dataset:
    """What is known of a data set before it is loaded. `shape` is (C, H, W) of each picture."""

    id: str
    title: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    licence: str
    source: str
    about: str
    path: Path | None = None
    options: ShapeOptions = field(default_factory=ShapeOptions)

    def load(self) -> Splits:
        """The pictures, read once, then shared. Raises DataError, one sentence, for bad files or options."""
        if self.path is None:
            return _draw_splits(self.options)
        return _read_folder(self.path, self.classes) if self.path.is_dir() else _read_shipped(self.path)


@lru_cache(maxsize=8)
def _read_shipped(path: Path) -> Splits:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            train, test = ((file[f"{part}_images"], file[f"{part}_labels"]) for part in ("train", "test"))
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error) as error:
        raise DataError(f"{path.name} cannot be read as a data set.") from error
    return _split(*train, *test)


@lru_cache(maxsize=2)
def _read_folder(path: Path, classes: tuple[str, ...]) -> Splits:
    """A whole set; pictures that come twice are kept once, in the test set before the training set."""
    files = read_idx_folder(path)
    images = np.concatenate([files.test_images, files.train_images])
    test, train = np.split(first_occurrences(images), [len(files.test_images)])
    splits = _split(
        files.train_images[train], files.train_labels[train], files.test_images[test], files.test_labels[test]
    )
    if max(files.train_labels.max(), files.test_labels.max()) >= len(classes):
        raise DataError(f"The labels in {path.name} have changed since the app was started.")
    return splits


def _split(
    train_images: NDArray[np.uint8],
    train_labels: NDArray[Any],
    test_images: NDArray[np.uint8],
    test_labels: NDArray[Any],
) -> Splits:
    """Grey pictures (N, H, W) in three parts: every tenth training picture of a class is for validation."""
    is_validation = _rank(train_labels) % VALIDATION_STEP == VALIDATION_STEP - 1
    return Splits(
        _pictures(train_images[:, None], train_labels, np.flatnonzero(~is_validation)),
        _pictures(train_images[:, None], train_labels, np.flatnonzero(is_validation)),
        _pictures(test_images[:, None], test_labels, np.arange(len(test_labels))),
    )


def _rank(labels: NDArray[Any]) -> NDArray[np.int64]:
    """For each place, how many of its class come before it."""
    rank = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        rank[members] = np.arange(len(members))
    return rank


def _pictures(images: NDArray[np.uint8], labels: NDArray[Any], places: NDArray[np.intp]) -> Pictures:
    """Those at `places`, in rounds of one of each class; the order in a round is random, seed 0."""
    within = np.random.default_rng(0).random(len(places))
    order = places[np.lexsort((within, _rank(labels[places])))]
    ordered, numbers = images[order], labels[order].astype(np.int64)  # the one copy that is made
    ordered.flags.writeable = numbers.flags.writeable = False
    return Pictures(ordered, numbers)


@lru_cache(maxsize=4)
def _draw_splits(options: ShapeOptions) -> Splits:
    """Shapes: each part from its own seed; the test first, so that it does not depend on the others."""
    if problem := options.problem():
        raise DataError(problem)
    few = max(len(SHAPES), options.number // 5)
    counts = {"test": few, "validation": few, "train": options.number}
    seen: set[bytes] = set()
    parts = {part: _draw_part(part, count, options, seen) for part, count in counts.items()}
    return Splits(**parts)


def _draw_part(part: str, count: int, options: ShapeOptions, seen: set[bytes]) -> Pictures:
    """`count` pictures that are not in `seen`, which they join; repeated ones are drawn again."""
    images, labels = draw_shapes(count, options, (options.seed, _PARTS.index(part), 0))
    for again in range(1, 20):
        repeats = _repeats(images, seen)
        if not len(repeats):
            return _pictures(images, labels, np.arange(count))
        fresh, classes = draw_shapes(count, options, (options.seed, _PARTS.index(part), again))
        for label in np.unique(labels[repeats]):
            places, source = repeats[labels[repeats] == label], np.flatnonzero(classes == label)
            images[places] = fresh[source[: len(places)]]
    raise DataError(
        "There are not enough different pictures of this kind: let more vary, or draw fewer or larger ones."
    )


def _repeats(images: NDArray[np.uint8], seen: set[bytes]) -> NDArray[np.intp]:
    """Where pictures are that occur before in `images` or in `seen`; without any, all of them join `seen`."""
    keys = [image.tobytes() for image in images]
    repeated = ~first_occurrences(images) | np.array([key in seen for key in keys])
    if not repeated.any():
        seen.update(keys)
    return np.flatnonzero(repeated)


def _shipped() -> dict[str, Dataset]:
    """The sets in assets/data; one whose file was taken away is not offered."""
    entries = tomllib.loads((FOLDER / "data.toml").read_text(encoding="utf-8"))["dataset"]
    found = {}
    for entry in entries:
        path = FOLDER / entry.pop("file")
        if path.is_file():
            given = entry | {"classes": tuple(entry["classes"]), "shape": tuple(entry["shape"])}
            found[entry["id"]] = Dataset(**given, path=path)
    return found


_SHAPES = Dataset(
    id="shapes",
    title="Shapes: drawn in colour",
    classes=tuple(SHAPES),
    shape=(3, 32, 32),
    licence="CC0",
    source="Drawn by cnnviz/core/datasets/shapes.py",
    about="Ten shapes in colour, 32×32 pixels; colour, texture, position, size, rotation and background do "
    "not depend on the class.",
)


def shapes_id(size: int, number: int, seed: int = 0) -> str:
    """The id of drawn shapes of this size and number: "shapes" or "shapes-48x2000-7"."""
    usual = ShapeOptions()
    if (size, number, seed) == (usual.size, usual.number, usual.seed):
        return _SHAPES.id
    return f"shapes-{size}x{number}" + (f"-{seed}" if seed else "")


def _parse_shapes_id(name: object) -> Dataset | None:
    """The data set that such an id names; None where it names none, or what cannot be drawn."""
    match = _DRAWN.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return None
    size, number, seed = (int(part or 0) for part in match.groups())
    options = ShapeOptions(number, size, seed=seed)
    if options.problem() or shapes_id(size, number, seed) != name:
        return None
    about = f"{number:,} training pictures of {size}×{size}; " + _SHAPES.about.partition(";")[2].strip()
    return replace(_SHAPES, id=name, shape=(3, size, size), about=about, options=options)


class DatasetMapping(Mapping[str, Dataset]):
    """Data set by id. Iteration gives those of the menu; the id of any other drawn shapes works too."""

    def __init__(self, listed: Mapping[str, Dataset]) -> None:
        self._listed = dict(listed)

    def __getitem__(self, name: str) -> Dataset:
        found = self._listed.get(name) or _parse_shapes_id(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._listed or _parse_shapes_id(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)


def folder_datasets(folder: Path) -> tuple[dict[str, Dataset], list[str]]:
    """A data set for each sub-folder of IDX files, its id "folder.NAME", and a sentence for each bad one.

    A folder that holds the files itself is a data set too.
    """
    found: dict[str, Dataset] = {}
    problems: list[str] = []
    if not folder.is_dir():
        return found, ["CNNVIZ_DATA does not name a folder."]
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_dir())
        if has_idx_files(folder):
            inside = {Path(place).parts[0] for place in PLACES[1:]}
            paths = [folder, *(path for path in paths if path.name not in inside)]
    except OSError:
        return found, ["The folder that CNNVIZ_DATA names cannot be read."]
    if not paths:
        return found, [f"{folder.name} has no sub-folder, and no file {TRAINING}, packed (.gz) or not."]
    for path in paths:
        try:
            dataset = _describe_folder(path)
            if dataset.id in found:
                raise DataError(f"{path.name} has the name of another folder but for capital letters.")
            found[dataset.id] = dataset
        except DataError as error:
            problems.append(str(error))
        except OSError:
            problems.append(f"{path.name} cannot be read.")
    return found, problems


def _describe_folder(path: Path) -> Dataset:
    name = path.name.lower()  # torchvision's folders are called MNIST and FashionMNIST
    if not _FOLDER_NAME.fullmatch(name):
        raise DataError(
            f"{path.name[:40]!r} cannot be a data set's name: use at most 30 of a to z, 0 to 9, - and _."
        )
    whole = read_idx_folder(path)
    known = next((d for d in _shipped().values() if name.startswith(d.id)), None)
    count = int(max(whole.train_labels.max(), whole.test_labels.max())) + 1
    classes = known.classes if known and len(known.classes) == count else _numbers(whole.first_label, count)
    height, width = whole.train_images.shape[1:]
    return Dataset(
        id=f"folder.{name}",
        title=f"{path.name}: from this server's folder",
        classes=classes,
        shape=(1, height, width),
        licence="Not known here",
        source="The folder that CNNVIZ_DATA names",
        about=f"{len(whole.train_labels):,} training and {len(whole.test_labels):,} test pictures in grey, "
        f"{height}×{width} pixels.",
        path=path,
    )


def _numbers(first: int, count: int) -> tuple[str, ...]:
    return tuple(map(str, range(first, first + count)))


def _load_table() -> tuple[Mapping[str, Dataset], tuple[str, ...]]:
    found, problems = folder_datasets(Path(settings.data)) if settings.data else ({}, [])
    return DatasetMapping({**_shipped(), "shapes": _SHAPES, **found}), tuple(problems)


DATASETS, DATA_PROBLEMS = _load_table()
"""Data set by id, in the order of the menus; and one sentence for each folder that could not be read."""
