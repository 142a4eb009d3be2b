"""Within a page of another site, where over http the browser keeps no cookie."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from proxies import serving
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 90_000  # milliseconds, on a busy machine
LOST = "a reload loses your runs"


def frame_of(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
    return frame


def test_over_http_a_sentence_says_what_is_lost_and_leads_to_a_tab(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    app = serve(HOME).url
    route = Route("/", lambda request: HTMLResponse(f'<iframe src="{app}/train" width="1200" height="700"></iframe>'))
    with serving(Starlette(routes=[route]), "localhost") as course:
        page = visit(course)
        frame = frame_of(page)
        frame.get_by_text(LOST).wait_for(timeout=SLOW)
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="Open it in its own tab").click()
        tab = opened.value
        tab.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
        assert re.match(rf"{re.escape(app)}/train", tab.url)
        assert tab.get_by_text(LOST).count() == 0
