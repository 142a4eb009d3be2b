"""From the moment in which the page "Feature maps" is asked for to its first picture, in an app that is warm: at most
one second for the reader of digits, two for SqueezeNet. And nothing is sent to the server while a visitor points.

Run as ``python -m benchmarks.inspection_pages``. The page was opened before, then another one; Back asks for it again.
"""

import sys
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.common import browser, median, note, open_page, report, server

TIMES, WARMING = 9, 2
SETTLED = 1500  # milliseconds, so that a page has ended its work
SLOW = 120_000

FOUND = """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .some((host) => host.shadowRoot?.querySelector(".feature-maps[data-drawn]"))"""
COME_BACK = """(find) => new Promise((resolve) => {
    const isThere = eval(find);
    const start = performance.now();
    history.back();
    const look = () => {
        if (isThere()) requestAnimationFrame(() => resolve(performance.now() - start));
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""
COUNT_SENT = """() => {
    window.sent = 0;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...message) { window.sent += 1; return send.apply(this, message); };
}"""


@dataclass(frozen=True)
class Case:
    """A network, as its name in the link, and the seconds within which its maps must be there."""

    name: str
    network: str
    seconds: float


CASES = (
    Case("Feature maps of the reader of digits", "digits", 1.0),
    Case("Feature maps of SqueezeNet", "squeezenet", 2.0),
)


def come_back(page: Page) -> float:
    """Seconds from Back to the maps; the page Feature maps was left for the page Welcome."""
    page.get_by_role("link", name="Welcome").first.click()
    page.locator(".feature-maps").wait_for(state="detached", timeout=SLOW)
    page.wait_for_timeout(SETTLED)
    return float(page.evaluate(COME_BACK, FOUND)) / 1000


def measure(chromium: Browser, url: str, case: Case) -> float:
    """The median of some visits."""
    page = open_page(chromium, f"{url}feature_maps?{urlencode({'i_net': case.network})}")
    page.wait_for_function(FOUND, timeout=SLOW)
    page.get_by_text("silent in all").wait_for(timeout=SLOW)
    page.wait_for_timeout(SETTLED)
    seconds = []
    for _ in range(TIMES + WARMING):
        seconds.append(come_back(page))
        page.wait_for_timeout(SETTLED)
    kept = seconds[WARMING:]
    note(f"{case.name}: {min(kept):.2f} to {max(kept):.2f} s in {len(kept)} visits")
    hover(page)
    page.context.close()
    return median(kept)


def hover(page: Page) -> None:
    """Points at a hundred places of the map. Raises RuntimeError where the server is asked."""
    page.evaluate(COUNT_SENT)
    box = page.locator(".feature-maps .scroller").bounding_box()
    assert box is not None
    for step in range(100):
        page.mouse.move(box["x"] + box["width"] * step / 100, box["y"] + 80 + (37 * step) % 250)
    page.wait_for_timeout(SETTLED)
    if sent := page.evaluate("() => window.sent"):
        raise RuntimeError(f"Pointing at the map sent {sent} messages to the server.")


def main(script: str = "Home.py") -> None:
    with server(script, warm=20) as url, browser() as chromium:
        for case in CASES:
            report(f"{case.name}, seconds", measure(chromium, f"{url}/", case), case.seconds, at_most=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
