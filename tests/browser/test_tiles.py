"""Rows of tiles in a real browser: what is drawn, what is told, and that updates disturb nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from explainer.data.digits import load
from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "tiles_app.py"
DIGITS, FILTERS, MAPS = range(3)
BOX = """element => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
}"""


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_app(query: str = "", **options: Any) -> Page:
        page = visit(serve(APP).url + query, **options)
        page.locator(".tiles li").nth(43).wait_for()  # 24 digits, 8 filters, 12 maps
        return page

    return open_app


def tile(page: Page, row: int, index: int) -> Locator:
    return page.locator(".tiles section").nth(row).locator("button").nth(index)


def inspector(page: Page) -> Locator:
    return page.locator(".inspector")


def colors(canvas: Locator) -> list[str]:
    """The colours of a canvas as #rrggbbaa, row by row."""
    found: list[str] = canvas.evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const hex = (value) => value.toString(16).padStart(2, "0");
            const color = (_, i) => "#" + [...data.slice(4 * i, 4 * i + 4)].map(hex).join("");
            return Array.from({ length: data.length / 4 }, color);
        }"""
    )
    return found


def press(page: Page, name: str) -> None:
    """Presses a button of the page without moving the focus or the mouse."""
    page.get_by_role("button", name=name, exact=True).evaluate("button => button.click()")


def point(page: Page, where: Locator, x: float, y: float) -> None:
    """Moves the mouse to a place in the canvas of a tile, given as shares of its sides."""
    left, top, right, bottom = where.locator("canvas").evaluate(BOX)
    page.mouse.move(left + x * (right - left), top + y * (bottom - top))


def test_digits_are_drawn_pixel_for_pixel(show: Callable[..., Page]) -> None:
    drawn = colors(tile(show(), DIGITS, 5).locator("canvas"))
    expected = [f"#{value:02x}{value:02x}{value:02x}ff" for value in load("mnist").test_images[5].ravel().tolist()]
    assert drawn == expected


@pytest.mark.parametrize(
    ("scheme", "scale"),
    [("light", theme.DIVERGING_LIGHT), ("dark", theme.DIVERGING_DARK)],
    ids=["light", "dark"],
)
def test_signs_have_the_colours_of_the_theme(show: Callable[..., Page], scheme: str, scale: tuple[str, ...]) -> None:
    drawn = colors(tile(show(color_scheme=scheme), FILTERS, 0).locator("canvas"))
    assert drawn[:3] == [f"{scale[0]}ff", f"{scale[5]}ff", f"{scale[10]}ff"]  # -1, 0 and 1 of a scale up to 1
    assert drawn[6] == "#00000000"  # not a number: the hatching behind it shows


def test_the_colours_follow_the_theme(show: Callable[..., Page]) -> None:
    page = show(color_scheme="light")
    zero = tile(page, MAPS, 0).locator("canvas")
    assert colors(zero)[0] == f"{theme.SEQUENTIAL[0]}ff"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        """() => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            const canvas = root.querySelectorAll("section")[2].querySelector("button canvas");
            return canvas.getContext("2d").getImageData(0, 0, 1, 1).data[0] < 64;
        }"""
    )
    assert colors(zero)[0] == f"{theme.SEQUENTIAL[-1]}ff"


def test_pointing_at_a_pixel_tells_its_value(show: Callable[..., Page]) -> None:
    page = show()
    assert not inspector(page).is_visible()
    point(page, tile(page, FILTERS, 0), 0.9, 0.5)  # row 1, column 2 of 3x3: 0.5, on a scale from -1 to 1
    text = inspector(page).inner_text()
    assert "filter 0" in text
    assert "row 1, column 2: 0.496 ± 0.004" in text  # 63 of the 127 steps from 0 to 1
    point(page, tile(page, FILTERS, 0), 0.1, 0.9)
    assert "row 2, column 0: not a finite number" in inspector(page).inner_text()
    point(page, tile(page, FILTERS, 0), 0.5, 0.1)
    assert "row 0, column 1: 0.000" in inspector(page).inner_text()
    page.mouse.move(1, 1)
    inspector(page).wait_for(state="hidden")


def test_text_is_text(show: Callable[..., Page]) -> None:
    page = show()
    tile(page, DIGITS, 0).hover()
    assert inspector(page).locator(".detail").inner_text() == "test digit 0: true 7, read <b>2</b>"
    assert inspector(page).locator("b").count() == 0
    label = tile(page, DIGITS, 0).get_attribute("aria-label")
    assert label == "7 → 2, 97 %: test digit 0: true 7, read <b>2</b>"


def test_a_click_pins_the_large_picture_for_the_mouse(show: Callable[..., Page]) -> None:
    page = show()
    tile(page, FILTERS, 0).click()
    large = inspector(page).locator("canvas")
    left, top, right, bottom = large.evaluate(BOX)
    page.mouse.move(right - 20, top + 20, steps=5)  # across other tiles, into the picture's upper right pixel
    assert "filter 0" in inspector(page).inner_text()
    assert "row 0, column 2: 1.000" in inspector(page).inner_text()
    page.mouse.click(left + 20, bottom - 20)
    assert "row 2, column 0: not a finite number" in inspector(page).inner_text()
    tile(page, FILTERS, 0).click()
    inspector(page).wait_for(state="hidden")


def test_the_keyboard_reaches_tiles_and_pixels(show: Callable[..., Page]) -> None:
    page = show()
    page.get_by_role("button", name="Correct").focus()
    page.keyboard.press("Tab")  # into the first row
    assert "test digit 0" in inspector(page).inner_text()
    page.keyboard.press("ArrowRight")
    assert "test digit 1" in inspector(page).inner_text()
    page.keyboard.press("End")
    assert "test digit 23" in inspector(page).inner_text()
    page.keyboard.press("Tab")  # one stop a row
    assert "filter 0" in inspector(page).inner_text()
    page.keyboard.press("Shift+ArrowRight")  # from the middle
    assert "row 1, column 2: 0.496" in inspector(page).inner_text()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")  # the border holds
    assert "row 0, column 2: 1.000" in inspector(page).inner_text()
    page.keyboard.press("ArrowDown")
    assert "map 0 after ReLU" in inspector(page).inner_text()
    page.keyboard.press("Escape")
    inspector(page).wait_for(state="hidden")
    page.keyboard.press("ArrowUp")
    assert "filter 0" in inspector(page).inner_text()


def test_rows_and_tiles_have_names(show: Callable[..., Page]) -> None:
    page = show()
    assert page.get_by_role("region", name="Block 2: feature maps").get_by_role("listitem").count() == 12
    assert page.get_by_role("button", name="map 3 after ReLU").count() == 1


def test_an_update_keeps_the_elements_and_what_is_looked_at(show: Callable[..., Page]) -> None:
    page = show()
    tile(page, FILTERS, 0).click()
    page.keyboard.press("Shift+ArrowRight")
    before = colors(tile(page, FILTERS, 1).locator("canvas"))
    page.evaluate(
        """() => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            window.kept = [...root.querySelectorAll("canvas, li, section, .inspector")];
        }"""
    )
    press(page, "Train")
    page.get_by_text("step: 1").wait_for()
    assert page.evaluate("() => kept.length === 96 && kept.every((element) => element.isConnected)")
    # Filter 0 is shifted by 0.5, and the scale ends at 2: 1.0 is 63 of 127 steps.
    inspector(page).get_by_text("row 1, column 2: 0.99").wait_for()
    assert "± 0.008" in inspector(page).inner_text()
    assert colors(tile(page, FILTERS, 1).locator("canvas")) != before
    assert tile(page, FILTERS, 0).evaluate("button => button.getRootNode().activeElement === button")


def test_a_tile_that_is_gone_takes_its_large_picture_along(show: Callable[..., Page]) -> None:
    page = show()
    tile(page, DIGITS, 20).click()
    inspector(page).wait_for()
    press(page, "Correct")
    inspector(page).wait_for(state="hidden")
    assert page.locator(".tiles section").nth(DIGITS).locator("li").count() == 1


def test_what_the_mouse_points_at_stays_while_the_network_trains(show: Callable[..., Page]) -> None:
    page = show("/?live=1")
    point(page, tile(page, FILTERS, 0), 0.9, 0.5)
    inspector(page).wait_for()
    gone = page.evaluate(
        """() => new Promise((resolve) => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            const inspector = root.querySelector(".inspector");
            const map = root.querySelectorAll("section")[2].querySelector("button canvas");
            const pictures = new Set();
            let gone = 0;
            const look = () => {
                pictures.add(map.getContext("2d").getImageData(0, 0, 14, 14).data.join());
                gone += !inspector.matches(":popover-open") || !map.isConnected;
                if (pictures.size < 4) return;
                clearInterval(timer);
                resolve(gone);
            };
            const timer = setInterval(look, 50);
        })"""
    )
    assert gone == 0  # while the pictures changed three times


def test_a_phone_shows_all_and_a_tap_enlarges(show: Callable[..., Page]) -> None:
    page = show(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    right_edges = page.locator(".tiles li").evaluate_all("items => items.map((i) => i.getBoundingClientRect().right)")
    assert max(right_edges) <= 390
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for row, index in ((DIGITS, 4), (DIGITS, 12), (MAPS, 11)):
        tile(page, row, index).tap()
        inspector(page).wait_for()
        left, top, right, bottom = inspector(page).evaluate(BOX)
        assert 0 <= left < right <= 390
        assert 0 <= top < bottom <= 844
    left, top, _, _ = inspector(page).locator("canvas").evaluate(BOX)
    page.touchscreen.tap(left + 3, top + 3)
    assert "row 0, column 0" in inspector(page).inner_text()
    tile(page, MAPS, 11).tap()
    inspector(page).wait_for(state="hidden")
