"""How long the browser's own arithmetic takes: convolution, dragging a kernel cell and painting, at 512².

Run from the repository's root: ``python benchmarks/engine_js.py [out.json]``. Prints a Markdown table of the
median and the fastest of many rounds in a headless Chromium. The cases are run interleaved, so that a busy
moment of the machine falls on all of them; the load at start and end is printed too.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from blank_page import blank_page  # noqa: E402

from benchmarks._bench import SMOKE, amount  # noqa: E402

ROUNDS = amount(25, 1)

_CASES = r"""
async (rounds) => {
  const side = 512, lut = Uint8Array.from({ length: 768 }, (_, i) => i / 3);
  const rgb = Uint8Array.from({ length: side * side * 3 }, () => Math.random() * 256);
  const picture = { width: side, height: side, rgb };
  const grey = engine.planesOf(picture, "grey"), each = engine.planesOf(picture, "each");
  const square = (n, at) => ({ rows: n, cols: n, slices: [Float64Array.from({ length: n * n }, at)] });
  const dense = (n) => square(n, () => Math.random() - 0.5);
  const bell = (t, n) => Math.exp(-((t - (n - 1) / 2) ** 2) / n);
  const gauss = (n) => square(n, (_, i) => bell(i % n, n) * bell(Math.floor(i / n), n));
  const wave = dense(15);
  const sobel = { rows: 3, cols: 3, slices: [Float64Array.of(-1, 0, 1, -2, 0, 2, -1, 0, 1)] };
  const run = (planes, channels, kernel, more = {}) => {
    const settings = { channels, mode: "reflect", stride: [1, 1], dilation: [1, 1], flip: false, ...more };
    settings.padding = engine.padAmounts("same", kernel, settings.dilation);
    const into = { planes: [] };
    return () => engine.convolve(planes, side, side, kernel, settings, into);
  };
  const drag = (n) => {
    const kernel = dense(n), padding = engine.padAmounts("same", kernel, [1, 1]);
    return new engine.Drag(grey, side, side, kernel,
      { channels: "grey", mode: "reflect", stride: [1, 1], dilation: [1, 1], flip: false, padding }, 1, 1);
  };
  const dragged = drag(15), values = run(grey, "grey", sobel)(), three = run(each, "each", dense(3))();
  const pixels = new Uint8ClampedArray(side * side * 4);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d"), image = new ImageData(side, side);
  const cases = {
    "convolve, grey, Sobel 3×3 (6 taps)": run(grey, "grey", sobel),
    "convolve, grey, dense 3×3": run(grey, "grey", dense(3)),
    "convolve, grey, dense 5×5": run(grey, "grey", dense(5)),
    "convolve, grey, dense 9×9": run(grey, "grey", dense(9)),
    "convolve, grey, dense 15×15": run(grey, "grey", dense(15)),
    "convolve, grey, dense 31×31": run(grey, "grey", dense(31)),
    "convolve, grey, Gaussian 5×5": run(grey, "grey", gauss(5)),
    "convolve, grey, Gaussian 9×9": run(grey, "grey", gauss(9)),
    "convolve, grey, Gaussian 15×15": run(grey, "grey", gauss(15)),
    "convolve, grey, Gaussian 31×31": run(grey, "grey", gauss(31)),
    "convolve, grey, dense 9×9, stride 2": run(grey, "grey", dense(9), { stride: [2, 2] }),
    "convolve, each of R, G, B, dense 3×3": run(each, "each", dense(3)),
    "Drag: made, dense 15×15": () => drag(15),
    "Drag.at": () => dragged.at(Math.random()),
    "valueRange, signed": () => colour.valueRange(values.planes, "signed"),
    "paint, 1 plane": () => colour.paint(values.planes, side, side, "signed", lut, [-900, 900], pixels),
    "paint, 3 planes": () => colour.paint(three.planes, side, side, "signed", lut, [-900, 900], pixels),
    "frame of a drag: at, range, paint, putImageData": () => {
      const { planes } = dragged.at(Math.random());
      colour.paint(planes, side, side, "signed", lut, colour.valueRange(planes, "signed"), image.data);
      context.putImageData(image, 0, 0);
    },
    "frequencyResponse, 15×15 to 64×64": () => engine.frequencyResponse(wave),
  };
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = -3; round < rounds; round++) {
    for (const [name, work] of Object.entries(cases)) {
      const start = performance.now();
      work();
      if (round >= 0) times[name].push(performance.now() - start);
    }
    await new Promise((done) => setTimeout(done));
  }
  return times;
}
"""


def main() -> None:
    """Measure, print the table, and write the numbers where a path is given."""
    before = os.getloadavg()[0]
    with blank_page() as page:
        version = page.context.browser.version if page.context.browser else ""
        times: dict[str, list[float]] = page.evaluate(_CASES, ROUNDS)
    rows: dict[str, Any] = {
        name: {"median_ms": sorted(all_)[len(all_) // 2], "fastest_ms": min(all_)}
        for name, all_ in times.items()
    }
    print(
        f"Chromium {version}, {os.cpu_count()} cores, {platform.machine()}, 512×512 pixels, {ROUNDS} rounds,"
    )
    print(f"load {before:.1f} at the start and {os.getloadavg()[0]:.1f} at the end\n")
    print("| Work | Median, ms | Fastest, ms |\n|---|---:|---:|")
    for name, row in rows.items():
        print(f"| {name} | {row['median_ms']:.1f} | {row['fastest_ms']:.1f} |")
    if len(sys.argv) > 1 and not SMOKE:
        Path(sys.argv[1]).write_text(json.dumps({"chromium": version, "cases": rows}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
