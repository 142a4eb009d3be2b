"""The frame around every page, from the first moment on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
WATCH = """addEventListener("DOMContentLoaded", () => {
    window.orders = new Set();
    const look = () => {
        const row = document.querySelector(".st-key-picture_first [data-testid=stHorizontalBlock]");
        if (row) window.orders.add(getComputedStyle(row).flexDirection);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
})"""


def test_on_a_phone_the_controls_never_stand_above_the_picture(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit("about:blank", fresh=True, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.add_init_script(WATCH)
    for _ in range(2):  # the second time the server answers at once, before the browser has loaded all parts
        page.goto(f"{serve(HOME).url}/pooling")
        page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
        settle(page)
        assert page.evaluate("[...window.orders]") == ["column-reverse"]
