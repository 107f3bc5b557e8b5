"""axe-core on every page, in both themes and at two widths, with the menus open too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from app_pages import PAGES, AppPage
from filter_page import link
from playwright.sync_api import Page, expect
from test_layout import resize
from visits import Visitor, ready

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Known:
    """A fault of Streamlit 1.67 itself that we cannot mend. ``html`` is a pattern of the element."""

    rule: str
    html: str
    reason: str


KNOWN = (
    Known(
        "presentation-role-conflict",
        r"stFileUploader",
        "Streamlit's upload area has the role presentation and takes the focus.",
    ),
    Known(
        "scrollable-region-focusable",
        r'^<pre class="st-emotion',
        "Long lines of st.code scroll, but Streamlit gives the block no tab stop; its copy button has one.",
    ),
    Known(
        "scrollable-region-focusable",
        r'^<span class="katex-display"',
        "A long st.latex formula scrolls on a phone, but Streamlit gives it no tab stop.",
    ),
)


@cache
def axe_source() -> str:
    """axe-core as the package carries it: nothing is fetched."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """What axe-core finds, without what is known of Streamlit."""
    if not page.evaluate("Boolean(globalThis.axe)"):
        page.evaluate(axe_source())
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not any(k.rule == rule["id"] and re.search(k.html, node["html"]) for k in KNOWN)
    ]


def no_faults(page: Page) -> None:
    found = faults(page)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("page_of_app", PAGES, ids=str)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_is_accessible(page_of_app: AppPage, theme: str, visit: Visitor) -> None:
    page = visit(page_of_app.path, theme=theme)
    no_faults(page)
    resize(page, (390, 844))
    no_faults(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("key", ["picture_popover", "f_gallery_open"])
def test_an_open_menu_is_accessible(key: str, theme: str, visit: Visitor) -> None:
    page = visit(link(), theme=theme)
    page.locator(f".st-key-{key} button").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    ready(page)
    expect(page.get_by_test_id("stPopoverBody").get_by_role("radio").first).to_be_visible()
    no_faults(page)


@pytest.mark.parametrize("tab", ["Sobel, both ways", "Convolution or correlation", "Code", "Save and share"])
def test_every_tab_of_the_filter_page_is_accessible(tab: str, visit: Visitor) -> None:
    page = visit(link(f_tab=tab))
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    no_faults(page)


def test_a_pinned_cell_and_the_compare_slider_are_accessible(visit: Visitor) -> None:
    page = visit(link(f_pin="0,0", f_layout="slider", f_channels="each by itself"))
    no_faults(page)


def test_a_fault_would_be_found(visit: Visitor) -> None:
    page = visit()
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    assert any("image-alt" in fault for fault in faults(page))
