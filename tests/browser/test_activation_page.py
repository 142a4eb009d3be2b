"""The page "Activation functions" as its visitors use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_activation(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        return visit(f"{url}/activation?{query}", **options)

    return open_page


def plot(page: Page) -> Any:
    found = page.get_by_role("slider", name="slope of each").or_(page.get_by_role("slider", name="neuron"))
    found.first.wait_for(timeout=SLOW)
    return found.first


def wait_for_text(page: Page, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=SLOW)


def rows(page: Page) -> list[list[str]]:
    """What stands in the table beside the plot: name, value, slope."""
    found: list[list[str]] = page.locator(".function-plot tbody").evaluate(
        "body => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return found


def test_the_cursor_reads_values_and_slopes_and_says_what_is_undefined(open_activation: Callable[..., Page]) -> None:
    page = open_activation("a_f=relu&a_vs=logistic")
    frame = plot(page)
    assert rows(page) == [["ReLU", "1.0000", "1.0000"], ["Sigmoid (logistic)", "0.7311", "0.1966"]]
    settle(page)
    box = frame.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 100)
    assert rows(page)[0][1:] == ["0.0000", "0.0000"]
    frame.focus()
    frame.press("Home")
    assert rows(page)[1][1] == "0.0067"
    for _ in range(10):
        frame.press("PageUp")  # 20 places of 401 each
    assert rows(page)[0][1:] == ["0.0000", "undefined"]
    assert "slope undefined" in (frame.get_attribute("aria-valuetext") or "")
    frame.press("Escape")
    assert rows(page)[0][1:] == ["1.0000", "1.0000"]


def test_the_slope_of_relu_is_broken_at_0_and_not_drawn_across(open_activation: Callable[..., Page]) -> None:
    page = open_activation("a_f=relu&a_vs=")
    plot(page)
    path = page.locator("[data-slope=ReLU]").get_attribute("d") or ""
    left, right = path.split("M")[1:]
    level = {part.split(" ")[-1] for part in left.split("L")}
    assert len(level) == 1 and {part.split(" ")[-1] for part in right.split("L")} != level
    eventually(page.locator("circle.hollow")).to_have_count(2)


def test_a_slider_redraws_and_the_address_is_a_link(open_activation: Callable[..., Page]) -> None:
    page = open_activation("a_view=neuron")
    plot(page)
    wait_for_text(page, "The sum 1.7 becomes the output 0.8455")
    page.get_by_role("slider", name="Bias b").press("ArrowRight")
    wait_for_text(page, "The sum 1.8 becomes the output 0.8581")
    page.wait_for_function("location.search.includes('a_b=0.6')", timeout=SLOW)
    eventually(page.locator("[data-step]")).to_have_count(5)
    page.reload()
    wait_for_text(page, "The sum 1.8 becomes the output 0.8581")


def test_views_keep_the_function_and_a_preset_opens_another(open_activation: Callable[..., Page]) -> None:
    page = open_activation("a_f=tanh")
    plot(page)
    page.get_by_text("Through layers", exact=True).click()
    wait_for_text(page, "Tanh: each layer multiplies the gradient by")
    page.get_by_role("link", name="A bowl of five lines").click()
    wait_for_text(page, "Nowhere saturated")
    eventually(page.locator(".function-plot tbody tr > :first-child")).to_have_text(["Maxout", "Softplus"])
    eventually(page.get_by_label("Lines: slope, then value at 0")).to_have_value(re.compile(r"^-2 -4"))


def test_the_map_and_its_zeros(open_activation: Callable[..., Page]) -> None:
    page = open_activation("a_view=picture&a_f=relu")
    wait_for_text(page, "of the 784 outputs are exactly 0")
    page.get_by_text("After: ReLU").first.wait_for(timeout=SLOW)
    page.locator(".js-plotly-plot .barlayer").first.wait_for(timeout=SLOW, state="attached")


def test_a_phone_shows_the_plot_first_and_nothing_sticks_out(open_activation: Callable[..., Page]) -> None:
    page = open_activation(viewport={"width": 390, "height": 844})
    frame = plot(page)
    settle(page)
    box = frame.bounding_box()
    assert box is not None and box["y"] + box["height"] < 844
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
