"""A one-minute version of ``latency.py``: from a key press to the painted picture, 512², one visitor.

Run with ``python -m benchmarks.latency_quick``. Prints the median and the 95th percentile; asserts nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

PORT = 8677
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
    """Start the app, change the stride and the turn of the kernel by keyboard, print what it took."""
    root = Path(__file__).resolve().parents[1]
    command = f"-m streamlit run app.py --server.port {PORT} --server.headless true"
    server = subprocess.Popen([sys.executable, *command.split()], cwd=root)
    try:
        for _ in range(80):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"http://127.0.0.1:{PORT}/filter?pic=astronaut")
            page.wait_for_timeout(7000)
            page.evaluate(FIND)
            for name, keys in (
                ("Stride", ["ArrowRight"] * 7 + ["ArrowLeft"] * 7),
                ("Dilation", ["ArrowRight"] * 7),
            ):
                page.get_by_role("slider", name=name).focus()
                for key in keys:
                    page.keyboard.press(key)
                    page.wait_for_timeout(700)
            waits = np.array(page.evaluate("waits"))
            browser.close()
        print(
            f"{len(waits)} changes: median {np.median(waits):.0f} ms, p95 {np.percentile(waits, 95):.0f} ms"
        )
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
