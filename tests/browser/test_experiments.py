""" "Try this" in the running app: a press writes its whole link, and who opens the link sees the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page
from visits import Visitor, ready

from cnnviz.ui.kit.link import SETTLED

pytestmark = pytest.mark.browser

LINK = "() => Object.fromEntries(new URLSearchParams(location.search))"
# Each sets a control that is not on the page before the press.
CASES: list[tuple[str, str, dict[str, str]]] = [
    ("filter", "See the border", {"f_kernel": "box", "f_box_size": "31", "f_mode": "zeros"}),
    (
        "activation",
        "Let a little through",
        {"a_function": "Leaky ReLU", "a_leaky_relu_slope": "0.2", "a_x": "-2"},
    ),
    (
        "step",
        "Find the copies in the padding",
        {"s_pic": "corner", "s_rows": "5", "s_cols": "6", "s_pad": "same", "s_padmode": "reflect"}
        | {"s_pin": "i0,2,2"},
    ),
    (
        "step",
        "Let stamps overlap",
        {
            "s_mode": "stamp",
            "s_rows_dots": "11",
            "s_cols_dots": "14",
            "s_kernel_stamp": "ring",
            "s_step": "2",
        },
    ),
]


def link_becomes(page: Page, want: dict[str, str]) -> None:
    """Wait until the link has these parameters and no others."""
    same = f"""(want) => {{ const now = ({LINK})();
      return JSON.stringify(Object.entries(now).sort()) === JSON.stringify(Object.entries(want).sort()); }}"""
    page.wait_for_function(same, arg=want)


def controls(page: Page) -> list[Any]:
    """What stands in every slider, menu, switch and number box."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('[role="slider"], [role="radio"], ' +
             '[data-testid="stSelectbox"], [data-testid="stCheckbox"] input')]
           .map((node) => [node.getAttribute("aria-label") ?? "", node.getAttribute("aria-valuenow"),
             node.getAttribute("aria-checked") ?? node.checked,
             node.matches('[role="slider"], input') ? "" : node.innerText])"""
    )
    return found


@pytest.mark.parametrize(("path", "title", "want"), CASES, ids=[title for _, title, _ in CASES])
def test_a_press_writes_the_link_that_shows_the_same(
    visit: Visitor, path: str, title: str, want: dict[str, str]
) -> None:
    page = visit(path, new=True)  # Back is pressed: a history of its own
    ready(page)
    page.get_by_role("button", name=title).click()
    link_becomes(page, want)
    ready(page)
    pressed = controls(page)
    page.wait_for_timeout(1000 * SETTLED + 500)  # what comes sooner counts as a message that was on its way
    page.go_back()  # one step, however many settings
    link_becomes(page, {})
    opened = visit(f"{path}?{urlencode(want)}", new=True)
    link_becomes(opened, want)
    assert controls(opened) == pressed
    assert len(pressed) > 5
