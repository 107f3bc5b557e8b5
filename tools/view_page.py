"""One view alone: a page that mounts any view with sample data, as the tests do. For developers.

``make view`` serves it on this computer; each reload reads the modules, styles and samples again.
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{name} · one view</title>
<style>{theme_css} body {{ font-family: system-ui, sans-serif; }} nav {{ margin-bottom: 1rem; }}</style>
<nav><form><label>View <select name="view" onchange="form.submit()">{options}</select></label>
<label>Theme <select name="theme" onchange="form.submit()">{themes}</select></label></form></nav>
<main id="here"></main><h2>What it reports</h2><pre id="reports" aria-live="polite"></pre>
<script>{mount}</script>
<script type="module">
const given = {given};
await loadModules({sources});
await mountView({{ ...given, into: document.getElementById("here") }});
const lines = () => sent.map((report) => JSON.stringify(report)).join("\\n");
setInterval(() => {{ document.getElementById("reports").textContent = lines(); }}, 250);
</script></html>"""


def options(names: list[str], chosen: str) -> str:
    """The options of a select."""
    return "".join(
        f"<option{' selected' if name == chosen else ''}>{html.escape(name)}</option>" for name in names
    )


def page(name: str, theme: str) -> str:
    """The page with one view. Raises KeyError for a view without a sample."""
    from blank_page import MOUNT, mount_data
    from stack_page import theme_css
    from view_samples import SAMPLES

    from cnnviz.components.base import module_sources

    sample = SAMPLES[name]()
    scripts = {path: text for path, text in module_sources().items() if path.endswith(".js")}
    given = {**mount_data(name, sample.data, sample.pictures), "theme": theme}
    return PAGE.format(
        name=html.escape(name),
        theme_css=theme_css(theme),
        options=options(sorted(SAMPLES), name),
        themes=options(["light", "dark"], theme),
        mount=MOUNT,
        given=json.dumps(given).replace("</", "<\\/"),
        sources=json.dumps(scripts).replace("</", "<\\/"),
    )


class Handler(BaseHTTPRequestHandler):
    """Each request is answered by a fresh Python, so that an edit shows at the next reload."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        name, theme = asked.get("view", ["step_view"])[0], asked.get("theme", ["light"])[0]
        command = [
            sys.executable,
            __file__,
            "--print",
            name,
            "--theme",
            "dark" if theme == "dark" else "light",
        ]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        body = (made.stdout or f"<pre>{html.escape(made.stderr)}</pre>").encode()
        self.send_response(200 if made.stdout else 500)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--print", metavar="VIEW", help="write one view's page instead of serving")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    given = parser.parse_args()
    if given.print:
        sys.stdout.write(page(given.print, given.theme))
        return
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    print(f"http://127.0.0.1:{given.port}/?view=step_view")
    server.serve_forever()


if __name__ == "__main__":
    main()
