"""Named arrays in one file that can hold nothing else: safetensors, read with the library behind bounds.

A file is untrusted. Its size, its header's length, the number of arrays, their types and axes are checked
before the library sees it; the library checks that the arrays lie in the file as the header says. Nothing in
such a file can be run: see "Format" in the README of huggingface/safetensors.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, numpy

__all__ = ["MAX_BYTES", "FileError", "read_tensors", "write_tensors"]

MAX_BYTES = 64_000_000
"""The largest file that is read; 2,000,000 weights with an optimizer's two arrays for each are 24 million."""
_MAX_HEADER_BYTES = 1_000_000
_MAX_ARRAYS = 10_000
_MAX_AXES = 8
_DTYPES = ("F32", "F64", "F16", "I64", "I32", "U8")
_METADATA = "__metadata__"
_LENGTH = struct.Struct("<Q")  # the file's first eight bytes: the length of its JSON header


class FileError(ValueError):
    """A file of weights that cannot be used: one sentence."""


def write_tensors(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The file's bytes. Arrays of float16/32/64, int32/64 or uint8; the metadata is text by name.

    The library writes metadata in an order that changes from call to call, so its header is written once
    more here: the same network gives the same bytes.
    """
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    content = numpy.save(plain)
    begin = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    entries = json.loads(content[_LENGTH.size : begin])
    header = json.dumps({_METADATA: dict(metadata), **entries}).encode()
    header += b" " * (-len(header) % 8)  # the arrays begin at a multiple of eight bytes
    return _LENGTH.pack(len(header)) + header + content[begin:]


def _other_kind(content: bytes) -> str:
    """What a pickle or a ZIP archive is; a name stands as it is in an archive, so nothing is unpacked."""
    if content[:2] != b"PK" or b"data.pkl" in content:
        return "a pickled PyTorch file, which could run anything when opened"
    if b".npy" in content:
        return "an archive of NumPy arrays (.npz)"
    return "a Keras file (.keras)" if b"model.weights.h5" in content else "a ZIP archive"


def read_tensors(content: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays (read-only) and the metadata of a file; FileError, one sentence, for anything else."""
    if len(content) > MAX_BYTES:
        raise FileError(f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} are read.")
    if content[:2] == b"PK" or content[:1] == b"\x80":
        raise FileError(f"This is {_other_kind(content)}; only safetensors files are read.")
    entries = _header(content)
    metadata = entries.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise FileError("The file's metadata is not text by name.")
    if len(entries) > _MAX_ARRAYS:
        raise FileError(f"The file names {len(entries):,} arrays; at most {_MAX_ARRAYS:,} are read.")
    for name, entry in entries.items():
        _check(name, entry)
    try:
        arrays: dict[str, NDArray[Any]] = numpy.load(content)
    except SafetensorError:
        raise FileError("The arrays do not lie in the file as its header says.") from None
    for array in arrays.values():
        array.flags.writeable = False
    return arrays, metadata


def _header(content: bytes) -> dict[str, Any]:
    """The JSON header."""
    length = _LENGTH.unpack_from(content)[0] if len(content) >= _LENGTH.size else 0
    if not 2 <= length <= min(_MAX_HEADER_BYTES, len(content) - _LENGTH.size):
        raise FileError("This is not a safetensors file.")
    try:
        header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise FileError("This is not a safetensors file: its header is not JSON.") from None
    if not isinstance(header, dict):
        raise FileError("This is not a safetensors file: its header is not a JSON object.")
    return header


def _check(name: str, entry: object) -> None:
    """FileError where an array's entry is not well formed, or beyond the bounds."""
    good = (
        isinstance(entry, dict)
        and entry.get("dtype") in _DTYPES
        and _sizes(entry.get("shape"))
        and len(entry["shape"]) <= _MAX_AXES
        and _sizes(entry.get("data_offsets"))
        and len(entry["data_offsets"]) == 2
    )
    if not good:
        raise FileError(f"The array {name[:40]!r} in the file is not described as a safetensors array.")


def _sizes(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= MAX_BYTES for each in value
    )
