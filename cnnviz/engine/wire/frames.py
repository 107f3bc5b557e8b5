"""Messages between the server and its training processes: a JSON header and raw array bytes, never pickle.

One frame on the wire is ``magic (4 bytes) · header length (uint32) · body length (uint64) · header · body``,
lengths big-endian. The header is JSON; each numpy array in the message stands in it as
``{"__array__": [dtype, shape, offset]}`` and its bytes, little-endian in C order, at that offset of the body.
NaN and infinity travel in both. Nothing that arrives is ever executed or unpickled.
"""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from io import BufferedReader, RawIOBase
from typing import Any

import numpy as np

MAX_HEADER = 8 << 20  # bytes
MAX_BODY = 512 << 20  # bytes; 128 million weights
_PREFIX = struct.Struct(">4sIQ")
_MAGIC = b"cnv1"
_MARK = "__array__"
_ALIGN = 8  # arrays are read in place, and numpy is slow where they start between two words

Message = dict[str, Any]


class FrameError(ValueError):
    """A message that breaks the format or its bounds; one sentence says how."""


def encode(message: Mapping[str, Any]) -> bytes:
    """The frame of a message: JSON values, numpy arrays and numpy scalars, nested as deep as JSON goes.

    Tuples arrive as lists and keys as strings. Raises FrameError for anything else, or where it is too long.
    """
    parts: list[bytes] = []
    size = 0

    def place(value: object) -> object:
        nonlocal size
        if isinstance(value, np.generic):
            return value.item()
        if not isinstance(value, np.ndarray):
            raise FrameError(f"A message cannot hold a {type(value).__name__}.")
        if value.dtype.kind not in "biuf" or value.dtype.itemsize > 8:
            raise FrameError(f"A message cannot hold an array of {value.dtype}.")
        raw = np.ascontiguousarray(value, value.dtype.newbyteorder("<"))
        start, size = size, size + raw.nbytes + -raw.nbytes % _ALIGN
        parts.append(raw.tobytes() + bytes(-raw.nbytes % _ALIGN))
        return {_MARK: [raw.dtype.str, list(value.shape), start]}

    try:
        header = json.dumps(message, default=place, separators=(",", ":")).encode()
    except (TypeError, RecursionError, UnicodeEncodeError) as error:
        raise FrameError(f"A message cannot be written as JSON: {error}.") from None
    _check_sizes(len(header), size)
    return b"".join([_PREFIX.pack(_MAGIC, len(header), size), header, *parts])


def decode(header: bytes, body: bytes | bytearray) -> Message:
    """The message of a frame's two parts; its arrays share the memory of `body`."""

    def restore(value: dict[str, Any]) -> object:
        return _array(value[_MARK], body) if _MARK in value else value

    try:
        message = json.loads(header, object_hook=restore)
    except FrameError:
        raise
    except (ValueError, RecursionError):
        raise FrameError("A message arrived whose header is not JSON.") from None
    if not isinstance(message, dict):
        raise FrameError("A message arrived that is not a table of names and values.")
    return message


def _array(stated: object, body: bytes | bytearray) -> np.ndarray:
    match stated:
        case [str(kind), list(shape), int(start)] if all(isinstance(n, int) and n >= 0 for n in shape):
            pass
        case _:
            raise FrameError("A message arrived with an array that does not state its type, shape and place.")
    try:
        dtype = np.dtype(kind)
    except (TypeError, ValueError):
        dtype = np.dtype(object)
    count = math.prod(shape)
    if dtype.kind not in "biuf" or len(shape) > 32:
        raise FrameError(f"A message arrived with an array of type {kind[:20]!r}: not numbers.")
    if start < 0 or start + count * dtype.itemsize > len(body):
        raise FrameError(f"A message arrived with an array of {count} numbers that its body does not hold.")
    try:
        return np.frombuffer(body, dtype, count, start).reshape(shape) if count else np.zeros(shape, dtype)
    except ValueError:  # numpy refuses (0, 10**30)
        raise FrameError("A message arrived with an empty array of an impossible shape.") from None


def _check_sizes(header: int, body: int) -> None:
    if header > MAX_HEADER or body > MAX_BODY:
        raise FrameError(
            f"A message of {header} + {body} bytes is larger than the {MAX_HEADER} + {MAX_BODY} allowed."
        )


class Channel:
    """Both directions of a connection that carries frames. `send` may be called from any thread."""

    def __init__(self, reader: BufferedReader, writer: RawIOBase, closer: Callable[[], None]) -> None:
        self._reader, self._writer, self._closer = reader, writer, closer
        self._writing, self._reading = threading.Lock(), threading.Lock()
        self.closed = threading.Event()

    @classmethod
    def of_socket(cls, end: socket.socket) -> Channel:
        """Over one end of a socket pair. `close` also wakes a thread that waits in `receive`."""

        def closer() -> None:
            with contextlib.suppress(OSError):  # the other side has gone already
                end.shutdown(socket.SHUT_RDWR)
            end.close()

        return cls(end.makefile("rb"), end.makefile("wb", buffering=0), closer)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one frame; raises OSError where the other side has gone, FrameError for a bad message."""
        left = memoryview(encode(message))
        with self._writing:
            while left:
                if self._writer.closed:
                    raise BrokenPipeError("This connection was closed.")
                left = left[self._writer.write(left) or 0 :]

    def receive(self) -> Message | None:
        """Wait for one frame; None where the connection has ended, also in the middle of a frame.

        Raises FrameError for what is no frame. After it the stream has no known place: close the channel.
        """
        message = None
        with self._reading:
            try:
                message = self._read()
            except OSError:
                return None
            finally:
                if message is None or self.closed.is_set():
                    self._reader.close()
        return message

    def _read(self) -> Message | None:
        if self._reader.closed:
            return None
        prefix = self._reader.read(_PREFIX.size)
        if len(prefix) < _PREFIX.size:
            return None
        magic, header_size, body_size = _PREFIX.unpack(prefix)
        if magic != _MAGIC:
            raise FrameError("Something arrived that is not one of cnnviz's messages.")
        _check_sizes(header_size, body_size)
        header = self._reader.read(header_size)
        body = bytearray(body_size)
        filled = self._fill(memoryview(body))
        return decode(header, body) if len(header) == header_size and filled else None

    def _fill(self, body: memoryview) -> bool:
        while body:
            count = self._reader.readinto(body)
            if not count:
                return False
            body = body[count:]
        return True

    def close(self) -> None:
        """End the connection for both sides. Does nothing the second time."""
        if self.closed.is_set():
            return
        self.closed.set()
        self._closer()
        with contextlib.suppress(OSError):
            self._writer.close()
        if self._reading.acquire(blocking=False):  # else the thread that reads closes it
            try:
                self._reader.close()
            finally:
                self._reading.release()
