"""The page "Filters" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest
import safetensors.numpy
from numpy.lib.stride_tricks import sliding_window_view
from sent import COUNT_SENT

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.inspection import filters

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
WALL, FILM = ".filter-wall", ".filter-film"
SQUEEZENET = {"i_net": "squeezenet"}


@pytest.fixture
def open_filters(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: dict[str, str], selector: str = f"{WALL}[data-filter]", **options: Any) -> Page:
        page = visit(f"{url}/filters?{urlencode(query)}", **options)
        page.locator(selector).first.wait_for(timeout=SLOW)
        page.get_by_text("Sources", exact=True).wait_for(timeout=SLOW)
        return page

    return open_page


def saved(file: str) -> dict[str, np.ndarray]:
    """The arrays of a weights file among the assets, float32."""
    arrays = safetensors.numpy.load_file(assets_path() / file)
    return {name: values.astype(np.float32) for name, values in arrays.items()}


def photographs() -> np.ndarray:
    """SqueezeNet's first kernels."""
    return saved("squeezenet/weights.safetensors")["features.0.weight"]


def wait_for(page: Page, selector: str, name: str, value: str) -> None:
    """Until an element in any component has this in its data."""
    page.wait_for_function(
        """([selector, name, value]) => [...document.querySelectorAll('*')].some(host =>
        host.shadowRoot?.querySelector(selector)?.dataset[name] === value)""",
        arg=[selector, name, value],
        timeout=SLOW,
    )


def near(page: Page, selector: str, name: str, value: float) -> None:
    """Until an element in any component has this number in its data, to four digits."""
    page.wait_for_function(
        """([selector, name, value]) => [...document.querySelectorAll('*')].some(host =>
        Math.abs(Number(host.shadowRoot?.querySelector(selector)?.dataset[name]) - value) < 2e-4 * Math.abs(value))""",
        arg=[selector, name, value],
        timeout=SLOW,
    )


def colours(canvas: Locator) -> int:
    """How many different colours a canvas has."""
    count: int = canvas.evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    return count


def test_the_browser_computes_the_answer_and_the_spectrum_that_numpy_computes(
    open_filters: Callable[..., Page],
) -> None:
    reader = saved("readers/plain.safetensors")
    kernel, bias = reader["convolution_1.weight"][4], float(reader["convolution_1.bias"][4])
    inputs = (load("mnist").test_images[3] / 255 - 0.1307) / 0.3081
    windows = sliding_window_view(np.pad(inputs, (2, 3)), (6, 6))  # (28, 28, 6, 6)
    answer = (windows * kernel[0]).sum((2, 3)) + bias
    page = open_filters({"i_digit": "3", "fi_filter": "4"})
    wait_for(page, WALL, "filter", "4")
    place = np.unravel_index(np.abs(answer).argmax(), answer.shape)
    near(page, ".detail", "strongest", float(answer[place]))
    near(page, ".detail", "peak", float(filters.spectrum(kernel[None]).max()))
    page.locator(".answer").press("ArrowLeft")
    near(page, ".detail", "value", float(answer[place[0], place[1] - 1]))
    page.get_by_text(f"Row {place[0]}, column {place[1] - 1} of its map").wait_for()


def test_pointing_asks_no_server_and_a_click_stays_in_the_link(open_filters: Callable[..., Page]) -> None:
    order = filters.order(photographs(), "norm")
    page = open_filters({**SQUEEZENET, "fi_sort": "norm"})
    tiles = page.locator(f"{WALL} .tiles")
    page.wait_for_load_state("networkidle")
    page.evaluate(COUNT_SENT)
    tiles.hover(position={"x": 10, "y": 10})
    wait_for(page, WALL, "filter", str(order[0]))
    page.locator(".answer").hover(position={"x": 30, "y": 30})
    wait_for(page, WALL, "filter", "0")  # the one that is chosen, again
    tiles.hover(position={"x": 10, "y": 10})
    wait_for(page, WALL, "filter", str(order[0]))
    assert page.evaluate("() => window.sent") == 0
    assert colours(tiles) > 200  # in colour
    tiles.click(position={"x": 10, "y": 10})
    page.wait_for_function(f"location.search.includes('fi_filter={order[0]}')", timeout=SLOW)
    tiles.press("ArrowRight")
    page.wait_for_function(f"location.search.includes('fi_filter={order[1]}')", timeout=SLOW)
    wait_for(page, WALL, "chosen", str(order[1]))


def test_fresh_filters_are_looked_at_too(open_filters: Callable[..., Page]) -> None:
    page = open_filters({**SQUEEZENET, "fi_view": "fresh"})
    page.get_by_text("0 untrained ones").wait_for(timeout=SLOW)
    assert page.locator(f"{WALL} .wall").count() == 2
    page.locator(f"{WALL} .tiles").nth(1).hover(position={"x": 8, "y": 8})
    page.locator(".detail h4").get_by_text("Untrained filter").wait_for()
    wait_for(page, WALL, "wall", "1")


def test_slices_of_a_deeper_layer(open_filters: Callable[..., Page]) -> None:
    page = open_filters({**SQUEEZENET, "fi_view": "deeper", "fi_layer": "convolution-4"})
    weights = saved("squeezenet/weights.safetensors")["features.3.expand3x3.weight"][:16]
    longest = int(filters.norms(weights.reshape(-1, 1, 3, 3)).argmax())
    wait_for(page, WALL, "chosen", str(longest))
    page.get_by_text(f"Filter {longest // 16}, map {longest % 16}", exact=True).wait_for()
    tiles = page.locator(f"{WALL} .tiles")
    tiles.press("Home")
    page.get_by_text("Filter 0, map 0", exact=True).wait_for()
    tiles.press("ArrowDown")
    page.get_by_text("Filter 1, map 0", exact=True).wait_for()
    near(page, ".detail", "peak", float(filters.spectrum(weights[1:2, :1])[0].max()))
    page.get_by_text("256 of 1,024 slices are shown").wait_for(timeout=SLOW)


@pytest.mark.timeout(200)
def test_a_run_is_filmed_and_played(open_filters: Callable[..., Page]) -> None:
    page = open_filters({"fi_view": "training"}, f"{FILM}[data-frames='41']")
    page.get_by_role("button", name="Train it here").click()
    page.get_by_text("of the first layer of Large filters").wait_for(timeout=SLOW)
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some(host =>
        Number(host.shadowRoot?.querySelector('.filter-film')?.dataset.frames) > 3)""",
        timeout=SLOW,
    )
    slider = page.get_by_role("slider", name="Moment of the run")
    slider.fill("0")
    page.get_by_text("Step 0 · epoch 0.00").wait_for()
    page.get_by_role("button", name="One step forward").click()
    wait_for(page, FILM, "frame", "1")
    slider.fill("0")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some(host =>
        Number(host.shadowRoot?.querySelector('.filter-film')?.dataset.frame) > 1)""",
        timeout=SLOW,
    )


def test_a_phone_shows_all_and_a_tap_chooses(open_filters: Callable[..., Page]) -> None:
    page = open_filters(SQUEEZENET, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    order = filters.order(photographs(), "orientation")
    page.locator(f"{WALL} .tiles").tap(position={"x": 8, "y": 8})
    wait_for(page, WALL, "chosen", str(order[0]))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    right = page.locator(f"{WALL} canvas").evaluate_all(
        "all => Math.max(...all.map(c => c.getBoundingClientRect().right))"
    )
    assert right <= 390
