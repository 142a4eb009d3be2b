"""The page "Transposed convolution" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle
from sliding_window_hand import position, press, text

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_transposed(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", drawn: bool = True) -> Page:
        page = visit(f"{url}/transposed?{query}")
        page.get_by_role("heading", name="Transposed convolution").wait_for(timeout=SLOW)
        if drawn:
            page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
        return page

    return open_page


def size(page: Page, rows: int, columns: int) -> None:
    """Waits for the sentence about the size of the output."""
    page.get_by_text(f"becomes {rows} × {columns}.").filter(visible=True).first.wait_for(timeout=SLOW)


def test_steps_walk_over_the_input_and_write_each_stamp(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed()
    assert position(page) == (0, 0, 1)
    assert "Input row 0, column 0: 1 × kernel" in text(page, ".sliding-window")
    press(page, "ArrowRight")
    assert position(page) == (0, 1, 2)
    assert "2 × (−1) −2" in text(page, ".sliding-window")


def test_the_stride_moves_the_stamps_apart_and_stays_in_the_address(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed()
    size(page, 7, 7)
    page.get_by_role("slider", name="Vertical stride").press("ArrowRight")
    size(page, 9, 7)
    page.wait_for_function("location.search.includes('t_sy=3')", timeout=SLOW)
    page.reload()
    size(page, 9, 7)


FOLLOWED = """() => {
    window.seen = {}; // the frame in which each of them changed first
    let frame = 0;
    const count = () => requestAnimationFrame(() => (frame++, count()));
    count();
    const [grid, chart] = [deep(".sliding-window"), document.querySelector(".live-chart .plot")];
    const follow = (name, root, options) => new MutationObserver(() => (seen[name] ??= frame)).observe(root, options);
    follow("picture", grid, { attributes: true, attributeFilter: ["data-drawn"] });
    follow("chart", chart, { childList: true, subtree: true });
    function deep(selector) {
        const hosts = [...document.querySelectorAll("*")].filter((each) => each.shadowRoot);
        return hosts.map((host) => host.shadowRoot.querySelector(selector)).find(Boolean);
    }
}"""


def test_the_picture_is_on_screen_before_the_charts_below_it_are_drawn(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed()
    page.locator(".live-chart .main-svg").nth(3).wait_for(timeout=SLOW)
    settle(page)
    page.evaluate(FOLLOWED)
    page.get_by_role("slider", name="Vertical stride").press("ArrowRight")
    page.wait_for_function("'chart' in seen && 'picture' in seen", timeout=SLOW)
    assert page.evaluate("seen.chart > seen.picture")


def test_a_kernel_that_the_stride_divides_has_no_checkerboard(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed()
    page.get_by_text("Checkerboard: kernel 3, stride 2", exact=True).click()
    page.get_by_text("1, 2 or 4 stamps reach a cell by turns").wait_for(timeout=SLOW)
    page.get_by_text("No checkerboard: kernel 4, stride 2").click()
    page.get_by_text("4 stamps reach every cell").wait_for(timeout=SLOW)


def test_it_equals_the_gradient_and_says_by_how_much(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed("t_sy=3&t_dx=2&t_py=1")
    said = page.get_by_text("The largest difference over all")
    said.wait_for(timeout=SLOW)
    assert float(said.inner_text().rsplit(":", 1)[1].strip(" .")) < 1e-12


def test_bad_input_gets_a_sentence_and_keeps_the_controls(open_transposed: Callable[..., Page]) -> None:
    page = open_transposed("t_oy=4", drawn=False)
    page.get_by_text("choose an output padding of at most 1").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Vertical output padding").press("Home")
    size(page, 7, 7)
    numbers = page.get_by_label("Numbers of the input")
    numbers.fill("1 2\n3 many")
    numbers.press("Control+Enter")
    page.get_by_text("“many” in row 1, column 1 is not a number").wait_for(timeout=SLOW)
    eventually(page.get_by_role("slider", name="Vertical stride")).to_be_visible()
    numbers.fill("1 2")
    numbers.press("Control+Enter")
    size(page, 3, 5)
