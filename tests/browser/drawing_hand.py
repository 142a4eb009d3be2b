"""A hand that draws on the digit pad, and what it then sees: on the pad, and of what Python says it has."""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# In sides of the pad. Measured: 0.003, from the mouse's whole pixels (1/280) and the points left out.
TOLERANCE = 0.006

Point = tuple[float, float]


def open_pad(visit: Callable[..., Page], address: str, **options: Any) -> Page:
    """The page at this address, once its pad can be drawn on."""
    page = visit(address, **options)
    page.locator("canvas").wait_for()
    expect_strokes(page, 0)
    return page


def on_screen(page: Page, point: Point) -> Point:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def densely(points: list[Point], steps: int) -> list[Point]:
    """The points, and ``steps`` - 1 more between each and the next."""
    between = [
        (a[0] + (b[0] - a[0]) * step / steps, a[1] + (b[1] - a[1]) * step / steps)
        for a, b in itertools.pairwise(points)
        for step in range(steps)
    ]
    return [*between, points[-1]]


def draw(page: Page, points: list[Point], steps: int = 6, pause: float = 0) -> None:
    """One stroke with the mouse."""
    path = [on_screen(page, point) for point in densely(points, steps)]
    page.mouse.move(*path[0])
    page.mouse.down()
    for x, y in path[1:]:
        page.mouse.move(x, y)
        if pause:
            page.wait_for_timeout(pause)
    page.mouse.up()


def draw_by_touch(page: Page, points: list[Point]) -> None:
    """One stroke with a finger, through the browser's own input pipeline."""
    session = page.context.new_cdp_session(page)
    path = [on_screen(page, point) for point in densely(points, 6)]
    for index, (x, y) in enumerate(path):
        kind = "touchMove" if index else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def expect_strokes(page: Page, count: int) -> None:
    page.get_by_text(f"strokes: {count}", exact=True).wait_for()


def reported(page: Page) -> list[list[Point]]:
    """The drawing that Python has."""
    text = page.get_by_text("drawing: ").text_content()
    assert text is not None
    return [[(x, y) for x, y in stroke] for stroke in json.loads(text.removeprefix("drawing: "))]


def mnist_ink(page: Page) -> int:
    text = page.get_by_text("ink: ").text_content()
    assert text is not None
    return int(text.removeprefix("ink: "))


INKED_PART = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let inked = 0;
    for (let index = 3; index < data.length; index += 4) inked += data[index];
    return inked / 255 / (canvas.width * canvas.height);
}"""


def inked_part(page: Page) -> float:
    """The part of the pad that is inked, once what is to be painted has been painted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(page.locator("canvas").evaluate(INKED_PART))


def watch_ink(page: Page) -> None:
    """From now on, note in every frame which part of the pad is inked: see ``watched_ink``."""
    page.locator("canvas").evaluate(
        f"""canvas => {{
            window.inkedParts = [];
            const look = () => {{
                window.inkedParts.push(({INKED_PART})(canvas));
                requestAnimationFrame(look);
            }};
            look();
        }}"""
    )


def watched_ink(page: Page) -> list[float]:
    parts: list[float] = page.evaluate("window.inkedParts")
    return parts


def distance_to_path(point: Point, path: list[Point]) -> float:
    """From a point to the nearest of the segments between the points of a path."""

    def to_segment(a: Point, b: Point) -> float:
        length = math.dist(a, b)
        if length == 0:
            return math.dist(point, a)
        part = sum((p - s) * (e - s) for p, s, e in zip(point, a, b, strict=True)) / length**2
        part = min(1.0, max(0.0, part))
        return math.dist(point, (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))

    pairs: Iterable[tuple[Point, Point]] = itertools.pairwise(path) if len(path) > 1 else [(path[0], path[0])]
    return min(to_segment(a, b) for a, b in pairs)


def gap(drawn: list[Point], stroke: list[Point]) -> float:
    """How far a stroke is from what was drawn: what is missing of it, and what is there too much."""
    missing = max(distance_to_path(point, stroke) for point in densely(drawn, 20))
    too_much = max(distance_to_path(point, drawn) for point in densely(stroke, 20))
    return max(missing, too_much)


def expect_drawing(page: Page, drawn: list[list[Point]], tolerance: float = TOLERANCE) -> None:
    """Waits until Python has these strokes, whole: while the pen is down it has had parts of them."""
    expect_strokes(page, len(drawn))
    deadline = time.monotonic() + 240
    while True:
        strokes = reported(page)
        if len(strokes) == len(drawn):
            worst = max(gap(a, b) for a, b in zip(drawn, strokes, strict=True))
            if worst < tolerance:
                return
        assert time.monotonic() < deadline, f"drawn {drawn}, reported {strokes}"
        page.wait_for_timeout(50)


def contrast(first: str, second: str) -> float:
    """WCAG 2.2, contrast ratio of two colours written rgb(r, g, b)."""

    def luminance(colour: str) -> float:
        channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
