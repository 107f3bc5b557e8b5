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
_LONGEST_SIDE, _SHORTEST_SIDE = 128, 4
MOST_CLASSES = 100


class DataError(ValueError):
    """Data that cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True)
class IdxSet:
    """The four files: images uint8 (N, H, W), labels uint8 (N,)."""

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes


def read_idx_folder(folder: Path) -> IdxSet:
    """The four files of a folder under their usual names, each raw or as .gz.

    Raises DataError where a file is missing, not IDX, larger than MOST_BYTES, or does not fit the others.
    """
    train = _read_pair(folder, "train")
    test = _read_pair(folder, "t10k")
    if train[0].shape[1:] != test[0].shape[1:]:
        raise DataError(
            f"In {folder.name} the training pictures are {_size(train[0])} pixels "
            f"and the test pictures {_size(test[0])}."
        )
    return IdxSet(*train, *test)


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


def _read_pair(folder: Path, part: str) -> tuple[Bytes, Bytes]:
    images = read_idx(_find(folder, f"{part}-images-idx3-ubyte"), dimensions=3)
    labels = read_idx(_find(folder, f"{part}-labels-idx1-ubyte"), dimensions=1)
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


def has_idx_files(folder: Path) -> bool:
    """Whether the training pictures are in this folder itself."""
    return any((folder / f"train-images-idx3-ubyte{ending}").exists() for ending in ("", ".gz"))


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise DataError(f"{folder.name} has no file {name} or {name}.gz.")


def read_idx(path: Path, *, dimensions: int) -> Bytes:
    """One IDX file of unsigned bytes with that many dimensions, raw or .gz, as a read-only array.

    Raises DataError for anything else, before more than the header of a wrong file has been unpacked.
    """
    name = f"{path.parent.name}/{path.name}"  # the files of all sets have the same names
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return _parse(file, name, dimensions)
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
