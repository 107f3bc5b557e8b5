"""Named arrays in one file that can hold nothing else: the safetensors format, written and read with numpy.

Eight bytes (little-endian) give the length of a JSON header; it names each array's type, shape and place in
the bytes that follow. Nothing in it can be run. Format: "Format" in the README of huggingface/safetensors.
A file is untrusted: every number in it is checked before it is used, in time and memory bounded by its size.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_BYTES", "FileError", "pack", "unpack"]

MOST_BYTES = 64_000_000
"""The largest file that is read; 2,000,000 weights with an optimizer's two arrays for each are 24 million."""
_MOST_HEADER = 1_000_000
_MOST_ARRAYS = 10_000
_MOST_AXES = 8

_TYPES: Mapping[str, np.dtype[Any]] = MappingProxyType(
    {
        name: np.dtype(code)
        for name, code in (
            ("F32", "<f4"),
            ("F64", "<f8"),
            ("F16", "<f2"),
            ("I64", "<i8"),
            ("I32", "<i4"),
            ("U8", "u1"),
        )
    }
)
_NAMES = {dtype: name for name, dtype in _TYPES.items()}


class FileError(ValueError):
    """A file of weights that cannot be used: one sentence."""


def pack(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The file's bytes. Arrays of float16/32/64, int32/64 or uint8; the metadata is text by name."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    parts, end = [], 0
    for name, given in arrays.items():
        array = np.ascontiguousarray(given)
        start, end = end, end + array.nbytes
        shape = list(np.shape(given))  # ascontiguousarray makes () into (1,)
        header[name] = {"dtype": _NAMES[array.dtype], "shape": shape, "data_offsets": [start, end]}
        parts.append(array.tobytes())
    told = json.dumps(header).encode()
    told += b" " * (-len(told) % 8)  # the arrays begin at a multiple of eight bytes
    return struct.pack("<Q", len(told)) + told + b"".join(parts)


def unpack(content: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays (read-only) and the metadata of a file; FileError, one sentence, for anything else."""
    if len(content) > MOST_BYTES:
        raise FileError(f"The file has {len(content):,} bytes; at most {MOST_BYTES:,} are read.")
    if content[:2] == b"PK" or content[:1] == b"\x80":
        raise FileError(
            "This is a pickled PyTorch file, which could run anything when opened; "
            "only safetensors files are read."
        )
    header, data = _header(content)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise FileError("The file's metadata is not text by name.")
    if len(header) > _MOST_ARRAYS:
        raise FileError(f"The file names {len(header):,} arrays; at most {_MOST_ARRAYS:,} are read.")
    arrays, expected = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: _start(*item)):
        arrays[name], expected = _array(name, entry, data, expected)
    if expected != len(data):
        raise FileError(f"The file names {expected:,} bytes of numbers, but it holds {len(data):,}.")
    return arrays, metadata


def _header(content: bytes) -> tuple[dict[str, Any], memoryview]:
    """The JSON header and the bytes after it."""
    length = struct.unpack("<Q", content[:8])[0] if len(content) >= 8 else 0
    if not 2 <= length <= min(_MOST_HEADER, len(content) - 8):
        raise FileError("This is not a safetensors file.")
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise FileError("This is not a safetensors file: its header is not JSON.") from None
    if not isinstance(header, dict):
        raise FileError("This is not a safetensors file: its header is not a JSON object.")
    return header, memoryview(content)[8 + length :]


def _start(name: str, entry: object) -> int:
    """Where an array begins, as its entry says; FileError where the entry is not well formed."""
    good = (
        isinstance(entry, dict)
        and entry.get("dtype") in _NAMES.values()
        and _sizes(entry.get("shape"))
        and len(entry["shape"]) <= _MOST_AXES
        and _sizes(entry.get("data_offsets"))
        and len(entry["data_offsets"]) == 2
    )
    if not good:
        raise FileError(f"The array {name[:40]!r} in the file is not described as a safetensors array.")
    return int(entry["data_offsets"][0])  # type: ignore[index]


def _sizes(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= MOST_BYTES for each in value
    )


def _array(name: str, entry: dict[str, Any], data: memoryview, expected: int) -> tuple[NDArray[Any], int]:
    """The array that a well-formed entry describes, and where it ends; it has to begin at `expected`."""
    dtype, shape = _TYPES[entry["dtype"]], entry["shape"]
    start, end = entry["data_offsets"]
    if start != expected or end > len(data) or end - start != math.prod(shape) * dtype.itemsize:
        raise FileError(f"The array {name[:40]!r} does not lie in the file as its shape says.")
    return np.frombuffer(data[start:end], dtype).reshape(shape), end
