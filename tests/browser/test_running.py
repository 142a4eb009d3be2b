"""While a page's script runs: one button called "Stop", the badge in sight, and a sign that the page is working.

And what it says in a toast covers no button.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "running_app.py"
SLOW = 180_000  # milliseconds, on a busy machine
AT_BADGE = """() => {
    const box = document.querySelector(".st-key-device [data-testid=stMarkdown]").getBoundingClientRect();
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return there.closest(".st-key-device") !== null;
}"""

BELOW = """() => {
    const toast = document.querySelector("[data-testid=stToast]").getBoundingClientRect();
    const main = document.querySelector("[data-testid=stMain]").getBoundingClientRect();
    const isWhole = toast.height > 20 && toast.bottom <= innerHeight;
    return isWhole && toast.top >= main.bottom && main.height > innerHeight / 2;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_one_button_is_called_stop_while_the_script_runs(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path, width: int
) -> None:
    go_on = tmp_path / "go on"
    page = visit(serve(APP, GO_ON=str(go_on)).url, viewport={"width": width, "height": 844})
    running = page.get_by_role("img", name="Running")
    running.wait_for(timeout=SLOW, state="attached")
    stop = page.get_by_role("button", name="Stop")
    stop.first.wait_for(timeout=SLOW)
    assert stop.count() == 1
    assert page.evaluate(AT_BADGE)
    box = page.get_by_test_id("stStatusWidget").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, 3)
    go_on.touch()
    page.get_by_text("The end").wait_for(timeout=SLOW)
    running.wait_for(timeout=SLOW, state="detached")
    page.get_by_test_id("stToast").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Button 30").scroll_into_view_if_needed()
    page.wait_for_function(BELOW, timeout=SLOW)
    last = page.get_by_role("button", name="Button 30").bounding_box()
    main = page.get_by_test_id("stMain").bounding_box()
    assert last is not None and main is not None
    assert last["y"] + last["height"] <= main["y"] + main["height"]
