"""A page as a room sees it: begun by the address or a key, without a run of the script, and kept in the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
TYPE = "parseFloat(getComputedStyle(document.querySelector('.st-key-page_title p')).fontSize)"
AT_MIDDLE = "document.elementFromPoint(innerWidth / 2, innerHeight / 2).className"


@pytest.fixture
def opened(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_page(query: str) -> Page:
        page = visit(f"{serve(HOME).url}/convolution?{query}")
        drawn(page)
        return page

    return open_page


def drawn(page: Page) -> None:
    page.locator(".sliding-window[data-drawn]").wait_for()
    settle(page)


def presents(page: Page, wanted: bool) -> None:
    """Whether the page is as a room shall see it, in its look and in its address."""
    page.wait_for_function("on => document.documentElement.classList.contains('presenting') === on", arg=wanted)
    page.wait_for_function("on => location.search.includes('present=true') === on", arg=wanted)
    for hidden in (page.get_by_test_id("stHeader"), page.get_by_role("slider", name="Bias")):
        eventually(hidden).to_be_visible(visible=not wanted)
    eventually(page.get_by_text("Where does each number of a feature map come from?").first).to_be_visible()
    eventually(page.get_by_role("img", name="visibility icon").first).to_be_visible()


def test_the_address_begins_it_and_hides_controls_and_both_outlive_links_and_reloads(
    opened: Callable[..., Page],
) -> None:
    page = opened("present=true&hide=sy,mean,%22%5D%7B,no-such")
    presents(page, True)
    assert page.get_by_role("button", name="Play", exact=True).is_visible()
    page.get_by_role("navigation", name="Try this").get_by_role("link").nth(3).click()
    page.wait_for_function("location.search.includes('dy=2')")
    drawn(page)
    presents(page, True)
    page.reload()
    drawn(page)
    presents(page, True)
    page.keyboard.press("Escape")
    presents(page, False)
    assert page.locator(".st-key-sy").count() == page.locator(".st-key-mean").count() == 1
    assert not page.locator(".st-key-sy, .st-key-mean").first.is_visible()
    assert page.locator(".st-key-sx").is_visible()
    page.get_by_role("slider", name="Bias").press("ArrowRight")  # Streamlit writes the address, with what it was before
    page.wait_for_function("location.search.includes('bias=0.5')")
    drawn(page)
    presents(page, False)
    assert not page.locator(".st-key-sy").is_visible()


def test_within_another_page_there_is_no_menu_and_no_search(opened: Callable[..., Page]) -> None:
    page = opened("embed=true")
    page.locator("html.in-frame").wait_for(state="attached")
    for hidden in (page.get_by_test_id("stHeader"), page.get_by_role("combobox", name="Search pages")):
        eventually(hidden).to_be_visible(visible=False)
    eventually(page.get_by_role("slider", name="Bias")).to_be_visible()


def test_keys_begin_it_without_a_run_and_make_the_screen_black(opened: Callable[..., Page]) -> None:
    page = opened("")
    plain = page.evaluate(TYPE)
    page.evaluate("""() => {
        window.runs = 0;
        new MutationObserver(() => window.runs++).observe(document.querySelector("[data-test-script-state]"),
            { attributes: true, attributeFilter: ["data-test-script-state"] });
    }""")
    page.keyboard.press("p")
    presents(page, True)
    assert page.evaluate(TYPE) == pytest.approx(4 / 3 * plain, rel=0.01)
    eventually(page.get_by_text("p or Escape: back to the controls")).to_be_visible()
    page.keyboard.press("b")
    page.wait_for_function(f"{AT_MIDDLE} === 'blank'")
    page.keyboard.press("p")
    page.wait_for_function(f"{AT_MIDDLE} !== 'blank'")
    presents(page, True)
    page.keyboard.press("b")
    page.keyboard.press("b")
    page.wait_for_function(f"{AT_MIDDLE} !== 'blank'")
    page.keyboard.press("p")
    presents(page, False)
    assert page.evaluate("window.runs") == 0
    page.keyboard.press("/")
    page.keyboard.type("pb")
    eventually(page.get_by_role("combobox", name="Search pages, controls and links")).to_have_value("pb")
    presents(page, False)
