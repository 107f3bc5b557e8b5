"""The histogram in a real Chromium: bars, colours, range, reading out, updates, sizes, themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest
from blank_page import decode, mount
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.histogram_view import histogram_data
from cnnviz.core.colour import displays as colour
from cnnviz.core.colour.histogram import Histogram, histogram

pytestmark = pytest.mark.browser
RNG = np.random.default_rng(5)
GREY = (120 * RNG.standard_normal((96, 128))).astype(np.float32)
COLOUR = (RNG.uniform(0, 200, (96, 128, 3)) ** [[[1, 0.9, 0.8]]]).astype(np.float32)
VIEW = "document.querySelector('.cnnviz-root').histogramView"


def data_of(
    values: np.ndarray, display: str = "signed", colour_map: str = "blue_orange", bins: int = 101
) -> dict[str, Any]:
    return histogram_data(histogram(values, bins), display, colour_map, colour.value_range(values, display))


def drawn(page: Page) -> None:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def show(page: Page, data: dict[str, Any]) -> None:
    mount(page, "histogram_view", data)
    page.wait_for_selector("[data-painted]")
    drawn(page)


def update(page: Page, data: dict[str, Any]) -> None:
    page.evaluate("(data) => remount(data)", data)
    drawn(page)


def pixels(page: Page) -> np.ndarray:
    """The canvas (H, W, 4) as it is drawn; one device pixel is one CSS pixel here."""
    got = page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas.bars");
          const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return { data: text(image.data), width: canvas.width, height: canvas.height };
        }"""
    )
    return decode(got["data"], "u1").reshape(got["height"], got["width"], 4)


def place(page: Page, *values: float) -> list[float]:
    """Where values lie across the canvas."""
    found: list[float] = page.evaluate(f"(values) => values.map((v) => {VIEW}.plot.x.at(v))", list(values))
    return found


def frame(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(f"{VIEW}.plot.box")
    return found


def middles(counted: Histogram) -> np.ndarray:
    return (counted.edges[:-1] + counted.edges[1:]) / 2


def hover(page: Page, value: float) -> None:
    box = page.locator("canvas.bars").bounding_box()
    assert box
    page.mouse.move(box["x"] + place(page, value)[0], box["y"] + box["height"] / 2)
    drawn(page)


def reading(page: Page) -> dict[str, str]:
    cells = page.locator(".reading dt").all_inner_texts()
    return dict(zip(cells, page.locator(".reading dd").all_inner_texts(), strict=True))


def rgb(text: str) -> np.ndarray:
    return np.array([int(text[at : at + 2], 16) for at in (1, 3, 5)])


@pytest.mark.parametrize("at", [0, 30, 50, 71, 100])
def test_the_bin_under_the_pointer_is_read_out(page: Page, at: int) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY))
    hover(page, middles(counted)[at])
    low, high = (colour.format_value(edge) for edge in counted.edges[at : at + 2])
    found, count = reading(page), int(counted.counts[0, at])
    assert found["values"] == f"{low} … {high}"
    assert found["cells"] == f"{count:,}"
    share = found["share"]
    assert float(share.removesuffix(" %")) == pytest.approx(100 * count / GREY.size, abs=0.0051, rel=0.05)
    assert found["colour"] == "in the range"
    said = f"{low} to {high}: {count:,} cell{'s' * (count != 1)}, {share}; inside the range of the colours."
    expect(page.locator(".spoken")).to_have_text(said)
    page.mouse.move(0, 790)
    drawn(page)
    assert "fullest bar" in reading(page)


def test_without_a_pointer_the_fullest_bar_is_read_out(page: Page) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY))
    assert reading(page)["cells"] == f"{counted.counts.max():,}"


def test_every_bar_is_as_high_as_its_count_on_the_log_scale(page: Page) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY))
    picture, box = pixels(page), frame(page)
    output = rgb(colour.ROLES["output"].light)
    counts = counted.counts[0]
    tops = page.evaluate(f"(counts) => counts.map((n) => {VIEW}.plot.y.at(n))", counts.tolist())
    unit = (tops[int(np.argmax(counts))] - box["bottom"]) / np.log10(counts.max() / 0.6)
    assert (counts == 0).any()
    for at, x in enumerate(place(page, *middles(counted))):
        column = picture[:, round(x), :3].astype(int)
        green = np.abs(column - output).max(axis=1) < 75  # the bars let some ground through
        rows = np.flatnonzero(green[: int(box["bottom"]) - 1])
        if counts[at] == 0:
            assert rows.size == 0
        else:
            want = box["bottom"] + unit * np.log10(counts[at] / 0.6)
            assert rows.min() == pytest.approx(want, abs=2.5), at


@pytest.mark.parametrize("display", ["signed", "absolute", "clip", "shift", "stretch"])
def test_the_strip_has_the_colour_that_the_picture_gives_each_value(page: Page, display: str) -> None:
    colour_map = "blue_orange" if display == "signed" else "ember"
    show(page, data_of(GREY, display, colour_map))
    box, x = frame(page), np.arange(20, 1000, 37)
    y = int(box["bottom"]) + 8
    columns = (box["left"] + x).astype(int)
    values = np.array(
        page.evaluate(f"(xs) => xs.map((x) => {VIEW}.plot.x.value(x + 0.5))", columns.tolist()), np.float32
    )
    want = colour.to_rgb(values[None], display, colour_map, colour.value_range(GREY, display))[0]
    got = pixels(page)[y, columns, :3]
    assert np.abs(got.astype(int) - want).max() <= 6


@pytest.mark.parametrize(
    ("display", "ends"), [("clip", (0, 255)), ("shift", (-128, 127)), ("absolute", None), ("signed", None)]
)
def test_the_ends_of_the_range_are_marked_where_they_are(page: Page, display: str, ends: Any) -> None:
    high = float(np.abs(GREY).max())
    low, high = ends or (-high, high)
    show(page, data_of(GREY, display))
    legend = page.locator(".legend").inner_text()
    assert f"range of the colours: {colour.format_value(low)} … {colour.format_value(high)}" in legend
    picture, kernel = pixels(page)[:, :, :3].astype(int), rgb(colour.ROLES["kernel"].light)
    top = int(frame(page)["top"])
    marked = np.flatnonzero((np.abs(picture[top : top + 40] - kernel).max(axis=2) < 20).sum(axis=0) > 15)
    for end, found in zip(place(page, low, high), (marked.min(), marked.max()), strict=True):
        assert found == pytest.approx(end, abs=2)


def test_cells_with_an_end_colour_are_said_and_paler(page: Page) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY, "clip", "grey"))
    inside, outside = middles(counted)[counted.edges[:-1] > 0][3], middles(counted)[20]
    hover(page, outside)
    assert reading(page)["colour"] == "the lowest"
    hover(page, middles(counted)[counted.edges[:-1] > 255][2])
    assert reading(page)["colour"] == "the highest"
    hover(page, 0)
    assert reading(page)["colour"] == "at its end"
    page.mouse.move(0, 790)
    drawn(page)
    columns = [round(x) for x in place(page, inside, outside)]
    dark, pale = pixels(page)[int(frame(page)["bottom"]) - 12, columns, 3].astype(int)
    assert dark > pale + 60


def test_a_range_far_beyond_the_values_does_not_squeeze_them(page: Page) -> None:
    show(page, data_of(GREY / 1000, "clip", "grey"))
    low, high = place(page, float(GREY.min()) / 1000, float(GREY.max()) / 1000)
    box = frame(page)
    assert high - low > 0.9 * (box["right"] - box["left"])
    assert "range of the colours: 0 … 255" in page.locator(".legend").inner_text()
    near = GREY.clip(0, 100)  # beside these there is room for all
    update(page, data_of(near, "clip", "grey"))
    low, high = place(page, 0, 255)
    assert frame(page)["left"] < low < high < frame(page)["right"]


def test_three_channels_have_their_own_lines_names_and_numbers(page: Page) -> None:
    counted = histogram(COLOUR)
    show(page, data_of(COLOUR, "clip"))
    names = page.locator(".legend span").all_inner_texts()
    assert names == ["red", "green", "blue", "range of the colours: 0 … 255"]
    dashes = page.locator(".legend path[stroke-dasharray]").evaluate_all(
        "(paths) => paths.slice(0, 3).map((path) => path.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 3
    for at in (0, 12, 90):
        hover(page, middles(counted)[at])
        found = reading(page)
        assert [found[name] for name in ("red", "green", "blue")] == [f"{n:,}" for n in counted.counts[:, at]]
    page.mouse.move(0, 790)
    drawn(page)
    picture = pixels(page)[:, :, :3].astype(int)
    for line in ("#c0392b", "#1e7d34", "#2456b8"):
        assert (np.abs(picture - rgb(line)).max(axis=2) < 12).sum() > 100


def test_the_keyboard_reads_bins_out(page: Page) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY))
    chart, fullest = page.get_by_role("slider"), int(np.argmax(counted.counts))
    assert chart.get_attribute("tabindex") == "0"
    page.keyboard.press("Tab")
    expect(chart).to_be_focused()
    at = fullest
    for key, to in [
        ("ArrowRight", fullest),
        ("ArrowRight", fullest + 1),
        ("ArrowLeft", fullest),
        ("Shift+ArrowLeft", fullest - 10),
        ("PageUp", fullest),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 100),
        ("ArrowUp", 100),
        ("ArrowDown", 99),
    ]:
        page.keyboard.press(key)
        drawn(page)
        at = to
        assert chart.get_attribute("aria-valuenow") == str(at + 1), key
        assert reading(page)["cells"] == f"{counted.counts[0, at]:,}", key
    spoken = chart.get_attribute("aria-valuetext")
    assert spoken
    expect(page.locator(".spoken")).to_have_text(spoken)
    page.keyboard.press("Escape")
    drawn(page)
    assert "fullest bar" in reading(page)
    expect(page.locator(".spoken")).to_have_text("")


def test_the_chart_is_told_in_words(page: Page) -> None:
    show(page, data_of(GREY, "clip"))
    low, high, mean, deviation = (
        colour.format_value(float(v)) for v in (GREY.min(), GREY.max(), GREY.mean(), GREY.std())
    )
    assert page.get_by_role("slider").get_attribute("aria-label") == (
        f"Histogram of the output, log scale: {GREY.size:,} values from {low} to {high}, mean {mean}, "
        f"standard deviation {deviation}. The colours cover 0 to 255."
    )


def test_a_touch_reads_a_bin_out_and_leaves_it(page: Page) -> None:
    counted = histogram(GREY)
    show(page, data_of(GREY))
    (x,) = place(page, middles(counted)[40])
    page.locator("canvas.bars").tap(position={"x": x, "y": 90})
    drawn(page)
    assert reading(page)["cells"] == f"{counted.counts[0, 40]:,}"


def test_an_update_keeps_the_bin_the_focus_and_the_layout(page: Page) -> None:
    show(page, data_of(GREY))
    chart = page.locator("canvas.bars")
    chart.focus()
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    drawn(page)
    assert chart.get_attribute("aria-valuenow") == "11"
    handle, before = chart.element_handle(), page.locator(".cnnviz-root").bounding_box()
    for values in (3e7 * GREY, GREY / 1e6, GREY[:2, :2], COLOUR, np.float32(1e30) * COLOUR, GREY):
        update(page, data_of(values))
        assert page.locator(".cnnviz-root").bounding_box() == before
        soon(page, lambda: chart.get_attribute("aria-valuenow") == "11")
        expect(chart).to_be_focused()
    assert page.evaluate("(node) => node === document.querySelector('canvas.bars')", handle)
    assert reading(page)["cells"] == f"{histogram(GREY).counts[0, 10]:,}"
    update(page, data_of(GREY, bins=5))
    soon(page, lambda: chart.get_attribute("aria-valuenow") == "5")


@pytest.mark.parametrize("values", [
    np.full((3, 3), 7, np.float32), np.full((1, 1), 0, np.float32), np.full((2, 2), 1e30, np.float32),
    np.array([[0, 1e-45]], np.float32), np.array([[-3e38, 3e38]], np.float32),
    np.array([[1, np.inf]], np.float32),
], ids=["one value", "one cell", "one large value", "smallest", "largest", "infinite"])  # fmt: skip
@pytest.mark.parametrize("display", ["signed", "clip", "absolute"])
def test_odd_maps_are_drawn_with_whole_numbers_of_cells(page: Page, values: np.ndarray, display: str) -> None:
    data = data_of(values, display)
    show(page, data)
    finite = int(np.isfinite(values).sum())
    assert f" {finite} values from" in (page.get_by_role("slider").get_attribute("aria-label") or "")
    ticks = page.evaluate(f"{VIEW}.plot.ticks")
    assert ticks[0] == 1
    assert all(tick == int(tick) for tick in ticks)
    assert "NaN" not in page.locator(".cnnviz-root").inner_text()
    assert all(0 <= x <= 1200 for x in place(page, data["low"], data["high"]))
    page.locator("canvas.bars").hover()
    drawn(page)


@pytest.mark.parametrize("width", [358, 640, 1300, 1850])
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_it_fits_every_width(page: Page, width: int, values: np.ndarray) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(page, data_of(3e4 * values))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("canvas.bars").bounding_box()
    assert box
    assert 250 <= box["height"] <= 340
    frame_now = frame(page)
    assert frame_now["right"] - frame_now["left"] > 0.75 * box["width"]
    cut = "(nodes) => nodes.filter((n) => n.scrollWidth > n.clientWidth + 1).length"
    assert page.locator(".reading dd, .reading dt").evaluate_all(cut) == 0
    before = page.locator(".cnnviz-root").bounding_box()
    update(page, data_of(values / 7))
    assert page.locator(".cnnviz-root").bounding_box() == before


def test_a_resize_is_followed(page: Page) -> None:
    show(page, data_of(GREY))
    page.set_viewport_size({"width": 500, "height": 800})
    drawn(page)
    drawn(page)
    width = page.locator("canvas.bars").bounding_box()["width"]  # type: ignore[index]
    assert pixels(page).shape[1] == width
    assert frame(page)["right"] == width - 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_themes_have_their_colours_and_axe_finds_nothing(page: Page, theme: str, values: np.ndarray) -> None:
    data = data_of(values)
    show(page, data)
    page.evaluate(
        """([theme, data]) => {
          const root = document.querySelector(".cnnviz-root"), dark = theme === "dark";
          root.dataset.theme = theme;
          root.style.setProperty("--st-text-color", dark ? "#eceff5" : "#14171f");
          document.body.style.background = dark ? "#10131a" : "#ffffff";
          remount(data);
        }""",
        [theme, data],
    )
    drawn(page)
    picture = pixels(page)
    solid = picture[picture[:, :, 3] > 250][:, :3].astype(int)
    lines = {"light": ["#c0392b", "#1e7d34", "#2456b8"], "dark": ["#ff8a80", "#81d898", "#8fb4ff"]}[theme]
    wanted = [getattr(colour.ROLES["kernel"], theme), *(lines if values.ndim == 3 else [])]
    for each in wanted:
        assert (np.abs(solid - rgb(each)).max(axis=1) < 12).sum() > 20, each
    if not page.evaluate("Boolean(globalThis.axe)"):
        source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
        page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document.querySelector('.cnnviz-root'))).violations")
    assert not found


def test_a_view_that_is_gone_draws_no_more(page: Page) -> None:
    show(page, data_of(GREY))
    painted = page.evaluate(
        """async () => {
          const root = document.querySelector(".cnnviz-root");
          view.update({ data: root.histogramView.data });
          view.destroy();
          const before = root.dataset.painted;
          await new Promise((done) => setTimeout(done, 200));
          const same = root.dataset.painted === before;
          globalThis.view = null;
          return same;
        }"""
    )
    assert painted
