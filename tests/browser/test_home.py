"""The home page in the running app: its pictures are computed from the visitor's, and its cards lead on."""

from __future__ import annotations

import numpy as np
import pytest
from blank_page import decode
from playwright.sync_api import Page, expect
from visits import Visitor, ready

from cnnviz.core import load_sample, pool2d, resize_to, sobel, to_rgb
from cnnviz.core.networks.handmade import run_stack
from cnnviz.core.pictures.load import grey
from cnnviz.ui.home.sections import LONGEST, STARTS

pytestmark = pytest.mark.browser
PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let out = "";
  for (let i = 0; i < data.length; i += 8192) out += String.fromCharCode(...data.subarray(i, i + 8192));
  return { data: btoa(out), width: canvas.width, height: canvas.height };
}"""


def pictures(page: Page, key: str) -> list[np.ndarray]:
    """Every canvas of a view, uint8 (H, W, 3)."""
    page.wait_for_function(
        "(key) => [...document.querySelectorAll(`.st-key-${key} *`)]"
        ".some((node) => node.shadowRoot?.querySelector('[data-painted]'))",
        arg=key,
    )
    found = []
    for canvas in page.locator(f".st-key-{key} canvas").all():
        got = canvas.evaluate(PIXELS)
        found.append(decode(got["data"], "u1").reshape(got["height"], got["width"], 4)[:, :, :3])
    return found


def test_the_strip_and_the_stack_are_computed_from_the_chosen_picture(visit: Visitor) -> None:
    page = visit("?pic=robot")
    small = resize_to(load_sample("robot"), LONGEST).pixels
    values = grey(small)
    edges = sobel(values)["magnitude"]
    pooled, top = pool2d(edges, 2), (0, float(edges.max()))
    want = [small, to_rgb(values, "clip"), to_rgb(edges, "absolute", "grey", top)]
    want.append(to_rgb(pooled, "absolute", "grey", top))
    for got, expected in zip(pictures(page, "home_strip"), want, strict=True):
        assert got.shape == expected.shape
        assert np.abs(got.astype(int) - expected).max() <= 1
    maps = [one for layer in run_stack(values) for one in layer]
    for got, plane in zip(pictures(page, "home_stack")[1 : 1 + len(maps)], maps, strict=True):
        expected = to_rgb(plane, "clip", "ink", (0, float(plane.max()) or 1))
        assert got.shape == expected.shape
        assert (np.abs(got.astype(int) - expected).max(axis=2) <= 8).mean() > 0.999


def test_a_card_leads_to_its_page_with_kernel_and_picture(visit: Visitor) -> None:
    """For one start; that each opens with its kernel is tested without a browser (tests/ui/test_home.py)."""
    start = next(start for start in STARTS if start.id == "own")
    page = visit("?pic=rings")
    page.get_by_role("img", name=start.alt).click(force=True)  # the whole card is the link
    page.wait_for_url(f"**/{start.page}?**")
    ready(page)
    for parameter in ("pic", *start.params):
        assert f"{parameter}=" in page.url
    expect(page.get_by_role("img", name="Dark rings of three widths").first).to_be_visible()
    page.go_back()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("See convolution")


def test_four_pictures_and_the_arrows_between_them(visit: Visitor) -> None:
    page = visit("?pic=astronaut", 390, 844)
    expect(page.locator(".st-key-home_strip canvas")).to_have_count(4)
    arrows = [arrow.bounding_box() for arrow in page.locator(".st-key-home_strip .step svg").all()]
    assert len(arrows) == 3
    assert all(box and box["x"] >= 0 for box in arrows)


def test_every_link_and_map_is_reached_by_the_keyboard(visit: Visitor) -> None:
    page = visit()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => {
                  let at = document.activeElement;
                  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                  return at.getAttribute("aria-label") ?? at.textContent.trim();
                }"""
            )
        )
    for start in STARTS:
        assert any(start.label in text for text in reached), reached
    for title in ("Edges", "Brighter right", "Bright vertical bar", "One range"):
        assert any(text.startswith(title) for text in reached), reached
