"""One kind of declared setting: what it takes, the form it keeps, and the sentence for the rest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnnviz.core.setting import Setting


class OwnError(ValueError):
    """As layers and training runs have one."""


COUNT = Setting("count", 1, 31)
ODD = Setting("count", 3, 9, 2)
NUMBER = Setting("number", 0, 0.5, unit="px")
CHOICE = Setting("choice", options=("a", "b"))


@pytest.mark.parametrize(
    ("setting", "value", "kept"),
    [
        (COUNT, np.int64(31), 31),
        (ODD, 5, 5),
        (NUMBER, 0, 0.0),
        (NUMBER, np.float32(0.5), 0.5),
        (CHOICE, "b", "b"),
        (Setting("choice"), "any text", "any text"),
        (Setting("switch"), False, False),
        (Setting("pair", 1, 9), 3, (3, 3)),
        (Setting("pair", 1, 9), [3, 5], (3, 5)),
        (Setting("padding", 0, 9), "same", "same"),
        (Setting("padding", 0, 9), "valid", (0, 0)),
        (Setting("count", 1, 2, optional=True), None, None),
    ],
)
def test_a_value_is_kept_in_one_form(setting: Setting, value: object, kept: object) -> None:
    parsed = setting.parse(value, "It")
    assert parsed == kept
    assert type(parsed) is type(kept)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (COUNT, 0, "The size must be a whole number from 1 to 31, not 0."),
        (COUNT, True, "The size must be a whole number from 1 to 31, not True."),
        (COUNT, 10**400, "The size must be a whole number from 1 to 31, not 1000"),
        (ODD, 4, "The size must be 3, 5, … up to 9, not 4."),
        (NUMBER, math.nan, "The size must be a number from 0 to 0.5 px, not nan."),
        (NUMBER, "1", "The size must be a number from 0 to 0.5 px, not '1'."),
        (CHOICE, "c", "The size must be one of a, b, not 'c'."),
        (Setting("switch"), 1, "The size must be true or false, not 1."),
        (Setting("pair", 1, 9), [1, 2, 3], "The size must be one number or two, not 3."),
        (Setting("pair", 1, 9), [1, 10], "The size must be a whole number from 1 to 9, not 10."),
        (
            Setting("padding", 0, 9),
            "full",
            "The size must be a whole number from 0 to 9 or \"same\", not 'full'.",
        ),
        (Setting("count", 1, 2), None, "The size must be a whole number from 1 to 2, not None."),
    ],
)
def test_anything_else_is_refused_in_one_sentence(setting: Setting, value: object, sentence: str) -> None:
    with pytest.raises(OwnError) as error:
        setting.parse(value, "The size", OwnError)
    assert str(error.value).startswith(sentence)
