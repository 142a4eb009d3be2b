"""The page "Convolution" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import idle, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_convolution(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", drawn: bool = True) -> Page:
        page = visit(f"{url}/convolution?{query}")
        if drawn:
            picture(page).wait_for(timeout=SLOW)
        return page

    return open_page


def picture(page: Page) -> Any:
    return page.locator("[data-row][data-value]").first


def wait_for_value(page: Page, value: float) -> None:
    page.wait_for_function(
        """value => [...document.querySelectorAll('*')].some(host => host.shadowRoot?.querySelector('[data-row]')
        && Math.abs(Number(host.shadowRoot.querySelector('[data-row]').dataset.value) - value) < 1e-6)""",
        arg=value,
        timeout=SLOW,
    )
    idle(page)  # the picture comes first: what is drawn after it may still be replaced


def test_a_slider_changes_the_numbers_and_the_address(open_convolution: Callable[..., Page]) -> None:
    page = open_convolution()
    wait_for_value(page, 19)  # sobel x on the upper left of the grid: 2 * 9 + 1 * 1
    page.get_by_role("slider", name="Bias").press("ArrowRight")
    wait_for_value(page, 19.5)
    page.wait_for_function("location.search.includes('bias=0.5')", timeout=SLOW)
    page.reload()
    wait_for_value(page, 19.5)


def test_typed_weights_are_used_and_nonsense_gets_a_sentence(open_convolution: Callable[..., Page]) -> None:
    page = open_convolution()
    weights = page.get_by_label("Weights of the kernel")
    weights.fill("0 0 0\n0 2 0\n0 0 0")
    weights.press("Control+Enter")
    wait_for_value(page, 18)
    page.wait_for_function("location.search.includes('kernel=own')", timeout=SLOW)
    weights.fill("0 0 0\n0 two 0\n0 0 0")
    weights.press("Control+Enter")
    page.get_by_text("“two” in row 1, column 1 is not a number").wait_for(timeout=SLOW)
    weights.fill("1 2\n3 4")
    weights.press("Control+Enter")
    wait_for_value(page, 36)  # 4 * 9
    page.wait_for_function("document.querySelector('.st-key-kh input').value === '2'", timeout=SLOW)


def test_edited_weights_survive_another_size(open_convolution: Callable[..., Page]) -> None:
    page = open_convolution()
    weights = page.get_by_label("Weights of the kernel")
    weights.fill("0 0 0\n0 7 0\n0 0 0")
    weights.press("Control+Enter")
    wait_for_value(page, 63)
    page.get_by_role("slider", name="Kernel width").press("ArrowRight")
    page.wait_for_function(
        "[...document.querySelectorAll('textarea')].some(t => t.value === '0 0 0 0\\n0 7 0 0\\n0 0 0 0')", timeout=SLOW
    )


def test_a_link_of_before_with_typed_weights_names_them_own(open_convolution: Callable[..., Page]) -> None:
    page = open_convolution("kernel=box&weights=1+2%0A3+4")
    page.wait_for_function(
        "[...document.querySelectorAll('textarea')].some(t => t.value === '1 2\\n3 4')", timeout=SLOW
    )
    page.wait_for_function("location.search.includes('kernel=own')", timeout=SLOW)
    page.wait_for_function("document.querySelector('.st-key-kh input').value === '2'", timeout=SLOW)
    assert "weights=" in page.evaluate("location.search")


def test_a_kernel_larger_than_the_input_keeps_the_picture_and_says_what_to_change(
    open_convolution: Callable[..., Page],
) -> None:
    page = open_convolution("kernel=box&kh=11&kw=3")
    asked = page.get_by_text("The kernel spans 11 rows")
    asked.wait_for(timeout=SLOW)
    page.locator(".katex annotation").filter(has_text="< 1").first.wait_for(state="attached", timeout=SLOW)
    page.get_by_role("slider", name="Kernel height").press("Home")
    asked.wait_for(state="hidden", timeout=SLOW)
    picture(page).wait_for(timeout=SLOW)


@pytest.mark.parametrize("query", ["", "dy=4", "kh=9&kw=9"])
def test_formulas_of_impossible_settings_stand_beside_each_other_as_of_possible_ones(
    open_convolution: Callable[..., Page], query: str
) -> None:
    page = open_convolution(query)
    formulas = page.locator(".katex-display")
    formulas.nth(1).wait_for(timeout=SLOW)
    settle(page)
    first, second = (formulas.nth(number).bounding_box() for number in (0, 1))
    assert first and second
    assert abs(first["y"] - second["y"]) < 2


def test_a_wrong_upload_gets_a_sentence_and_a_picture_is_shown(
    open_convolution: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_convolution("input=upload", drawn=False)
    wrong = tmp_path / "picture.png"
    wrong.write_bytes(b"%PDF-1.7 no picture at all")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_text("picture.png").filter(has_text="is a PDF document, not a picture").first.wait_for(timeout=SLOW)
    from PIL import Image

    right = tmp_path / "right.png"
    Image.new("RGB", (40, 30), (10, 20, 30)).save(right)
    page.locator("input[type=file]").set_input_files(right)
    picture(page).wait_for(timeout=SLOW)
    page.get_by_text("30 × 40 becomes 28 × 38").wait_for(timeout=SLOW)
    page.goto(page.url.split("/convolution")[0])
    page.go_back()
    page.get_by_text("30 × 40 becomes 28 × 38").wait_for(timeout=SLOW)


def test_two_tabs_of_one_visitor_show_each_its_own_picture(
    open_convolution: Callable[..., Page], tmp_path: Path
) -> None:
    from PIL import Image

    first = open_convolution("input=upload", drawn=False)
    second = first.context.new_page()
    second.goto(first.url)
    for page, size, said in ((first, (40, 30), "30 × 40"), (second, (20, 50), "50 × 20")):
        file = tmp_path / f"{said}.png"
        Image.new("RGB", size, (10, 20, 30)).save(file)
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text(f"{said} becomes").wait_for(timeout=SLOW)
    first.get_by_role("slider", name="Bias").press("ArrowRight")
    first.wait_for_function("location.search.includes('bias=0.5')", timeout=SLOW)
    first.get_by_text("30 × 40 becomes").wait_for(timeout=SLOW)
    second.reload()
    second.get_by_text("50 × 20 becomes").wait_for(timeout=SLOW)


def test_back_from_another_page_brings_the_controls_as_they_were(open_convolution: Callable[..., Page]) -> None:
    page = open_convolution("kernel=box")
    page.get_by_role("slider", name="Vertical stride").press("End")
    page.wait_for_function("location.search.includes('sy=6')", timeout=SLOW)
    page.wait_for_timeout(500)
    page.get_by_text("Welcome", exact=True).first.click()
    page.get_by_text("Train your own").first.wait_for(timeout=SLOW)
    page.wait_for_timeout(500)
    page.go_back()
    picture(page).wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('sy=6') && location.search.includes('kernel=box')", timeout=SLOW)
    page.wait_for_function(
        "[...document.querySelectorAll('input[type=range]')].some(slider => slider.value === '6')", timeout=SLOW
    )
    page.go_forward()
    page.get_by_text("Train your own").first.wait_for(timeout=SLOW)
    assert "?" not in page.url
