"""From the moment in which a page with networks is asked for to its first picture, in an app that is warm: at most one
second for small networks, two for SqueezeNet's maps and for the layers of ResNet-152. And nothing is sent to the server
while a visitor points.

Run as ``python -m benchmarks.first_pictures``. The page was opened before, then another one; Back asks for it again.
"""

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from benchmarks.common import browser, median, note, open_page, report, server

TIMES, WARMING = 9, 2
SETTLED = 1500  # milliseconds, so that a page has ended its work
SLOW = 120_000

FOUND = """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .some((host) => host.shadowRoot?.querySelector("%s"))"""
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
    """A page as its address below the app's, what its picture is, and the seconds within which that must be there.

    ``whole`` is a text that is there when the first opening has ended.
    """

    name: str
    path: str
    picture: str
    seconds: float
    whole: str


MAPS, LAYERS = ".feature-maps[data-drawn]", ".costs svg > *"
CASES = (
    Case("Feature maps of the reader of digits", "feature_maps?i_net=digits", MAPS, 1.0, "silent in all"),
    Case("Feature maps of SqueezeNet", "feature_maps?i_net=squeezenet", MAPS, 2.0, "silent in all"),
    Case("Architectures, LeNet-5", "architectures", LAYERS, 1.0, "What helps:"),
    Case("Architectures, ResNet-152", "architectures?network=resnet152", LAYERS, 2.0, "What helps:"),
)


def come_back(page: Page, case: Case) -> float:
    """Seconds from Back to the picture; the page was left for the page Welcome."""
    page.get_by_role("link", name="Welcome").first.click()
    page.locator(case.picture).first.wait_for(state="detached", timeout=SLOW)
    page.wait_for_timeout(SETTLED)
    return float(page.evaluate(COME_BACK, FOUND % case.picture)) / 1000


def measure(chromium: Browser, url: str, case: Case) -> float:
    """The median of some visits."""
    page = open_page(chromium, url + case.path)
    page.wait_for_function(FOUND % case.picture, timeout=SLOW)
    page.get_by_text(case.whole).first.wait_for(timeout=SLOW)
    page.wait_for_timeout(SETTLED)
    seconds = []
    for _ in range(TIMES + WARMING):
        seconds.append(come_back(page, case))
        page.wait_for_timeout(SETTLED)
    kept = seconds[WARMING:]
    note(f"{case.name}: {min(kept):.2f} to {max(kept):.2f} s in {len(kept)} visits")
    hover(page, case)
    page.context.close()
    return median(kept)


def hover(page: Page, case: Case) -> None:
    """Points at a hundred places of the picture. Raises RuntimeError where the server is asked."""
    page.evaluate(COUNT_SENT)
    box = page.locator(case.picture).first.bounding_box()
    assert box is not None
    for step in range(100):
        page.mouse.move(box["x"] + box["width"] * step / 100, box["y"] + 20 + (37 * step) % 150)
    page.wait_for_timeout(SETTLED)
    if sent := page.evaluate("() => window.sent"):
        raise RuntimeError(f"Pointing at the picture sent {sent} messages to the server.")


def main(script: str = "Home.py") -> None:
    with server(script, warm=20) as url, browser() as chromium:
        for case in CASES:
            report(f"{case.name}, seconds", measure(chromium, f"{url}/", case), case.seconds, at_most=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
