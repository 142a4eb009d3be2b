"""After a lost connection the page comes right by itself, whether the server has kept its session or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from proxies import Proxy, proxy
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
GONE = 20_000  # milliseconds after which the tests' servers have forgotten a session (conftest.py)


@pytest.fixture
def wire(serve: Callable[..., Any]) -> Iterator[Proxy]:
    """The way to the server, which can be cut."""
    with proxy(serve(HOME).url) as made:
        yield made


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button")  # Streamlit has a "Stop" of its own while a script runs


def cut(wire: Proxy, page: Page) -> None:
    wire.cut()
    page.locator('[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])').wait_for(timeout=SLOW)


def mend(wire: Proxy, page: Page) -> None:
    wire.mend()
    page.locator('[data-testid="stApp"][data-test-connection-state="CONNECTED"]').wait_for(timeout=SLOW)


@pytest.mark.parametrize("away", [0, GONE], ids=["the-session-is-kept", "the-session-is-gone"])
def test_the_buttons_learn_that_the_run_has_ended_meanwhile(
    wire: Proxy, serve: Callable[..., Any], visit: Callable[..., Page], away: float
) -> None:
    page = visit(f"{wire.url}/train?preset=first-steps&epochs=100", fresh=True)
    page.get_by_role("button", name="Train", exact=True).click(timeout=SLOW)
    eventually(button(page, "stop")).to_be_enabled()
    cut(wire, page)
    other = page.context.new_page()  # of the same visitor, past the proxy
    other.goto(f"{serve(HOME).url}/train")
    button(other, "stop").click(timeout=SLOW)
    eventually(button(other, "stop")).to_be_disabled()
    page.wait_for_timeout(2000 + away)  # the feed still comes through, and has said it by now
    mend(wire, page)
    eventually(button(page, "stop")).to_be_disabled()
    eventually(button(page, "pause")).to_be_disabled()


def test_controls_work_on_where_the_session_is_gone(wire: Proxy, visit: Callable[..., Page]) -> None:
    page = visit(f"{wire.url}/dropout", fresh=True)
    formula = page.locator(".katex-display").first
    formula.wait_for(timeout=SLOW)
    settle(page)
    before = formula.inner_text()
    cut(wire, page)
    page.wait_for_timeout(GONE)
    mend(wire, page)
    page.locator("input[type=range]").first.press("ArrowRight", timeout=SLOW)
    eventually(formula).not_to_have_text(before, use_inner_text=True)


def test_a_server_that_was_started_anew_says_once_what_is_gone(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(HOME).url}/train?preset=first-steps&digits=1000&epochs=1", fresh=True)
    page.get_by_role("button", name="Train", exact=True).click(timeout=SLOW)
    page.get_by_text("Epoch 1.00").first.wait_for(timeout=SLOW)
    kept = "inside-a-cnn.kept"
    page.wait_for_function(f"() => JSON.parse(sessionStorage.getItem('{kept}')).counts.runs === 1", timeout=SLOW)
    # the tab finds another server, which knows nothing of the visitor
    known = {"server": "another", "counts": {"runs": 1, "saved": 1, "searches": 2, "pictures": 1}}
    page.evaluate("([key, known]) => sessionStorage.setItem(key, JSON.stringify(known))", [kept, known])
    page.context.clear_cookies()
    page.reload()
    toast = page.get_by_test_id("stToast")
    for told in ("Your run went with it", "can be loaded there", "Your 2 searches", "pictures that you brought"):
        toast.get_by_text(told).wait_for(timeout=SLOW)
    assert "digits=1000" in page.url
    page.reload()
    settle(page)
    assert page.get_by_test_id("stToast").count() == 0
