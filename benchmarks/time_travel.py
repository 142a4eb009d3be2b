"""Another moment of one's own run on Feature maps, over another digit: the ratio of both medians is at most 1.5.

Both are from a key to the new picture on screen, with the networks of the moments read and traced anew. Run as
``python -m benchmarks.time_travel``.
"""

from __future__ import annotations

from playwright.sync_api import Page

from benchmarks.common import browser, median, note, open_page, report, server
from benchmarks.slider import COMPONENT, Case, control_of, move

PICTURE = COMPONENT % (".feature-maps[data-drawn]", "dataset.drawn")
DIGITS = Case("another digit", "", "Test digit", PICTURE, role="spinbutton")
MOMENTS = Case("another moment", "", "Moment of the run", PICTURE)
TRAINING = 180_000  # milliseconds
LEAST = 6  # moments


def train(page: Page) -> None:
    """Trains a network of the visitor's own, and waits until it is over."""
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".st-key-stop button:enabled").wait_for(timeout=TRAINING)
    page.locator(".st-key-stop button:disabled").wait_for(timeout=TRAINING)


def walk(page: Page, case: Case, key: str, moves: int) -> list[float]:
    """Seconds of each move that drew another picture; every one is to a value that was not there before."""
    control_of(page, case)
    found = [move(page, case, key) for _ in range(moves)]
    return [seconds for seconds in found if seconds is not None]


def main() -> None:
    with server(warm=5.0) as url, browser() as chromium:
        page = open_page(chromium, url + "/train?preset=fast&epochs=3")
        train(page)
        page.goto(url + "/feature_maps?i_net=run-1")
        digits = walk(page, DIGITS, "ArrowUp", 16)[2:]
        control_of(page, MOMENTS)
        count = int(page.get_by_role("slider", name=MOMENTS.control).get_attribute("max") or 0)
        moments = walk(page, MOMENTS, "ArrowLeft", count)[1:]
    if len(moments) < LEAST:
        raise RuntimeError(f"moments={len(moments)} of {count}")
    note(f"a digit {1000 * median(digits):.0f} ms, median of {len(digits)}")
    note(f"a moment {1000 * median(moments):.0f} ms, median of {len(moments)}")
    report("another moment over another digit", median(moments) / median(digits), 1.5, at_most=True)


if __name__ == "__main__":
    main()
