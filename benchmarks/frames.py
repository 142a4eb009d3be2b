"""Frames a second while a window plays over a 28x28 digit, by the browser's own frame times: at least 50.

Run as ``python -m benchmarks.frames``. The case "photo" (512x512) and the speeds are notes without a bound.
"""

import re
from itertools import pairwise

from playwright.sync_api import Page

from benchmarks.common import ROOT, browser, median, note, open_page, report, server

APP = ROOT / "tests" / "browser" / "apps" / "sliding_window_app.py"
SECONDS, TIMES = 5, 5
COLLECT = """seconds => new Promise((resolve) => {
    const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
    const window_ = root.querySelector(".sliding-window");
    const times = [];
    const positions = new Set();
    const next = (time) => {
        times.push(time);
        positions.add(`${window_.dataset.row} ${window_.dataset.column}`);
        if (time - times[0] < 1000 * seconds) return requestAnimationFrame(next);
        resolve({ times, positions: positions.size, playing: window_.dataset.playing });
    };
    requestAnimationFrame(next);
})"""


def play(page: Page, case: str, speed: int) -> tuple[list[float], int]:
    """Milliseconds between the frames of some seconds of play from the first position, and positions that were seen."""
    window = page.locator(".sliding-window")
    window.locator("input").nth(1).evaluate(
        """(input, index) => {
            input.value = index;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        speed,
    )
    window.locator(".stage").press("Home")
    window.get_by_role("button", name=re.compile("Play|Pause")).click()
    found = page.evaluate(COLLECT, SECONDS)
    if found["playing"] != "true":
        raise RuntimeError(f"The window of {case} ended before the measurement did.")
    window.get_by_role("button", name=re.compile("Play|Pause")).click()
    times = found["times"]
    return [after - before for before, after in pairwise(times)], found["positions"]


def measure(page: Page, case: str, speed: int) -> tuple[float, float]:
    """Frames a second over all play, and at the 95th percentile of the frame times; the median of several runs."""
    rates, slow = [], []
    for _ in range(TIMES):
        steps, positions = play(page, case, speed)
        rates.append(1000 * len(steps) / sum(steps))
        slow.append(1000 / sorted(steps)[int(0.95 * (len(steps) - 1))])
        note(f"{case}, speed {speed}: {rates[-1]:.1f} frames/s, {positions} positions, longest {max(steps):.0f} ms")
    return median(rates), median(slow)


def main() -> None:
    with server(APP) as url, browser() as chromium:
        for case, speeds in (("digit", (2, 6, 7)), ("photo", (6, 10))):
            page = open_page(chromium, f"{url}/?case={case}")
            page.locator(".sliding-window[data-row]").wait_for()
            for speed in speeds:
                rate, slow = measure(page, case, speed)
                if case == "digit":
                    report(f"frames a second on 28x28, speed {speed}", rate, 50)
                note(f"{case}, speed {speed}: 95th percentile {slow:.1f} frames/s")
            page.context.close()


if __name__ == "__main__":
    main()
