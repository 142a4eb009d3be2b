"""Every page on a projector and on a phone, opened once: what is taught is on the screen, and can be read there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from opening import NAMES, path_of
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
WELCOME = path_of(NAMES[0])  # has no formula
VIEWS = ["segmentation?sg_data=brain", "x_or_o?xo_view=learning"]  # that are other pages in all but their address
PADDED = [
    "convolution?padding=numbers",
    "channels?padding=same",
    "channels?padding=same&side=3",
    "transposed?t_py=1&t_px=1",
    "pooling?p_py=1&p_px=1",
    "pooling?p_kind=average&p_py=1&p_px=1",
]
SMALL_PROJECTOR, LARGE_PROJECTOR = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
PHONES = [{"width": width, "height": 844} for width in (320, 390)]
LEAST = 0.02  # of the window's height: digits that are read from the last row
BOTTOM = "element => element.getBoundingClientRect().bottom"
SMALL = """least => {  // texts in digits that are smaller, and their sizes
    const found = [];
    const look = (root) => root.querySelectorAll("*").forEach((element) => {
        if (element.shadowRoot) look(element.shadowRoot);
        const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("");
        const box = element.getBoundingClientRect();
        if (!/[0-9]/.test(text) || !box.width || box.top > innerHeight) return;
        if (element.closest(".katex, style, script")) return;
        const grown = element.getScreenCTM?.();
        const size = parseFloat(getComputedStyle(element).fontSize) * (grown ? Math.hypot(grown.a, grown.b) : 1);
        if (size && size < least) found.push([text, size]);
    });
    look(document);
    return found;
}"""
BEYOND = """() => {  // what is wider than the screen, but for what scrolls in its own box
    const main = document.querySelector("[data-testid=stMain]");
    const lists = [...document.querySelectorAll("[role=tablist]")];
    const isWide = (e) => e.scrollWidth > e.clientWidth;
    return [document.documentElement, main, ...lists].filter(isWide).map((e) => e.tagName);
}"""


@pytest.mark.parametrize("path", [*map(path_of, NAMES), *VIEWS])
def test_a_page_fits_every_screen(serve: Callable[..., Any], visit: Callable[..., Page], path: str) -> None:
    page = visit(f"{serve(HOME).url}/{path}", viewport=SMALL_PROJECTOR)
    page.locator("h1").first.wait_for()
    if path != WELCOME:
        assert end_of_what_is_taught(page) <= SMALL_PROJECTOR["height"]
    page.set_viewport_size(LARGE_PROJECTOR)
    settle(page)
    assert page.evaluate(SMALL, LEAST * LARGE_PROJECTOR["height"] - 0.01) == []
    with touched(page):
        for phone in PHONES:
            page.set_viewport_size(phone)
            settle(page)
            assert (phone, page.evaluate(BEYOND)) == (phone, [])


@pytest.mark.parametrize("path", PADDED)
def test_with_padding_all_that_is_taught_stays_on_a_small_projector(
    serve: Callable[..., Any], visit: Callable[..., Page], path: str
) -> None:
    page = visit(f"{serve(HOME).url}/{path}", viewport=SMALL_PROJECTOR)
    page.locator(".sliding-window[data-row]").wait_for()
    assert end_of_what_is_taught(page) <= SMALL_PROJECTOR["height"]


def end_of_what_is_taught(page: Page) -> float:
    """Where picture, sentence and formula end, in CSS pixels."""
    sentence = page.get_by_test_id("stMarkdownContainer").filter(has=page.get_by_role("img", name="visibility icon"))
    eventually(sentence.first).to_be_visible()
    eventually(page.locator(".katex-display").first).to_be_visible()
    eventually(page.locator("[role=progressbar]:visible")).to_have_count(0)
    settle(page)
    return max(part.first.evaluate(BOTTOM) for part in (sentence, page.locator(".katex-display")))


@contextlib.contextmanager
def touched(page: Page) -> Iterator[None]:
    """The page is on a screen for fingers."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    try:
        yield
    finally:
        session.detach()
