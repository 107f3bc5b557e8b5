"""What holds for every view: it mounts with its sample, answers to arrow keys, is sharp, and passes axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from app_pages import ROOT
from blank_page import blank_page, mount_data
from playwright.sync_api import Locator, Page
from stack_page import theme_css
from view_samples import SAMPLES, STAGES

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
DRAWS_NOTHING = {"picture_store"}
PAGE_RULES = [
    "region",
    "page-has-heading-one",
    "landmark-one-main",
    "heading-order",
]  # of a page, not of a view


@pytest.fixture(scope="module")
def sharp() -> Iterator[Page]:
    """A screen with two device pixels for each CSS pixel."""
    with blank_page(viewport={"width": 1000, "height": 800}, device_scale_factor=2) as page:
        yield page


def show(page: Page, name: str, theme: str = "light") -> None:
    sample = {**SAMPLES, **STAGES}[name]()
    view = name.partition("/")[0]
    given: dict[str, Any] = {**mount_data(view, sample.data, sample.pictures), "theme": theme}
    given["css"] = f"{theme_css(theme)}\n{given['css']}"
    page.evaluate("(given) => mountView(given)", given)
    page.wait_for_function("document.querySelector('.cnnviz-root').childElementCount > 0")
    if sample.pictures:
        page.wait_for_selector("[data-painted]")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_every_view_has_a_sample() -> None:
    folders = {path.parent.name for path in (ROOT / "cnnviz" / "components").glob("*/view.js")}
    assert folders - DRAWS_NOTHING == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_its_canvases_have_the_screens_pixels(sharp: Page, name: str) -> None:
    failed: list[str] = []
    sharp.on("pageerror", lambda error: failed.append(str(error)))
    show(sharp, name)
    blurred = sharp.evaluate(
        """() => [...document.querySelectorAll(".cnnviz-root canvas")]
          .filter((canvas) => canvas.clientWidth > 0 && !canvas.matches(".pixels, [style*=pixelated]"))
          .filter((canvas) => getComputedStyle(canvas).imageRendering !== "pixelated")
          .map((c) => [c.className, c.width, c.height, c.clientWidth, c.clientHeight])
          .filter(([, width, height, w, h]) => Math.abs(width - 2 * w) > 2 || Math.abs(height - 2 * h) > 2)"""
    )
    assert failed == []
    assert blurred == []


@pytest.mark.parametrize("name", [*SAMPLES, *STAGES])
def test_every_group_of_choices_answers_to_arrow_keys(sharp: Page, name: str) -> None:
    show(sharp, name)
    groups = sharp.locator(".cnnviz-root [role=radiogroup]").all()
    for group in groups:
        radios = group.get_by_role("radio")
        if not group.is_visible() or radios.count() < 2:
            continue
        stops = radios.evaluate_all(
            "(radios) => radios.flatMap((radio, at) => (radio.tabIndex === 0 ? [at] : []))"
        )
        assert len(stops) == 1, "one stop of the Tab key for a group"
        assert group.get_by_role("radio", checked=True).count() <= 1
        radios.nth(stops[0]).focus()
        visited = []
        for key in ("ArrowRight", "End", "Home"):
            sharp.keyboard.press(key)
            visited.append(focused(radios))
        assert visited[0] not in {stops[0], -1}
        assert visited[1:] == [radios.count() - 1, 0]
    if not groups:
        assert sharp.locator(".cnnviz-root [role=radio]").count() == 0, "a radio stands in a radiogroup"


def focused(radios: Locator) -> int:
    """The place of the radio button that has the focus; -1 where none has it."""
    return int(radios.evaluate_all("(radios) => radios.indexOf(document.activeElement)"))


# Each group of on/off buttons (the smallest element that holds two or more) is pressed through. It is a
# choice of one if every press, and every second press of the same button, leaves exactly one of them on.
CHOICES_OF_ONE = """async () => {
  const root = document.querySelector(".cnnviz-root");
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const within = (host) => [...host.querySelectorAll("button[aria-pressed]")]
    .filter((button) => button.checkVisibility() && !button.disabled);
  const groupOf = (button) => {
    let host = button.parentElement;
    while (host !== root && within(host).length < 2) host = host.parentElement;
    return host;
  };
  const found = [];
  for (const host of new Set(within(root).map(groupOf))) {
    const buttons = within(host), names = buttons.map((button) => button.ariaLabel ?? button.textContent);
    if (buttons.length < 2) continue;
    let one = true;
    for (let press = 0; one && press < 2 * buttons.length; press++) {
      within(host)[Math.floor(press / 2)]?.click();
      await settled();
      one = within(host).filter((button) => button.ariaPressed === "true").length === 1;
    }
    if (one) found.push(names);
  }
  return found;
}"""


@pytest.mark.parametrize("name", [*SAMPLES, *STAGES])
def test_a_choice_of_one_is_a_radio_group_not_buttons_that_stay_pressed(sharp: Page, name: str) -> None:
    show(sharp, name)
    assert sharp.evaluate(CHOICES_OF_ONE) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*SAMPLES, *STAGES])
def test_axe_finds_nothing(sharp: Page, name: str, theme: str) -> None:
    show(sharp, name, theme)
    sharp.evaluate("() => { document.documentElement.lang = 'en'; document.title = 'One view'; }")
    if not sharp.evaluate("'axe' in globalThis"):
        sharp.evaluate(AXE)
    rules = {rule: {"enabled": False} for rule in PAGE_RULES}
    found = sharp.evaluate(
        "(rules) => axe.run('.cnnviz-root', { rules }).then(({ violations }) => violations.map("
        "({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 120))]))",
        rules,
    )
    assert found == []
