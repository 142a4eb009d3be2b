"""The page "Top-activating images" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sent import COUNT_SENT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
GALLERY, MAP = ".gallery[data-drawn]", ".embedding[data-settled]"
STRONGEST = "Map {}: the strongest of 10,000 test digits"


@pytest.fixture
def open_exemplars(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str, selector: str, **options: Any) -> Page:
        page = visit(f"{url}/exemplars?{query}", **options)
        page.locator(selector).first.wait_for(timeout=SLOW)
        return page

    return open_page


def wait_for(page: Page, name: str, condition: str) -> None:
    """Until ``condition`` holds for ``value``, what the map of digits says of itself under ``name``."""
    page.wait_for_function(
        f"""name => [...document.querySelectorAll("*")].some(host => {{
            const value = host.shadowRoot?.querySelector(".embedding")?.dataset[name];
            return {condition};
        }})""",
        arg=name,
        timeout=SLOW,
    )


def test_a_click_on_a_map_shows_its_digits_and_makes_a_link(open_exemplars: Callable[..., Page]) -> None:
    page = open_exemplars("", GALLERY)
    page.get_by_role("region", name=STRONGEST.format(0)).wait_for(timeout=SLOW)
    page.locator(".gallery .line button").nth(2).click()
    row = page.get_by_role("region", name=STRONGEST.format(2))
    row.wait_for(timeout=SLOW)
    assert row.get_by_role("listitem").count() == 20
    assert page.locator(".gallery .line button[aria-pressed=true] .caption").inner_text() == "2"
    page.wait_for_function("location.search.includes('ex_channel=2')", timeout=SLOW)
    page.get_by_text("70 are “0”").wait_for(timeout=SLOW)


def test_pointing_enlarges_without_the_server(open_exemplars: Callable[..., Page]) -> None:
    page = open_exemplars("ex_channel=2", GALLERY)
    page.get_by_text("70 are “0”").wait_for(timeout=SLOW)
    page.wait_for_timeout(500)
    page.evaluate(COUNT_SENT)
    row = page.get_by_role("region", name=STRONGEST.format(2))
    row.get_by_role("button").nth(1).hover()
    told = page.locator(".inspector:popover-open p")
    told.wait_for(timeout=SLOW)
    assert "Activation 5.8" in told.inner_text() and "which sees rows" in told.inner_text()
    assert page.locator(".inspector:popover-open .frame").is_visible()
    row.get_by_role("button").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator(".inspector:popover-open").wait_for(state="hidden", timeout=SLOW)
    assert page.evaluate("() => window.sent") == 0


def test_only_the_patch_has_no_frame(open_exemplars: Callable[..., Page]) -> None:
    page = open_exemplars("", GALLERY)
    row = page.get_by_role("region", name=STRONGEST.format(0))
    row.locator(".frame").first.wait_for(timeout=SLOW)
    page.get_by_text("Only what the unit sees").click()
    row.locator(".frame").first.wait_for(state="hidden", timeout=SLOW)
    width = row.locator("img").first.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert width == 16  # the receptive field: 6, then 4 more, then 3 steps of 2


def test_the_map_tells_of_digits_by_keys_and_shows_mistakes(open_exemplars: Callable[..., Page]) -> None:
    page = open_exemplars("ex_view=digits", MAP)
    page.get_by_text("The two axes hold").wait_for(timeout=SLOW)
    page.wait_for_timeout(500)
    page.evaluate(COUNT_SENT)
    stage = page.locator(".embedding .stage")
    stage.press("ArrowRight")
    wait_for(page, "digit", "value !== undefined")
    first = page.locator(".embedding .shown p").inner_text()
    stage.press("ArrowRight")
    page.wait_for_function(
        """first => [...document.querySelectorAll("*")].some(host => {
            const text = host.shadowRoot?.querySelector(".embedding .shown p")?.textContent;
            return text && text !== first;
        })""",
        arg=first,
        timeout=SLOW,
    )
    stage.press("Escape")
    wait_for(page, "digit", "value === undefined")
    page.get_by_role("button", name="12 mistakes are ringed").click()
    page.get_by_text("but read as").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Show only 3").click()
    wait_for(page, "chosen", 'value === "3"')
    assert page.evaluate("() => window.sent") == 0


def test_t_sne_comes_in_rounds_and_its_digits_travel(open_exemplars: Callable[..., Page]) -> None:
    page = open_exemplars("ex_view=digits&ex_method=t-sne&ex_perplexity=5&ex_space=logits", MAP)
    page.get_by_text("iteration").first.wait_for(timeout=SLOW)
    page.get_by_text("are of its own class on this map").wait_for(timeout=2 * SLOW)
    wait_for(page, "settled", "Number(value) >= 1")
    page.get_by_text("iteration").first.wait_for(state="detached", timeout=SLOW)


def test_a_phone_shows_all_and_a_tap_tells(open_exemplars: Callable[..., Page]) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_exemplars("ex_view=digits", MAP, **phone)
    page.get_by_text("The two axes hold").wait_for(timeout=SLOW)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator(".embedding .stage canvas").tap()
    wait_for(page, "digit", "value !== undefined")
    left, right = page.locator(".embedding .shown").evaluate(
        "element => [element.getBoundingClientRect().left, element.getBoundingClientRect().right]"
    )
    assert 0 <= left < right <= 390
