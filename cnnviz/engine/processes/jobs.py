"""Small jobs that a child process does once: each is a function from JSON and arrays to the same.

A new one is one entry of `JOBS`; the server's side is `supervisor.job`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cnnviz.engine.config.errors import EngineError, memory_sentence
from cnnviz.engine.wire.frames import Message

JOBS: Mapping[str, str] = MappingProxyType(
    {
        "about": "cnnviz.engine.processes.jobs:about",
        "effective_field": "cnnviz.engine.effective_field.effective:effective_field_job",
        "effective_growth": "cnnviz.engine.effective_field.effective:growth_job",
        "saved_network": "cnnviz.engine.training.saved_network:saved_network_job",
    }
)
"""Name of a job -> "module:function". The module is imported in the child alone: it may import torch."""


def run_job(order: Message) -> Message:
    """Do the job that `order` names with its arguments: {"result": …}, or {"error": one sentence}."""
    name, arguments = order.get("job"), order.get("arguments")
    if not isinstance(name, str) or name not in JOBS or not isinstance(arguments, dict):
        return {"error": f"There is no job called {str(name)[:40]!r}."}
    bound_memory(order.get("megabytes"))
    module, _, function = JOBS[name].partition(":")
    try:
        do: Callable[[dict[str, Any]], dict[str, Any]] = getattr(import_module(module), function)
        return {"result": do(arguments)}
    except (EngineError, ValueError) as error:  # SpecError and LayerError are ValueErrors of one sentence
        return {"error": str(error)}
    except (MemoryError, RuntimeError) as error:
        return {"error": memory_sentence(error) or f"The computation failed: {error}."}
    except TypeError as error:
        return {"error": f"These are not the arguments of {name}: {error}."}


def bound_memory(megabytes: object) -> None:
    """Let this process take at most so much more memory; an allocation beyond it fails with an error.

    Bounds the address space, on Linux; elsewhere the system does not keep to it.
    """
    statm = Path("/proc/self/statm")
    if not isinstance(megabytes, int) or not statm.exists():
        return
    import resource  # noqa: PLC0415  # there is none on Windows

    pages = int(statm.read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + (megabytes << 20)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def about(arguments: dict[str, Any]) -> dict[str, Any]:
    """What the child runs with: torch's version, its threads, and whether it finds CUDA."""
    del arguments
    import torch  # noqa: PLC0415

    return {
        "torch": torch.__version__,
        "cuda": torch.cuda.is_available(),
        "threads": torch.get_num_threads(),
        "pid": os.getpid(),
    }
