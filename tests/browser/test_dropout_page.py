"""The page "Dropout" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from explainer.layers import dropout
from explainer.layers.normalization_code import said
from explainer.networks import hidden_digits

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_dropout(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        return visit(f"{url}/dropout?{query}", **options)

    return open_page


def captions(page: Page, title: str, count: int = 48) -> list[str]:
    """What stands below the tiles of the row that ``title`` is part of."""
    row = page.locator(".tiles section").filter(has=page.get_by_text(title))
    row.locator("button").nth(count - 1).wait_for(timeout=SLOW)
    return [text.strip() for text in row.locator("button").all_inner_texts()]


def test_the_next_pass_has_another_mask_on_the_same_units(open_dropout: Callable[..., Page]) -> None:
    page = open_dropout("d_digit=7&d_rate=0.5")
    masks, hidden = dropout.masks(100, (48,), 0.5, 0), hidden_digits.hidden(7)
    for number, keep in enumerate(masks[:2], start=1):
        shown = captions(page, f"Forward pass {number}: {keep.sum()} of 48 units are kept")
        assert [text == "✕" for text in shown] == (~keep).tolist()
        kept = [float(text) for text in shown if text != "✕"]
        assert kept == pytest.approx((2 * hidden[keep]).tolist(), rel=0.01)
        page.get_by_role("button", name="Next forward pass").click()
        # The controls are drawn after the mask: a press in the midst of that may be lost.
        page.wait_for_function(f"location.search.includes('d_pass={number + 1}')", timeout=SLOW)


def test_at_rate_0_every_pass_is_the_test(open_dropout: Callable[..., Page]) -> None:
    page = open_dropout("d_rate=0.0&d_pass=50")
    page.get_by_text("Forward pass 50: 48 of 48 units are kept").wait_for(timeout=SLOW)
    layer = hidden_digits.last_layer()
    full = said(float(layer.weights[3] @ hidden_digits.hidden(3) + layer.bias[3]))
    page.get_by_text(f"the neuron of class 3 gets {full}, as at test time").wait_for(timeout=SLOW)


def test_the_other_kinds_each_say_what_they_measured(open_dropout: Callable[..., Page]) -> None:
    page = open_dropout()
    page.get_by_role("tab", name="Other kinds").click()
    page.get_by_text("with DropConnect each has a mask of its own").wait_for(timeout=SLOW)
    page.get_by_text("Spatial dropout", exact=True).first.click()
    page.get_by_text("of a dropped one nothing is left to guess from").wait_for(timeout=SLOW)
    assert len(captions(page, "Spatial dropout: whole maps", 8)) == 8
    page.get_by_text("Alpha dropout with SELU", exact=True).first.click()
    page.get_by_text("where 0 and 1 are wanted").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('d_kind=alpha')", timeout=SLOW)


def test_the_predictions_scatter_over_the_masks(open_dropout: Callable[..., Page]) -> None:
    page = open_dropout("d_view=masks&d_digit=9&d_seed=5")
    layer, hidden = hidden_digits.last_layer(), hidden_digits.hidden(9)
    keep = dropout.masks(100, (48,), 0.5, 5)
    found = dropout.spread(hidden, layer.weights, layer.bias, keep, 0.5)
    right = int((found.probabilities.argmax(1) == 9).sum())
    page.get_by_text(f"Of 100 masks {right} answer 9").wait_for(timeout=SLOW)
    page.get_by_text(
        f"{100 * found.mean[9]:.1f} % in the mean, with a standard deviation of {100 * found.deviation[9]:.1f} %"
    ).wait_for()
    page.get_by_role("slider", name="Dropout rate p").press("Home")
    page.get_by_text("Of 100 masks 100 answer 9").wait_for(timeout=SLOW)
    page.get_by_text("standard deviation of 0.0 %").wait_for(timeout=SLOW)
