"""Long work of a tab that is closed ends: nothing is computed any more for a visitor who is gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
LOOK = 1.0  # seconds over which CPU is counted
BUSY, QUIET = 0.3, 0.15  # seconds of CPU within them: a quarter of what a busy machine may leave, and next to nothing
STEP = 20.0  # seconds that the step which goes on may take on a busy machine; whole works take minutes there

WORKS = {
    "weight randomization": "attribution?i_net=squeezenet&at_view=random-weights&at_methods=occlusion",
    "t-sne": "exemplars?ex_view=digits&ex_method=t-sne&ex_space=pixels&ex_perplexity=100",
}


def busiest(server: psutil.Process) -> float:
    """Seconds of CPU of the server's busiest thread while one looks."""
    before = {each.id: each.user_time + each.system_time for each in server.threads()}
    time.sleep(LOOK)
    return max(each.user_time + each.system_time - before.get(each.id, 0.0) for each in server.threads())


def until(condition: Callable[[], bool], within: float, what: str) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, what


@pytest.mark.parametrize("work", WORKS)
def test_long_work_of_a_closed_tab_ends(serve: Callable[..., Any], visit: Callable[..., Page], work: str) -> None:
    served = serve(HOME)
    server = psutil.Process(served.process)
    page = visit(f"{served.url}/{WORKS[work]}", fresh=True)
    page.get_by_role("button", name="Stop").or_(page.get_by_text("iteration")).first.wait_for(timeout=SLOW)
    until(lambda: busiest(server) > BUSY, SLOW / 1000, "the work never began")
    page.close()
    until(lambda: busiest(server) < QUIET, STEP, "the work goes on without its tab")
