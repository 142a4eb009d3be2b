"""The page "Regularization" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually

from explainer.training.regularization import early_stopping, record_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_regularization(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        page = visit(f"{url}/regularization?{query}", **options)
        chart_text(page, "best: ").wait_for(timeout=SLOW)
        page.get_by_text("Sources", exact=True).wait_for(timeout=SLOW)  # the end of the page
        return page

    return open_page


def chart_text(page: Page, text: str) -> Any:
    return page.locator(".js-plotly-plot text").filter(has_text=text).first


def test_less_patience_stops_earlier(open_regularization: Callable[..., Page]) -> None:
    page = open_regularization()
    losses = record_of("none", 0).curves.validation_loss
    usual, least = early_stopping(losses, 5), early_stopping(losses, 1)
    chart_text(page, f"best: {usual.best}").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Patience").press("Home")
    chart_text(page, f"stops: {least.last}").wait_for(timeout=SLOW)
    page.get_by_text(f"keeps the weights of epoch {least.best}:").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('r_patience=1')", timeout=SLOW)


def test_a_remedy_is_drawn_beside_the_plain_network(open_regularization: Callable[..., Page]) -> None:
    page = open_regularization()
    page.get_by_text("L1", exact=True).first.click()
    chart_text(page, "L1, test").wait_for(timeout=SLOW)
    chart_text(page, "No regularization, test").wait_for(timeout=SLOW)
    share = record_of("l1", 0).curves.near_zero[-1]
    page.get_by_text(f"{100 * share:.1f} % of 400,400 weights").wait_for(timeout=SLOW)
    page.get_by_text("The plain network beside").click()
    chart_text(page, "No regularization, test").wait_for(state="detached", timeout=SLOW)
    page.reload()
    chart_text(page, "L1, test").wait_for(timeout=SLOW)


def test_augmented_digits_follow_their_strength(open_regularization: Callable[..., Page]) -> None:
    page = open_regularization("r_below=digits")
    page.get_by_text("one of 25 places").wait_for(timeout=SLOW)
    page.get_by_text("A training digit, 5").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Shift").press("Home")
    page.get_by_role("slider", name="Rotate").press("Home")
    page.get_by_text("Nothing is changed").wait_for(timeout=SLOW)


def test_a_link_opens_training_with_the_settings(open_regularization: Callable[..., Page]) -> None:
    page = open_regularization()
    page.goto(page.locator('a[href^="train?"]', has_text="Dropout").evaluate("link => link.href"))
    page.get_by_text("MNIST, 500 digits").wait_for(timeout=SLOW)
    page.get_by_text("dropout 0.5").first.wait_for(timeout=SLOW)
    page.get_by_text("Momentum 0.02, 40 epochs").wait_for(timeout=SLOW)
    eventually(page.get_by_role("button", name="Both")).to_be_enabled()
