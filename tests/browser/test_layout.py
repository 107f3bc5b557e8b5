"""Every page at the width of a phone, a school laptop and a projector: nothing is cut off."""

from __future__ import annotations

from typing import Any

import pytest
from app_pages import PAGES, AppPage
from filter_page import FilterPage, link
from playwright.sync_api import Page
from visits import Visitor, ready

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}

# Elements with text, controls and pictures that reach beyond the window's left or right edge. What lies in a
# box that scrolls by itself may be wider, as long as that box is inside.
CUT_OFF = """() => {
  const found = [], width = document.documentElement.clientWidth;
  const roots = [document.querySelector('[data-testid="stMain"]')];
  for (const node of document.querySelectorAll("*")) {
    if (node.shadowRoot?.querySelector(".cnnviz-root")) roots.push(node.shadowRoot);
  }
  const scrolls = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const kind = getComputedStyle(at).overflowX;
      if (["auto", "scroll", "hidden"].includes(kind) && at.clientWidth < at.scrollWidth) {
        if (at.matches('[data-testid="stMain"], [data-testid="stAppViewContainer"], .stApp')) return false;
        return at.getBoundingClientRect().right <= width + 1;
      }
    }
    return false;
  };
  for (const root of roots) {
    const kinds = "p, span, b, strong, button, input, textarea, canvas, h1, h2, h3, label";
    for (const node of root.querySelectorAll(kinds)) {
      const box = node.getBoundingClientRect(), style = getComputedStyle(node);
      if (box.width < 2 || box.height < 2 || style.visibility === "hidden" || style.opacity === "0") continue;
      if (style.clip !== "auto" || style.clipPath !== "none") continue; // only for screen readers
      if ((box.right > width + 1 || box.left < -1) && !scrolls(node)) {
        const text = (node.textContent || node.getAttribute("aria-label") || "").trim().slice(0, 40);
        const [left, right] = [box.left, box.right].map(Math.round);
        found.push(`${node.tagName} ${node.className} “${text}” ${left}…${right}`);
      }
    }
  }
  return found;
}"""

SIDEWAYS = """() => {
  const main = document.querySelector('[data-testid="stMain"]'), page = document.scrollingElement;
  return [page.scrollWidth - page.clientWidth, main.scrollWidth - main.clientWidth];
}"""


def resize(page: Page, size: tuple[int, int]) -> None:
    """Change the window and wait until nothing moves any more."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          const shape = () => {
            const main = document.querySelector('[data-testid="stMain"]');
            return `${main.scrollHeight} ${main.scrollWidth} ${innerWidth}`;
          };
          for (let before = "", still = 0; still < 10; ) {
            await frame();
            still = shape() === before ? still + 1 : 0;
            before = shape();
          }
        }"""
    )
    ready(page)


def fits(page: Page, where: str) -> None:
    assert max(page.evaluate(SIDEWAYS)) <= 0, f"{where}: the page scrolls sideways"
    assert page.evaluate(CUT_OFF) == [], f"{where}: cut off"


@pytest.mark.parametrize("page_of_app", PAGES, ids=str)
def test_nothing_is_cut_off_at_any_width(page_of_app: AppPage, visit: Visitor) -> None:
    page = visit(page_of_app.path, *SIZES["laptop"])
    for name, size in SIZES.items():
        resize(page, size)
        fits(page, name)


@pytest.mark.parametrize("own", ["1,2", "15x15", "3x15", "3-D"])
def test_kernels_of_any_shape_fit(visit: Visitor, own: str) -> None:
    shapes = {"15x15": (15, 15), "3x15": (3, 15)}
    rows, cols = shapes.get(own, (1, 1))
    text = ";".join([",".join(["-0.123"] * cols)] * rows) if own in shapes else "1,2"
    channels = {"f_channels": "one 3-D kernel"} if own == "3-D" else {}
    page = visit(link(f_kernel="own", f_own=text, f_pin="0,0", **channels), *SIZES["laptop"])
    for name, size in SIZES.items():
        resize(page, size)
        fits(page, name)


def box_of(view: FilterPage, name: str) -> dict[str, Any]:
    box = view.pane(name).bounding_box()
    assert box
    return dict(box)


def test_both_pictures_lie_in_the_first_screen_of_a_laptop(visit: Visitor) -> None:
    view = FilterPage(visit("filter", *SIZES["laptop"]))
    for name in ("input", "output"):
        box = box_of(view, name)
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 768, name
        assert box["width"] * box["height"] >= 250 * 250, f"{name} is too small to look at"


def test_the_input_picture_begins_in_the_first_screen_of_a_phone(visit: Visitor) -> None:
    view = FilterPage(visit("filter", *SIZES["phone"]))
    box = box_of(view, "input")
    assert box["y"] + box["height"] <= 844
    assert box["width"] >= 300


def test_pictures_grow_with_the_window(visit: Visitor) -> None:
    view = FilterPage(visit("filter", *SIZES["laptop"]))
    small = box_of(view, "output")["width"]
    resize(view.page, SIZES["projector"])
    assert box_of(view, "output")["width"] > small * 1.15
