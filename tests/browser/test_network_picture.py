"""The welcome page as a visitor meets it: choosing a digit, pointing at parts and pixels, following links."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from settled import settle

from explainer.data import forward_pass
from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
PARTS = {part.name: part.values for part in forward_pass.load().parts}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def welcome(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_app(**options: Any) -> Page:
        page = visit(serve(HOME).url, **options)
        page.locator(".answer.best").wait_for()
        return page

    return open_app


def caption(page: Page) -> Locator:
    return page.locator(".picture > .caption")


def point_at(page: Page, part: str, channel: int, row: int, column: int) -> None:
    tile = page.locator(f".{part} canvas").nth(channel)
    box = tile.bounding_box()
    assert box is not None
    cell = box["width"] / PARTS[part].shape[-1]
    tile.hover(position={"x": (column + 0.5) * cell, "y": (row + 0.5) * cell})


def percent(share: float) -> str:
    if share < 0.0005:
        return "< 0.1\u00a0%"
    return "> 99.9\u00a0%" if share >= 0.9995 else f"{100 * share:.1f}\u00a0%"


def test_every_digit_gets_its_answer_at_once(welcome: Callable[..., Page]) -> None:
    page = welcome()
    for digit in range(10):
        page.get_by_role("radio", name=f"Digit {digit}").click()
        assert page.locator(".answer.best .label").text_content() == str(digit)
        shown = page.locator(".answer .percent").all_text_contents()
        assert shown == [percent(share) for share in PARTS["probabilities"][digit].tolist()]  # no share is 0 or 1
        assert page.get_by_role("radio", checked=True).get_attribute("aria-label") == f"Digit {digit}"


def test_the_digits_are_chosen_by_arrow_keys(welcome: Callable[..., Page]) -> None:
    page = welcome()
    page.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".answer.best .label").text_content() == "4"
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert page.locator(".answer.best .label").text_content() == "9"
    assert page.get_by_role("radio", name="Digit 9").evaluate("button => button.matches(':focus')")


def test_pointing_reads_the_recorded_value(welcome: Callable[..., Page]) -> None:
    page = welcome()
    places = [("input", 0, 14, 13), ("convolution_1", 2, 10, 12), ("pooling_1", 0, 8, 7), ("convolution_2", 6, 4, 9)]
    for part, channel, row, column in places:
        point_at(page, part, channel, row, column)
        readout = caption(page).locator(".readout").inner_text()
        found = re.search(r"row (\d+), column (\d+): ([\d.]+)", readout)
        assert found is not None, readout
        assert (int(found[1]), int(found[2])) == (row + 1, column + 1)
        assert float(found[3]) == pytest.approx(PARTS[part][3, channel, row, column], abs=0.0051)
        assert part == "input" or readout.startswith(f"Map {channel + 1},")


def test_pointing_marks_what_the_value_was_computed_from(welcome: Callable[..., Page]) -> None:
    """Row 5, column 6 of the second pooling layer: its receptive field of 16 pixels starts at row 4*5 - 6."""
    page = welcome()
    point_at(page, "pooling_2", 1, 5, 6)
    digit = page.locator(".input canvas").bounding_box()
    marks = [mark.bounding_box() for mark in page.locator(".over .window").all()]
    assert digit is not None
    cell = digit["width"] / 28
    inside = [
        [round((mark[axis] - digit[axis]) / cell) for axis in ("y", "x")]
        + [round(mark[length] / cell) for length in ("height", "width")]
        for mark in marks
        if mark and mark["x"] < digit["x"] + digit["width"]
    ]
    assert inside == [[14, 18, 14, 10]]  # rows 14 to 27 and columns 18 to 27 of 28


def test_keys_move_from_value_to_value(welcome: Callable[..., Page]) -> None:
    page = welcome()
    page.locator(".convolution_1 .head").focus()
    values = PARTS["convolution_1"][3]
    channel, row, column = np.unravel_index(values.argmax(), values.shape)
    expected = f"Map {channel + 1}, row {row + 1}, column {column + 1}: {values.max():.2f}"
    assert caption(page).locator(".readout").inner_text().startswith(expected)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expected = f"Map {channel + 1}, row {row + 2}, column {column}: {values[channel, row + 1, column - 1]:.2f}"
    assert caption(page).locator(".readout").inner_text().startswith(expected)


def test_the_maps_are_drawn_in_the_themes_colours(welcome: Callable[..., Page]) -> None:
    for scheme, scale in (("light", theme.SEQUENTIAL), ("dark", theme.SEQUENTIAL[::-1])):
        page = welcome(color_scheme=scheme)
        pixels = page.locator(".input canvas").evaluate(
            """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]"""
        )
        drawn = np.array(pixels).reshape(28, 28, 4)[..., :3]
        blank, full = (np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) for color in (scale[0], scale[-1]))
        image = PARTS["input"][3, 0]
        assert np.abs(drawn[image == 0] - blank).max() <= 2
        assert np.abs(drawn[image >= 254] - full).max() <= 4


def test_the_answer_leads_to_training_in_the_same_session(welcome: Callable[..., Page]) -> None:
    page = welcome()
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Answer").click()
    page.get_by_role("heading", name="Train a CNN").wait_for()
    page.wait_for_function("location.pathname === '/train'")
    assert page.evaluate("window.same")


def test_the_link_can_be_opened_in_a_new_tab(welcome: Callable[..., Page]) -> None:
    page = welcome()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Answer").click(modifiers=["ControlOrMeta"])
    opened.value.get_by_role("heading", name="Train a CNN").wait_for()
    assert page.get_by_role("heading", name="Inside a CNN").is_visible()


def test_parts_without_a_page_are_explained_and_lead_nowhere(welcome: Callable[..., Page]) -> None:
    page = welcome()
    page.get_by_role("button", name="Fully connected").click()
    assert "Every neuron" in caption(page).inner_text()
    assert page.evaluate("location.pathname") == "/"


def test_the_picture_is_above_the_fold_of_a_projector(welcome: Callable[..., Page]) -> None:
    page = welcome()
    settle(page)
    box = caption(page).bounding_box()
    assert box is not None and box["y"] + box["height"] <= 720
    smallest = page.locator(".picture").evaluate(
        """picture => Math.min(...[...picture.querySelectorAll("p, span")].filter((e) => e.textContent.trim())
             .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert smallest >= 15
    button = page.get_by_role("button", name="Train your own").bounding_box()
    assert button is not None and button["y"] < 200


def test_a_phone_shows_it_from_top_to_bottom(welcome: Callable[..., Page]) -> None:
    page = welcome(**PHONE)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = [page.locator(f".{part}").bounding_box() for part in forward_pass.PARTS]
    assert all(a and b and a["y"] + a["height"] <= b["y"] + 1 for a, b in itertools.pairwise(tops))
    for part in forward_pass.PARTS:
        assert page.locator(f".{part} > .story").is_visible()
    for button in page.get_by_role("radio").all():
        box = button.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44
    sidebar = page.locator('[data-testid="stSidebar"]').bounding_box()
    assert sidebar is None or sidebar["x"] + sidebar["width"] <= 0


def test_a_touched_pixel_is_read_out_on_the_phone(welcome: Callable[..., Page]) -> None:
    page = welcome(**PHONE)
    tile = page.locator(".convolution_1 canvas").nth(1)
    box = tile.bounding_box()
    assert box is not None
    tile.tap(position={"x": box["width"] * 14.5 / 28, "y": box["height"] * 20.5 / 28})
    readout = caption(page).locator(".readout")
    assert readout.inner_text().startswith("Map 2, row 21, column 15: ")
    assert readout.is_visible()


def test_nothing_moves_for_who_asked_for_less_motion(welcome: Callable[..., Page]) -> None:
    note = """picture => ["animationstart", "transitionrun"].forEach((kind) =>
        picture.addEventListener(kind, () => { picture.dataset.moved = "yes"; }))"""
    drawn = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    for motion, moved in (("no-preference", "yes"), ("reduce", None)):
        page = welcome(reduced_motion=motion)
        picture = page.locator(".picture")
        picture.evaluate(note)
        page.get_by_role("radio", name="Digit 8").click()
        page.evaluate(drawn)
        assert picture.get_attribute("data-moved") == moved


def test_nothing_is_fetched_from_outside(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    url = serve(HOME).url
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.locator(".answer.best").wait_for()
    page.get_by_role("button", name="Train your own").click()
    page.get_by_role("heading", name="Train a CNN").wait_for()
    page.wait_for_load_state("networkidle")
    assert asked
    assert [address for address in asked if not address.startswith((url, "data:", "blob:"))] == []
