"""Makes the screenshots of the README: starts the app, opens each page at three widths in both themes.

Run with ``make docs``, or ``python docs/screenshots.py train`` for one page. Needs Debian's chromium, as
the browser tests do.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from cnnviz.ui.site import HOME, SITE

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}
SHOTS = {page.path: "/" if page is HOME else f"/{page.path}" for page in SITE}


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int) -> subprocess.Popen[bytes]:
    """Start the app on this port and wait until it answers."""
    server = subprocess.Popen(
        [sys.executable, *f"-m streamlit run app.py --server.port {port} --server.headless true".split()],
        cwd=ROOT,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit("The app did not start within a minute.")


def settle(page: Page) -> None:
    """Wait until the script has run and the pictures are painted."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=30_000)
    page.wait_for_timeout(2500)


def train_a_while(page: Page) -> None:
    """Start a run and wait for its second epoch: a picture of a run shows more than empty charts."""
    page.get_by_role("button", name="Start").first.click()
    page.get_by_text("epoch 2 of").first.wait_for(timeout=120_000)
    page.mouse.move(0, 0)
    page.wait_for_timeout(1000)


PREPARE = {"train": train_a_while}


def shoot(port: int, names: Sequence[str]) -> None:
    """Write the screenshots of these pages as small PNGs."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for theme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                view = {"width": width, "height": height}
                page = browser.new_page(viewport=view, color_scheme=theme)
                for name in names:
                    page.goto(f"http://127.0.0.1:{port}{SHOTS[name]}")
                    settle(page)
                    PREPARE.get(name, lambda _: None)(page)
                    file = FOLDER / f"{name}-{size}-{theme}.png"
                    page.screenshot(path=file)
                    Image.open(file).convert("RGB").quantize(192).save(file, optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    number = free_port()
    app = start(number)
    try:
        shoot(number, sys.argv[1:] or list(SHOTS))
    finally:
        app.terminate()
