"""The shapes of what Python sends to the views, as mypy and TypeScript see them (tools/js_types.py)."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args

import pytest
from node import COMPONENTS, NODE, ROOT

from cnnviz.components import pool_view
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


def view_of(shape: str) -> str:
    """The folder of the view that is sent this."""
    return js_types.shapes()[shape].__module__.removeprefix("cnnviz.components.").split(".")[0]


def scripts_of(view: str) -> str:
    """All its JavaScript."""
    return "".join(path.read_text("utf-8") for path in sorted((COMPONENTS / view).glob("*.js")))


BYTES = {"picture_store"}  # is sent bytes, which it reads by itself


def test_every_view_has_a_shape_and_uses_it() -> None:
    sent = [name for name in js_types.shapes() if name.endswith("Data")]  # the others are parts of these
    views = {path.parent.name for path in COMPONENTS.glob("*/view.js")}
    assert {view_of(name) for name in sent} == views - BYTES
    for name in sent:
        used = rf'ViewArguments<[^@]*?import\("../shared/types"\)\.{name}\b'
        assert re.search(used, scripts_of(view_of(name))), f"{name} is the type of no arguments"
    assert set(FIELDS) == set(sent), "each shape has a field that is renamed below"


def test_the_shape_is_what_the_data_function_returns() -> None:
    for name in FIELDS:
        module = import_module(js_types.shapes()[name].__module__)
        functions = [value for value in vars(module).values() if inspect.isfunction(value)]
        functions += [f for one in vars(module).values() if inspect.isclass(one) for f in vars(one).values()]
        told = [inspect.get_annotations(f).get("return", "") for f in functions if inspect.isfunction(f)]
        assert any(re.search(rf"\b{name}\b", text) for text in told), name


def unchecked(source: str) -> list[str]:
    """What is handed to a view as a dict made in place: `view` takes anything, so no checker looks at it."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    data = [word.value for call in calls for word in call.keywords if word.arg == "data"]
    return [ast.unparse(value) for value in data if isinstance(value, ast.Dict)]


def test_nothing_is_sent_past_the_shapes() -> None:
    assert unchecked('view("a")(key=key, data={**data, "more": 1})') == ["{**data, 'more': 1}"]
    for path in sorted(COMPONENTS.rglob("*.py")):
        assert unchecked(path.read_text("utf-8")) == [], path


def test_no_view_keeps_what_it_is_sent_without_a_type() -> None:
    for view in {view_of(name) for name in FIELDS}:
        assert not re.search(r"\* @type \{any\} \*/ data\b", scripts_of(view)), view


def test_python_listens_to_the_names_that_the_view_reports() -> None:
    for view in {view_of(name) for name in FIELDS}:
        said = set(re.findall(r'\b(?:state|trigger|reportMap|set\w+Value)\(\s*"(\w+)"', scripts_of(view)))
        python = "".join(path.read_text("utf-8") for path in sorted((COMPONENTS / view).glob("*.py")))
        heard = set(re.findall(r"\bon_(\w+)_change=", python))
        assert said == (set(get_args(pool_view.Report)) if view == "pool_view" else heard), view


FIELDS = {  # TypedDict of what a view is sent → one of its fields
    "ActivationApplyData": "mapTitle",
    "ActivationCollapseData": "second",
    "ConfusionViewData": "places",
    "CopyLinkData": "label",
    "EffectiveFieldData": "grid",
    "FieldPhotoData": "crop",
    "FieldTableData": "columns",
    "FilterViewData": "signedLut",
    "GradientFlowData": "guide",
    "HistogramViewData": "deviation",
    "KernelGalleryData": "digest",
    "MapMosaicData": "picture",
    "MapStackData": "grey",
    "NetNetworkData": "nodes",
    "NetReadingData": "largest",
    "PanelRowData": "panels",
    "PicturePickerData": "turn",
    "PoolPyramidData": "times",
    "PoolShiftData": "frame",
    "PoolWindowsData": "pin",
    "PredictionStreamData": "onlyWrong",
    "RunChartsData": "reports",
    "SlowMotionData": "parts",
    "StackViewData": "inputKind",
    "StepViewData": "paddingMode",
}


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
        changed = renamed(source, f"class {shape}(", field)
        (tmp_path / f"changed_{shape}.py").write_text(changed, "utf-8")
    # What the views import stays unread: two seconds instead of thirty.
    options = ["--follow-imports=skip", "--ignore-missing-imports", "--no-incremental", "--config-file="]
    command = [sys.executable, "-m", "mypy", *options, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if "[typeddict-" in line]
    assert [line for line in found if not line.startswith("changed_")] == []
    for shape, field in FIELDS.items():
        assert any(line.startswith(f"changed_{shape}.py") and f'"{field}"' in line for line in found), shape
