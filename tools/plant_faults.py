"""Plants faults and looks whether the tests find them: one of each kind, in a copy of the code.

    python tools/plant_faults.py               all of them
    python tools/plant_faults.py border echo   these kinds

For each row of FAULTS the named test passes in the copy as it is, and fails once the fault is in. The working
tree is left alone. Faults of the browser need Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("app.py", "pyproject.toml")
FOLDERS = (".streamlit", "assets", "benchmarks", "cnnviz", "pages", "static", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", ".*_cache", ".hypothesis")
PATIENCE = 600  # seconds for one test, on a busy machine
PASSED, FAILED = 0, 1  # pytest's exit codes; any other means that no test was run


@dataclass(frozen=True)
class Fault:
    """One replacement in one file, and the test that is expected to find it."""

    kind: str
    file: str
    right: str
    wrong: str
    test: str


FAULTS = (
    Fault(
        "arithmetic",
        "cnnviz/core/pooling/pool.py",
        "count = np.multiply.outer(rows.cells, columns.cells)",
        "count = np.add.outer(rows.cells, columns.cells)",
        "tests/core/pooling/test_pooling.py::test_pools_are_torch_s",
    ),
    Fault(
        "border",
        "cnnviz/core/convolution/padding.py",
        "period = max(2 * n - 2, 1)",
        "period = max(2 * n - 1, 1)",
        "tests/core/convolution/test_sizes.py::test_pad_is_numpy_s",
    ),
    Fault(
        "stride",
        "cnnviz/core/convolution/sizes.py",
        "outputs = (-(-room // stride) if ceil_mode else room // stride) + 1",
        "outputs = (-(-room // stride) if ceil_mode else (room + 1) // stride) + 1",
        "tests/core/convolution/test_sizes.py::test_output_size_is_torch_s",
    ),
    Fault(
        "echo",
        "cnnviz/components/shared/controls/echo.js",
        "return echo < 0;",
        "return true;",
        "tests/components/test_echo.py",
    ),
    Fault(
        "link",
        "cnnviz/ui/kit/link.py",
        "if in_url is None and st.session_state.get(PAGE_IS_FRESH, True):",
        "if in_url is None and not st.session_state.get(PAGE_IS_FRESH, True):",
        "tests/ui/kit/test_link.py",
    ),
    Fault(
        "contrast",
        "cnnviz/core/colour/displays.py",
        '"output": RoleColour("#1c7f5c", "#7cf0d4")',
        '"output": RoleColour("#2fae80", "#7cf0d4")',
        "tests/core/colour/test_colour.py",
    ),
    Fault(
        "contrast on a page",
        "cnnviz/components/shared/base.css",
        "  color: var(--st-text-color);",
        "  color: #a0a0a0;",
        "tests/browser/test_sweep.py::test_sweep[start-light]",
    ),
    Fault(
        "focus order",
        "cnnviz/components/shared/controls/choices.js",
        "for (const other of this.buttons) other.tabIndex = other === button ? 0 : -1;",
        "for (const other of this.buttons) other.tabIndex = 0;",
        "tests/browser/test_choices_js.py",
    ),
    Fault(
        "JavaScript is not Python",
        "cnnviz/components/shared/maths/pool.js",
        "if (ceil && (outputs - 1) * stride >= n + padding) outputs -= 1;",
        "if (ceil && (outputs - 1) * stride > n + padding) outputs -= 1;",
        "tests/js/test_pool_maths.py::test_pools_winners_and_gradients_are_pythons",
    ),
    Fault(
        "death of a process",
        "cnnviz/engine/processes/launcher.py",
        'return f"was ended by signal {-self.exit_code} ({signal.Signals(-self.exit_code).name})"',
        'return "ended"',
        "tests/engine/processes/test_supervisor.py::test_a_child_that_is_killed_is_named",
    ),
    Fault(
        "hostile file",
        "cnnviz/core/pictures/formats/gif.py",
        'check_size(width, height, "GIF", max_pixels)',
        "pass",
        "tests/core/pictures/test_pictures_hostile.py::test_every_format_looks_at_the_size_first",
    ),
)


def copy_of_the_code(folder: Path) -> None:
    for name in FILES:
        shutil.copy2(ROOT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)


def outcome(folder: Path, test: str) -> int:
    """pytest's exit code for a test of the copy."""
    command = [sys.executable, "-m", "pytest", test, "-x", "--no-header"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=PATIENCE)
    return ended.returncode


def planted(folder: Path, fault: Fault) -> tuple[int, int]:
    """pytest's exit codes without the fault and with it; the copy is afterwards as before."""
    file = folder / fault.file
    text = file.read_text(encoding="utf-8")
    if text.count(fault.right) != 1:
        raise SystemExit(f"{fault.file} has {text.count(fault.right)} times: {fault.right}")
    without = outcome(folder, fault.test)
    file.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")
    try:
        return without, outcome(folder, fault.test)
    finally:
        file.write_text(text, encoding="utf-8")


def main(kinds: list[str]) -> int:
    unknown = set(kinds) - {fault.kind for fault in FAULTS}
    if unknown:
        raise SystemExit(f"No fault is called {', '.join(sorted(unknown))}.")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="cnnviz-faults-") as name:
        folder = Path(name)
        copy_of_the_code(folder)
        for fault in FAULTS:
            if kinds and fault.kind not in kinds:
                continue
            without, having = planted(folder, fault)
            found = (without, having) == (PASSED, FAILED)
            missed += not found
            said = (
                "found" if found else f"NOT found (pytest ended with {without} without it, {having} with it)"
            )
            print(f"{fault.kind:26} {said:12} by {fault.test}", flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", nargs="*", help="the kinds to plant; all of them without any")
    raise SystemExit(main(parser.parse_args().kind))
