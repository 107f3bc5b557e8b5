"""How long a visitor waits: from a changed control to the new picture on screen, in a real browser.

Run from the repository's root: ``python -m benchmarks.latency [changes]``. A server of its own and one
visitor in a headless Chromium. The time runs inside the page, from the input event to the frame after the
picture was drawn. Settings are measured in turn, a few changes at a time, so that a busy moment of the
machine falls on all of them. A second table has what never leaves the browser: dragging a number, hovering.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks._app import Server, browser_pid, chromium, cpu_seconds, quantile, server
from benchmarks._bench import SMOKE, amount, environment
from benchmarks._table import PACKAGES, Table, load, save
from cnnviz.core import load_sample
from cnnviz.core.kernels.text import format_kernel

CHANGES = amount(40, 1)
BLOCK = 10  # changes in a row, before the next setting has its turn
REST = 250  # ms between two changes
DRAG_SECONDS = amount(3.0, 0.3)
PAGE_JS = Path(__file__).with_name("_page.js").read_text(encoding="utf-8")
KERNELS_IN_TURN = ("sobel_left", "sobel_top", "sobel_right", "sobel_bottom")


@dataclass
class Setting:
    """One server and one page at a working size, and what was measured there."""

    name: str
    server: Server
    page: Page
    marks: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    server_cpu: dict[str, float] = field(default_factory=dict)
    browser_cpu: dict[str, float] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)


def photo(side: int = 1600) -> bytes:
    """A test photo as JPEG: a sample, enlarged, so that the working size is really reached."""
    whole = Image.fromarray(load_sample("astronaut").pixels).resize((side, side), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    whole.save(file, "JPEG", quality=92)
    return file.getvalue()


def open_page(browser: Browser, url: str, size: int, query: str = "") -> Page:
    """The filter page with the test photo at this working size, when nothing moves any more."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(PAGE_JS)
    page.goto(f"{url}/filter?px={size}{query}")
    page.wait_for_selector("[data-view=filter_view][data-painted]", timeout=60_000)
    page.locator(".st-key-picture_popover button").first.click()
    picture = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", picture)
    ready = "size => bench.view().picture?.width === size && bench.view().result?.width === size"
    page.wait_for_function(ready, arg=size, timeout=30_000)
    page.wait_for_timeout(1500)
    return page


def one_change(page: Page, event: str, act: Callable[[], None]) -> dict[str, float]:
    """Do one action and return the times of the stages until it is on the screen, in ms."""
    page.evaluate("type => bench.arm(type)", event)
    act()
    marks: dict[str, float] = page.evaluate("() => bench.answer")
    page.wait_for_timeout(REST)
    return marks


def _up_and_down(page: Page, slider: str, count: int) -> list[dict[str, float]]:
    """Arrow keys on a slider: three steps up, three down, and so on."""
    page.locator(f".st-key-{slider} input[type=range]").focus()
    keys = ["ArrowRight"] * 3 + ["ArrowLeft"] * 3
    return [one_change(page, "keydown", lambda k=keys[i % 6]: page.keyboard.press(k)) for i in range(count)]


def _stride(page: Page, count: int) -> list[dict[str, float]]:
    return _up_and_down(page, "f_stride", count)


def _padding(page: Page, count: int) -> list[dict[str, float]]:
    options = page.locator(".st-key-f_pad [role=radio], .st-key-f_pad button").filter(has_text="none")
    none, same = options.first, page.locator(".st-key-f_pad").get_by_text("same", exact=True)
    return [one_change(page, "click", (none, same)[i % 2].click) for i in range(count)]


def _flip(page: Page, count: int) -> list[dict[str, float]]:
    page.locator(".st-key-f_flip input").focus()
    return [one_change(page, "keydown", lambda: page.keyboard.press("Space")) for _ in range(count)]


def _gallery(page: Page, count: int) -> list[dict[str, float]]:
    """Choose kernels in the open gallery; the time of opening it is not in it."""
    page.locator(".st-key-f_gallery_open button").first.click()
    page.wait_for_selector("[data-view=kernel_gallery] [data-id=sobel_right] canvas")
    page.wait_for_timeout(1000)
    found = []
    for i in range(count):
        tile = page.locator(f"[data-view=kernel_gallery] [data-id={KERNELS_IN_TURN[i % 4]}]")
        found.append(one_change(page, "click", tile.click))
        if not tile.is_visible():  # the gallery closed itself
            page.locator(".st-key-f_gallery_open button").first.click()
            page.wait_for_timeout(1000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(REST)
    return found


def _sigma(page: Page, count: int) -> list[dict[str, float]]:
    """The σ of the Gaussian, 7×7; the kernel is chosen before and Sobel again after."""
    _choose(page, "gaussian")
    found = _up_and_down(page, "f_gaussian_sigma", count)
    _choose(page, "sobel_right")
    return found


def _choose(page: Page, kernel: str) -> None:
    page.locator(".st-key-f_gallery_open button").first.click()
    page.locator(f"[data-view=kernel_gallery] [data-id={kernel}]").click()
    page.wait_for_timeout(500)
    if page.locator("[data-view=kernel_gallery]").is_visible():
        page.keyboard.press("Escape")
    page.wait_for_timeout(500)


CONTROLS: dict[str, Callable[[Page, int], list[dict[str, float]]]] = {
    "stride, slider by keyboard": _stride,
    "padding, segmented control": _padding,
    "convolution, toggle": _flip,
    "kernel, gallery": _gallery,
    "σ of the Gaussian, slider by keyboard": _sigma,
}


def measure(settings: list[Setting], changes: int) -> None:
    """All controls in all settings, BLOCK changes at a time."""
    browser = browser_pid()
    for start in range(0, changes, BLOCK):
        count = min(BLOCK, changes - start)
        for setting in settings:
            setting.page.bring_to_front()
            setting.load.append(load())
            for name, act in CONTROLS.items():
                before = cpu_seconds(setting.server.pid), cpu_seconds(browser)
                setting.marks.setdefault(name, []).extend(act(setting.page, count))
                used = cpu_seconds(setting.server.pid) - before[0], cpu_seconds(browser) - before[1]
                setting.server_cpu[name] = setting.server_cpu.get(name, 0) + used[0]
                setting.browser_cpu[name] = setting.browser_cpu.get(name, 0) + used[1]


def _row(
    setting: Setting, control: str, marks: list[dict[str, float]], cpu: tuple[float, float]
) -> list[Any]:
    def middle(start: str, end: str) -> float:
        return quantile([m[end] - m[start] for m in marks if start in m and end in m], 0.5)

    waits = [m["painted"] - m["t0"] for m in marks]
    parts = [middle(*pair) for pair in (("t0", "sent"), ("sent", "answered"), ("answered", "updated"))]
    row: list[Any] = [setting.name, control, len(marks), quantile(waits, 0.5), quantile(waits, 0.95)]
    row += [*parts, middle("updated", "drawn"), middle("drawn", "painted")]
    return [*row, *(1000 * seconds / len(marks) for seconds in cpu)]


def latency_table(settings: list[Setting]) -> Table:
    """One row per setting and control, and one per setting for all controls together."""
    rows = []
    for setting in settings:
        every = [mark for marks in setting.marks.values() for mark in marks]
        cpu = sum(setting.server_cpu.values()), sum(setting.browser_cpu.values())
        rows.append(_row(setting, "all", every, cpu))
        for name, marks in setting.marks.items():
            rows.append(_row(setting, name, marks, (setting.server_cpu[name], setting.browser_cpu[name])))
    head = [
        "Setting",
        "Control",
        "Changes",
        "Median, ms",
        "p95, ms",
        "→ sent",
        "→ first answer",
        "→ view updated",
    ]
    head += ["→ drawn", "→ on screen", "Server CPU, ms", "Browser CPU, ms"]
    spread = {
        setting.name: [round(min(setting.load), 1), round(max(setting.load), 1)] for setting in settings
    }
    note = (
        "From the input event to the frame after the new picture was drawn, measured in the page; the columns"
        " with an arrow are medians of the parts of that way. CPU is all that the processes used between two"
        f" changes, the pause of {REST} ms included. Load average during the blocks: {spread}."
    )
    return Table("latency", "From a changed control to the picture on screen, one visitor", head, rows, note)


def _random_kernel_query(side: int) -> str:
    weights = np.random.default_rng(side).integers(-9, 10, (side, side))
    return f"&f_kernel=own&f_own={format_kernel(weights.astype(np.float32))}"


def _drag(page: Page, turn: int) -> None:
    """Take a cell's number with the mouse; from then on every frame moves it by some pixels, to and fro."""
    cells = page.locator("[data-view=filter_view] .grid input")
    box = cells.nth(cells.count() // 2 + turn)
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    at = box.bounding_box()
    assert at
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y, steps=4)
    box.evaluate(
        """(box, [x, y]) => bench.frames(box, (i) => {
          const way = Math.abs(((3 * i + 60) % 240) - 120) - 60;
          return { clientX: x + way, clientY: y, buttons: 1 };
        })""",
        [x, y],
    )


def _hover(page: Page, turn: int) -> None:
    """Move over the output in long lines, some pixels a frame."""
    canvas = page.locator("[data-view=filter_view] .output canvas.marks")
    canvas.scroll_into_view_if_needed()
    at = canvas.bounding_box()
    assert at
    page.mouse.move(at["x"] + 5, at["y"] + 5 + turn)
    canvas.evaluate(
        """(canvas) => bench.frames(canvas, (i) => {
          const { left, top, width, height } = canvas.getBoundingClientRect();
          const along = (7 * i) % (2 * width - 20), line = Math.floor((7 * i) / (width - 10));
          const across = along < width - 10 ? along : 2 * width - 20 - along;
          return { clientX: left + 5 + across, clientY: top + 5 + ((37 * line) % (height - 10)) };
        })"""
    )


def moved(page: Page, act: Callable[[Page, int], None], turn: int) -> list[Any]:
    """Frames per second, frames with a change, median, p95 and longest frame, and CPU over wall time."""
    browser = browser_pid()
    act(page, turn)
    before, start = cpu_seconds(browser), time.perf_counter()
    page.wait_for_timeout(1000 * DRAG_SECONDS)
    found = page.evaluate("() => bench.stop()")
    wall, used = time.perf_counter() - start, cpu_seconds(browser) - before
    page.mouse.up()
    page.wait_for_timeout(800)
    times = found["times"]
    deltas = [after - earlier for earlier, after in pairwise(times)]
    lasted = (times[-1] - times[0]) / 1000
    numbers = [len(deltas) / lasted, found["changed"] / lasted]
    return [*numbers, quantile(deltas, 0.5), quantile(deltas, 0.95), max(deltas), used / wall]


def frames_table(browser: Browser, url: str, rounds: int = amount(3, 1)) -> Table:
    """Dragging and hovering at 512², three kernel sizes; the round with the lowest load is kept."""
    rows = []
    for side in amount((3, 9, 15), (3,)):
        page = open_page(browser, url, 512, _random_kernel_query(side))
        page.set_viewport_size({"width": 1366, "height": 1400})
        page.wait_for_timeout(500)
        for name, act in (("drag a number", _drag), ("hover the output", _hover)):
            tries = [(load(), moved(page, act, turn)) for turn in range(rounds)]
            at, numbers = min(tries, key=lambda attempt: attempt[0])
            rows.append([name, f"{side}×{side}", *numbers, at])
        page.close()
    head = ["What", "Kernel", "Frames/s", "Frames/s with a change", "Median frame, ms", "p95 frame, ms"]
    head += ["Longest frame, ms", "CPU/wall", "Load"]
    note = (
        f"512², grey, {DRAG_SECONDS:g} s each, one mouse movement a frame; of {rounds} rounds the one at "
        "the lowest load. The browser draws without a graphics card here: most laptops are faster."
    )
    return Table("frames", "What happens inside the component", head, rows, note)


def main() -> None:
    """Measure, print both tables and write them to benchmarks/results."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    where = environment(PACKAGES)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        default_server = stack.enter_context(server())
        wanted = [("512²", default_server, 512), ("1024²", default_server, 1024)]
        if not SMOKE:
            wanted += [
                ("512², postScriptGC on", stack.enter_context(server("--runner.postScriptGC=true")), 512)
            ]
        settings = [
            Setting(name, at, open_page(browser, at.url, size)) for name, at, size in wanted[: amount(3, 1)]
        ]
        measure(settings, changes)
        for setting in settings:
            setting.page.close()
        tables = [latency_table(settings), frames_table(browser, default_server.url)]
        save("latency", tables, where=where, chromium=browser.version)


if __name__ == "__main__":
    main()
