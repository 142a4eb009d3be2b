"""The page "Initialization and gradient flow" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

from explainer.training.flow import Flow, run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
CHART = (
    "[...document.querySelectorAll('.js-plotly-plot')].find((chart) => chart._fullData?.[0].name === 'activations x')"
)


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str = "", **options: Any) -> Page:
        page = visit(f"{url}/initialization?{query}", **options)
        page.wait_for_function(f"() => Boolean({CHART})", timeout=SLOW)
        settle(page)
        return page

    return opened


def wait_for_depth(page: Page, depth: int) -> None:
    page.wait_for_function(f"(depth) => ({CHART})?._fullData[0].x.length === depth", arg=depth, timeout=SLOW)


def curve(page: Page, name: str) -> list[float]:
    found: list[float] = page.evaluate(
        f"(name) => Array.from(({CHART})._fullData.find((curve) => curve.name === name).y)", name
    )
    return found


def test_the_curves_are_the_backends_and_follow_the_depth(open_page: Callable[..., Page]) -> None:
    page = open_page("i_width=64")
    measured = run(Flow(width=64))
    assert curve(page, "activations x") == pytest.approx(measured.outputs.tolist(), rel=1e-3)
    assert curve(page, "gradient of w") == pytest.approx(measured.weight_gradients.tolist(), rel=1e-3)
    page.get_by_role("slider", name="Depth").press("ArrowRight")
    wait_for_depth(page, 21)
    page.wait_for_function("location.search.includes('i_depth=21')", timeout=SLOW)
    page.reload()
    wait_for_depth(page, 21)


def test_the_logistic_vanishes_and_too_large_weights_overflow(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_text("Activations keep their size").wait_for(timeout=SLOW)
    page.get_by_role("link", name="The sigmoid vanishes").click()
    page.get_by_text("the gradient shrinks by ×0.2").wait_for(timeout=SLOW)
    page.get_by_role("link", name="Too large explodes").click()
    page.get_by_text("the largest that float32 holds").wait_for(timeout=SLOW)
    page.get_by_text("all 0, infinite or NaN").wait_for(timeout=SLOW)


def test_clipping_draws_another_curve(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("link", name="Clipped").click()
    page.get_by_text("Clipping multiplies the weights' gradients").wait_for(timeout=SLOW)
    page.wait_for_function(f"() => ({CHART})._fullData.some((curve) => curve.name === 'w, clipped')", timeout=SLOW)
    whole, clipped = curve(page, "gradient of w"), curve(page, "w, clipped")
    ratios = [small / large for small, large in zip(clipped, whole, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=1e-3)
    assert ratios[0] < 0.5


def test_equal_neurons_stay_equal_and_the_open_tab_is_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_text("Equal neurons are one neuron").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Steps of gradient descent").press("Home")
    page.get_by_text("At the start equal weights differ by 0").wait_for(timeout=SLOW)
    page.get_by_role("tab", name="Histograms").click()
    page.get_by_text("Of the activations in layer 20").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('i_below=histograms')", timeout=SLOW)


def test_a_phone_shows_the_curves_first(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box and box["y"] + box["height"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
