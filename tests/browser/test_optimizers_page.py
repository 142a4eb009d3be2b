"""The page "Optimizers" as its visitors use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

from explainer.training.race import OPTIMIZERS, Race, run
from explainer.training.surfaces import RAVINE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
DEFAULT = Race("ravine", RAVINE.start, RAVINE.rate, RAVINE.adaptive_rate, steps=150)
RACE = """[...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .map((host) => host.shadowRoot?.querySelector(".race")).find(Boolean)"""


@pytest.fixture
def open_optimizers(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        page = visit(f"{url}/optimizers?{query}", **options)
        page.locator(".race[data-drawn]").wait_for(timeout=SLOW)
        settle(page)
        return page

    return open_page


def data(page: Page, name: str) -> str:
    value = page.locator(".race").get_attribute(f"data-{name}")
    assert value is not None
    return value


def losses(page: Page) -> list[float]:
    found: list[float] = json.loads(data(page, "losses"))
    return found


def wait_for(page: Page, condition: str) -> None:
    """Until a condition on the race's ``data`` holds."""
    page.wait_for_function(f"() => {{ const data = ({RACE})?.dataset; return data && {condition}; }}", timeout=SLOW)


def expected(race: Race, step: int) -> list[float]:
    return [float(trace.loss[min(step, len(trace.loss) - 1)]) for trace in run(race)]


def place(page: Page, x: float, y: float) -> dict[str, float]:
    """A place of the ravine in pixels of its map: x from -5 to 5, y from -3.5 to 3.5."""
    size = page.locator(".race .map").bounding_box()
    assert size
    return {"x": (x + 5) / 10 * size["width"], "y": (3.5 - y) / 7 * size["height"]}


def test_the_numbers_are_torchs_at_every_step(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers()
    assert data(page, "step") == "150"  # the whole race, before anything plays
    assert losses(page) == pytest.approx(expected(DEFAULT, 150), rel=1e-6)
    assert len(losses(page)) == len(OPTIMIZERS)
    curves = page.locator(".race .curves")
    size = curves.bounding_box()
    assert size
    curves.hover(position={"x": 52 + (size["width"] - 64) / 2, "y": 100})  # the middle of the plot
    wait_for(page, "data.step === '75'")
    assert losses(page) == pytest.approx(expected(DEFAULT, 75), rel=1e-6)
    page.mouse.move(1, 1)
    wait_for(page, "data.step === '150'")
    page.get_by_role("button", name="To the start").click()
    wait_for(page, "data.step === '0'")
    for _ in range(3):
        page.get_by_role("button", name="One step forward").click()
    wait_for(page, "data.step === '3'")
    assert losses(page) == pytest.approx(expected(DEFAULT, 3), rel=1e-6)


def test_playing_and_pointing_ask_the_server_nothing(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers()
    page.evaluate(
        """() => { window.frames_ = 0; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (...all) { window.frames_++; return send.apply(this, all); }; }"""
    )
    page.locator(".race .map").focus()
    page.keyboard.press("Space")
    wait_for(page, "data.playing === 'true' && Number(data.step) > 5")
    page.keyboard.press("Space")
    wait_for(page, "data.playing === 'false'")
    stopped = int(data(page, "step"))
    assert losses(page) == pytest.approx(expected(DEFAULT, stopped), rel=1e-6)
    area = page.locator(".race .map")
    area.hover(position=place(page, -1, 3))
    page.get_by_text("click to start here").wait_for()
    page.locator(".board button", has_text="Gradient descent").click()  # it alone is met then
    area.hover(position=place(page, *DEFAULT.start))
    page.locator(".readout", has_text="Gradient descent, step 0: x −4.000, y 2.000, loss 48").wait_for()
    page.keyboard.press("Home")
    wait_for(page, "data.step === '0'")
    assert page.evaluate("window.frames_") == 0


def test_a_click_starts_the_race_there_and_the_address_says_so(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers()
    area, clicked = page.locator(".race .map"), place(page, 2.5, -1.75)
    area.click(position=clicked)
    wait_for(page, "JSON.parse(data.start)[0] > 2 && data.playing === 'true'")
    x, y = json.loads(data(page, "start"))
    assert (x, y) == pytest.approx((2.5, -1.75), abs=0.05)
    page.wait_for_function(
        f"() => document.querySelector('input[aria-label=\"Start x\"]').value === '{x:g}'", timeout=SLOW
    )
    page.wait_for_function("location.search.includes('o_x_ravine=') && location.search.includes('o_y_ravine=')")
    page.get_by_role("button", name="To the end").click()
    wait_for(page, "data.step === '150'")
    area.click(position=clicked)  # the same race once more
    wait_for(page, "data.playing === 'true' && Number(data.step) < 100")
    page.reload()
    page.locator(".race[data-drawn]").wait_for(timeout=SLOW)
    wait_for(page, f"data.start === '{json.dumps([x, y], separators=(',', ':'))}'")


def test_the_edge_of_divergence_and_another_surface(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers()
    page.get_by_role("link", name="At the edge of divergence").click()
    page.get_by_text("exactly at its edge").wait_for(timeout=SLOW)
    assert json.loads(data(page, "racers")) == ["Gradient descent"]
    page.get_by_role("slider", name="Learning rate").first.press("ArrowRight")
    page.get_by_text("Gradient descent diverged").wait_for(timeout=SLOW)
    page.locator(".board small", has_text="gone at step").wait_for()
    page.get_by_role("link", name="A curved valley").click()  # it has a rate and a start of its own
    page.get_by_text("λ = 1002").wait_for(timeout=SLOW)
    wait_for(page, "JSON.parse(data.start)[0] === Math.fround(-1.2) && data.step === '400'")
    page.get_by_text("now it is 0.001.").wait_for()


def test_links_open_the_training_page_ready(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers()
    eventually(page.locator("a[href*='/train?'], a[href^='train?']")).to_have_count(len(OPTIMIZERS) + 1)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Adam with and without a schedule").click()
    other = opened.value
    other.get_by_text("Adam 0.005, 2 epochs").wait_for(timeout=SLOW)
    eventually(other.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    eventually(other.get_by_role("combobox", name="Train with and without")).to_have_value("learning-rate schedule")


def test_a_phone_shows_the_map_first_and_nothing_is_cut_off(open_optimizers: Callable[..., Page]) -> None:
    page = open_optimizers(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    box = page.locator(".race .map").bounding_box()
    assert box and box["y"] + box["height"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.locator(".race button").evaluate_all(
        "buttons => buttons.filter((b) => Math.min(b.offsetWidth, b.offsetHeight) < 40).length"
    )
    assert small == 0
    cut = page.locator(".board .words > *").evaluate_all(
        "all => all.filter((e) => e.scrollWidth > e.clientWidth).length"
    )
    assert cut == 0
