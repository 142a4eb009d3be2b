"""When a page may be measured: Streamlit loads some of its parts late, and each of them moves what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, LocatorAssertions, Page

SLOW = 300_000  # milliseconds, on a busy machine
STILL = 12  # frames without a change
_SETTLED = """still => new Promise((resolve) => {
    const isWaiting = () =>
        document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning" ||
        document.querySelector("[data-testid=stSkeleton], [data-stale=true]") ||
        document.fonts.status !== "loaded" ||
        [...document.querySelectorAll(".live-chart")].some(isEmpty);
    // A chart that has a place loads its library; when that fails it says so.
    const isEmpty = (chart) => chart.clientWidth && !chart.querySelector(".main-svg, p:not(:empty)");
    const places = () =>
        [...document.querySelectorAll("[data-testid=stMain] *")]
            .map((element) => element.getBoundingClientRect())
            .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join())
            .join(";");
    let [before, count] = ["", 0];
    const look = () => {
        const now = isWaiting() ? "" : places();
        count = now && now === before ? count + 1 : 0;
        before = now;
        if (count === still) resolve(true);
        else requestAnimationFrame(look);
    };
    look();
})"""


_IDLE = """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-stale=true]")"""


def idle(page: Page) -> None:
    """Waits until the script of the page has ended: until then its buttons may be drawn anew under the pointer."""
    page.wait_for_function(_IDLE, timeout=SLOW)


def settle(page: Page) -> None:
    """Waits until the script of the page has ended, all its parts are loaded, and nothing moves any more."""
    page.wait_for_function(_SETTLED, arg=STILL, timeout=SLOW)


def eventually(what: Locator) -> LocatorAssertions:
    """What a part of the page shall be, now or soon: ``eventually(rows).to_have_count(3)``."""
    from playwright.sync_api import expect

    expect.set_options(timeout=SLOW)
    return expect(what)
