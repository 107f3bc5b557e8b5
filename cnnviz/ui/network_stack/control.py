"""A network that the visitor edits: menu of presets, editor, JSON in and out, all of it in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cnnviz.components.stack_view import Path, StackViewState, stack_view
from cnnviz.core.networks.presets import PRESETS, Preset, find_preset
from cnnviz.core.networks.spec import NetSpec
from cnnviz.core.networks.text import parse_stack, stack_text
from cnnviz.ui.kit.link import Linked, Part
from cnnviz.ui.network_stack.exchange import Exchange
from cnnviz.ui.network_stack.rows import editor_rows

__all__ = ["Extra", "StackControl"]

OWN = "own"
Extra = Callable[[NetSpec], Mapping[Path, str]]
"""A small text for some layers, by path; it may be asked about an illegal stack."""


@dataclass(frozen=True)
class StackControl:
    """One stack of layers of a page.

    prefix:     of the page, such as "n"; the link's parameters are `n_stack` and `n_layer`.
    presets:    ids of `PRESETS`, in the order of the menu; `default` is one of them.
    types:      gives the layer types of the editor's menu; all where it is None.
    edit_input: whether the input's channels, height and width can be set.
    fit:        what is done to a preset before it is taken, such as giving it another input.
    """

    prefix: str
    presets: tuple[str, ...]
    default: str
    types: Callable[[], Sequence[str]] | None = None
    edit_input: bool = True
    fit: Callable[[NetSpec], NetSpec] | None = None

    @property
    def _stack(self) -> Linked[NetSpec]:
        return Linked(f"{self.prefix}_stack", self._preset(self.default), self._parse, self._text)

    def _preset(self, name: str) -> NetSpec:
        spec = PRESETS[name].spec
        return self.fit(spec) if self.fit else spec

    @property
    def _layer(self) -> Linked[Path | None]:
        return Linked(f"{self.prefix}_layer", None, _parse_path, _path_text)

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        return self._stack, self._layer

    def get(self) -> NetSpec:
        """The stack as it is; it may be illegal, and `problems()` says so."""
        return self._stack.get()

    def set(self, spec: NetSpec) -> None:
        """Replace the stack, in a callback or before `draw`. The visitor can undo it in the editor."""
        self._stack.set(spec)

    def choose(self, preset: str) -> None:
        """Replace the stack by a preset, with no layer selected."""
        self.set(self._preset(preset))
        self.select(None)

    def reset(self) -> None:
        """Back to the default preset, with no layer selected."""
        self.choose(self.default)

    def preset(self) -> Preset | None:
        """The preset that the stack equals, or None where it is the visitor's own."""
        spec = self.get()
        return next((PRESETS[name] for name in self.presets if self._preset(name) == spec), None)

    def selected(self) -> Path | None:
        """The selected layer: (2,) is the third, (2, 0) the first in a block there, () the input."""
        path, layers = self._layer.get(), self.get().layers
        for index in path or ():
            if not 0 <= index < len(layers):
                return None
            layers = getattr(layers[index], "layers", ())
        return path

    def select(self, path: Path | None) -> None:
        """Select a layer, as a click on its card does; in a callback or before `draw`."""
        self._layer.set(path)

    def _parse(self, text: str) -> NetSpec:
        preset = find_preset(text)
        return self._preset(preset.id) if preset else parse_stack(text)

    def _text(self, spec: NetSpec) -> str:
        """A preset's id where the stack equals one: short, and readable in the link."""
        return next((name for name in self.presets if self._preset(name) == spec), None) or stack_text(spec)

    def draw(self, extra: Extra | None = None) -> NetSpec:
        """Draw menu, editor and JSON below each other, and return the stack."""
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            self.draw_presets()
            self.draw_exchange()
        return self.draw_editor(extra)

    def draw_presets(self) -> None:
        """The menu of presets; it shows "Your own" while the stack equals no preset."""
        key, current = f"{self.prefix}_preset", self.preset()
        titles = {OWN: "Your own"} | {name: PRESETS[name].title for name in self.presets}
        st.session_state[key] = current.id if current else OWN
        st.selectbox(
            "Network",
            [*self.presets, *([] if current else [OWN])],
            format_func=lambda name: titles.get(name, name),
            key=key,
            help=current.about
            if current
            else "Your own stack. Choosing another can be undone in the editor.",
            on_change=self._preset_chosen,
        )

    def _preset_chosen(self) -> None:
        name = st.session_state[f"{self.prefix}_preset"]
        if name in self.presets:
            self.choose(name)

    def draw_exchange(self) -> None:
        """The button behind which the stack can be read, saved and replaced as JSON."""
        Exchange(f"{self.prefix}_json", self.get, self._replaced).draw()

    def _replaced(self, spec: NetSpec) -> None:
        self.set(spec)
        self.select(None)

    def draw_editor(self, extra: Extra | None = None) -> NetSpec:
        """The editor alone; returns the stack."""
        spec, refused = self.get(), st.session_state.get(self._refusal, (0, ""))
        if refused[1]:
            st.warning(refused[1])
            st.session_state[self._refusal] = (refused[0], "")
        state = StackViewState(
            spec,
            editor_rows(spec, extra(spec) if extra else None),
            self.types() if self.types else None,
            self.selected(),
            edit_input=self.edit_input,
            version=refused[0],
        )
        stack_view(state, key=f"{self.prefix}_editor", on_stack=self.edit, on_selected=self.select)
        return spec

    @property
    def _refusal(self) -> str:
        return f"_{self.prefix}_refused"

    def edit(self, spec: object, selected: Path | None) -> None:
        """What the editor reports. It keeps to the bounds; if it did not, the old stack would stay, be shown
        again, and the reason be said."""
        try:
            self.set(NetSpec.from_dict(spec))
        except ValueError as error:
            count = st.session_state.get(self._refusal, (0, ""))[0]
            st.session_state[self._refusal] = (count + 1, str(error))
            return
        self.select(selected)


def _parse_path(text: str) -> Path | None:
    if text == "input":
        return ()
    path = tuple(int(part) - 1 for part in text.split("."))
    if min(path) < 0 or len(path) > 10:
        raise ValueError("Layers count from 1.")
    return path


def _path_text(path: Path | None) -> str:
    return ".".join(str(index + 1) for index in path) if path else "input"
