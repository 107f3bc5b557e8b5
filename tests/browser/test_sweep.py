"""One sweep for each page and theme: it is loaded once, and everything that holds for any page is looked at.

At four widths nothing is cut off and what is to be seen first is in the first screen; axe-core finds nothing;
the page stands under its title, asks its own server alone, and keeps its link. STOPS has the links that are
followed on the way. A new page of app.py is swept without being listed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from app_pages import PAGES, AppPage
from page_checks import SIZES, fits, no_faults, resize, stands
from playwright.sync_api import Page
from visits import Visitor, Watch, follow

pytestmark = pytest.mark.browser

OWN = "f_kernel=own&f_pin=0,0&f_own="
WIDE = "~".join(["1x12x12", "conv-k5", "max_pool", "conv-c4-k9", "flatten", "dense"])  # a layer does not fit
MODES = ("RGB", "several kernels", "stamp", "as a network", "transposed")


@dataclass(frozen=True)
class Stop:
    """A link of a page. ``first`` is what lies in the first screen of a school laptop; ``phone`` that of a
    phone. ``axe``: the sizes at which axe-core looks."""

    query: str = ""
    first: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    projector: tuple[str, ...] = ()
    axe: tuple[str, ...] = ("laptop",)
    themes: tuple[str, ...] = field(default=("light", "dark"))


PANES = (".pane canvas.marks", ".drag canvas", "canvas.difference")
DRAWING = ("svg[role=listbox]",)
BOTH = ("laptop", "phone")
STRIP = (".st-key-home_strip canvas",)
STOPS: dict[str, tuple[Stop, ...]] = {
    "": (Stop("", STRIP, STRIP, STRIP, axe=BOTH),),
    "filter": (
        Stop(
            "",
            (".input .pane canvas.marks", ".output .pane canvas.marks"),
            (".input .pane canvas.marks",),
            axe=BOTH,
        ),
        Stop("px=256&f_tab=Sobel,+both+ways"),
        Stop("px=256&f_tab=Convolution+or+correlation"),
        Stop("px=256&f_tab=Code"),
        Stop("px=256&f_tab=Save+and+share"),
        Stop("px=256&f_pin=0,0&f_layout=slider&f_channels=each+by+itself"),
        Stop(f"px=256&{OWN}1,2", axe=()),
        Stop(f"px=256&{OWN}{';'.join([','.join(['-0.123'] * 15)] * 15)}", axe=()),
        Stop(f"px=256&{OWN}{';'.join([','.join(['-0.123'] * 15)] * 3)}", axe=()),
        Stop(f"px=256&{OWN}1,2&f_channels=one+3-D+kernel", axe=()),
    ),
    "activation": (Stop("", (".curve canvas", ".before canvas", ".after canvas"), axe=BOTH),),
    "step": (
        Stop("", axe=BOTH),
        *(Stop(f"s_mode={mode.replace(' ', '+')}") for mode in MODES),
        Stop("s_tab=Save+and+share", axe=BOTH),
    ),
    "field": (
        Stop("", (".photo canvas.marks", ".units canvas", ".strip"), axe=BOTH),
        Stop("r_stack=resnet50_last", (".photo canvas.marks", ".units canvas", ".strip"), axe=()),
        Stop("r_guess=off&r_stack=vgg16&r_nested=on&r_unit=0,0"),
        Stop("r_guess=off&r_stack=dilated&r_pixel=5,5"),
    ),
    "pooling": (
        Stop("", PANES, axe=BOTH),
        Stop("p_view=pyramid", PANES, axe=()),
        Stop("p_view=shift+test", PANES, axe=()),
        Stop("p_view=pyramid&p_tab=Every+shift"),
        Stop("p_view=shift+test&p_shift=1,0,stay&p_tab=Code"),
        Stop("p_map=its+Sobel+map&p_pin=3,3&p_size=3"),
    ),
    "network": (
        Stop("", DRAWING, DRAWING, axe=BOTH),
        Stop("n_tab=Output&n_stack=deep_residual&n_look=t", (), DRAWING, axe=BOTH),
        Stop("n_tab=Dense+as+a+convolution&n_layer=11", (), DRAWING, axe=BOTH),
        Stop("n_tab=Code+and+link&n_look=wr", axe=BOTH),
        Stop(f"n_stack={WIDE}&n_look=t", (), DRAWING, axe=BOTH),
    ),
}


def test_every_stop_is_of_a_page() -> None:
    assert set(STOPS) <= {page.path for page in PAGES}


def asks_its_own_server(page: Page, watch: Watch) -> None:
    """Fonts included, and nothing from anywhere else."""
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
    own = [url for url in watch.requests if url.startswith(watch.server.url)]
    assert len(own) > 5, "too few requests were seen for this test to mean anything"
    assert any("/app/static/fonts/" in url for url in own), "the app's own fonts were not asked for"
    assert watch.sockets, "no connection to the script was seen"
    assert watch.outside() == []


def keeps_its_link(page: Page, query: str) -> None:
    """What the link says is what the page works with: it writes the same link again."""
    page.wait_for_function(
        """(want) => {
          const now = Object.fromEntries(new URLSearchParams(location.search));
          return want.every(([name, value]) => now[name] === value);
        }""",
        arg=[list(pair) for pair in parse_qsl(query)],
    )


def in_first_screen(page: Page, selectors: tuple[str, ...], where: str) -> None:
    """Every one that is drawn, from top to bottom."""
    size: dict[str, Any] = page.viewport_size  # type: ignore[assignment]
    for selector in selectors:
        boxes = [box for one in page.locator(selector).all() if (box := one.bounding_box())]
        assert boxes or selector in PANES, f"{where}: no {selector}"
        for box in boxes:
            assert box["y"] >= 0, f"{where}: {selector}"
            assert box["y"] + box["height"] <= size["height"], f"{where}: {selector} is too low"


def look(page: Page, stop: Stop) -> None:
    """The page as it stands, at every width."""
    page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)")
    seen = {"laptop": stop.first, "phone": stop.phone, "projector": stop.projector}
    for name, size in SIZES.items():
        where = f"?{stop.query[:60]} on a {name}"
        resize(page, size)
        fits(page, where)
        in_first_screen(page, seen.get(name, ()), where)
        if name in stop.axe:
            no_faults(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page_of_app", PAGES, ids=str)
@pytest.mark.timeout(900)  # a page with all its links, at four widths, with axe
def test_sweep(page_of_app: AppPage, theme: str, visit: Visitor) -> None:
    first, *rest = STOPS.get(page_of_app.path, (Stop(axe=BOTH),))
    page = visit(page_of_app.path, theme=theme, new=theme == "light")  # somebody new has nothing in a cache
    stands(page, page_of_app)
    look(page, first)
    asks_its_own_server(page, visit.watch(page))
    for stop in rest:
        follow(page, f"{page_of_app.path}?{stop.query}")
        keeps_its_link(page, stop.query)
        stands(page, page_of_app)
        look(page, stop)
