"""The shipped sample pictures, as the list in assets/samples/samples.toml says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from cnnviz.core.pictures.load import Picture, load_image
from cnnviz.settings import ASSETS

FOLDER = ASSETS / "samples"


@dataclass(frozen=True)
class Sample:
    """One shipped picture; `alt` is one sentence that describes it, `file` its name in assets/samples."""

    id: str
    title: str
    file: str
    alt: str
    source: str
    licence: str


def _read() -> Mapping[str, Sample]:
    entries = tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))["sample"]
    samples = {entry["id"]: Sample(**entry) for entry in entries}
    if len(samples) != len(entries):
        raise ValueError("two samples in samples.toml share an id")
    return MappingProxyType(samples)


SAMPLES = _read()
"""Sample by id, in the order of the menus; the first is the default."""


@lru_cache(maxsize=32)
def load_sample(sample_id: str) -> Picture:
    """The picture of a sample, through `load_image` like any upload; it cannot change, so it is shared.

    Raises KeyError for an id that is not in SAMPLES.
    """
    return load_image((FOLDER / SAMPLES[sample_id].file).read_bytes())
