"""The shapes of what Python sends to the views, as mypy and TypeScript see them (tools/js_types.py)."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from node import COMPONENTS, NODE, ROOT

from tools import js_types

TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"


class Inner(TypedDict):
    at: tuple[int, float]


class Outer(TypedDict):
    """Of a test."""

    names: list[str]
    maybe: list[int | None]
    parts: dict[str, Inner]
    kind: Literal["a", "b"] | None
    pair: Annotated[list[float], "[number, number]"]
    left: NotRequired[bool]


def test_a_typeddict_becomes_an_interface() -> None:
    assert js_types.interface(Outer).splitlines() == [
        "// Of a test.",
        "export interface Outer {",
        "  names: string[];",
        "  maybe: (number | null)[];",
        "  parts: Record<string, Inner>;",
        '  kind: "a" | "b" | null;',
        "  pair: [number, number];",
        "  left?: boolean;",
        "}",
    ]


@pytest.mark.parametrize("kind", [set[int], tuple[int, ...], dict[int, str], bytes, list])
def test_what_json_cannot_carry_is_named(kind: Any) -> None:
    with pytest.raises(TypeError, match="has no shape in JSON"):
        js_types.typescript(kind)


def test_the_file_is_what_python_declares() -> None:
    assert js_types.TARGET.read_text("utf-8") == js_types.text(), "run make types-js"


def test_every_shape_is_used_by_its_view() -> None:
    for name, shape in js_types.shapes().items():
        if not name.endswith("Data"):
            continue  # part of another
        view = shape.__module__.removeprefix("cnnviz.components.").split(".")[0]
        scripts = [path.read_text("utf-8") for path in (COMPONENTS / view).glob("*.js")]
        assert any(re.search(rf'import\("../shared/types"\)\.{name}\b', text) for text in scripts), name


FIELDS = {  # TypedDict of what a view is sent → one of its fields
    "ActivationApplyData": "mapTitle",
    "ActivationCollapseData": "second",
    "ConfusionViewData": "places",
    "CopyLinkData": "label",
    "FilterViewData": "signedLut",
    "HistogramViewData": "deviation",
    "KernelGalleryData": "digest",
    "MapMosaicData": "picture",
    "MapStackData": "grey",
    "PicturePickerData": "turn",
    "PredictionStreamData": "onlyWrong",
    "SlowMotionData": "parts",
}


def view_of(shape: str) -> str:
    """The folder of the view that is sent this."""
    return js_types.shapes()[shape].__module__.removeprefix("cnnviz.components.").split(".")[0]


def source_of(shape: str) -> Path:
    """The Python module that declares it."""
    return Path(inspect.getfile(js_types.shapes()[shape]))


def renamed(text: str, head: str, field: str) -> str:
    """Declarations in which the field has another name, from `head` on."""
    before, after = text.split(head)
    assert f" {field}:" in after
    return before + head + after.replace(f" {field}:", " renamed:", 1)


def tsc_findings(folder: Path) -> list[str]:
    """What tsc finds in these views, below a copy of cnnviz/components."""
    config = folder / "tsconfig.json"
    whole = (ROOT / "tsconfig.json").as_posix()
    views = sorted({view_of(shape) for shape in FIELDS})
    config.write_text(json.dumps({"extends": whole, "include": views, "exclude": []}), "utf-8")
    command = [NODE, TSC, "--project", config, "--pretty", "false"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    here = tuple(f"{view}/" for view in views)
    return [line for line in done.stdout.splitlines() if line.startswith(here)]


def test_a_renamed_field_fails_in_typescript(tmp_path: Path) -> None:
    unwanted = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(COMPONENTS, tmp_path, dirs_exist_ok=True, ignore=unwanted)
    assert tsc_findings(tmp_path) == []
    types = tmp_path / "shared" / "types.d.ts"
    for shape, field in FIELDS.items():
        text = renamed(types.read_text("utf-8"), f"export interface {shape} {{", field)
        types.write_text(text, "utf-8")
    found = tsc_findings(tmp_path)
    for shape, field in FIELDS.items():
        here = [line for line in found if line.startswith(f"{view_of(shape)}/")]
        assert any(re.search(rf"\b{field}\b.*\b{shape}\b", line) for line in here), shape


def test_a_renamed_field_fails_in_python(tmp_path: Path) -> None:
    for shape, field in FIELDS.items():
        source = source_of(shape).read_text("utf-8")
        (tmp_path / f"{shape}.py").write_text(source, "utf-8")
        changed = renamed(source, f"class {shape}(TypedDict):", field)
        (tmp_path / f"changed_{shape}.py").write_text(changed, "utf-8")
    # What the views import stays unread: two seconds instead of thirty.
    options = ["--follow-imports=skip", "--ignore-missing-imports", "--no-incremental", "--config-file="]
    command = [sys.executable, "-m", "mypy", *options, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if "[typeddict-" in line]
    assert [line for line in found if not line.startswith("changed_")] == []
    for shape, field in FIELDS.items():
        assert any(line.startswith(f"changed_{shape}.py") and f'"{field}"' in line for line in found), shape
