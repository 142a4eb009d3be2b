"""The page "Fully connected and softmax" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sent import COUNT_SENT
from settled import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
WEIGH, SCORES = ".weighted-sum[data-result]", ".score-map[data-score]"


@pytest.fixture
def open_softmax(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str, selector: str) -> Page:
        page = visit(f"{url}/softmax?{query}")
        page.locator(selector).first.wait_for(timeout=SLOW)
        return page

    return open_page


def wait_for(page: Page, selector: str, name: str, value: str) -> None:
    page.wait_for_function(
        """([selector, name, value]) => [...document.querySelectorAll('*')].some(host =>
        host.shadowRoot?.querySelector(selector)?.dataset[name]?.startsWith(value))""",
        arg=[selector, name, value],
        timeout=SLOW,
    )


def test_a_logit_term_by_term_without_the_server(open_softmax: Callable[..., Page]) -> None:
    page = open_softmax("", WEIGH)
    wait_for(page, WEIGH, "result", "5.42")
    page.wait_for_timeout(500)
    page.evaluate(COUNT_SENT)
    stage = page.locator(".weighted-sum .stage")
    stage.press("Home")
    page.get_by_text("Term 1 of 128: map 0, row 0, column 0").wait_for()
    stage.press("ArrowRight")
    page.get_by_text("Term 2 of 128: map 0, row 0, column 1").wait_for()
    page.locator(".weighted-sum .stack").nth(4).locator(".terms .cell").first.hover()
    page.get_by_text("Term 65 of 128: map 4, row 0, column 0").wait_for()
    eventually(page.locator(".weighted-sum .cell.chosen")).to_have_count(3)
    page.get_by_role("button", name="One step forward").click()
    page.get_by_text("Term 66 of 128").wait_for()
    stage.press("End")
    page.get_by_text("128 terms so far: 5.422. All 128: z₃ = 5.422").wait_for()
    assert page.evaluate("() => window.sent") == 0


def test_playing_reaches_the_end_and_can_be_paused(open_softmax: Callable[..., Page]) -> None:
    page = open_softmax("", WEIGH)
    page.locator(".weighted-sum .stage").press("Home")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some(host =>
        Number(host.shadowRoot?.querySelector('.weighted-sum')?.dataset.term) > 5)""",
        timeout=SLOW,
    )
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_role("slider", name="Term").fill("120")
    page.get_by_role("button", name="Play").click()
    wait_for(page, WEIGH, "term", "127")
    page.get_by_role("button", name="Play").wait_for()


def test_another_class_has_another_logit_and_a_link(open_softmax: Callable[..., Page]) -> None:
    page = open_softmax("", WEIGH)
    page.get_by_role("slider", name="Logit of class").press("ArrowRight")
    wait_for(page, WEIGH, "result", "-12.9")
    page.wait_for_function("location.search.includes('s_class=4')", timeout=SLOW)
    page.reload()
    wait_for(page, WEIGH, "result", "-12.9")


def test_typed_logits_are_used_and_nonsense_gets_a_sentence(open_softmax: Callable[..., Page]) -> None:
    page = open_softmax("s_view=softmax", "textarea")
    typed = page.get_by_role("textbox", name="Logits")
    typed.fill("1000 1001 1002")
    typed.press("Control+Enter")
    page.get_by_text("Without the shift this fails").wait_for(timeout=SLOW)
    eventually(page.get_by_role("cell", name="66.5 %")).to_have_count(1)
    typed.fill("1 two")
    typed.press("Control+Enter")
    page.get_by_text("“two” in row 0, column 1 is not a number").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Its logits").click()
    page.get_by_text("Class 3 is 0.53 ahead of class 5").wait_for(timeout=SLOW)
    page.get_by_text("Loss", exact=True).first.click()
    page.get_by_text("The true class has").wait_for(timeout=SLOW)


def test_pointing_at_the_picture_reads_its_scores(open_softmax: Callable[..., Page]) -> None:
    page = open_softmax("s_view=convolution", SCORES)
    wait_for(page, SCORES, "score", "14.")
    wait_for(page, SCORES, "best", "4")
    page.locator(".score-map canvas.picture").hover(position={"x": 2, "y": 2})
    page.get_by_text("Row 0, column 0 reads rows 0 to 27 and columns 0 to 27").wait_for()
    page.locator(".score-map .stage").press("ArrowRight")
    page.get_by_text("Row 0, column 1 reads rows 0 to 27 and columns 4 to 31").wait_for()
    page.get_by_role("textbox", name="Digits in the picture").fill("4")
    page.get_by_role("textbox", name="Digits in the picture").press("Enter")
    wait_for(page, SCORES, "scores", "1x1")
    page.get_by_role("textbox", name="Digits in the picture").fill("four")
    page.get_by_role("textbox", name="Digits in the picture").press("Enter")
    page.get_by_text("“f” is no digit: type 1 to 8 digits").wait_for(timeout=SLOW)
