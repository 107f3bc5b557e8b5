"""A radio group (shared/controls/choices.js) under the keyboard, as the browser's own answers to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blank_page import blank_page
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with blank_page() as page:
        yield page


def group(page: Page, options: str = "{}", more: str = "") -> None:
    """Four choices between two other stops; what is chosen is appended to `chosen`."""
    page.evaluate(
        f"""async () => {{
          const {{ Choices, choiceButton }} = await import(urls["shared/controls/choices.js"]);
          document.body.innerHTML =
            '<button id="before">before</button><div id="group"></div><button id="after">after</button>';
          const host = document.querySelector("#group");
          globalThis.chosen = [];
          host.append(...["a", "b", "c", "d"].map((id) => choiceButton(id, `choice ${{id}}`)));
          {more};
          globalThis.choices = new Choices(host, {{ choose: (id) => chosen.push(id), ...{options} }});
          choices.mark("b");
        }}"""
    )


def state(page: Page) -> dict[str, object]:
    """Which are checked, which are tab stops, where the focus is, and what was chosen."""
    found: dict[str, object] = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("[role=radio]")], id = (one) => one.dataset.choice;
          return {
            checked: all.filter((one) => one.getAttribute("aria-checked") === "true").map(id).join(""),
            stops: all.filter((one) => one.tabIndex === 0).map(id).join(""),
            focus: document.activeElement.dataset.choice ?? document.activeElement.id,
            chosen: chosen.join(""),
          };
        }"""
    )
    return found


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_group_is_one_stop_of_the_tab_key(page: Page) -> None:
    group(page)
    page.locator("#before").focus()
    press(page, "Tab")
    assert state(page) == {"checked": "b", "stops": "b", "focus": "b", "chosen": ""}
    press(page, "Tab")
    assert state(page)["focus"] == "after"
    press(page, "Shift+Tab")
    assert state(page)["focus"] == "b"


def test_arrows_choose_and_go_round(page: Page) -> None:
    group(page)
    page.get_by_role("radio", name="choice b").focus()
    press(page, "ArrowRight", "ArrowDown", "ArrowRight")
    assert state(page) == {"checked": "a", "stops": "a", "focus": "a", "chosen": "cda"}
    press(page, "ArrowLeft", "ArrowUp")
    assert state(page) == {"checked": "c", "stops": "c", "focus": "c", "chosen": "cdadc"}


def test_home_and_end_go_to_the_first_and_the_last(page: Page) -> None:
    group(page)
    page.get_by_role("radio", name="choice b").focus()
    press(page, "End", "End", "Home")
    assert state(page) == {"checked": "a", "stops": "a", "focus": "a", "chosen": "da"}


def test_a_click_chooses(page: Page) -> None:
    group(page)
    page.get_by_role("radio", name="choice d").click()
    assert state(page) == {"checked": "d", "stops": "d", "focus": "d", "chosen": "d"}
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)


def test_where_choosing_costs_much_arrows_only_move_the_focus(page: Page) -> None:
    group(page, "{ follow: false }")
    page.get_by_role("radio", name="choice b").focus()
    press(page, "ArrowRight", "ArrowRight")
    assert state(page) == {"checked": "b", "stops": "d", "focus": "d", "chosen": ""}
    page.evaluate("choices.mark('a')")  # an answer of Python does not take the keyboard's place away
    assert state(page) == {"checked": "a", "stops": "d", "focus": "d", "chosen": ""}
    press(page, "Enter", "ArrowLeft", "Space")
    assert state(page) == {"checked": "c", "stops": "c", "focus": "c", "chosen": "dc"}


def test_hidden_and_disabled_buttons_are_passed_over(page: Page) -> None:
    group(page, more="host.children[2].hidden = true, host.children[3].disabled = true")
    page.get_by_role("radio", name="choice b").focus()
    press(page, "ArrowRight")
    assert state(page) == {"checked": "a", "stops": "a", "focus": "a", "chosen": "a"}


def test_without_a_chosen_one_the_first_is_the_stop(page: Page) -> None:
    group(page)
    page.evaluate("choices.mark(null)")
    assert state(page) == {"checked": "", "stops": "a", "focus": "", "chosen": ""}


def test_tiles_have_rows(page: Page) -> None:
    square = "host.style.cssText = 'display: grid; grid-template-columns: 8rem 8rem; width: 16rem'"
    group(page, "{ tiles: true, follow: false }", square)
    page.get_by_role("radio", name="choice b").focus()
    for key, focus in [
        ("ArrowDown", "d"),
        ("ArrowLeft", "c"),
        ("ArrowUp", "a"),
        ("ArrowRight", "b"),
        ("ArrowUp", "b"),
    ]:
        press(page, key)
        assert state(page)["focus"] == focus, key


def test_what_the_group_stands_in_does_not_see_its_keys(page: Page) -> None:
    """The network's editor moves layers by the arrow keys; a setting of a layer is chosen by them too."""
    group(page)
    page.evaluate(
        "() => { globalThis.seen = []; document.body.onkeydown = (event) => seen.push(event.key); }"
    )
    page.get_by_role("radio", name="choice b").focus()
    press(page, "ArrowRight", "Escape", "Alt+ArrowRight")
    assert page.evaluate("seen") == ["Escape", "Alt", "ArrowRight"]
