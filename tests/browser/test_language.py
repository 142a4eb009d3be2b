"""The address names the language on every page, and the browser's Back leads to the page before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
APP = Path(__file__).parent / "apps" / "language_app.py"


def wait_for(page: Page, title: str, query: str) -> None:
    page.get_by_role("heading", name=title).wait_for()
    page.wait_for_url(re.compile(rf"\?{query}$"))


def test_the_menu_and_back_keep_the_language(serve: Callable[..., object], visit: Callable[..., Page]) -> None:
    page = visit(f"{serve(APP).url}/?lang=is")
    wait_for(page, "start in is", "lang=is")
    page.get_by_role("link", name="Second").click()
    wait_for(page, "second in is", "lang=is")
    page.go_back()
    wait_for(page, "start in is", "lang=is")
    page.go_forward()
    wait_for(page, "second in is", "lang=is")


def test_controls_stand_in_the_address_beside_the_language(
    serve: Callable[..., object], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(APP).url}/second?lang=is")
    wait_for(page, "second in is", "lang=is")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, "second in is", "lang=is&size=4")


def test_an_address_of_another_language_is_read_in_english(
    serve: Callable[..., object], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(APP).url}/second?lang=tlh")
    page.get_by_role("heading", name="second in en").wait_for()
    page.get_by_role("link", name="Start").click()
    page.get_by_role("heading", name="start in en").wait_for()
    assert "?" not in page.url
