"""A chart that is redrawn while a visitor looks at it: it stays, and so do zoom and hover."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "live_chart_app.py"
LINES = ".live-chart .scatterlayer path.js-line"


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_app(query: str = "", **options: Any) -> Page:
        page = visit(serve(APP).url + query, **options)
        page.locator(LINES).first.wait_for()
        return page

    return open_app


def ranges(page: Page) -> list[float]:
    """The range of the x axis, to two places."""
    found: list[float] = page.evaluate(
        """() => {
            const { range } = document.querySelector(".live-chart .plot")._fullLayout.xaxis;
            return range.map((x) => Math.round(100 * x) / 100);
        }"""
    )
    return found


def zoom(page: Page) -> None:
    box = page.locator(".live-chart .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120, steps=4)


def test_the_figure_is_drawn_with_its_words(show: Callable[..., Page]) -> None:
    page = show()
    assert page.get_by_role("img", name="Falling lines").count() == 1
    assert page.locator(LINES).count() == 4
    assert ranges(page) == [-0.1, 5.1]
    assert "epochs" in page.locator(".live-chart").text_content()


def test_an_update_changes_the_chart_in_place(show: Callable[..., Page]) -> None:
    page = show()
    page.evaluate("() => { window.kept = document.querySelector('.live-chart .main-svg'); }")
    before = page.locator(LINES).nth(1).get_attribute("d")
    page.get_by_role("button", name="Train").click()
    page.get_by_text("points: 6").wait_for()
    page.wait_for_function(
        f"before => document.querySelectorAll('{LINES}')[1].getAttribute('d') !== before", arg=before
    )
    assert page.evaluate("() => window.kept.isConnected")


def test_a_zoom_survives_updates(show: Callable[..., Page]) -> None:
    page = show()
    zoom(page)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.live-chart .plot')._fullLayout.xaxis.range[1] < 4")
    zoomed = ranges(page)
    for points in (6, 7):
        page.get_by_role("button", name="Train").click()
        page.get_by_text(f"points: {points}").wait_for()
    page.wait_for_function("() => document.querySelector('.live-chart .plot').calcdata[1].length === 7")
    assert ranges(page) == zoomed


def test_a_drag_survives_updates(show: Callable[..., Page]) -> None:
    page = show("/?live=1")
    length = "document.querySelector('.live-chart .plot').calcdata[1].length"
    zoom(page)
    drawn = page.evaluate(length)
    page.wait_for_function(f"drawn => {length} >= drawn + 2", arg=drawn)  # the button of the mouse is down
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.live-chart .plot')._fullLayout.xaxis.range[1] < 4")
    zoomed = ranges(page)
    drawn = page.evaluate(length)
    page.wait_for_function(f"drawn => {length} >= drawn + 2", arg=drawn)
    assert ranges(page) == zoomed


def test_the_hover_stays_during_updates(show: Callable[..., Page]) -> None:
    page = show("/?live=1")
    box = page.locator(".live-chart .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 15, box["y"] + 60)
    page.locator(".live-chart .hoverlayer .legend").wait_for()
    blank = page.evaluate(
        """() => new Promise((resolve) => {
            const plot = document.querySelector(".live-chart .plot");
            const lengths = new Set();
            let blank = 0;
            const timer = setInterval(() => {
                lengths.add(plot.calcdata[1].length);
                blank += !plot.querySelector(".hoverlayer .legend") || !plot.querySelector("path.js-line");
                if (lengths.size < 4) return;
                clearInterval(timer);
                resolve(blank);
            }, 25);
        })"""
    )
    assert blank == 0  # while the chart changed three times


def test_the_chart_fits_its_place(show: Callable[..., Page]) -> None:
    page = show()
    place = """() => {
        const { width, height } = document.querySelector(".live-chart .main-svg").getBoundingClientRect();
        return [width, height];
    }"""
    width, height = page.evaluate(place)
    assert width > 900
    assert height == 360
    page.get_by_text("Narrow").click()
    page.wait_for_function(f"({place})()[0] <= 500")
    assert page.evaluate(place) == [500, 360]
    page.get_by_text("Narrow").click()
    page.wait_for_function(f"({place})()[0] === {width}")


@pytest.mark.parametrize("browser", ["never at rest", "one that tells of no rest"])
def test_a_chart_that_waits_is_drawn_in_the_end(
    serve: Callable[..., Any], visit: Callable[..., Page], browser: str
) -> None:
    busy = """() => {
        const work = () => {
            for (const end = performance.now() + 60; performance.now() < end; );
            setTimeout(work);
        };
        work();
    }"""
    page = visit("about:blank", fresh=True)
    page.add_init_script(f"({busy})()" if browser == "never at rest" else "delete window.requestIdleCallback")
    page.goto(serve(APP).url + "?waits=true")
    page.locator(LINES).first.wait_for()
    before = page.locator(LINES).nth(1).get_attribute("d")
    page.get_by_role("button", name="Train").click()
    page.wait_for_function(
        "before => document.querySelectorAll('.live-chart .scatterlayer path.js-line')[1].getAttribute('d') !== before",
        arg=before,
    )


def test_a_chart_without_its_library_says_so(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    page = visit("about:blank")
    page.route("**/plotly-*.min.js", lambda route: route.abort())
    page.goto(serve(APP).url)
    page.get_by_text("This chart could not be loaded. Reload the page.").wait_for()
    page.unroute("**/plotly-*.min.js")
    page.get_by_role("button", name="Train").click()  # the next update tries again
    page.locator(LINES).first.wait_for()
    assert page.get_by_text("could not be loaded").count() == 0


def test_a_chart_that_comes_while_the_page_is_hidden_has_its_legend_apart(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    """Plotly measures its text: of a page that makes room for its printed sheet it would measure nothing."""
    page = visit("about:blank", fresh=True)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/plotly-*.min.js", hold)
    page.goto(f"{serve(APP).url}/?legend")
    page.locator(".live-chart").wait_for(state="attached")
    page.evaluate("() => { document.body.style.display = 'none'; }")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_function("() => window.Plotly")
    page.wait_for_timeout(300)
    page.evaluate("() => { document.body.style.display = ''; }")
    page.locator(LINES).first.wait_for()
    boxes = [text.bounding_box() for text in page.locator(".live-chart .legendtext").all()]
    assert len(boxes) == 4
    assert all(one["x"] + one["width"] < other["x"] for one, other in itertools.pairwise(boxes) if one and other)
