"""Tests in a process of their own, in which the module of one table is loaded with one more entry in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from app_pages import ROOT


def assert_passes(plugin: str, tests: str) -> None:
    """Run a file of this folder with one of its modules as a plugin of pytest."""
    folder = ROOT / "tests" / "contract"
    paths = os.pathsep.join([str(ROOT), str(folder), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", plugin, str(folder / tests)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def load_with(module: str, loader: type[SourceFileLoader]) -> None:
    """From now on, this module is loaded by a loader of this class."""

    class Finder(MetaPathFinder):
        def find_spec(
            self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if fullname != module:
                return None
            spec = PathFinder.find_spec(fullname, path, target)
            assert spec is not None
            assert isinstance(spec.loader, SourceFileLoader)
            spec.loader = loader(spec.loader.name, spec.loader.path)
            return spec

    sys.meta_path.insert(0, Finder())
