"""The page "Step by step" as a test handles it: its view's numbers, its cells, its link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect
from waiting import soon

# Nothing is under way: neither a frame, nor a report to the script, nor the script.
SETTLED = """(root) => {
  const view = root.stepView, app = document.querySelector('[data-testid="stApp"]').dataset;
  const { timers } = view.reporter; // of what has not come to rest
  const answered = [...view.reporter.guards.values()].every((guard) => guard.pending.length === 0);
  if (timers.size > 0 || !answered || app.testScriptState !== "notRunning") return false;
  return view.model && view.painted > 0 && !view.stage.frame;
}"""

# The middle of a cell in the window: kind, and its place as layout.js names it.
PLACE = """(root, cell) => {
  const view = root.stepView;
  view.canvas.scrollIntoView({ block: "center" });
  const box = view.canvas.getBoundingClientRect();
  if (view.layout.network && cell.kind !== "weight") {
    const { spacing } = view.layout, plane = view.layout[cell.kind];
    const [row, col] = cell.kind === "input" ? [cell.py, cell.px] : [cell.y, cell.x];
    return [box.left + plane.x + col * 0.62 * spacing, box.top + plane.y + (row + col * 0.28) * spacing];
  }
  const match = { input: (b) => b.index === cell.c, output: (b) => b.index === cell.n,
    weight: (b) => String(b.index) === `${cell.n},${cell.c}` }[cell.kind];
  const kind = cell.kind === "weight" ? "kernel" : cell.kind;
  const block = view.layout.blocks.find((b) => b.kind === kind && match(b));
  const shift = cell.kind === "output" && view.layout.outline ? view.layout.outline : { top: 0, left: 0 };
  const row = cell.py ?? cell.r ?? cell.y + shift.top, col = cell.px ?? cell.k ?? cell.x + shift.left;
  return [box.left + block.x + (col + 0.5) * block.cell, box.top + block.y + (row + 0.5) * block.cell];
}"""


def link(**parameters: str) -> str:
    """The address of the page with these settings."""
    return "step?" + urlencode(parameters)


def output(y: int, x: int, n: int = 0) -> dict[str, Any]:
    return {"kind": "output", "n": n, "y": y, "x": x}


def source(py: int, px: int, c: int = 0) -> dict[str, Any]:
    return {"kind": "input", "c": c, "py": py, "px": px}


def weight(r: int, k: int, n: int = 0, c: int = 0) -> dict[str, Any]:
    return {"kind": "weight", "n": n, "c": c, "r": r, "k": k}


@dataclass
class StepPage:
    """One open page."""

    page: Page

    @property
    def root(self) -> Locator:
        return self.page.locator('[data-view="step_view"]')

    @property
    def canvas(self) -> Locator:
        return self.root.locator(".stage canvas")

    def settle(self) -> StepPage:
        """Wait until view and script agree."""
        handle = self.root.element_handle()
        assert handle
        self.page.wait_for_function(SETTLED, arg=handle)
        return self

    def value(self, expression: str) -> Any:
        """Something of the view, which is called `view`."""
        return self.root.evaluate(f"(root) => {{ const view = root.stepView; return {expression}; }}")

    def point(self, cell: dict[str, Any]) -> None:
        self.page.mouse.move(*self.root.evaluate(PLACE, cell))

    def click(self, cell: dict[str, Any]) -> None:
        self.page.mouse.click(*self.root.evaluate(PLACE, cell))

    def drag(self, start: dict[str, Any], end: dict[str, Any]) -> None:
        self.point(start)
        self.page.mouse.down()
        self.page.mouse.move(*self.root.evaluate(PLACE, end), steps=12)
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        self.canvas.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def says(self, text: str) -> None:
        """This is read aloud, once the hand has come to rest."""
        expect(self.root.locator(".spoken")).to_contain_text(text)

    def shows(self, equation: str) -> None:
        expect(self.root.locator(".equation")).to_have_text(equation)

    def begins(self, equation: str) -> None:
        expect(self.root.locator(".equation")).to_have_text(re.compile(f"^{re.escape(equation)}"))

    def shows_part(self, text: str) -> None:
        """The equation has this in it."""
        expect(self.root.locator(".equation")).to_contain_text(text)

    def linked(self, name: str, value: str | None) -> None:
        """The link comes to say so."""
        soon(self.page, lambda: self.parameters.get(name) == value)

    def becomes(self, expression: str, value: Any) -> None:
        """Something of the view comes to be this."""
        soon(self.page, lambda: self.value(expression) == value)

    @property
    def equation(self) -> str:
        return self.root.locator(".equation").inner_text()

    @property
    def parameters(self) -> dict[str, str]:
        query = urlsplit(self.page.evaluate("location.href")).query
        return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
