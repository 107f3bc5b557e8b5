"""How a run begins: its settings are checked before any process starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.config.errors import RefusedError
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.processes.supervisor import Supervisor, default_supervisor
from cnnviz.engine.runs.run import Run

__all__ = ["start_training"]

_CUDA_SECONDS = 60.0  # for asking whether there is CUDA: the first child of a server waits for torch


def start_training(
    config: TrainConfig | Mapping[str, Any],
    in_process: bool = False,
    owner_alive: Callable[[], bool] | None = None,
    *,
    playing: bool = True,
    supervisor: Supervisor | None = None,
) -> Run:
    """Train a network; returns at once.

    Parameters
    ----------
    config : TrainConfig or mapping
        The settings, or their dict.
    in_process : bool
        In a thread here instead of a child process: for notebooks and tests.
    owner_alive : callable, optional
        Asked now and then from another thread; the run is stopped where it says no for
        `CNNVIZ_GRACE_SECONDS`.
    playing : bool
        False begins paused, before the first step.
    supervisor : Supervisor, optional
        Whose child processes to use; by default those of this process.

    Returns
    -------
    Run
        The run, which goes on by itself.

    Raises
    ------
    RefusedError
        One sentence, for what cannot be trained here or has no place left (a ValueError).
    ConfigError
        One sentence, for settings that cannot be read (a ValueError).

    Notes
    -----
    A child process is forked from one that has torch loaded already, so this process never imports torch.
    The same settings and seed give the same losses, bit for bit, in a child and in a thread.

    Examples
    --------
    >>> from cnnviz.engine import TrainConfig, start_training
    >>> run = start_training(TrainConfig(dataset="fashion", train_size=64, max_steps=3), in_process=True)
    >>> run.wait()
    'done'
    >>> run.history.step.tolist()
    [1, 2, 3]
    >>> run.history.layers
    ('1 conv 3×3, 8', '4 conv 3×3, 16', '8 dense 10')
    >>> run.history.gradient_norms.shape
    (3, 3)
    """
    if not isinstance(config, TrainConfig):
        config = TrainConfig.from_dict(config)
    _check(config)
    supervisor = supervisor or default_supervisor()
    if config.device == "cuda" and not _has_cuda(supervisor, in_process):
        raise RefusedError('device="cuda" was asked for, but torch finds no CUDA device here: take "cpu".')
    run = Run(config, in_process, owner_alive, supervisor)
    run.start(playing)
    return run


def _check(config: TrainConfig) -> None:
    if config.dataset not in DATASETS:
        raise RefusedError(f"There is no data set {config.dataset[:40]!r}; there are: {', '.join(DATASETS)}.")
    dataset = DATASETS[config.dataset]
    if problems := config.problems(tuple(dataset.shape), len(dataset.classes)):
        raise RefusedError(problems[0])


def _has_cuda(supervisor: Supervisor, in_process: bool) -> bool:
    """Whether torch finds CUDA, as a child says; True where none answers: the run itself will say it."""
    if in_process:
        import torch  # noqa: PLC0415

        return torch.cuda.is_available()
    result = supervisor.job("about", {}, _CUDA_SECONDS)
    return bool(result.value.get("cuda", True))
