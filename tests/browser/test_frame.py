"""The frame around every page, from the first moment on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
WATCH = """addEventListener("DOMContentLoaded", () => {
    window.orders = new Set();
    const look = () => {
        const row = document.querySelector(".st-key-picture_first [data-testid=stHorizontalBlock]");
        if (row) window.orders.add(getComputedStyle(row).flexDirection);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
})"""

MEASURE_TEXTS = """() => {
    const place = document.querySelector("#js-plotly-tester");
    for (let i = 0; i < 20; i++) {
        const text = place.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "text"));
        text.textContent = `number ${i}`;
        text.getBoundingClientRect();
        text.remove();
    }
}"""

PARTS = """() => {
    const main = document.querySelector("[data-testid=stMainBlockContainer]");
    const isDrawing = (e) => e.shadowRoot || e.matches(".live-chart");
    const found = {
        title: main.querySelector("h1"),
        question: main.querySelector(".st-key-page_title p"),
        picture: [...main.querySelectorAll("*")].find((e) => isDrawing(e) && e.clientHeight > 110),
        notice: main.querySelector("[aria-label='visibility icon']")?.closest("p"),
        formula: main.querySelector(".katex-display"),
    };
    const ends = ({ top, bottom }) => [top, bottom];
    return Object.fromEntries(Object.entries(found).map(([name, e]) => [name, e && ends(e.getBoundingClientRect())]));
}"""


def test_on_a_phone_the_controls_never_stand_above_the_picture(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit("about:blank", fresh=True, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.add_init_script(WATCH)
    for _ in range(2):  # the second time the server answers at once, before the browser has loaded all parts
        page.goto(f"{serve(HOME).url}/pooling")
        page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
        settle(page)
        assert page.evaluate("[...window.orders]") == ["column-reverse"]


def test_an_element_that_comes_and_goes_makes_the_browser_style_little_else(
    chromium: Browser, serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(HOME).url}/transposed")
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=SLOW)
    settle(page)
    page.evaluate(MEASURE_TEXTS)
    chromium.start_tracing(page=page, categories=["devtools.timeline"])
    page.evaluate(MEASURE_TEXTS)
    events = json.loads(chromium.stop_tracing())["traceEvents"]
    styled = [event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree"]
    assert len(styled) >= 20
    assert sum(styled) <= 5 * len(styled), "a rule of the whole page asks all its elements anew"


def boxes(page: Page) -> dict[str, Any]:
    """Where the parts of a page stand: their tops and bottoms in CSS pixels."""
    parts: dict[str, Any] = page.evaluate(PARTS)
    return parts


@pytest.mark.parametrize(
    ("path", "above"),
    [("convolution", 110), ("pooling", 110), ("normalization", 155), ("regularization", 110)],  # one has a row of views
)
def test_a_projector_shows_picture_sentence_and_formula_together(
    serve: Callable[..., Any], visit: Callable[..., Page], path: str, above: int
) -> None:
    page = visit(f"{serve(HOME).url}/{path}")
    page.get_by_role("img", name="visibility icon").first.wait_for(timeout=SLOW)
    settle(page)
    parts = boxes(page)
    assert parts["question"][0] < parts["title"][1], "the question stands below the title, not in its line"
    assert parts["picture"][0] <= above, "little of the height goes to the menu, the title and the views"
    assert parts["picture"][1] <= parts["notice"][0] <= parts["formula"][0]
    assert parts["formula"][1] <= 720


@pytest.mark.parametrize("width", [1280, 390])
def test_the_line_of_the_menu_covers_nothing(serve: Callable[..., Any], visit: Callable[..., Page], width: int) -> None:
    page = visit(f"{serve(HOME).url}/pooling", viewport={"width": width, "height": 720})
    page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
    settle(page)
    bar = page.get_by_test_id("stHeader").bounding_box()
    assert bar is not None and bar["y"] + bar["height"] <= boxes(page)["title"][0]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_a_link_to_other_settings_shows_what_it_has_changed(
    serve: Callable[..., Any], visit: Callable[..., Page], width: int, height: int
) -> None:
    page = visit(f"{serve(HOME).url}/pooling", viewport={"width": width, "height": height})
    page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
    settle(page)
    page.get_by_role("navigation", name="Try this").evaluate("e => e.scrollIntoView({ block: 'end' })")
    page.get_by_role("navigation", name="Try this").get_by_role("link").nth(1).click()
    page.wait_for_function("location.search !== ''", timeout=SLOW)
    settle(page)
    picture, bar = page.locator(".sliding-window").bounding_box(), page.get_by_test_id("stHeader").bounding_box()
    assert picture is not None and bar is not None
    assert bar["y"] + bar["height"] <= picture["y"] <= height / 2
