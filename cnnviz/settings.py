"""Limits and switches from environment variables; no other module reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]  # the folder of `pages/`, `assets/` and `static/`
ASSETS = ROOT / "assets"


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """What the owner of a server may change without touching code.

    Each field is read from the variable named beside it; an unset or empty one keeps the default.
    """

    max_pixels: int = 24_000_000  # CNNVIZ_MAX_PIXELS: the largest picture that is read, in pixels
    max_upload_mb: int = 20  # CNNVIZ_MAX_UPLOAD_MB: the largest file that is read, in MB of 1,000,000 bytes
    max_train_parameters: int = 2_000_000  # CNNVIZ_MAX_TRAIN_PARAMETERS: of a network that is trained
    max_train_multiply_adds: int = 3_000  # CNNVIZ_MAX_TRAIN_MULTIPLY_ADDS: of a step forward, in millions
    max_train_mb: int = 400  # CNNVIZ_MAX_TRAIN_MB: outputs of all layers for a batch, and their gradients
    device: str = "cpu"  # CNNVIZ_DEVICE: where networks run: cpu, cuda, or auto (CUDA where torch finds it)
    data: str = ""  # CNNVIZ_DATA: a folder of IDX files, or of sub-folders of them, offered as data sets
    max_runs: int = field(default_factory=cores)  # CNNVIZ_MAX_RUNS: runs that compute at once
    max_queue: int = 40  # CNNVIZ_MAX_QUEUE: unfinished runs at once: computing, waiting or paused
    max_steps: int = 50_000  # CNNVIZ_MAX_STEPS: training steps of one run; each is kept in its history
    max_seconds: int = 3600  # CNNVIZ_MAX_SECONDS: the longest life of one run, pauses included
    max_run_mb: int = 1024  # CNNVIZ_MAX_RUN_MB: memory that one run may take, in MB
    max_history_mb: int = 64  # CNNVIZ_MAX_HISTORY_MB: what the server keeps of one run, in MB
    grace_seconds: int = 30  # CNNVIZ_GRACE_SECONDS: how long a run outlives its visitor's connection
    sweep_seconds: int = 15  # CNNVIZ_SWEEP_SECONDS: how often the server drops expired sessions

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read every field from `environ` (the process's own by default).

        Raises ValueError, one sentence with the variable and its value, where that is not a whole number
        ≥ 1 or, for a switch, not one of its words. A folder is read only when it is used.
        """
        source = os.environ if environ is None else environ
        given: dict[str, Any] = {
            field.name: _PARSERS.get(field.name, _whole_number)(name, source[name])
            for field in fields(cls)
            if source.get(name := f"CNNVIZ_{field.name.upper()}", "").strip()
        }
        return cls(**given)


def _whole_number(name: str, text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, but it is {text!r}.")
    return value


def child_environment(package_root: str) -> dict[str, str]:
    """The environment of a training process: cnnviz importable, and every library on one thread.

    Under load two threads of torch are up to 28 times slower than one, because each waits for the other by
    spinning; PASSIVE makes them sleep where a library starts a second one anyway.
    """
    path = os.environ.get("PYTHONPATH")
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **os.environ,
        **one_thread,
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONPATH": os.pathsep.join([package_root, *([path] if path else [])]),
    }


def _device(name: str, text: str) -> str:
    word = text.strip().lower()
    if word not in ("cpu", "cuda", "auto"):
        raise ValueError(f'{name} must be "cpu", "cuda" or "auto", but it is {text!r}.')
    return word


def _folder(_: str, text: str) -> str:
    return text.strip()


_PARSERS = {"device": _device, "data": _folder}

settings = Settings.from_env()
