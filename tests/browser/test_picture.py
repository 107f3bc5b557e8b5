"""The picture picker in a real browser: tiles, upload, clipboard, camera, and the way from page to page."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect
from visits import Visitor, ready
from waiting import soon

from cnnviz.core import SAMPLES
from cnnviz.settings import settings

pytestmark = pytest.mark.browser

DEFAULT = next(iter(SAMPLES.values()))
BUTTON = ".st-key-picture_popover button"
OWN = '.tile[data-id="own"]'

PASTE = """([text, name, type]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, {type}));
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""

DROP = """(target, [text, name]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, {type: "image/png"}));
  target.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""


def png(height: int = 90, width: int = 120) -> bytes:
    values = np.add.outer(np.arange(height), 2 * np.arange(width)) % 256
    pixels = np.stack([values, 255 - values, values // 2], 2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def as_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def open_picker(page: Page) -> None:
    page.locator(BUTTON).first.click()
    expect(page.locator(".tile")).not_to_have_count(0)
    ready(page)


def says(page: Page, text: str) -> None:
    """The line beside the picker."""
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=text).first).to_be_visible()


def shows(page: Page, title: str) -> None:
    expect(page.locator(BUTTON).first).to_contain_text(title)
    ready(page)


@pytest.fixture
def page(visit: Visitor) -> Page:
    """The filter page of a visitor who has just come."""
    return visit("filter")


def focused(page: Page, attribute: str) -> str | None:
    return page.evaluate(
        """(name) => {
          let at = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return at?.getAttribute(name) ?? null;
        }""",
        attribute,
    )


def test_a_sample_is_chosen_with_the_mouse_and_stands_in_the_link(page: Page) -> None:
    shows(page, DEFAULT.title)
    open_picker(page)
    expect(page.locator('.tile[role="radio"]')).to_have_count(len(SAMPLES))
    page.locator('.tile[data-id="rocket"]').click()
    shows(page, "Rocket")
    expect(page.locator(".tile")).to_have_count(0)
    says(page, "reduced from 640×427 to 512×342")
    page.wait_for_function("() => new URLSearchParams(location.search).get('pic') === 'rocket'")


def test_the_keyboard_opens_walks_chooses_and_comes_back(page: Page) -> None:
    page.locator(BUTTON).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).not_to_have_count(0)
    page.wait_for_function("() => document.activeElement?.shadowRoot?.activeElement?.dataset.id")
    assert focused(page, "data-id") == DEFAULT.id
    ids = list(SAMPLES)
    page.keyboard.press("ArrowRight")
    assert focused(page, "data-id") == ids[1]
    page.keyboard.press("End")
    assert focused(page, "data-id") == ids[-1]
    page.keyboard.press("ArrowRight")
    assert focused(page, "data-id") == ids[-1]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert focused(page, "data-id") not in ids[:2]
    page.keyboard.press("ArrowUp")
    assert focused(page, "data-id") == ids[0]
    soon(page, lambda: page.locator('.tile[aria-checked="true"]').get_attribute("data-id") == DEFAULT.id)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    shows(page, SAMPLES[ids[1]].title)
    page.wait_for_function("() => document.activeElement?.dataset.testid === 'stPopoverButton'")


def test_an_upload_travels_to_the_other_page_and_back(page: Page) -> None:
    open_picker(page)
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "my photo.png", "mimeType": "image/png", "buffer": png(600, 800)}
    )
    shows(page, "my photo.png")
    says(page, "my photo.png, reduced from 800×600 to 512×384")
    says(page, "The link cannot carry your own picture.")
    for name in ("Home", "Filter a photo"):
        page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        page.wait_for_function("(name) => document.title.includes(name) || name === 'Home'", arg=name)
        shows(page, "my photo.png")
    open_picker(page)
    page.locator('.tile[data-id="robot"]').click()
    shows(page, "Robot")
    open_picker(page)
    page.locator(OWN).click()
    shows(page, "my photo.png")


def test_a_bad_file_gets_a_sentence_and_the_picture_stays(page: Page) -> None:
    open_picker(page)
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "broken.png", "mimeType": "image/png", "buffer": png()[:200]}
    )
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("broken.png: ")
    shows(page, DEFAULT.title)
    page.locator('.tile[data-id="robot"]').click()
    shows(page, "Robot")
    expect(alert).to_have_count(0)


def test_a_picture_is_pasted_with_the_keys(page: Page) -> None:
    open_picker(page)
    page.evaluate(PASTE, [as_text(png()), "image.png", "image/png"])
    shows(page, "Pasted picture")
    says(page, "Pasted picture, 120×90")


def test_a_picture_is_dropped_on_the_picker(page: Page) -> None:
    open_picker(page)
    page.locator(".bring").evaluate(DROP, [as_text(png()), "dropped.png"])
    shows(page, "dropped.png")


def test_the_clipboard_button_reads_a_picture(page: Page) -> None:
    open_picker(page)
    page.evaluate(
        """async (text) => {
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const blob = new Blob([bytes], {type: "image/png"});
          await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
        }""",
        as_text(png()),
    )
    page.get_by_role("button", name="Paste from the clipboard").click()
    shows(page, "Pasted picture")


def test_what_is_no_picture_or_too_large_is_refused_in_the_browser(page: Page, visit: Visitor) -> None:
    open_picker(page)
    status = page.locator(".status")
    sent = visit.watch(page).sent
    page.evaluate(PASTE, [as_text(b"words"), "notes.txt", "text/plain"])
    expect(status).to_have_text("The clipboard holds no picture.")
    page.evaluate(
        """(size) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([new Uint8Array(size)], "huge.png", {type: "image/png"}));
          document.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true}));
        }""",
        settings.max_upload_mb * 1_000_000 + 100_000,
    )
    limit = settings.max_upload_mb
    expect(status).to_have_text(f"huge.png has {limit + 0.1:.1f} MB; the limit is {limit} MB.")
    assert visit.watch(page).sent == sent


def test_text_fields_keep_their_paste(page: Page) -> None:
    open_picker(page)
    prevented = page.evaluate(
        """() => {
          const field = document.body.appendChild(document.createElement("input"));
          const event = new ClipboardEvent("paste", {bubbles: true, cancelable: true, composed: true});
          field.dispatchEvent(event);
          field.remove();
          return event.defaultPrevented;
        }"""
    )
    assert prevented is False
    expect(page.locator(".status")).to_be_empty()


def test_the_camera_is_asked_for_only_on_request_and_stopped_after_the_photo(visit: Visitor) -> None:
    spy = """
      globalThis.cameras = [];
      const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await original(wanted);
        cameras.push(stream);
        return stream;
      };"""
    page = visit("filter", new=True, init=spy)
    page.context.grant_permissions(["camera"])
    open_picker(page)
    assert page.evaluate("cameras.length") == 0
    page.get_by_text("Use the camera").click()
    page.wait_for_function("() => [...document.querySelectorAll('video')].some((v) => v.videoWidth > 0)")
    page.get_by_role("button", name="Take Photo").click()
    shows(page, "Camera picture")
    says(page, "Camera picture, ")
    page.wait_for_function("() => cameras.every((s) => s.getTracks().every((t) => t.readyState === 'ended'))")


def test_an_unchanged_picture_is_not_sent_again(visit: Visitor) -> None:
    page = visit("filter?pic=astronaut")  # 512×512: 786 kB of pixels
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    page.reload()
    ready(page)
    assert max(frames) > 512 * 512 * 3
    frames.clear()
    open_picker(page)  # a rerun: the popover tells the app that it is open
    assert frames
    assert max(frames) < 100_000


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1366, "light"), (1920, "dark")])
def test_the_open_picker_fits_and_axe_finds_nothing_in_it(visit: Visitor, width: int, theme: str) -> None:
    page = visit("filter", width=width, height=844, theme=theme)
    open_picker(page)
    box = page.locator(".tiles").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page, context=".st-key-picture_picker").response
    assert results["passes"]
    assert [rule["id"] for rule in results["violations"]] == []


def test_an_invalid_link_gives_the_default(visit: Visitor) -> None:
    page = visit("filter?pic=nope&px=3")
    shows(page, DEFAULT.title)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
