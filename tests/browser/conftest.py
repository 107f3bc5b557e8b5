"""Fixtures of the browser tests: the running app, Chromium, and `visit`, which opens a page of it.

Whatever a test does, afterwards no page may have had a console error, an exception or a request to another
host, and the server's log may have no traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import chromium
import pytest
from app_server import AppServer
from blank_page import blank_page, untouched
from playwright.sync_api import Page
from visits import Visitor


@pytest.fixture(scope="session", autouse=True)
def _chromium_ends() -> Iterator[None]:
    yield
    chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app, running for the whole session."""
    running = AppServer(tmp_path_factory.mktemp("server") / "server.log")
    yield running
    running.stop()


@pytest.fixture
def fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], AppServer]]:
    """Starts an app that nobody has visited yet."""
    started: list[AppServer] = []

    def start() -> AppServer:
        started.append(AppServer(tmp_path_factory.mktemp("fresh") / "server.log"))
        return started[-1]

    yield start
    for each in started:
        each.stop()
        assert "Traceback" not in each.log, each.log


@pytest.fixture(scope="module")
def module_visit(server: AppServer) -> Iterator[Visitor]:
    """`visit` for a page that all tests of a module share."""
    visitor = Visitor(server)
    yield visitor
    visitor.close({watch.page for watch in visitor.watches})


@pytest.fixture
def visit(module_visit: Visitor) -> Iterator[Visitor]:
    """Opens pages of the running app; they are closed after the test."""
    before = {watch.page for watch in module_visit.watches}
    yield module_visit
    module_visit.close({watch.page for watch in module_visit.watches} - before)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """A blank page that the tests of a module share; modules that need another size have their own."""
    with blank_page(viewport={"width": 1200, "height": 800}, has_touch=True) as page:
        yield page


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The module's blank page, as each test finds it."""
    with untouched(tab, 1200, 800) as page:
        yield page


@pytest.fixture(autouse=True)
def nothing_went_wrong(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that visited the app."""
    if "module_visit" not in request.fixturenames:
        yield
        return
    visitor: Visitor = request.getfixturevalue("module_visit")
    pages = request.getfixturevalue("visit") if "visit" in request.fixturenames else visitor
    said = len(visitor.server.log)
    yield
    assert not (found := pages.problems()), "\n".join(found)
    assert "Traceback" not in visitor.server.log[said:], visitor.server.log[said:]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows the end of the server's log."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, AppServer):
        report.sections.append(("server log", running.log[-4000:]))
    return report
