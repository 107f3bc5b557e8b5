"""The filter page as a test handles it: its view's numbers, its cells, its link."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

from cnnviz.core import load_sample, resize_to
from cnnviz.core.convolution.filtering import FilterSettings, apply
from cnnviz.core.kernels.pasted_rows import COMMA_TOKEN
from cnnviz.core.kernels.text import parse_kernel

SMALL = {"px": "256"}
SOBEL = "-1,0,1;-2,0,2;-1,0,1"

# Nothing is under way: neither a frame, nor a report to the script, nor the script.
SETTLED = """(root) => {
  const view = root.filterView, app = document.querySelector('[data-testid="stApp"]').dataset;
  const answered = view.data.token === view.token && app.testScriptState === "notRunning";
  return view.picture && !view.stage.frame && answered;
}"""

# Where output cell [y, x] lies in the window.
PLACE = """(root, [y, x]) => {
  const view = root.filterView, { scene } = view, marks = scene.panes.output.marks;
  marks.scrollIntoView({ block: "center" });
  const box = marks.getBoundingClientRect(), at = scene.centreOf({ y, x });
  const { scale, x: left, y: top } = scene.viewport.transform(marks.width, marks.height);
  const ratio = box.width / marks.width;
  return [box.left + (at.x * scale + left) * ratio, box.top + (at.y * scale + top) * ratio];
}"""

RESULT = """(root) => root.filterView.result.planes.map((plane) => {
  const bytes = new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
})"""


def link(**parameters: str) -> str:
    """The address of the filter page with these settings, the picture small."""
    return "filter?" + urlencode({**SMALL, **parameters})


def picture(sample: str = "cat", longest: int = 256) -> NDArray[np.uint8]:
    """The pixels that the page works on."""
    return resize_to(load_sample(sample), longest).pixels


def expected(text: str, **settings: Any) -> NDArray[np.float32]:
    """What Python makes of the small picture with this kernel."""
    return apply(picture(), FilterSettings(parse_kernel(text, short=True), **settings))


def short_text(text: str) -> str:
    """A kernel's text as the view writes it: two columns as 1.,2 where 1,2 could be a decimal comma."""
    if "|" in text or not all(COMMA_TOKEN.fullmatch(row) for row in text.partition("/")[0].split(";")):
        return text
    return text.replace(",", ".,", 1)


@dataclass
class FilterPage:
    """One open filter page."""

    page: Page

    def __post_init__(self) -> None:
        self.wait_until("view?.result")

    @property
    def root(self) -> Locator:
        return self.page.locator('[data-view="filter_view"]')

    def find(self, selector: str) -> Locator:
        return self.root.locator(selector)

    def cell(self, row: int, col: int) -> Locator:
        return self.find(f'input[data-row="{row}"][data-col="{col}"]')

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def pane(self, name: str) -> Locator:
        return self.find(f".{name} .pane canvas.marks")

    def ask(self, expression: str) -> Any:
        """The value of an expression in which ``view`` is the live view object."""
        return self.root.evaluate(f"(root) => {{ const view = root.filterView; return {expression}; }}")

    def wait_until(self, expression: str, timeout: float = 20_000) -> None:
        """Wait until an expression about ``view`` holds."""
        script = f"(root) => {{ const view = root.filterView; return {expression}; }}"
        handle = self.root.element_handle()
        self.page.wait_for_function(script, arg=handle, timeout=timeout)

    def settle(self) -> None:
        self.page.wait_for_function(SETTLED, arg=self.root.element_handle())

    @property
    def painted(self) -> int:
        return int(self.root.get_attribute("data-painted") or 0)

    def output(self) -> NDArray[np.float32]:
        """The values that the view has computed: (H', W') or (H', W', 3)."""
        height, width = self.ask("[view.result.height, view.result.width]")
        planes = [np.frombuffer(base64.b64decode(t), "<f4") for t in self.root.evaluate(RESULT)]
        shaped = [plane[: height * width].reshape(height, width) for plane in planes]
        return shaped[0] if len(shaped) == 1 else np.stack(shaped, axis=2)

    def kernel(self) -> NDArray[np.float64]:
        """The kernel that the view works with, (kh, kw) or (kh, kw, 3)."""
        rows, cols, slices = self.ask(
            "[view.kernel.rows, view.kernel.cols, view.kernel.slices.map((s) => [...s])]"
        )
        shaped = [np.array(weights).reshape(rows, cols) for weights in slices]
        return shaped[0] if len(shaped) == 1 else np.stack(shaped, axis=2)

    def set_kernel(self, text: str) -> None:
        """Type a kernel as text, as a visitor does."""
        more = self.find("details.more")
        if more.count() and not more.evaluate("(node) => node.open"):
            more.locator("summary").click()
        self.find("textarea").fill(text.replace(",", " "))  # "1,2" alone might be a decimal comma
        self.button("Use this kernel").click()
        self.settle()

    def move_to(self, y: int, x: int) -> None:
        """Put the mouse on an output cell."""
        self.page.mouse.move(*self.root.evaluate(PLACE, [y, x]))

    def click_cell(self, y: int, x: int) -> None:
        self.page.mouse.click(*self.root.evaluate(PLACE, [y, x]))

    def parameters(self) -> dict[str, str]:
        """The link's parameters now."""
        query = urlsplit(self.page.evaluate("location.href")).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    def wait_for_parameter(self, name: str, value: str | None) -> None:
        self.page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
        )

    def settings_by_link(self, **parameters: str) -> None:
        """Change bound controls through the address, as Back and Forward do, without a new page load."""
        self.page.evaluate(
            """(url) => {
              history.pushState(null, "", url);
              dispatchEvent(new PopStateEvent("popstate"));
            }""",
            "/" + link(**parameters),
        )


def close(got: NDArray[Any], want: NDArray[Any]) -> None:
    """Equal to 1e-4 of the range of what is wanted."""
    assert got.shape == want.shape
    span = float(want.max() - want.min()) or 1.0
    assert float(np.abs(got - want).max()) <= 1e-4 * span
