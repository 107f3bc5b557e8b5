"""The camera in the filter view, with Chromium's own test picture as the camera."""

from __future__ import annotations

import pytest
from filter_page import FilterPage, link
from playwright.sync_api import expect
from visits import Visitor

pytestmark = pytest.mark.browser

NO_CAMERA = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined });"
REFUSED = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("no", "NotAllowedError");
};"""


def test_frames_stay_in_the_browser_until_a_still_is_taken(visit: Visitor) -> None:
    view = FilterPage(visit(link()))
    watch = visit.watch(view.page)
    digest = view.ask("view.data.digest")
    painted, sent = view.painted, watch.sent
    view.button("Live camera").click()
    view.wait_until(f"view.painted >= {painted + 10}")
    size = view.ask("[view.picture.width, view.picture.height]")
    assert max(size) == view.ask("view.data.liveSize")
    first = view.ask("view.picture.rgb.reduce((a, b) => a + b, 0)")
    view.wait_until(f"view.picture.rgb.reduce((a, b) => a + b, 0) !== {first}")  # it moves
    assert watch.sent == sent
    view.button("Take a still").click()
    view.page.wait_for_function(
        "([root, digest]) => root.filterView.data.digest !== digest", arg=[view.root.element_handle(), digest]
    )
    view.settle()
    assert watch.sent > sent
    assert view.ask("view.live.running") is False
    expect(view.page.get_by_role("button", name="Camera", exact=False).first).to_be_visible()
    assert max(view.ask("[view.picture.width, view.picture.height]")) == 256  # the working size again


def test_stopping_the_camera_brings_the_picture_back(visit: Visitor) -> None:
    view = FilterPage(visit(link()))
    before = view.output()
    painted = view.painted
    view.button("Live camera").click()
    view.wait_until(f"view.painted >= {painted + 3}")
    view.button("Stop the camera").click()
    view.wait_until("view.picture && view.picture.digest === view.data.digest && !view.stage.frame")
    assert (view.output() == before).all()
    expect(view.button("Take a still")).to_be_hidden()


@pytest.mark.parametrize(
    ("init", "sentence"), [(NO_CAMERA, "Over plain http"), (REFUSED, "did not allow the camera")]
)
def test_without_a_camera_one_sentence_says_why(visit: Visitor, init: str, sentence: str) -> None:
    view = FilterPage(visit(link(), init=init))
    view.button("Live camera").click()
    expect(view.find(".problem")).to_contain_text(sentence)
    expect(view.find(".problem")).to_contain_text("upload a photo")
    expect(view.button("Take a still")).to_be_hidden()
