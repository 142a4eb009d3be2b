"""The page Attribution as its visitors use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from sent import COUNT_SENT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
MAP = ".attribution-map"
SQUEEZENET = {"i_net": "squeezenet"}


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: dict[str, Any], ready: str = f"{MAP} canvas") -> Page:
        page = visit(f"{url}/attribution?{urlencode(query, doseq=True)}")
        page.locator(ready).first.wait_for(timeout=SLOW)
        return page

    return opened


def wait_for(page: Page, name: str, pattern: str) -> None:
    """Until the component's data attribute ``name`` matches."""
    page.wait_for_function(
        """([selector, name, pattern]) => [...document.querySelectorAll('*')].some(host =>
        new RegExp(pattern).test(host.shadowRoot?.querySelector(selector)?.dataset[name] ?? ''))""",
        arg=[MAP, name, pattern],
        timeout=SLOW,
    )


def settled(page: Page) -> None:
    """Until the page's script has run to its end."""
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached", timeout=SLOW)


def test_values_and_the_patch_follow_the_pointer_without_the_server(open_page: Callable[..., Page]) -> None:
    page = open_page({"at_methods": ["gradient", "occlusion"]})
    wait_for(page, "done", "^1 1$")
    page.get_by_text("Half of all that Saliency (gradient) shows").wait_for(timeout=SLOW)
    settled(page)
    page.evaluate(COUNT_SENT)
    gradient, occlusion = page.locator(f"{MAP} canvas").all()
    gradient.hover(position={"x": 5, "y": 5})
    page.get_by_text("Row 0, column 0", exact=True).wait_for()
    occlusion.hover(position={"x": 150, "y": 100})
    page.get_by_text(re.compile(r"^7: .* with the patch, > 99.9\s% without$")).wait_for()
    wait_for(page, "covered", r"^[01]\.?\d*")
    page.locator(f"{MAP} .stage").press("ArrowRight")
    page.locator(f"{MAP} .stage").press("Escape")
    page.get_by_text("Point at a map to read its values").wait_for()
    page.get_by_role("slider", name="Strength of the overlay").fill("100")
    wait_for(page, "strength", "^100$")
    assert page.evaluate("() => window.sent") == 0


def test_another_class_two_classes_and_their_link(open_page: Callable[..., Page]) -> None:
    page = open_page({"at_methods": ["integrated-gradients"], "at_other": "2"})
    page.get_by_text("7 (orange) − 2 (blue)").wait_for(timeout=SLOW)
    page.get_by_text("Side by side", exact=True).click()
    page.wait_for_function("location.search.includes('at_how=side-by-side')", timeout=SLOW)
    wait_for(page, "done", "^1 1$")
    page.reload()
    wait_for(page, "done", "^1 1$")
    captions = page.locator(f"{MAP} figcaption span")
    captions.nth(1).get_by_text("2", exact=True).wait_for(timeout=SLOW)
    assert captions.all_inner_texts() == ["7", "2"]


def test_a_map_of_nothing_says_why(open_page: Callable[..., Page]) -> None:
    page = open_page({**SQUEEZENET, "at_methods": "gradient", "at_class": "electric-locomotive"})
    page.get_by_text("the gradient is 0 from Convolution 26 down").wait_for(timeout=SLOW)
    page.get_by_text("A cat is read as Egyptian cat 71").wait_for(timeout=SLOW)


def test_occlusion_of_a_photograph_fills_in(open_page: Callable[..., Page]) -> None:
    large = {"at_methods": ["gradient", "occlusion"], "at_patch": "50", "at_stride": "quarter"}
    page = open_page({**SQUEEZENET, **large})
    wait_for(page, "done", r"^1 (0|0\.\d+)$")  # the gradient is there at once
    wait_for(page, "done", r"^1 1$")
    page.locator(".st-key-at_progress_stop").wait_for(state="detached", timeout=SLOW)
    page.locator(f"{MAP} canvas").nth(1).hover(position={"x": 100, "y": 100})
    page.get_by_text(re.compile(r"^Egyptian cat: .* with the patch, 71.1\s% without$")).wait_for()


def test_the_two_tests_of_a_map(open_page: Callable[..., Page]) -> None:
    page = open_page({"at_methods": ["gradient", "guided-backpropagation"], "at_view": "random-weights"}, ".tiles li")
    page.get_by_text("With all weights random").wait_for(timeout=SLOW)
    page.locator(".tiles li").nth(11).wait_for(timeout=SLOW)  # two methods, trained and five times random
    page.get_by_role("tab", name="Deletion / insertion").click()
    page.get_by_text("Deletion: the lower the better").wait_for(timeout=SLOW)
    page.locator(".js-plotly-plot").nth(1).wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('remove')", timeout=SLOW)


def test_nothing_chosen_and_another_network_get_a_sentence_or_a_picture(open_page: Callable[..., Page]) -> None:
    page = open_page({"at_class": "nonsense", "at_methods": "Grad-CAM", "at_layer": "nowhere"})
    page.get_by_text("7, at Activation 3").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("Choose a method, or up to four.").wait_for(timeout=SLOW)


def test_the_only_map_is_large_and_its_words_stand_beside_it(open_page: Callable[..., Page]) -> None:
    page = open_page({"at_methods": "gradient"})
    wait_for(page, "done", "^1$")
    settled(page)
    box, caption = (page.locator(f"{MAP} {each}").bounding_box() for each in ("canvas", "figcaption"))
    assert box and caption
    assert box["height"] > 720 * 0.45
    assert caption["x"] > box["x"] + box["width"]


def test_a_unit_is_shown_close_up_and_rows_are_those_of_the_whole_picture(open_page: Callable[..., Page]) -> None:
    unit = {"at_of": "unit", "at_unit": "activation-3", "at_map": "4", "at_row": "5", "at_column": "5"}
    page = open_page({**unit, "at_unit_methods": "gradient"})
    page.get_by_text(re.compile(r"^Test digit 0: map 4 of Activation 3 is .* at row 5, column 5")).wait_for(
        timeout=SLOW
    )
    settled(page)
    canvas = page.locator(f"{MAP} canvas").first
    canvas.hover(position={"x": 2, "y": 2})
    place = page.get_by_text(re.compile(r"^Row \d+, column \d+$"))
    place.wait_for()
    row, column = map(int, re.findall(r"\d+", place.inner_text()))
    assert row == column > 0
    page.get_by_text("Close up on what it sees").click()
    page.wait_for_url(re.compile("at_close=false"), timeout=SLOW)
    wait_for(page, "origin", "^0 0$")
    settled(page)
    canvas.hover(position={"x": 3, "y": 3})
    page.get_by_text("Row 0, column 0", exact=True).wait_for(timeout=SLOW)
