"""The curves of a run and its gradient flow in a real Chromium: numbers, zoom, marks, keys, live updates."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest
from blank_page import blank_page, mount, untouched
from playwright.sync_api import Page, expect
from waiting import soon

from cnnviz.components.gradient_flow import SHOWS, flow_data
from cnnviz.components.run_charts import WINDOW, RunSeries, charts_data
from cnnviz.engine.wire.records import LayerStats

pytestmark = pytest.mark.browser
LAYERS = ("1 conv 3×3, 8", "2 ReLU", "3 flatten", "4 dense 10")
WIDTH = 1200
ALARM = (0xB3, 0x26, 0x1E)


def look(step: int) -> LayerStats:
    nan = np.nan
    return LayerStats(
        step=step,
        activation_norms=np.array([1e-3, 2e-3, nan, 0.5], np.float32),
        activation_means=np.array([1e-4, 2e-4, nan, 0.05], np.float32),
        dead=np.array([nan, 0.25, nan, nan], np.float32),
        saturated=np.array([nan, 0.5, nan, nan], np.float32),
        activation_bands=np.tile(np.float32([0, 0, 1e-5, 1e-4, 1e-3, 2e-3, 4e-3]), (4, 1)),
        weight_bands=np.tile(np.float32([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 2e-3, 4e-3]), (2, 1)),
    )


def run(count: int = 600, label: str = "a run", **changed: Any) -> RunSeries:
    """Falling loss and rising accuracy with noise; the first `count` steps of always the same run."""
    rng = np.random.default_rng(3)
    steps = np.arange(1, 20_001)
    noise = rng.lognormal(0, 0.3, len(steps))
    fall = np.exp(-steps / 400)
    sizes = rng.lognormal(0, 0.5, (3, len(steps), 2)) * [[[0.01, 1.0]]]
    series = RunSeries(
        label=label,
        layers=LAYERS,
        weight_layers=(0, 3),
        steps=steps[:count],
        loss=((0.2 + 2 * fall) * noise).astype(np.float32)[:count],
        accuracy=(np.round(64 * np.clip((1 - fall) / noise, 0, 1)) / 64).astype(np.float32)[:count],
        rate=np.full(count, 1e-3, np.float32),
        gradient_norms=sizes[0, :count].astype(np.float32),
        gradient_means=(sizes[1, :count] / 100).astype(np.float32),
        update_ratios=(sizes[2, :count] / 1000).astype(np.float32),
        validation=[(i, float(0.2 + 2 * fall[i]), float(1 - fall[i])) for i in range(50, count, 100)],
        layer_stats=[look(i) for i in range(1, count + 1, 100)],
        steps_per_epoch=250,
    )
    return dataclasses.replace(series, **changed)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with blank_page(viewport={"width": WIDTH, "height": 900}, has_touch=True) as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    with untouched(tab, WIDTH, 900) as page:
        yield page


def drawn(page: Page) -> None:
    """Wait until everything that was asked for has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def curves(page: Page, *runs: RunSeries, **options: Any) -> None:
    mount(page, "run_charts", charts_data(runs, **options))
    page.wait_for_selector("[data-drawn]")


def flow(page: Page, *runs: RunSeries, **options: Any) -> None:
    mount(page, "gradient_flow", flow_data(runs, **options))
    page.wait_for_selector("[data-drawn]")


def update(page: Page, *runs: RunSeries, make: Any = charts_data, **options: Any) -> None:
    page.evaluate("(data) => remount(data)", make(runs, **options))
    drawn(page)


def x_of(page: Page, step: float, first: float, last: float) -> float:
    """Where a step lies on the screen, from the margins of the chart."""
    box = page.locator("canvas.curves").bounding_box()
    assert box
    left, right = 15 * 3.9, box["width"] - 10
    return box["x"] + left + (step - first) / (last - first) * (right - left)


def numbers(page: Page, row: int = 0) -> list[str]:
    return [
        text.replace("−", "-")
        for text in page.locator(".reading dl").nth(row).locator("dd").all_inner_texts()
    ]


def window(page: Page) -> tuple[int, int]:
    root = page.locator(".cnnviz-root")
    return int(root.get_attribute("data-from") or 0), int(root.get_attribute("data-to") or 0)


def drag(page: Page, low: int, high: int, last: int) -> None:
    y = page.locator("canvas.curves").bounding_box()["y"] + 60  # type: ignore[index]
    page.mouse.move(x_of(page, low, 1, last), y)
    page.mouse.down()
    page.mouse.move(x_of(page, high, 1, last), y, steps=4)
    page.mouse.up()
    drawn(page)


def value(text: str) -> float:
    return float(text.replace(" %", "").replace(",", "").replace("∞", "inf"))


@pytest.mark.parametrize("step", [1, 2, 317, 599, 600])
def test_the_numbers_at_the_cursor_are_the_data(page: Page, step: int) -> None:
    series = run(600)
    curves(page, series)
    page.mouse.move(x_of(page, step, 1, 600), page.locator("canvas.curves").bounding_box()["y"] + 60)  # type: ignore[index]
    drawn(page)
    found, i = numbers(page), step - 1
    assert found[1] == str(step)
    smooth = series.loss[max(0, step - WINDOW) : step].astype(float).mean()
    wanted = [series.loss[i], smooth, 100 * series.accuracy[i]]
    for text, want in zip(found[3:6], wanted, strict=True):
        assert value(text) == pytest.approx(want, rel=6e-4)
    assert value(found[7]) == pytest.approx(1e-3)
    earlier = [check for check in series.validation if check[0] <= step]
    assert found[8] == (str(earlier[-1][0]) if earlier else "–")
    if earlier:
        assert value(found[9]) == pytest.approx(earlier[-1][1], rel=6e-4)


def test_in_a_thinned_run_the_cursor_stops_at_real_steps(page: Page) -> None:
    series = run(9000)
    curves(page, series)
    y = page.locator("canvas.curves").bounding_box()["y"] + 60  # type: ignore[index]
    for near in (40, 2345, 7777, 9000):
        page.mouse.move(x_of(page, near, 1, 9000), y)
        drawn(page)
        found = numbers(page)
        step = int(found[1].replace(",", ""))
        assert abs(step - near) < 64
        assert value(found[3]) == pytest.approx(float(series.loss[step - 1]), rel=6e-4)
    expect(page.locator(".note")).to_contain_text("Of every 40 steps the lowest and highest are drawn")


def test_zoom_and_cursor_survive_updates_and_the_end_is_followed_without_zoom(page: Page) -> None:
    curves(page, run(600))
    assert window(page) == (1, 600)
    update(page, run(640))
    assert window(page) == (1, 640)
    drag(page, 100, 200, 640)
    low, high = window(page)
    assert abs(low - 100) < 3
    assert abs(high - 200) < 3
    page.locator("canvas.curves").focus()
    before = int(numbers(page)[1])
    for count in (660, 700, 5000):
        update(page, run(count))
        assert window(page) == (low, high)
        at = int(numbers(page)[1].replace(",", ""))
        assert abs(at - before) <= (0 if count < 1000 else 64)  # thinned: the nearest step that is drawn
    page.wait_for_function("sent.length")
    zoom = page.evaluate("sent.at(-1)")
    assert zoom[0] == "zoom"
    assert abs(zoom[1][0] - low) + abs(zoom[1][1] - high) <= 2
    update(page, run(5000), zoom=tuple(zoom[1]))  # in detail
    assert numbers(page)[1] == str(before)
    expect(page.locator(".note")).not_to_contain_text("Of every")
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    page.keyboard.press("Escape")
    drawn(page)
    assert window(page) == (1, 5000)
    page.wait_for_function("sent.length === 2")
    assert page.evaluate("sent.at(-1)") == ["zoom", None]
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()


def test_double_click_shows_all_and_a_new_shorter_run_forgets_the_zoom(page: Page) -> None:
    curves(page, run(600))
    drag(page, 400, 500, 600)
    assert window(page) != (1, 600)
    page.locator("canvas.curves").dblclick(position={"x": 300, "y": 100})
    drawn(page)
    assert window(page) == (1, 600)
    drag(page, 400, 500, 600)
    update(page, run(20))
    assert window(page) == (1, 20)


def test_keys_move_the_cursor_zoom_and_are_spoken(page: Page) -> None:
    series = run(600)
    curves(page, series)
    chart = page.get_by_role("slider")
    chart.press("Home")
    chart.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuenow", "2")
    expect(page.locator(".spoken")).to_contain_text("step 2, loss")
    chart.press("End")
    expect(chart).to_have_attribute("aria-valuenow", "600")
    chart.press("+")
    drawn(page)
    low, high = window(page)
    assert high == 600
    assert high - low in (299, 300)
    chart.press("Home")  # brings the view along
    drawn(page)
    assert window(page) in ((1, 300), (1, 301))
    chart.press("-")
    drawn(page)
    assert window(page) == (1, 600)


def column(page: Page, x: float, colour: tuple[int, int, int]) -> int:
    """How many pixels of a colour there are within 2 pixels of a place on the curves' canvas."""
    found: int = page.evaluate(
        """([x, colour]) => {
          const canvas = document.querySelector("canvas.curves"), box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width, at = Math.round((x - box.left) * scale);
          const { data } = canvas.getContext("2d").getImageData(at - 2, 0, 5, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4)
            count += colour.every((part, c) => Math.abs(data[i + c] - part) < 12) && data[i + 3] > 200;
          return count;
        }""",
        [x, list(colour)],
    )
    return found


@pytest.mark.parametrize(("bad", "sign"), [(np.nan, "NaN"), (np.inf, "∞")])
@pytest.mark.parametrize("count", [300, 9000])
def test_a_loss_that_is_no_number_is_marked_and_said(page: Page, count: int, bad: float, sign: str) -> None:
    healthy, broken = run(count), run(count)
    broken.loss[213] = bad
    curves(page, healthy)
    place = x_of(page, 214, 1, count)
    assert column(page, place, ALARM) == 0
    update(page, broken)
    assert column(page, place, ALARM) > 40
    words = f"{sign} at step 214"
    expect(page.get_by_role("slider")).to_have_attribute("aria-label", re.compile(words))
    expect(page.locator(".alarm")).to_have_text(f"a run: the loss is {words}.")
    page.mouse.move(place, page.locator("canvas.curves").bounding_box()["y"] + 60)  # type: ignore[index]
    drawn(page)
    at = int(numbers(page)[1].replace(",", ""))
    assert abs(at - 214) <= (0 if count == 300 else 64)  # thinned: the nearest step that is drawn
    assert value(numbers(page)[3]) == pytest.approx(float(broken.loss[at - 1]), rel=6e-4, nan_ok=True)


def test_nothing_moves_and_nothing_is_made_anew_over_20_updates(page: Page) -> None:
    curves(page, run(900), run(900, "twin"))
    look_at = """() => {
      const box = (one) => { const b = one.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; };
      const parts = "canvas, .legend, .legend button, .reading dl, .note, .cnnviz-root";
      return [...document.querySelectorAll(parts)].map(box);
    }"""
    page.evaluate("globalThis.parts = [...document.querySelectorAll('.cnnviz-root *')]")
    first = page.evaluate(look_at)
    for i in range(1, 21):
        update(page, run(900 + 5 * i), run(900 + 3 * i, "twin"))
        assert page.evaluate(look_at) == first
    assert page.evaluate("parts.every((part) => part.isConnected)")


def test_the_legend_switches_curves_off_and_stays_so(page: Page) -> None:
    curves(page, run(600))
    shot = "document.querySelector('canvas').toDataURL()"
    whole = page.evaluate(shot)
    button = page.get_by_role("button", name="each batch")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    drawn(page)
    without = page.evaluate(shot)
    assert without != whole
    update(page, run(600))
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    page.mouse.move(0, 890)
    drawn(page)
    assert page.evaluate(shot) == whole


def test_the_scale_is_switched_at_once_reported_and_not_undone_by_an_echo(page: Page) -> None:
    mount(page, "run_charts", {**charts_data([run()]), "reports": True})
    page.wait_for_selector("[data-drawn]")
    log = page.get_by_role("radio", name="Log")
    log.click()
    expect(log).to_be_checked()
    assert page.evaluate("sent") == [["log", True]]
    page.evaluate("(data) => remount(data)", {**charts_data([run(650)]), "reports": True})  # not yet heard
    expect(log).to_be_checked()
    page.evaluate("(data) => remount(data)", {**charts_data([run(700)], log=True), "reports": True})
    page.evaluate("(data) => remount(data)", {**charts_data([run(700)]), "reports": True})  # a link
    expect(log).not_to_be_checked()


def test_two_runs_have_names_and_rows_of_their_own(page: Page) -> None:
    one, other = run(300, "sigmoid"), run(600, "ReLU")
    curves(page, one, other)
    expect(page.get_by_role("button", name="sigmoid: validation")).to_be_visible()
    expect(page.get_by_role("button", name="ReLU: training, mean of 50")).to_be_visible()
    page.mouse.move(x_of(page, 200, 1, 600), page.locator("canvas.curves").bounding_box()["y"] + 60)  # type: ignore[index]
    drawn(page)
    assert [numbers(page, row)[:2] for row in (0, 1)] == [["sigmoid", "200"], ["ReLU", "200"]]


def test_one_huge_loss_does_not_flatten_a_linear_axis_and_the_title_says_so(page: Page) -> None:
    """The axis ends earlier; on the log axis everything is there."""
    series = run(600)
    series.loss[10] = 1e12
    found = page.evaluate(
        """async (data) => {
          const { curves } = await import(urls["run_charts/decode.js"]);
          const { Ranges } = await import(urls["run_charts/ranges.js"]);
          const { StepWindow } = await import(urls["run_charts/window.js"]);
          const runs = data.runs.map(curves), window = new StepWindow();
          window.holds(1, 600);
          const ranges = new Ranges(runs, window, () => true), pane = { name: "loss", smooth: "smoothLoss" };
          return [ranges.linearLoss(pane), ranges.logLoss(pane)];
        }""",
        charts_data([series]),
    )
    assert found[0][1] < 1e12
    assert found[0][2] == pytest.approx(1e12)
    assert found[1][0] <= series.loss.min()
    assert found[1][1] >= 1e12


def test_20000_points_are_drawn_with_at_most_four_per_pixel_column(page: Page) -> None:
    found = page.evaluate(
        """async () => {
          const { Pen } = await import(urls["shared/canvas/pen.js"]);
          const { Linear } = await import(urls["shared/canvas/scale.js"]);
          const pen = new Pen(document.createElement("canvas")), seen = [];
          for (const name of ["moveTo", "lineTo"]) pen.pen[name] = (x, y) => seen.push([x, y]);
          const n = 20000, xs = Float32Array.from({ length: n }, (_, i) => i);
          const ys = xs.map((i) => Math.sin(i) * 50);
          ys[7000] = 999;
          ys[9000] = NaN;
          pen.curve(new Linear(0, n, 0, 800), { at: (v) => v }, xs, ys, 0, n);
          const finite = seen.every((at) => at.every(Number.isFinite));
          return [seen.length, Math.max(...seen.map(([, y]) => y)), finite];
        }"""
    )
    assert found[0] <= 4 * 1602
    assert found[1] == 999
    assert found[2]


def test_a_run_without_a_step(page: Page) -> None:
    empty = dataclasses.replace(
        run(1),
        validation=(),
        layer_stats=(),
        **{
            name: getattr(run(1), name)[:0]
            for name in (
                "steps",
                "loss",
                "accuracy",
                "rate",
                "gradient_norms",
                "gradient_means",
                "update_ratios",
            )
        },
    )
    curves(page, empty)
    assert set(numbers(page)[1:]) == {"–"}
    page.get_by_role("slider").press("End")
    update(page, run(5))
    assert numbers(page)[1] == "5"
    for show in SHOWS:
        flow(page, empty, show=show)
        update(page, run(5), make=flow_data, show=show)


@pytest.mark.parametrize("place", [(0, 0.1), (1, 0.5), (1, 0.999)])
def test_the_heat_map_reads_layer_steps_and_value(page: Page, place: tuple[int, float]) -> None:
    row, share = place
    series = run(9000)
    flow(page, series)
    canvas = page.locator(".panels canvas").nth(1)
    canvas.focus()
    for _ in range(row + 1):
        canvas.press("ArrowDown")
    canvas.press("Shift+ArrowLeft")
    box = canvas.bounding_box()
    assert box
    left = (
        page.evaluate("document.querySelectorAll('.panels canvas')[1].clientWidth") * 0.4
    )  # labels end before
    page.mouse.move(box["x"] + left + share * (box["width"] - 8 - left), box["y"] + 4 + (row + 0.5) * 38)
    drawn(page)
    text = page.locator(".reading").inner_text()
    name, low, high, number = re.match(
        r"(.*): a run, largest of steps ([\d,]+)–([\d,]+): (.*)\.", text
    ).groups()  # type: ignore[union-attr]
    assert name == LAYERS[(0, 3)[row]]
    first, last = int(low.replace(",", "")), int(high.replace(",", ""))
    want = float(series.gradient_norms[first - 1 : last, row].max())
    assert value(number) == pytest.approx(want, rel=1e-3)
    update(page, run(9020), make=flow_data)
    soon(
        page,
        lambda: page.locator(".reading").inner_text().startswith(f"{name}: a run, largest of steps {low}–"),
    )


def test_dots_read_the_last_step_exactly_and_zero_and_nan_have_signs(page: Page) -> None:
    series = run(300)
    flow(page, series)
    dots = page.locator(".panels canvas").first
    dots.focus()
    dots.press("ArrowDown")
    expect(page.locator(".reading")).to_contain_text("1 conv 3×3, 8: ")
    text = page.locator(".reading").inner_text()
    assert value(text.split(": ")[1].split(" at")[0]) == pytest.approx(
        float(series.gradient_norms[-1, 0]), rel=6e-4
    )
    assert "at step 300" in text
    plain = page.evaluate("document.querySelector('.panels canvas').toDataURL()")
    for bad, sign in ((0.0, "0"), (np.nan, "NaN"), (np.inf, "∞")):
        norms = series.gradient_norms.copy()
        norms[-1, 0] = bad
        update(page, dataclasses.replace(series, gradient_norms=norms), make=flow_data)
        expect(page.locator(".reading")).to_contain_text(f"8: {sign} at step 300")
        assert page.evaluate("document.querySelector('.panels canvas').toDataURL()") != plain


def test_what_reaches_the_first_layer_is_said(page: Page) -> None:
    series = run(300)
    series.gradient_norms[-1] = [0.001, 0.9]
    flow(page, series)
    expect(page.locator(".summary")).to_have_text(
        "First layer 0.001, last layer 0.9: the first layer gets 1/900 of the last."
    )
    norms = series.gradient_norms.copy()
    norms[-1] = [0, 0.9]
    update(page, dataclasses.replace(series, gradient_norms=norms), make=flow_data)
    expect(page.locator(".summary")).to_contain_text("nothing reaches the first")


@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_every_view_of_the_flow_fits_and_keeps_its_place(page: Page, width: int, show: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    deep = dataclasses.replace(run(400, "deeper"), layers=(*LAYERS[:3], "4 dense 100"))
    for runs in ([run(300)], [run(300), run(400, "twin")], [run(300), deep]):
        flow(page, *runs, show=show)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("globalThis.parts = [...document.querySelectorAll('canvas')]")
        boxes = "parts.map((part) => JSON.stringify(part.getBoundingClientRect()))"
        first = page.evaluate(boxes)
        update(
            page,
            *[dataclasses.replace(one, layer_stats=[look(1), look(7)]) for one in runs],
            make=flow_data,
            show=show,
        )
        assert page.evaluate(boxes) == first
        assert page.evaluate("parts.every((part) => part.isConnected)")


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_the_curves_fit(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    curves(page, run(600), run(600, "a twin with quite a long name"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_choice_of_the_flow_is_reported(page: Page) -> None:
    mount(page, "gradient_flow", {**flow_data([run()]), "reports": True})
    page.get_by_role("radio", name="Update ÷ weight").click()
    soon(page, lambda: page.evaluate("sent") == [["show", "ratio"]])
    expect(page.locator(".about")).to_contain_text("0.001")
    update(page, run(650), make=flow_data)
    expect(page.get_by_role("radio", name="Update ÷ weight")).to_be_checked()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["run_charts", *SHOWS])
def test_axe_finds_nothing(page: Page, name: str, theme: str) -> None:
    runs = (run(300), run(300, "twin"))
    if name == "run_charts":
        curves(page, *runs)
    else:
        flow(page, *runs, show=name)
    page.evaluate(
        """(theme) => {
          const root = document.querySelector(".cnnviz-root"), dark = theme === "dark";
          root.dataset.theme = theme;
          const colours = dark ? ["#eceff5", "#10131a", "#1a1f2b", "#39414f", "#7c5cf0"]
            : ["#14171f", "#ffffff", "#f2f4f8", "#cfd5e0", "#5b3cc4"];
          ["text", "background", "secondary-background", "border", "primary"].forEach((name, i) =>
            document.documentElement.style.setProperty(`--st-${name}-color`, colours[i]));
          document.body.style.background = colours[1];
        }""",
        theme,
    )
    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    if not page.evaluate("Boolean(globalThis.axe)"):
        page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document.querySelector('.cnnviz-root'))).violations")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_how_long_drawing_takes(page: Page) -> None:
    """Measured, not judged, as machines differ: `pytest -s` shows it."""
    curves(page, run(20_000), run(20_000, "twin"))
    times = []
    for i in range(20):
        update(page, run(19_900 + 5 * i), run(19_900, "twin"))
        times.append(float(page.locator(".cnnviz-root").get_attribute("data-drawn") or "nan"))
    print(f"Two runs of 20,000 steps are drawn in {np.median(times):.1f} ms (slowest {max(times):.1f} ms).")
    assert np.isfinite(times).all()
