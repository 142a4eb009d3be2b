"""A tab that a test has spoilt serves no other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tabs_kept
from tabs_kept import Tabs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "live_chart_app.py"
OPTIONS = {"viewport": {"width": 400, "height": 300}, "bypass_csp": True}
LOOP = "() => { setTimeout(() => { for (;;); }, 10); }"


@pytest.fixture
def open_tab(chromium: Browser, serve: Callable[..., Any]) -> Callable[[Tabs], Page]:
    url = serve(APP).url

    def open_page(tabs: Tabs) -> Page:
        page = tabs.take(OPTIONS)
        page.goto(url)
        page.locator("[data-testid=stApp]").wait_for()
        return page

    return open_page


@pytest.fixture
def own(chromium: Browser) -> Any:
    tabs = Tabs(chromium)
    yield tabs
    tabs.close()


def test_a_tab_is_kept_and_forgets(own: Tabs, open_tab: Callable[[Tabs], Page]) -> None:
    page = open_tab(own)
    page.evaluate("() => { localStorage.setItem('a', 'b'); sessionStorage.setItem('c', 'd'); }")
    own.leave()
    again = open_tab(own)
    assert again is page
    assert again.evaluate("() => [localStorage.getItem('a'), sessionStorage.getItem('c')]") == [None, None]
    own.leave()


@pytest.mark.parametrize("how", ["closed", "crashed", "in a loop"])
def test_a_tab_that_does_not_answer_is_replaced(
    how: str, own: Tabs, open_tab: Callable[[Tabs], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    from playwright.sync_api import Error

    monkeypatch.setattr(tabs_kept, "ANSWERS", 2_000)
    page = open_tab(own)
    if how == "closed":
        page.close()
    elif how == "crashed":
        with contextlib.suppress(Error):
            page.goto("chrome://crash", timeout=5_000)
    else:
        page.evaluate(LOOP)
    own.leave()
    assert open_tab(own) is not page
    own.leave()


def test_the_tab_that_stays_when_a_file_ends(own: Tabs) -> None:
    page, other = own.take(OPTIONS), own.take(OPTIONS | {"locale": "fr-FR"})
    own.leave()
    own.close(but=OPTIONS)
    assert other.is_closed() and own.take(OPTIONS) is page
    own.leave()
