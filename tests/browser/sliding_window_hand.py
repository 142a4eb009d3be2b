"""What the tests of the sliding window share: its address, where its cells are, and what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

APP = Path(__file__).parent / "apps" / "sliding_window_app.py"
PIXEL = """(root, [layer, x, y]) => {
    const canvas = root.querySelectorAll(".stage canvas")[layer];
    const place = [x, y].map((each) => Math.round((each * canvas.width) / canvas.clientWidth));
    const [r, g, b, a] = canvas.getContext("2d").getImageData(...place, 1, 1).data;
    return a ? "#" + [r, g, b].map((value) => value.toString(16).padStart(2, "0")).join("") : null;
}"""
BASE, MARKS = 0, 1


def open_case(visit: Callable[..., Page], url: str, case: str, **options: Any) -> Page:
    """A page with the window of a case, drawn."""
    page = visit(f"{url}/?case={case}", **options)
    page.locator(".sliding-window[data-row]").wait_for()
    return page


def data(page: Page, name: str) -> str:
    return page.locator(".sliding-window").get_attribute(f"data-{name}") or ""


def position(page: Page) -> tuple[int, int, float]:
    """Row, column and value of the present position."""
    return int(data(page, "row")), int(data(page, "column")), float(data(page, "value"))


def grids(page: Page, name: str) -> list[dict[str, Any]]:
    """The places of the grids of a name on the stage."""
    every = json.loads(page.locator(".stage").get_attribute("data-grids") or "[]")
    return [each for each in every if each["name"] == name]


def place(page: Page, name: str, row: float, column: float, plane: int = 0) -> tuple[float, float]:
    """A point of a cell on the stage; whole numbers are its middle."""
    grid = grids(page, name)[plane]
    return grid["x"] + (column + 0.5) * grid["cell"], grid["y"] + (row + 0.5) * grid["tall"]


def point(page: Page, name: str, row: int, column: int, plane: int = 0) -> None:
    """Moves the mouse to a cell, and waits until it is drawn."""
    page.locator(".stage").scroll_into_view_if_needed()
    box = page.locator(".stage").bounding_box()
    assert box is not None
    x, y = place(page, name, row, column, plane)
    page.mouse.move(box["x"] + x, box["y"] + y)
    frames(page)


def frames(page: Page, count: int = 2) -> None:
    page.evaluate(
        """count => new Promise((resolve) => {
            const next = () => (count-- ? requestAnimationFrame(next) : resolve());
            next();
        })""",
        count,
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.locator(".stage").press(key)
    frames(page)


def color(page: Page, layer: int, name: str, row: float, column: float) -> str | None:
    """The colour of a canvas in a corner of a cell, where no number stands."""
    found: str | None = page.locator(".sliding-window").evaluate(
        PIXEL, [layer, *place(page, name, row - 0.36, column - 0.36)]
    )
    return found


def text(page: Page, selector: str) -> str:
    return " ".join(page.locator(selector).inner_text().split())
