"""Reading IDX files, the format of MNIST and of the sets made after it.

An IDX file of bytes is: two zero bytes, the type 8, the number of dimensions, each dimension as a big-endian
32-bit number, then the values. Format as described by LeCun, Cortes and Burges, "The MNIST database".
No file is trusted: the sizes are checked before any value is read.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MOST_BYTES",
    "DataError",
    "IdxSet",
    "first_occurrences",
    "has_idx_files",
    "read_idx",
    "read_idx_folder",
]

Bytes = NDArray[np.uint8]
MOST_BYTES = 200_000_000
"""The largest file that is read, unpacked; all 60,000 pictures of MNIST are 47 million bytes."""
_UNSIGNED_BYTES = 8
_GZIP = b"\x1f\x8b"
_LONGEST_SIDE, _SHORTEST_SIDE = 128, 4
MOST_CLASSES = 100


class DataError(ValueError):
    """Data that cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True)
class IdxSet:
    """The four files: images uint8 (N, H, W), labels uint8 (N,), counted from 0.

    first_label: the one that is 0 here; sets such as EMNIST's letters count theirs from 1.
    """

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes
    first_label: int = 0


def read_idx_folder(folder: Path) -> IdxSet:
    """The four files of a folder under their usual names, each raw or packed; they may lie in `PLACES`.

    Raises DataError where a file is missing, not IDX, larger than MOST_BYTES, or does not fit the others.
    """
    place = _place(folder)
    train = _read_pair(folder, place, "train")
    test = _read_pair(folder, place, "t10k")
    if train[0].shape[1:] != test[0].shape[1:]:
        raise DataError(
            f"In {folder.name} the training pictures are {_size(train[0])} pixels "
            f"and the test pictures {_size(test[0])}."
        )
    first = int(min(train[1].min(), test[1].min()) == 1)
    return IdxSet(train[0], train[1] - np.uint8(first), test[0], test[1] - np.uint8(first), first)


def _size(images: Bytes) -> str:
    return f"{images.shape[1]}×{images.shape[2]}"


def first_occurrences(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For each picture: True where no picture before it is the same; bool (N,)."""
    seen: set[bytes] = set()
    first = np.zeros(len(images), bool)
    for index, image in enumerate(images):
        first[index] = (key := image.tobytes()) not in seen
        seen.add(key)
    return first


def _read_pair(folder: Path, place: Path, part: str) -> tuple[Bytes, Bytes]:
    images = read_idx(_find(folder, place, f"{part}-images-idx3-ubyte"), dimensions=3)
    labels = read_idx(_find(folder, place, f"{part}-labels-idx1-ubyte"), dimensions=1)
    if len(images) != len(labels):
        raise DataError(f"In {folder.name}, {part} has {len(images)} pictures but {len(labels)} labels.")
    if len(labels) and labels.max() >= MOST_CLASSES:
        raise DataError(
            f"In {folder.name}, {part} has the label {labels.max()}; at most {MOST_CLASSES - 1} is allowed."
        )
    sides = images.shape[1:]
    if not len(images) or min(sides) < _SHORTEST_SIDE or max(sides) > _LONGEST_SIDE:
        raise DataError(
            f"In {folder.name}, {part} has {len(images)} pictures of {_size(images)} pixels; at least "
            f"one is needed, with sides of {_SHORTEST_SIDE} to {_LONGEST_SIDE} pixels."
        )
    return images, labels


PLACES = (".", "raw", "MNIST/raw")
"""Where in a data set's folder its files may lie; the others are torchvision's."""
TRAINING = "train-images-idx3-ubyte"


def has_idx_files(folder: Path) -> bool:
    """Whether the training pictures are in this folder itself, or in one of `PLACES`."""
    return any(path.exists() for place in PLACES for path in _paths(folder / place, TRAINING))


def _place(folder: Path) -> Path:
    """The one of `PLACES` with the training pictures; the folder itself where none has."""
    places = (folder / place for place in PLACES)
    return next((place for place in places if any(p.is_file() for p in _paths(place, TRAINING))), folder)


def _paths(place: Path, name: str) -> list[Path]:
    """The file as it is called on MNIST's page, or once unpacked by common programs; raw, or as .gz."""
    names = (name, name.replace("-idx", ".idx"))
    return [place / f"{each}{ending}" for each in names for ending in ("", ".gz")]


def _find(folder: Path, place: Path, name: str) -> Path:
    paths = _paths(place, name)
    for path in paths:
        if path.is_file():
            return path
    raise DataError(f"{folder.name} has no file {', '.join(p.name for p in paths[:-1])} or {paths[-1].name}.")


def read_idx(path: Path, *, dimensions: int) -> Bytes:
    """One IDX file of unsigned bytes with that many dimensions, raw or packed, as a read-only array.

    Whether it is packed is seen by its first bytes: programs unpack files and leave the name.

    Raises DataError for anything else, before more than the header of a wrong file has been unpacked.
    """
    name = f"{path.parent.name}/{path.name}"  # the files of all sets have the same names
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            return _parse(gzip.GzipFile(fileobj=raw) if packed else raw, name, dimensions)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name} cannot be read as an IDX file.") from error


def _parse(file: IO[bytes] | gzip.GzipFile, name: str, dimensions: int) -> Bytes:
    header = file.read(4 + 4 * dimensions)
    if header[:4] != bytes((0, 0, _UNSIGNED_BYTES, dimensions)) or len(header) != 4 + 4 * dimensions:
        raise DataError(
            f"{name} is not an IDX file of bytes with {dimensions} dimension{'s'[: dimensions > 1]}."
        )
    shape = struct.unpack(f">{dimensions}I", header[4:])
    size = math.prod(shape)
    if size > MOST_BYTES:
        raise DataError(f"{name} says that it holds {size:,} bytes; at most {MOST_BYTES:,} are allowed.")
    values = file.read(size + 1)
    if len(values) != size:
        raise DataError(
            f"{name} should hold {size:,} bytes after its header, but it holds {_count_text(values, size)}."
        )
    return np.frombuffer(values, np.uint8).reshape(shape)


def _count_text(values: bytes, expected: int) -> str:
    return "more" if len(values) > expected else f"{len(values):,}"
