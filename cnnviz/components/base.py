"""How a client-side view is made: a folder with ``view.js``, ``view.css`` and a typed Python function.

A component message that changes carries its whole JavaScript with it, on every rerun. So the scripts
are sent apart from the data, once per visit: the *library* component (:func:`library`) holds the sources of
all views, never changes, and is therefore sent as a reference to the browser's copy. Each view
is a small stub that hands its arguments to the library.

The sources are ordinary ES modules that import each other by relative path; ``library/boot.js`` turns those
that a page needs into blob modules.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from cnnviz.core.colour.displays import ROLES

_IMPORT = re.compile(r'^import\s[^;]*?from\s+"(\.[^"]+)";', re.MULTILINE | re.DOTALL)

_STUB = """\
// Hands over to the library, which may still be loading.
export default function (args) {{
  const waiting = (globalThis.cnnvizWaiting ??= []);
  if (globalThis.cnnviz) globalThis.cnnviz.mount("{name}", args);
  else waiting.push(["{name}", args]);
  return () => globalThis.cnnviz?.unmount(args.parentElement);
}}
"""

_ROOT = '<div class="cnnviz-root" data-view="{name}"></div>\n'


def _walk(relative: str = "") -> list[str]:
    """Paths of all JavaScript and style files below this package."""
    paths: list[str] = []
    for entry in files("cnnviz.components").joinpath(relative or ".").iterdir():
        path = posixpath.join(relative, entry.name)
        if entry.is_dir() and not entry.name.startswith("_"):
            paths += _walk(path)
        elif entry.name.endswith((".js", ".css")) and not path.startswith("library/"):
            paths.append(path)
    return sorted(paths)


def imports_of(path: str, source: str) -> list[str]:
    """The package paths that an ES module imports, from its ``import … from "./x.js";`` lines."""
    return [
        posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in _IMPORT.findall(source)
    ]


def _roles_css() -> str:
    """The role colours of :mod:`cnnviz.core.colour.displays` as CSS variables, for both themes."""

    def block(theme: str) -> str:
        colours = "".join(f" --cv-{role}: {getattr(colour, theme)};" for role, colour in ROLES.items())
        return f'.cnnviz-root[data-theme="{theme}"] {{{colours} }}\n'

    return block("light") + block("dark")


@cache
def module_sources() -> Mapping[str, str]:
    """Path → source of every module and style, each module after those that it imports.

    :raises ValueError: when a module imports a missing file, or imports are circular.
    """
    package = files("cnnviz.components")
    sources = {path: package.joinpath(path).read_text(encoding="utf-8") for path in _walk()}
    sources["shared/roles.css"] = _roles_css()
    ordered: dict[str, str] = {}

    def add(path: str, trail: tuple[str, ...]) -> None:
        if path in ordered:
            return
        if path not in sources:
            raise ValueError(f"{trail[-1]} imports {path}, which does not exist.")
        if path in trail:
            raise ValueError(f"{' → '.join((*trail, path))}: circular import of these modules.")
        for needed in imports_of(path, sources[path]):
            add(needed, (*trail, path))
        ordered[path] = sources[path]

    for path in sources:
        add(path, ())
    return ordered


@cache
def _library_renderer() -> Callable[..., Any]:
    boot = files("cnnviz.components").joinpath("library/boot.js").read_text(encoding="utf-8")
    script = f"const SOURCES = {json.dumps(dict(module_sources()))};\n{boot}"
    return st.components.v2.component("cnnviz_library", html="<span hidden></span>\n", js=script)


def library() -> None:
    """Mount the library of all views; the page frame calls this once, before anything else is drawn."""
    _library_renderer()(key="cnnviz_library", height="content")


@cache
def view(name: str) -> Callable[..., Any]:
    """The Streamlit renderer of the view in folder ``name``; registered once per process."""
    if f"{name}/view.js" not in module_sources():
        raise ValueError(f"There is no view called {name!r}.")
    return st.components.v2.component(
        f"cnnviz_{name}", html=_ROOT.format(name=name), js=_STUB.format(name=name)
    )
