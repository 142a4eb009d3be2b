"""Behind a proxy that strips its prefix, as JupyterHub's does: the app finds all that is its own below the prefix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from proxies import Proxy, proxy

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
PREFIX = "/user/ada/proxy/8501"


@pytest.fixture
def behind(serve: Callable[..., Any]) -> Iterator[Proxy]:
    with proxy(serve(HOME).url, PREFIX) as made:
        yield made
        assert not made.astray, "addresses outside of the prefix were asked for"


def train(page: Page, app: str) -> None:
    """Trains a network until the page says that it is done."""
    page.goto(f"{app}/train?preset=first-steps&digits=10000&epochs=2")
    page.get_by_role("button", name="Train", exact=True).click(timeout=SLOW)
    page.get_by_text("Epoch 2.00").first.wait_for(timeout=SLOW)
    page.get_by_role("button", name="Stop", exact=True).and_(page.locator(":disabled")).wait_for(timeout=SLOW)


def test_a_run_that_was_started_from_a_deep_link_moves(behind: Proxy, visit: Callable[..., Page]) -> None:
    train(visit("about:blank", fresh=True), behind.url)


def test_a_chart_loads_a_preset_opens_and_back_goes_back(behind: Proxy, visit: Callable[..., Page]) -> None:
    page = visit(f"{behind.url}/initialization", fresh=True)
    page.locator(".live-chart .main-svg").first.wait_for(timeout=SLOW)
    link = page.get_by_role("navigation", name="Try this").get_by_role("link").first
    link.wait_for(timeout=SLOW)
    address = link.evaluate("link => link.href")
    assert address.startswith(f"{behind.url}/initialization?")
    link.click()
    page.wait_for_url(address, timeout=SLOW)
    page.go_back()
    page.wait_for_url(f"{behind.url}/initialization", timeout=SLOW)


def test_the_first_page_leads_to_the_others_and_back(behind: Proxy, visit: Callable[..., Page]) -> None:
    page = visit(f"{behind.url}/", fresh=True)
    head = page.locator("a.head[href]").first
    head.wait_for(timeout=SLOW)
    target = head.evaluate("link => link.href")
    assert re.fullmatch(rf"{re.escape(behind.url)}/\w+", target)
    head.click()
    page.wait_for_url(target, timeout=SLOW)
    page.go_back()
    page.wait_for_url(f"{behind.url}/", timeout=SLOW)
    head.wait_for(timeout=SLOW)


def test_below_a_base_path_of_its_own_too(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    server = serve(HOME, STREAMLIT_SERVER_BASE_URL_PATH="lecture")
    with proxy(server.url.removesuffix("/lecture"), PREFIX) as made:
        page = visit(f"{made.url}/lecture/", fresh=True)
        page.locator("a.head[href]").first.click(timeout=SLOW)
        page.wait_for_url(re.compile(rf"^{re.escape(made.url)}/lecture/\w+$"), timeout=SLOW)
        page.goto(f"{made.url}/lecture/initialization")
        page.locator(".live-chart .main-svg").first.wait_for(timeout=SLOW)
        train(page, f"{made.url}/lecture")
