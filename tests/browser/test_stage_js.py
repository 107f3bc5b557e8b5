"""The canvas of every view (shared/canvas/stage.js): its pixels, when it is drawn, its colours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blank_page import blank_page
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FRAMES = """new Promise((done) => {
  let left = 3;
  const next = () => (left-- ? requestAnimationFrame(next) : done());
  next();
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        yield page


@pytest.mark.parametrize(("ratio", "used"), [(1, 1), (1.5, 1.5), (2, 2), (3, 3), (4, 3)])
def test_a_canvas_has_the_pixels_of_the_screen(ratio: float, used: float) -> None:
    with blank_page(device_scale_factor=ratio) as page:
        found = page.evaluate(
            """async () => {
              const { filled, pixelRatio, sharpen, sized } = await import(urls["shared/canvas/stage.js"]);
              document.body.innerHTML =
                '<canvas></canvas><canvas style="width: 120px; height: 40px"></canvas>';
              const [one, two] = document.querySelectorAll("canvas");
              const pens = [sized(one, 101, 50.5), filled(two)];
              const small = Object.assign(document.createElement("canvas"), { width: 300, height: 1 });
              document.body.append(small);
              small.style.width = "120px";
              sharpen(small);
              return {
                ratio: pixelRatio(), css: [one.clientWidth, two.clientWidth],
                bitmaps: [one, two].map(({ width, height }) => [width, height]),
                scales: pens.map((pen) => [pen.getTransform().a, pen.getTransform().d]),
                edges: small.style.imageRendering,
              };
            }"""
        )
    assert found["ratio"] == used
    assert found["css"] == [101, 120]
    wide = [[int(101 * used + 0.5), int(50.5 * used + 0.5)], [int(120 * used), int(40 * used)]]
    assert found["bitmaps"] == wide
    assert found["scales"] == [
        pytest.approx([w / css[0], h / css[1]])
        for (w, h), css in zip(wide, [(101, 50.5), (120, 40)], strict=True)
    ]
    assert found["edges"] == ("pixelated" if 120 * used >= 300 else "auto")


def test_a_canvas_without_room_is_not_drawn(page: Page) -> None:
    nothing = page.evaluate(
        """async () => {
          const { filled } = await import(urls["shared/canvas/stage.js"]);
          return filled(document.createElement("canvas"));
        }"""
    )
    assert nothing is None


def test_an_equal_size_keeps_the_picture_of_a_canvas(page: Page) -> None:
    kept = page.evaluate(
        """async () => {
          const { setSize } = await import(urls["shared/canvas/stage.js"]);
          const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
          setSize(canvas, 20, 20);
          pen.fillRect(0, 0, 20, 20);
          setSize(canvas, 20, 20);
          return pen.getImageData(3, 3, 1, 1).data[3];
        }"""
    )
    assert kept == 255


def stage(page: Page) -> None:
    """A stage of three levels; what is drawn is appended to `drawn`. It has been drawn once."""
    page.evaluate(
        f"""async () => {{
          const {{ Stage }} = await import(urls["shared/canvas/stage.js"]);
          globalThis.stage?.destroy();
          document.body.innerHTML = '<div id="root" data-theme="light" style="width: 200px"></div>';
          globalThis.root = document.querySelector("#root");
          globalThis.drawn = [];
          const levels = ["data", "layout", "marks"];
          const draw = (due) => drawn.push(levels.filter(due).join(" "));
          globalThis.stage = new Stage(root, {{ draw, levels, resized: "layout" }});
          await {FRAMES};
        }}"""
    )


def drawn(page: Page, act: str) -> list[str]:
    """What is drawn in the three frames after `act`."""
    found: list[str] = page.evaluate(
        f"async () => {{ drawn.length = 0; {act}; await {FRAMES}; return drawn; }}"
    )
    return found


def test_it_is_drawn_once_a_frame_with_all_that_was_asked_for(page: Page) -> None:
    stage(page)
    assert page.evaluate("drawn") == ["layout marks"]
    assert drawn(page, "stage.ask('marks')") == ["marks"]
    assert drawn(page, "stage.ask('marks'), stage.ask('data'), stage.ask('layout')") == ["data layout marks"]
    assert drawn(page, "stage.ask()") == ["data layout marks"]
    assert drawn(page, "") == []


def test_size_and_theme_ask_for_a_drawing(page: Page) -> None:
    stage(page)
    assert drawn(page, "root.style.width = '150px'") == ["layout marks"]
    assert drawn(page, "root.dataset.theme = 'dark'") == ["layout marks"]
    assert drawn(page, "root.dataset.theme = 'dark'") == []  # as every update sets it


def test_another_screen_asks_for_a_drawing(page: Page) -> None:
    stage(page)
    tab = page.context.new_cdp_session(page)
    page.evaluate("drawn.length = 0")
    for width, ratio in (
        (810, 2),
        (820, 1),
    ):  # Chromium's emulation only looks at the screen where the size changes
        metrics = {"width": width, "height": 600, "mobile": False, "deviceScaleFactor": ratio}
        tab.send("Emulation.setDeviceMetricsOverride", metrics)
        page.wait_for_function("(ratio) => devicePixelRatio === ratio && drawn.length", arg=ratio)
        page.evaluate("drawn.length = 0")
    tab.send("Emulation.clearDeviceMetricsOverride")


def test_nothing_is_drawn_after_the_end(page: Page) -> None:
    stage(page)
    assert drawn(page, "stage.ask(), root.remove()") == []
    stage(page)
    assert (
        drawn(page, "stage.ask(), stage.destroy(), root.style.width = '99px', root.dataset.theme = 'dark'")
        == []
    )


def test_the_theme_is_the_pages_and_whole_without_it(page: Page) -> None:
    found = page.evaluate(
        """async () => {
          const { readTheme } = await import(urls["shared/canvas/theme.js"]);
          const root = document.createElement("div");
          document.body.replaceChildren(root);
          const plain = ["light", "dark"].map((theme) => ((root.dataset.theme = theme), readTheme(root)));
          root.style.cssText = `--st-text-color: #123456; --st-background-color: #abcdef;
            --cv-kernel: #7d3a00; font-family: serif`;
          return [...plain, readTheme(root)];
        }"""
    )
    light, dark, own = found
    assert (light["dark"], dark["dark"]) == (False, True)
    for name, colour in light.items():
        if name not in ("dark", "font", "mono", "roles"):
            assert colour, name
            assert colour != dark[name], name
    assert (own["ink"], own["ground"], own["font"]) == ("#123456", "#abcdef", "serif")
    assert own["roles"]["kernel"] == "#7d3a00"
    assert own["hatch"] == dark["hatch"]
