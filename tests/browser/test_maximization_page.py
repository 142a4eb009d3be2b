"""The page "Activation maximization" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
SCENE = """([state, title]) => [...document.querySelectorAll("*")].some(host => {
    const found = host.shadowRoot?.querySelector(".ascent");
    return found?.dataset.state === state && found.textContent.includes(title);
})"""
INK = """() => [...document.querySelectorAll("*")].map(host => host.shadowRoot?.querySelector(".ascent .made canvas"))
    .filter(Boolean).map(canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data)
    .map(data => { return data.reduce((sum, value, i) => sum + value * (i % 997), 0); })[0]"""


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def at(query: str) -> Page:
        page = visit(f"{url}/maximization?{query}")
        page.locator(".ascent canvas").first.wait_for(timeout=SLOW)
        return page

    return at


def wait_for(page: Page, state: str, title: str = "") -> None:
    page.wait_for_function(SCENE, arg=[state, title], timeout=SLOW)


def test_a_picture_grows_and_ends_with_what_it_reached(open_page: Callable[..., Page]) -> None:
    page = open_page("am_steps=512")
    wait_for(page, "going", "Step ")
    before = page.evaluate(INK)
    page.wait_for_function(f"(before) => ({INK})() !== before", arg=before, timeout=SLOW)
    wait_for(page, "done", "Channel 0 of Convolution 3")
    page.get_by_text("The picture excites the unit to").wait_for(timeout=SLOW)
    assert page.locator(".ascent .beside canvas").count() == 3
    page.get_by_role("button", name="Stop climbing").wait_for(state="detached", timeout=SLOW)


def test_it_can_be_stopped_and_what_was_made_stays(open_page: Callable[..., Page]) -> None:
    page = open_page("am_steps=512&am_view=one-by-one&am_seed=7")
    wait_for(page, "going", "Step ")
    page.get_by_role("button", name="Stop climbing").click()
    wait_for(page, "waiting", "Stopped after")
    stopped = page.locator(".ascent .progress p").inner_text()
    page.get_by_text("Training", exact=True).first.click()
    page.locator("a[href$='/optimizers']").filter(visible=True).click()
    page.locator(".race[data-drawn]").wait_for(timeout=SLOW)
    page.go_back()
    wait_for(page, "waiting", stopped)
    page.get_by_role("button", name="Start again").click()
    wait_for(page, "going", "Step ")
    page.get_by_role("button", name="Stop climbing").click()
    wait_for(page, "waiting", "Stopped after")


def test_a_whole_layer_leads_to_one_unit(open_page: Callable[..., Page]) -> None:
    page = open_page("am_view=layer&am_steps=16")
    wait_for(page, "done", "units 0 to 23 of 24")
    assert page.locator(".ascent .made canvas").count() == 24
    page.get_by_role("button", name="Press to see it alone").nth(9).click()
    wait_for(page, "done", "Channel 9 of Convolution 3")
    page.wait_for_function("location.search.includes('am_unit=9')", timeout=SLOW)
    page.reload()
    wait_for(page, "done", "Channel 9 of Convolution 3")


def test_a_helper_that_is_switched_off_makes_another_picture(open_page: Callable[..., Page]) -> None:
    page = open_page("am_layer=logits&am_steps=64&am_waves=false")
    wait_for(page, "done", "Class “3”")
    page.get_by_text("0 to 1", exact=True).click()
    page.get_by_text("no screen can show it").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('am_bounded=false')", timeout=SLOW)


def test_a_large_network_waits_to_be_asked(open_page: Callable[..., Page]) -> None:
    page = open_page("i_net=squeezenet&am_steps=16&am_side=64")
    wait_for(page, "waiting", "16 steps at 64 × 64 pixels")
    page.get_by_role("button", name="Make it").click()
    wait_for(page, "done", "Channel 0 of Convolution")
    page.get_by_text("54 pieces of the sample photographs").first.wait_for(timeout=SLOW)


def test_nonsense_in_the_address_gets_a_picture_all_the_same(open_page: Callable[..., Page]) -> None:
    page = open_page("am_unit=999&am_layer=Nowhere&am_steps=-3&am_l2=x&am_view=Nothing&am_seed=1e99")
    wait_for(page, "done", "of Convolution 3")
    assert page.locator("[data-testid=stException]").count() == 0
