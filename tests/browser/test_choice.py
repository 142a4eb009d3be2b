"""Choices in the address of a real browser: their identifiers stand there, and only while they are no defaults."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "choice_app.py"
FIRST = "window: max - 0 3"
BELOW = "below: table left half sgd+adam -"


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[[str], Page]:
    url = serve(APP).url
    return lambda query="": visit(f"{url}/window{query}")


def shows(page: Page, text: str, query: str) -> None:
    """Waits until the page says ``text``, and the address ``query``, whose order does not matter."""
    page.locator('[data-testid="stText"]').get_by_text(text, exact=True).wait_for()
    page.wait_for_function(
        """wanted => {
            const sorted = (query) => [...new URLSearchParams(query)].map(String).sort().join("&");
            return sorted(location.search) === sorted(wanted);
        }""",
        arg=query,
    )


def choose(page: Page, label: str, option: str) -> None:
    from playwright.sync_api import TimeoutError as NotInTimeError

    settle(page)
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):  # a list closes when the page moves
        page.get_by_role("combobox", name=label).click()
        with contextlib.suppress(NotInTimeError):
            wanted.click(timeout=3000)
            return
    raise AssertionError(f"{label} offers no {option}")


def press(page: Page, slider: str, key: str) -> None:
    page.get_by_role("slider", name=slider).focus()
    page.keyboard.press(key)


def turn_to(page: Page, title: str) -> None:
    page.get_by_role("button", name="Layers").click()
    page.get_by_role("menuitem", name=title).click()


def test_what_is_chosen_stands_in_the_address_by_its_identifier(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    shows(page, FIRST, "")
    entries = page.evaluate("history.length")
    choose(page, "Kind", "He, fan in")
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in")
    page.reload()
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in")
    assert page.get_by_role("combobox", name="Kind").input_value() == "He, fan in"
    choose(page, "Kind", "Largest")
    shows(page, FIRST, "")
    assert page.evaluate("history.length") == entries  # Back leaves the page, as with Streamlit's bound controls


def test_choices_of_every_kind(open_page: Callable[[str], Page]) -> None:
    page = open_page("?view=curve&runs=rmsprop&runs=sgd&beside=adam")
    shows(page, "below: curve left half rmsprop+sgd adam", "?view=curve&runs=rmsprop&runs=sgd&beside=adam")
    page.get_by_role("radio", name="To the right").check(force=True)
    shows(page, "below: curve right half rmsprop+sgd adam", "?view=curve&runs=rmsprop&runs=sgd&beside=adam&side=right")
    press(page, "Share", "ArrowLeft")
    page.get_by_role("radio", name="A table").click()
    shows(
        page,
        "below: table right quarter rmsprop+sgd adam",
        "?runs=rmsprop&runs=sgd&beside=adam&side=right&share=quarter",
    )
    page.get_by_role("tab", name="The digits").click()
    page.get_by_text("tab: digits").wait_for()
    page.wait_for_function("location.search.includes('tab=digits')")
    page.reload()
    page.get_by_text("tab: digits").wait_for()
    page.get_by_role("tab", name="All weights").click()
    page.get_by_text("tab: weights").wait_for()
    page.get_by_role("button", name="RMSProp", exact=True).click()
    shows(page, "below: table right quarter sgd adam", "?runs=sgd&beside=adam&side=right&share=quarter")
    page.get_by_role("button", name="SGD", exact=True).click()
    shows(page, "below: table right quarter - adam", "?runs=&beside=adam&side=right&share=quarter")
    page.reload()
    shows(page, "below: table right quarter - adam", "?runs=&beside=adam&side=right&share=quarter")


def test_a_bound_slider_and_a_choice_leave_each_other_alone(open_page: Callable[[str], Page]) -> None:
    page = open_page("?size=5&kind=he-fan-in&view=curve")
    shows(page, "window: he-fan-in - 0 5", "?size=5&kind=he-fan-in&view=curve")
    choose(page, "Kind", "Mean, of all")
    press(page, "Size", "ArrowRight")
    shows(page, "window: average zero 5 6", "?size=6&kind=average&view=curve")
    choose(page, "Edge", "The mirror")
    press(page, "Weight", "ArrowLeft")
    shows(page, "window: average mirror 4 6", "?size=6&kind=average&view=curve&edge=mirror&weight=4")
    # The slider goes and Streamlit writes the address by itself, with what it knew when it was asked.
    choose(page, "Kind", "Largest")
    shows(page, "window: max - 0 6", "?size=6&view=curve")
    choose(page, "Kind", "Mean, of all")
    shows(page, "window: average mirror 4 6", "?size=6&kind=average&view=curve&edge=mirror&weight=4")


def test_what_another_part_of_the_page_chose_survives_an_address_by_streamlit(open_page: Callable[[str], Page]) -> None:
    page = open_page("?size=5&kind=average&weight=4")
    shows(page, "window: average zero 4 5", "?size=5&kind=average&weight=4")
    page.get_by_role("radio", name="A curve").click()  # a choice that Streamlit's own copy knows nothing of
    shows(page, "below: curve left half sgd+adam -", "?size=5&kind=average&weight=4&view=curve")
    choose(page, "Kind", "He, fan in")
    shows(page, "window: he-fan-in - 0 5", "?size=5&kind=he-fan-in&view=curve")


def test_links_back_and_forward(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    shows(page, FIRST, "")
    choose(page, "Kind", "He, fan in")
    page.get_by_role("radio", name="A curve").click()
    shows(page, "below: curve left half sgd+adam -", "?kind=he-fan-in&view=curve")
    page.get_by_role("link", name="Large mean").click()
    shows(page, "window: average zero 5 9", "?size=9&kind=average")
    shows(page, BELOW, "?size=9&kind=average")
    page.get_by_role("link", name="Plain").click()
    shows(page, FIRST, "")
    page.go_back()
    shows(page, "window: average zero 5 9", "?size=9&kind=average")
    page.go_back()
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in&view=curve")
    shows(page, "below: curve left half sgd+adam -", "?kind=he-fan-in&view=curve")
    page.go_forward()
    shows(page, "window: average zero 5 9", "?size=9&kind=average")
    choose(page, "Kind", "Largest")
    shows(page, "window: max - 0 9", "?size=9")


def test_another_page_and_back(open_page: Callable[[str], Page]) -> None:
    """Both pages have a choice "kind", of other options."""
    page = open_page("")
    shows(page, FIRST, "")
    choose(page, "Kind", "He, fan in")
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in")
    turn_to(page, "Other")
    shows(page, "other: none", "")
    choose(page, "Kind", "Largest")
    shows(page, "other: max", "?kind=max")
    page.go_back()
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in")
    page.go_forward()
    shows(page, "other: max", "?kind=max")


def test_what_was_chosen_is_there_after_a_walk_through_the_menu(open_page: Callable[[str], Page]) -> None:
    page = open_page("?view=curve")
    shows(page, "below: curve left half sgd+adam -", "?view=curve")
    turn_to(page, "Other")
    shows(page, "other: none", "")
    turn_to(page, "Window")
    shows(page, "below: curve left half sgd+adam -", "?view=curve")


def test_nonsense_goes_out_of_the_address(open_page: Callable[[str], Page]) -> None:
    page = open_page("?kind=gone&view=%00&runs=a,b&other=stays")
    shows(page, FIRST, "?other=stays")
    shows(page, BELOW, "?other=stays")
    page.evaluate("history.replaceState(null, '', '?kind=gone')")
    page.evaluate("history.pushState(null, '', '?kind=max')")
    page.go_back()
    shows(page, FIRST, "")


def test_a_link_with_labels_becomes_one_with_identifiers(open_page: Callable[[str], Page]) -> None:
    shows(open_page("?kind=He%2C+fan+in"), "window: he-fan-in - 0 3", "?kind=he-fan-in")


def test_what_a_button_sets_is_in_the_address(open_page: Callable[[str], Page]) -> None:
    page = open_page("?view=curve")
    shows(page, FIRST, "?view=curve")
    page.get_by_role("button", name="Mean, please").click()
    shows(page, "window: average zero 5 3", "?view=curve&kind=average")


def test_two_tabs_are_apart(open_page: Callable[[str], Page]) -> None:
    page = open_page("?kind=he-fan-in")
    shows(page, "window: he-fan-in - 0 3", "?kind=he-fan-in")
    other = page.context.new_page()
    other.goto(page.url.replace("he-fan-in", "average"))
    shows(other, "window: average zero 5 3", "?kind=average")
    choose(other, "Kind", "Largest")
    shows(other, FIRST, "")
    press(page, "Size", "ArrowRight")
    shows(page, "window: he-fan-in - 0 4", "?kind=he-fan-in&size=4")
