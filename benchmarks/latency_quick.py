"""A one-minute version of ``latency.py``: from a key press to the painted picture, 512², one visitor.

Run with ``python -m benchmarks.latency_quick``. Prints the median and the 95th percentile; asserts nothing.
"""

from __future__ import annotations

import numpy as np

from benchmarks._app import chromium, server
from benchmarks._bench import amount

KEYS = {
    "Stride": ["ArrowRight"] * amount(7, 1) + ["ArrowLeft"] * amount(7, 1),
    "Dilation": ["ArrowRight"] * amount(7, 1),
}
FIND = """() => {
  const walk = (n) => { for (const e of n.querySelectorAll("*")) if (e.shadowRoot) {
    const r = e.shadowRoot.querySelector('[data-view=filter_view]'); if (r) return r; } return null; };
  const root = walk(document); window.waits = []; let start = 0;
  addEventListener("keydown", () => (start = performance.now()), true);
  new MutationObserver(() => { const from = start; start = 0;
    if (from) requestAnimationFrame(() => waits.push(performance.now() - from)); })
    .observe(root, { attributes: true, attributeFilter: ["data-painted"] });
}"""


def main() -> None:
    """Start the app, change the stride and the dilation by keyboard, print what it took."""
    with chromium() as browser, server() as running:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{running.url}/filter?pic=astronaut")
        page.wait_for_selector("[data-view=filter_view][data-painted]", timeout=60_000)
        page.wait_for_timeout(amount(5000, 500))
        page.evaluate(FIND)
        for name, keys in KEYS.items():
            page.get_by_role("slider", name=name).focus()
            for key in keys:
                page.keyboard.press(key)
                page.wait_for_timeout(700)
        waits = np.array(page.evaluate("waits"))
    print(f"{len(waits)} changes: median {np.median(waits):.0f} ms, p95 {np.percentile(waits, 95):.0f} ms")


if __name__ == "__main__":
    main()
