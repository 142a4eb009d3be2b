"""The page "Batch normalization" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from explainer.data.activations import activations
from explainer.layers.normalization import normalize

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_normalization(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        return visit(f"{url}/normalization?{query}", **options)

    return open_page


def cells(page: Page, which: int) -> Locator:
    """The cells of the input (0) or the output (1)."""
    return page.locator(".statistics-grid .grid").nth(which).locator(".cell")


def told(page: Page) -> str:
    return page.locator(".statistics-grid .told").inner_text()


def wait_for_cell(page: Page, index: int, text: str) -> None:
    cells(page, 1).nth(index).filter(has_text=text).wait_for(timeout=SLOW)


def test_every_number_is_drawn_before_and_after(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization()
    wait_for_cell(page, 0, "1.28")
    inputs = activations("whole numbers at random", (2, 4, 2, 2))
    output = normalize(inputs, "batch").output.ravel()
    shown = [text.replace("−", "-") for text in cells(page, 0).all_inner_texts()]
    assert [float(text) for text in shown] == inputs.ravel().tolist()
    after = [float(text.replace("−", "-")) for text in cells(page, 1).all_inner_texts()]
    assert after == pytest.approx(output.tolist(), abs=0.0051)


def test_pointing_shows_the_set_and_its_arithmetic(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization()
    wait_for_cell(page, 0, "1.28")
    cells(page, 1).nth(4).hover()  # picture 0, channel 1
    assert "Shared by channel 1: m = 8, mean −4.25, variance 29.9375" in told(page)
    assert "1 · (−4 − (−4.25)) / √(29.9375 + 0.00001) + 0 = 0.0456912" in told(page)
    clear = cells(page, 0).evaluate_all("found => found.flatMap((cell, i) => cell.matches('.faded') ? [] : [i])")
    assert clear == [4, 5, 6, 7, 20, 21, 22, 23]  # channel 1 of both pictures
    page.mouse.move(2, 300)
    page.wait_for_function(
        """[...document.querySelectorAll('*')].some(host => host.shadowRoot?.querySelector('.statistics-grid')
        && !host.shadowRoot.querySelector('.faded'))"""
    )


def test_arrow_keys_move_through_the_tensor(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization()
    wait_for_cell(page, 0, "1.28")
    page.locator(".statistics-grid .stage").focus()
    for key, place in [
        ("ArrowRight", "channel 0, row 0, column 1"),
        ("ArrowRight", "channel 1, row 0, column 0"),
        ("ArrowDown", "channel 1, row 1, column 0"),
        ("ArrowDown", "picture 1, channel 1, row 0, column 0"),
        ("ArrowUp", "picture 0, channel 1, row 1, column 0"),
        ("ArrowLeft", "channel 0, row 1, column 1"),
        ("PageDown", "picture 1, channel 0, row 1, column 1"),
    ]:
        page.keyboard.press(key)
        assert place in told(page), key


def test_a_batch_of_one_number_becomes_beta(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization("n_n=1&n_side=1")
    page.get_by_text("Every set has one number").wait_for(timeout=SLOW)
    wait_for_cell(page, 3, "0")
    assert cells(page, 1).all_inner_texts() == ["0", "0", "0", "0"]
    shift = page.get_by_role("textbox", name="Shift β")
    shift.fill("5")
    shift.press("Enter")
    wait_for_cell(page, 0, "5")
    page.wait_for_function("location.search.includes('n_beta=5')", timeout=SLOW)
    shift.fill("five")
    shift.press("Enter")
    page.get_by_text("“five” in row 0, column 0 is not a number").wait_for(timeout=SLOW)


def test_groups_that_do_not_divide_get_a_sentence(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization("n_kind=group&n_groups=3")
    page.get_by_text("4 channels cannot be shared out among 3 groups: choose 1, 2 or 4").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Groups").press("ArrowRight")
    page.get_by_text("8 in all, without the rest of the batch").wait_for(timeout=SLOW)  # 4 groups, 2 pictures


def test_the_real_network_needs_more_than_one_digit_in_a_batch(open_normalization: Callable[..., Page]) -> None:
    page = open_normalization("n_batch=2")
    page.get_by_text("Normalized with the statistics of batches of 2").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Digits in a batch").press("ArrowLeft")
    page.get_by_text("all digits get the same answer").wait_for(timeout=SLOW)
    page.get_by_role("radio", name="Folded into the convolution").click()
    page.get_by_text("One convolution does the work of two layers").wait_for(timeout=SLOW)
    page.wait_for_function("location.search === '?n_view=folding'", timeout=SLOW)
