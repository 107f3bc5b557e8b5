"""What holds for a page at any width and in any theme: axe-core finds nothing, and nothing is cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from app_pages import AppPage
from playwright.sync_api import Page, expect
from visits import ready

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "laptop": (1366, 768), "projector": (1920, 1080)}


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


def stands(page: Page, expected: AppPage) -> None:
    """The page is there, under its own name, with one heading and nothing wrong."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    title = f"^{re.escape(expected.title)} · cnnviz$" if expected.path else "cnnviz"
    expect(page).to_have_title(re.compile(title))
