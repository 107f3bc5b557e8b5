"""How views travel to the browser: modules in order, nothing missing, nothing from elsewhere."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from cnnviz import components
from cnnviz.components import base
from cnnviz.core.colour.displays import ROLES

PACKAGE = Path(components.__file__).parent
VIEWS = sorted(
    folder.name
    for folder in PACKAGE.iterdir()
    if folder.is_dir() and not folder.name.startswith(("_", ".")) and folder.name not in {"library", "shared"}
)


def modules_of(files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The order in which these files would be sent."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(base, "files", lambda _: tmp_path)
    return [path for path in base.module_sources.__wrapped__() if path != "shared/roles.css"]


def test_every_module_comes_after_those_that_it_imports() -> None:
    sources = base.module_sources()
    order, pairs = list(sources), 0
    for path, source in sources.items():
        for needed in base.imports_of(path, source) if path.endswith(".js") else []:
            assert order.index(needed) < order.index(path), f"{path} is sent before {needed}"
            pairs += 1
    assert pairs > len(order) / 2  # most modules import something


def test_no_import_is_overlooked() -> None:
    """A way to write an import that the library's pattern does not see would fail only in the browser."""
    scripts = {path: source for path, source in base.module_sources().items() if path.endswith(".js")}
    assert scripts
    for path, source in scripts.items():
        plain = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.DOTALL)
        found = re.findall(r"^\s*(?:import|export)\b[^;]*?\bfrom\s*[\"']|^\s*import\s*[\"'(]", plain, re.M)
        assert len(found) == len(base.imports_of(path, source)), path


def test_order_is_by_need_not_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a/view.js": 'import { b } from "./b.js";\nimport {\n  z,\n} from "../z/z.js";\n',
        "a/b.js": 'import { z } from "../z/z.js";\n',
        "z/z.js": "export const z = 1;\n",
    }
    assert modules_of(files, tmp_path, monkeypatch) == ["z/z.js", "a/b.js", "a/view.js"]


def test_a_circle_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a/x.js": 'import { y } from "./y.js";\n', "a/y.js": 'import { x } from "./x.js";\n'}
    with pytest.raises(ValueError, match=r"a/x\.js → a/y\.js → a/x\.js.*circular"):
        modules_of(files, tmp_path, monkeypatch)


def test_a_missing_module_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"a/x\.js imports shared/none\.js"):
        modules_of({"a/x.js": 'import { y } from "../shared/none.js";\n'}, tmp_path, monkeypatch)


def test_a_view_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no_such_view"):
        base.view("no_such_view")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_a_folder_with_a_script_and_a_typed_function(name: str) -> None:
    script = (PACKAGE / name / "view.js").read_text(encoding="utf-8")
    assert re.search(r"^export (function mount\(|const mount\b)", script, re.MULTILINE)
    function = getattr(importlib.import_module(f"cnnviz.components.{name}"), name)
    signature = inspect.signature(function)
    assert function.__doc__
    assert signature.return_annotation is not inspect.Signature.empty
    assert "key" in signature.parameters
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name


def test_no_view_imports_a_sibling_view() -> None:
    """What two views share stands in shared/, so that a view can be changed by itself."""
    for path, source in base.module_sources().items():
        if path.endswith(".js"):
            folders = {needed.split("/")[0] for needed in base.imports_of(path, source)}
            assert folders <= {"shared", path.split("/")[0]}, path


# What stands in one module of the toolkit, and would be a copy of it elsewhere.
STAGE, THEME, FORMAT = "shared/canvas/stage.js", "shared/canvas/theme.js", "shared/text/format.js"
ONE_PLACE = {
    "devicePixelRatio": {STAGE},
    # also steps that play, a video's frames, and a list that scrolls while a card is dragged
    "requestAnimationFrame": {
        STAGE, "shared/controls/player.js", "filter_view/camera.js", "stack_view/drag.js",
    },
    # also a picture that CSS scales, and a list that scrolls: neither is drawn again
    "new ResizeObserver": {STAGE, "activation_view/map.js", "stack_view/frame.js"},
    r'ArrowLeft"?(:|, \[)': {"shared/controls/keys.js"},
    "getPropertyValue": {THEME, "histogram_view/view.js"},  # which also reads its channels' colours
    "toLocaleString": {FORMAT},
    r"\} %`": {FORMAT},
    r"at: Date\.now\(\)": {"shared/controls/report.js", "stack_view/reports.js"},  # joins two in one
    "new EchoGuard": {"shared/controls/report.js"},
}  # fmt: skip


@pytest.mark.parametrize(("copied", "places"), ONE_PLACE.items())
def test_the_toolkit_is_used_and_not_copied(copied: str, places: set[str]) -> None:
    found = {path for path, source in base.module_sources().items() if re.search(copied, source)}
    assert found == places, "shared/ has a module for this"


@pytest.mark.parametrize("path", [p for p in base.module_sources() if p != "shared/roles.css"])
def test_nothing_is_fetched_from_elsewhere(path: str) -> None:
    source = base.module_sources()[path].replace("http://www.w3.org/", "")  # names of SVG, never fetched
    for forbidden in ("http://", "https://", "@import", "importScripts", "XMLHttpRequest", "fetch("):
        assert forbidden not in source, forbidden
    assert not re.search(r"url\(\s*[\"']?//", source)


def test_every_role_has_its_colour_in_both_themes() -> None:
    text = base.module_sources()["shared/roles.css"]
    for role, colour in ROLES.items():
        assert f"--cv-{role}: {colour.light};" in text.split("\n")[0]
        assert f"--cv-{role}: {colour.dark};" in text.split("\n")[1]
