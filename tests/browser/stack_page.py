"""The stack editor in a blank page. Python's part is played by the test, which answers what it reports."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

from app_pages import ROOT
from blank_page import mount
from playwright.sync_api import Locator, Page

from cnnviz.components.stack_view import Path, StackViewState, as_data, path_of
from cnnviz.core.networks.spec import NetSpec
from cnnviz.ui.network_stack.rows import editor_rows


def theme_css(theme: str) -> str:
    """The variables that Streamlit gives to a component, from the app's own configuration."""
    given = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][theme]
    names = {
        "primaryColor": "primary-color",
        "backgroundColor": "background-color",
        "secondaryBackgroundColor": "secondary-background-color",
        "textColor": "text-color",
        "borderColor": "border-color",
    }
    variables = "".join(f"--st-{name}: {given[key]};" for key, name in names.items())
    text, background = given["textColor"], given["backgroundColor"]
    body = f"body {{ margin: 8px; color: {text}; background: {background}; }}"
    return f":root {{ {variables} }} h1 {{ margin: 0; font-size: 1rem; }} {body}"


class Editor:
    """One mounted editor. `state` is what Python knows; `answer` lets Python hear and send back."""

    def __init__(self, page: Page, spec: NetSpec, *, theme: str = "light", **options: Any) -> None:
        self.page = page
        self.state = StackViewState(spec, editor_rows(spec), **options)
        mount(page, "stack_view", as_data(self.state))
        page.evaluate(
            """([css, theme]) => {
              const root = document.querySelector(".cnnviz-root"), main = document.createElement("main");
              root.dataset.theme = theme;
              main.innerHTML = "<h1>A page</h1>";
              document.body.append(main);
              main.append(root);
              const style = document.createElement("style");
              style.textContent = css;
              document.head.replaceChildren(style);
              document.title = "Stack";
              document.documentElement.lang = "en";
              globalThis.said = [];
              globalThis.send = (data) => view.update({ data, setStateValue: (...what) => said.push(what) });
            }""",
            [theme_css(theme), theme],
        )
        self.send()

    def send(self, **changes: Any) -> None:
        """What Python sends after every run of the script."""
        if "spec" in changes:
            changes.setdefault("rows", editor_rows(changes["spec"]))
        self.state = replace(self.state, **changes)
        self.page.evaluate("(data) => send(data)", as_data(self.state))

    def reports(self, name: str) -> list[Any]:
        """What the editor has reported by this name, in order."""
        return [value for said, value in self.page.evaluate("said") if said == name]

    def settle(self) -> None:
        """Wait until everything that is due has been reported."""
        self.page.wait_for_timeout(220)

    def heard(self) -> NetSpec:
        """The stack as the last report has it."""
        self.settle()
        return NetSpec.from_dict(self.reports("stack")[-1]["spec"])

    def answer(self) -> NetSpec:
        """Python hears everything, keeps it and sends it back."""
        self.settle()
        changes: dict[str, Any] = {}
        for name, value in self.page.evaluate("said"):
            if name == "stack":
                changes["spec"] = NetSpec.from_dict(value["spec"])
                changes["selected"] = path_of(value["selected"])
            else:
                changes["selected"] = path_of(value["path"])
        self.send(**changes)
        return self.state.spec

    def shown(self) -> NetSpec:
        """The stack that the editor holds."""
        return NetSpec.from_dict(
            self.page.evaluate(
                """async () => {
                  const { specOf } = await import(urls["stack_view/model.js"]);
                  return specOf(view.stack, view.schema);
                }"""
            )
        )

    def types(self) -> list[str]:
        """The top-level layers' types."""
        return [layer.type for layer in self.shown().layers]

    def selected(self) -> Path | None:
        return path_of(self.page.evaluate("view.selected === null ? null : view.pathOf(view.selected)"))

    def item(self, *path: int) -> Locator:
        """The list item of a layer."""
        found = self.page.locator(".stack > ol > .item").nth(path[0])
        for index in path[1:]:
            found = found.locator("> .card > .inner > ol > .item").nth(index)
        return found

    def card(self, *path: int) -> Locator:
        """The card of a layer; without a path, the input's."""
        return self.item(*path).locator("> .card") if path else self.page.locator(".scroller > .card")

    def line(self, *path: int) -> Locator:
        return self.card(*path).locator("> .line")

    def label(self, *path: int) -> str:
        return self.line(*path).locator(".label").inner_text()

    def focused(self) -> Path | None:
        """The layer whose line has the focus."""
        return path_of(
            self.page.evaluate(
                """() => {
                  const line = document.activeElement.closest(".line");
                  return line ? view.pathOf(view.uidOf(line)) : null;
                }"""
            )
        )

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def spoken(self) -> str:
        """The live region's text."""
        self.page.wait_for_timeout(60)
        return self.page.locator("[aria-live=polite]").inner_text()

    def field(self, name: str) -> Locator:
        """One setting of the open panel."""
        return self.page.locator(f".settings .field[data-field={name}]")
