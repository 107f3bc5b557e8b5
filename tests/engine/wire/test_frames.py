"""Messages survive the wire, NaN included; what is no message gets one sentence."""

import io
import json
import math
import socket
import struct
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.engine.wire.frames import MAX_BODY, Channel, FrameError, decode, encode

NUMBERS = hnp.arrays(
    st.sampled_from(["?", "u1", "i2", "<i4", ">i8", "f2", "<f4", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    PLAIN | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def through(message):
    frame = encode(message)
    head, body = struct.unpack(">4sIQ", frame[:16])[1:]
    return decode(frame[16 : 16 + head], bytearray(frame[16 + head : 16 + head + body]))


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype.newbyteorder(one.dtype.byteorder) and np.array_equal(
            one, other, equal_nan=one.dtype.kind == "f"
        )
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


@given(st.dictionaries(st.text(max_size=5).filter(lambda name: name != "__array__"), VALUES, max_size=4))
def test_a_message_survives_the_wire(message):
    assert same(message, through(message))


def test_infinities_and_numpy_scalars_travel():
    back = through({"loss": float("inf"), "n": np.float32(0.5), "rows": (1, 2)})
    assert back == {"loss": math.inf, "n": 0.5, "rows": [1, 2]}


@pytest.mark.parametrize(
    "value", [object(), b"bytes", {1, 2}, np.array([object()]), np.zeros(2, complex), np.array(["a"])]
)
def test_what_is_neither_json_nor_numbers_is_not_sent(value):
    with pytest.raises(FrameError, match="cannot"):
        encode({"value": value})


def one_line(error):
    assert str(error)
    assert "\n" not in str(error)


@given(st.binary(max_size=60), st.binary(max_size=16))
def test_any_bytes_are_a_message_or_one_sentence(header, body):
    try:
        message = decode(header, body)
    except FrameError as error:  # anything else fails the test
        one_line(error)
    else:
        assert isinstance(message, dict)


ARRAYS = [
    ["O", [1], 0],
    ["V8", [1], 0],
    ["f4,f4", [1], 0],
    ["M8[s]", [1], 0],
    ["f4", [3], 0],
    ["f4", [1], 5],
    ["f4", [1], -4],
    ["f4", [-1], 0],
    ["f4", [2**40, 2**40], 0],
    ["f4", [0, 10**30], 0],
    ["f4", [1] * 40, 0],
    ["f4", 1, 0],
    [["f4"], [1], 0],
    ["f4", [1]],
    "f4",
]


@pytest.mark.parametrize("stated", ARRAYS, ids=str)
def test_an_array_that_lies_about_itself_is_refused(stated):
    with pytest.raises(FrameError):
        decode(json.dumps({"a": {"__array__": stated}}).encode(), b"\0" * 8)


def test_json_that_is_nested_too_deep_is_refused():
    with pytest.raises(FrameError):
        decode(b'{"a":' + b"[" * 100_000, b"")


def pair():
    one, other = socket.socketpair()
    return Channel.of_socket(one), Channel.of_socket(other), other


def test_frames_of_several_threads_do_not_mix():
    one, other, _ = pair()
    big = np.arange(200_000)
    threads = [threading.Thread(target=one.send, args=({"n": n, "big": big + n},)) for n in range(4)]
    for thread in threads:
        thread.start()
    arrived = [other.receive() for _ in threads]
    assert sorted(message["n"] for message in arrived) == [0, 1, 2, 3]
    assert all(np.array_equal(message["big"], big + message["n"]) for message in arrived)
    for thread in threads:
        thread.join()
    one.close()
    assert other.receive() is None
    other.close()


def test_what_is_no_frame_is_one_sentence_and_a_giant_is_refused_before_it_is_read():
    for prefix in (b"GET / HTTP/1.1\r\n", struct.pack(">4sIQ", b"cnv1", 2, MAX_BODY + 1)):
        one, other, end = pair()
        end.sendall(prefix)
        with pytest.raises(FrameError):
            one.receive()
        one.close()
        other.close()


def test_a_frame_that_breaks_off_is_the_end():
    one, other, end = pair()
    end.sendall(encode({"a": np.zeros(100)})[:-50])
    other.close()
    assert one.receive() is None
    with pytest.raises(BrokenPipeError):
        one.send({"a": 1})
    one.close()


def test_a_channel_over_pipes_reads_what_another_wrote():
    pipe = io.BytesIO()
    Channel(io.BufferedReader(io.BytesIO()), pipe, pipe.close).send({"a": 1})
    reader = Channel(io.BufferedReader(io.BytesIO(pipe.getvalue())), pipe, pipe.close)
    assert reader.receive() == {"a": 1}
    assert reader.receive() is None
