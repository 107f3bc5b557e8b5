"""Every record survives the wire; what is no record gets one sentence."""

import json
from dataclasses import fields

import numpy as np
import pytest

from cnnviz.engine.wire import messages, records
from cnnviz.engine.wire.records import (
    RECORDS,
    Maps,
    Record,
    RecordError,
    RecordMessage,
    StepBlock,
    record_from_message,
)


def _block(**changes) -> StepBlock:
    ones = np.ones((3, 2), np.float32)
    row = np.arange(3, dtype=np.float32)
    values = {"step": 7, "loss": row, "accuracy": row, "milliseconds": row, "rate": row}
    values |= {"gradient_norms": ones, "gradient_means": ones, "update_ratios": ones}
    return StepBlock(**(values | changes))


_PLAIN_EXAMPLES = {
    "int": 3,
    "float": 0.25,
    "str": "test",
    "tuple[str, ...]": ("a", "b"),
    "tuple[int, ...]": (0, 1),
    "tuple[tuple[int, ...], ...]": ((1, 2, 2), (5,)),
}


def _example(kind: type[Record]) -> Record:
    """A record of this kind with something in every field."""
    values = {}
    for part in fields(kind):
        if part.type in _PLAIN_EXAMPLES:
            values[part.name] = _PLAIN_EXAMPLES[part.type]
        elif part.type == "NamedFloats":
            values[part.name] = {"weights before": np.ones((2, 3), np.float32), "loss": np.float32(2)}
        else:
            wire = messages._ARRAYS[part.type]
            values[part.name] = np.arange(2**wire.axes, dtype=wire.dtype).reshape((2,) * wire.axes)
    return kind(**values)


@pytest.mark.parametrize("kind", RECORDS.values(), ids=RECORDS)
def test_a_record_survives_the_wire(kind):
    record = _example(kind)
    message = record.to_message()
    sent = RecordMessage(message.kind, json.loads(json.dumps(message.fields)), message.arrays)
    back = record_from_message(sent)
    assert type(back) is kind
    for part in fields(kind):
        a, b = getattr(record, part.name), getattr(back, part.name)
        if isinstance(a, dict):
            assert list(a) == list(b)
            assert all(np.array_equal(a[name], b[name]) and np.shape(a[name]) == b[name].shape for name in a)
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            assert np.array_equal(a, b)
        else:
            assert a == b
            assert type(a) is type(b)


@pytest.mark.parametrize("kind", RECORDS.values(), ids=RECORDS)
def test_a_message_that_lacks_any_one_field_is_refused(kind):
    message = _example(kind).to_message()
    for name in message.fields:
        rest = {key: value for key, value in message.fields.items() if key != name}
        with pytest.raises(RecordError, match="lacks"):
            record_from_message(RecordMessage(message.kind, rest, message.arrays))
    for name in message.arrays:
        rest = {key: value for key, value in message.arrays.items() if key != name}
        with pytest.raises(RecordError, match="lacks the array"):
            record_from_message(RecordMessage(message.kind, message.fields, rest))


def test_wrong_types_and_kinds_are_refused_with_a_sentence():
    with pytest.raises(RecordError, match="No record is of kind 'nonsense'"):
        record_from_message(RecordMessage("nonsense", {}, {}))
    message = _block().to_message()
    with pytest.raises(RecordError, match="'step' in a message"):
        record_from_message(message._replace(fields={"step": "x" * 10_000}))
    with pytest.raises(RecordError, match="float64"):
        record_from_message(message._replace(arrays=message.arrays | {"loss": np.zeros(3)}))
    with pytest.raises(RecordError, match="2 axes"):
        record_from_message(message._replace(arrays=message.arrays | {"loss": np.zeros((3, 1), np.float32)}))


def test_arrays_go_out_contiguous_and_in_the_declared_type():
    message = _block(loss=np.arange(6, dtype=np.float64)[::2]).to_message()
    assert message.arrays["loss"].flags.c_contiguous
    assert message.arrays["loss"].dtype == np.float32
    assert message.arrays["loss"].tolist() == [0, 2, 4]


def test_a_block_numbers_its_steps_from_one():
    assert _block().steps.tolist() == [5, 6, 7]
    assert _block(step=3).steps.tolist() == [1, 2, 3]


def test_maps_cut_the_values_by_layer():
    values = np.arange(12 + 3, dtype=np.float32)
    maps = Maps(0, ((3, 2, 2), (3,)), (3, 3), np.zeros((1, 4, 4), np.uint8), values)
    assert maps.layer(0).shape == (3, 2, 2)
    assert maps.layer(0)[2, 1, 1] == 11
    assert maps.layer(1).tolist() == [12, 13, 14]


def test_every_record_of_the_module_is_registered():
    kinds = {each for each in vars(records).values() if isinstance(each, type) and issubclass(each, Record)}
    assert kinds - {Record} == set(RECORDS.values())
