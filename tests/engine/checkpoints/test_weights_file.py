"""Files of weights: what was saved comes back; every other file gets one sentence, and nothing in it runs."""

import io
import json
import pickle
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import NAMES, NET, RICH_NET, stripes

from cnnviz.engine.checkpoints.tensor_file import MAX_BYTES, FileError, read_tensors, write_tensors
from cnnviz.engine.checkpoints.weights_file import SavedNetwork, load_weights, weights_of
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.build import build
from cnnviz.engine.training.trainer import Trainer

CONFIG = TrainConfig(net=RICH_NET)
NETWORK = build(CONFIG.net, 3)


def _file(**changes) -> bytes:
    values = {"config": CONFIG, "step": 7, "arrays": weights_of(NETWORK), "name": "Ada's net"}
    return SavedNetwork(**(values | changes)).to_bytes()


def test_a_network_comes_back_bit_for_bit():
    saved = SavedNetwork.from_bytes(_file())
    assert (saved.config, saved.step, saved.name, saved.whole) == (CONFIG, 7, "Ada's net", False)
    other = build(saved.config.net, 4)
    load_weights(other, saved.weights)
    assert all(
        torch.equal(a, b)
        for a, b in zip(other.state_dict().values(), NETWORK.state_dict().values(), strict=True)
    )
    x = torch.rand(3, 1, 12, 12)
    assert torch.equal(other.eval()(x), NETWORK.eval()(x))


def test_a_whole_state_goes_on_as_if_it_had_never_stopped():
    data = stripes()
    config = TrainConfig(net=RICH_NET, batch=16, drop=0.2, augment="shift")
    first, second = Trainer(config, data, NAMES), Trainer(config, data, NAMES)
    first.step(9)
    saved = SavedNetwork.from_bytes(first.saved(whole=True).content.tobytes())
    assert saved.whole
    second.restore(saved)
    first.step(6)
    second.step(6)
    expected, found = first.state(), second.state()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_weights_alone_are_restored_too_and_a_good_state_can_be_saved():
    data = stripes()
    first = Trainer(TrainConfig(net=NET, optimizer="sgd", output="one_hot_mse", rate=0.01), data, NAMES)
    first.step(110)
    first.set("rate", 1e4)
    first.step(200)
    assert first.status == "diverged"
    saved = SavedNetwork.from_bytes(first.saved(good=True).content.tobytes())
    assert saved.step == 100
    second = Trainer(TrainConfig(net=NET, output="one_hot_mse"), data, NAMES)
    second.restore(saved)
    assert second.step_count == 100
    first.recover()
    assert second.evaluate("test").loss == first.evaluate("test").loss
    with pytest.raises(FileError, match="The file and the network differ"):
        Trainer(TrainConfig(net=RICH_NET), data, NAMES).restore(saved)


def test_the_layout_is_the_published_one():
    """The example of the format's own description, written by hand."""
    header = {"test": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}, "__metadata__": {"a": "b"}}
    text = json.dumps(header).encode()
    content = struct.pack("<Q", len(text)) + text + struct.pack("<2f", 1.5, -2)
    arrays, metadata = read_tensors(content)
    assert arrays["test"].tolist() == [[1.5], [-2.0]]
    assert metadata == {"a": "b"}


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4", "i8", "u1"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_types_and_shapes(dtype, shape):
    array = np.arange(int(np.prod(shape, dtype=int))).astype(dtype).reshape(shape)
    (back,) = read_tensors(write_tensors({"x": array}, {}))[0].values()
    assert (back.dtype, back.shape, back.tolist()) == (array.dtype, array.shape, array.tolist())


def test_the_same_network_gives_the_same_bytes():
    assert len({_file() for _ in range(20)}) == 1


def test_arrays_that_were_read_cannot_be_written_to():
    arrays, _ = read_tensors(write_tensors({"x": np.zeros(2, np.float32)}, {}))
    with pytest.raises(ValueError, match="read-only"):
        arrays["x"][0] = 1


class _Bomb:
    ran = False

    def __reduce__(self):
        return exec, ("import builtins; builtins.cnnviz_bomb = True",)


def _with_header(header, data=b"", length=None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


_F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
_TWO = bytes(8)
HOSTILE = {
    "nothing": (b"", "not a safetensors file"),
    "text": (b"hello, this is a text", "not a safetensors file"),
    "pickle": (pickle.dumps(_Bomb()), "pickled PyTorch file"),
    "length beyond the file": (_with_header({}, length=1 << 62), "not a safetensors file"),
    "no JSON": (_with_header(b"{nonsense"), "header is not JSON"),
    "not UTF-8": (_with_header(b"\xff\xfe\xff\xfe"), "header is not JSON"),
    "deep JSON": (_with_header(b"[" * 500_000), "header is not JSON"),
    "a list": (_with_header([1, 2]), "not a JSON object"),
    "no entry": (_with_header({"x": 3}), "not described"),
    "unknown type": (_with_header({"x": _F32 | {"dtype": "OBJ"}}, _TWO), "not described"),
    "a list as type": (_with_header({"x": _F32 | {"dtype": []}}, _TWO), "not described"),
    "negative size": (_with_header({"x": _F32 | {"shape": [-2]}}, _TWO), "not described"),
    "huge size": (_with_header({"x": _F32 | {"shape": [10**300]}}, _TWO), "not described"),
    "huge product": (
        _with_header({"x": _F32 | {"shape": [10**7] * 8}}, _TWO),
        "do not lie in the file as its header says",
    ),
    "many axes": (_with_header({"x": _F32 | {"shape": [1] * 400}}, _TWO), "not described"),
    "bool size": (_with_header({"x": _F32 | {"shape": [True]}}, _TWO), "not described"),
    "outside": (
        _with_header({"x": _F32 | {"data_offsets": [8, 16]}}, _TWO),
        "do not lie in the file as its header says",
    ),
    "overlap": (_with_header({"x": _F32, "y": _F32}, _TWO), "do not lie in the file as its header says"),
    "left over": (_with_header({"x": _F32}, _TWO + b"more"), "do not lie in the file as its header says"),
    "a hole": (_with_header({"x": _F32, "y": _F32 | {"data_offsets": [12, 20]}}, bytes(20)), "do not lie"),
    "a type that numpy lacks": (
        _with_header({"x": _F32 | {"dtype": "BF16", "data_offsets": [0, 4]}}, bytes(4)),
        "not described",
    ),
    "one name twice": (
        _with_header(
            b'{"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},'
            b'"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
            _TWO,
        ),
        "was not saved here",
    ),
    "metadata twice": (_with_header(b'{"__metadata__":{"a":"b"},"__metadata__":{}}'), "do not lie"),
    "a number that JSON lacks": (_with_header(b'{"__metadata__":{"a":"b"},"x":NaN}'), "not described"),
    "metadata": (_with_header({"__metadata__": {"a": [1]}}), "not text by name"),
    "many arrays": (_with_header({str(n): 0 for n in range(20_000)}), "20,000 arrays"),
    "another's file": (write_tensors({"x": np.zeros(2, np.float32)}, {}), "was not saved here"),
    "bad settings": (write_tensors({}, {"cnnviz": '{"rate": -1}'}), "'rate' must be"),
    "settings not JSON": (write_tensors({}, {"cnnviz": "{"}), "not JSON"),
    "bad network": (
        write_tensors({}, {"cnnviz": '{"net": {"input": [1, 9, 9], "layers": [{"type": "rnn"}]}}'}),
        "rnn",
    ),
    "no weights": (_file(arrays={}), "holds 0 weights, but its network has"),
    "NaN": (
        _file(
            arrays={
                n: a * np.float32("nan") if a.dtype == "f4" else a for n, a in weights_of(NETWORK).items()
            }
        ),
        "not all numbers",
    ),
}


def one_sentence(error):
    """What a refusal says: short, and one line."""
    assert "\n" not in str(error)
    assert len(str(error)) < 400
    return str(error)


@pytest.mark.parametrize(("content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_wrong_file_gets_one_sentence(content, sentence):
    tracemalloc.start()
    with pytest.raises(FileError) as caught:
        SavedNetwork.from_bytes(content)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000 + 20 * len(content)  # whatever sizes and lengths the file claims
    assert sentence in one_sentence(caught.value)
    import builtins

    assert not hasattr(builtins, "cnnviz_bomb")


def test_a_state_dict_of_torch_gets_a_sentence_and_is_not_opened():
    file = io.BytesIO()
    torch.save(NETWORK.state_dict(), file)
    assert zipfile.is_zipfile(file)
    with pytest.raises(FileError, match="pickled PyTorch file"):
        SavedNetwork.from_bytes(file.getvalue())


def test_a_file_too_large_is_refused_before_it_is_read():
    content = bytes(MAX_BYTES + 1)
    tracemalloc.start()
    with pytest.raises(FileError, match="at most 64,000,000 are read"):
        SavedNetwork.from_bytes(content)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


_GOOD = _file()


@settings(max_examples=200)
@given(st.integers(0, len(_GOOD) - 1), st.integers(0, 255), st.integers(0, len(_GOOD)))
def test_a_damaged_file_is_read_or_refused_with_a_sentence(place, value, length):
    damaged = bytearray(_GOOD)
    damaged[place] = value
    for content in (bytes(damaged), bytes(damaged[:length])):
        try:
            saved = SavedNetwork.from_bytes(content)
            network = build(saved.config.trained_net, 0)
            load_weights(network, saved.weights)
        except FileError as error:
            one_sentence(error)
        else:
            assert all(torch.isfinite(value).all() for value in network.state_dict().values())


def test_weights_of_another_shape_leave_the_network_as_it_was():
    network = build(CONFIG.net, 5)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    wrong = dict(SavedNetwork.from_bytes(_file()).weights)
    wrong["11.weight"] = wrong["11.weight"].T
    with pytest.raises(FileError, match=r"'11.weight' is \(8, 4\) in the file but \(4, 8\) in the network"):
        load_weights(network, wrong)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
