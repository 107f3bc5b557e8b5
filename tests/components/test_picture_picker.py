"""What the browser reports to the picture picker is not trusted."""

from __future__ import annotations

import base64

import pytest

from cnnviz.components.picture_picker import image_bytes

LIMIT = 1000


def test_base64_becomes_the_bytes() -> None:
    data = bytes(range(256))
    report = {"name": "a.png", "base64": base64.b64encode(data).decode()}
    assert image_bytes(report, LIMIT) == ("a.png", data)


@pytest.mark.parametrize("size", [999, 1000])
def test_a_file_of_the_limit_is_taken(size: int) -> None:
    report = {"name": "a", "base64": base64.b64encode(bytes(size)).decode()}
    assert len(image_bytes(report, LIMIT)[1]) == size


@pytest.mark.parametrize(
    "report",
    [
        None,
        "text",
        {},
        {"name": "a"},
        {"name": 3, "base64": "AAAA"},
        {"name": "a", "base64": None},
        {"name": "a", "base64": "AAA"},
        {"name": "a", "base64": "AA AA"},
        {"name": "a", "base64": "AA\nAA"},
        {"name": "a", "base64": "AAÄA"},
        {"name": "a", "base64": "=AAA"},
    ],
)
def test_anything_else_is_one_sentence(report: object) -> None:
    with pytest.raises(ValueError, match=r"^The picture did not arrive whole; please try again\.$"):
        image_bytes(report, LIMIT)


def test_too_large_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ValueError, match=r"larger than 0\.001 MB"):
        image_bytes({"name": "a", "base64": "!" * 2000}, LIMIT)
