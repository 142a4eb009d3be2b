"""From pressing Train to the first point on the curves, on a warmed server: at most 1 s. And a page's slider while
a run trains, over the same with no run: at most 2 times slower."""

from time import perf_counter

from playwright.sync_api import Browser, Page

from benchmarks.common import browser, median, note, open_page, report, server

TIMES, MOVES = 5, 40
READ = 1000  # milliseconds that a visitor looks at the page before pressing Train


def first_point(page: Page) -> float:
    """Seconds until the curves have a point."""
    start = perf_counter()
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".curves [data-points]:not([data-points='0'])").wait_for(timeout=20_000, state="attached")
    return perf_counter() - start


def fresh_first_point(chromium: Browser, url: str, read: int) -> float:
    """The same on a page that was opened ``read`` milliseconds ago."""
    page = open_page(chromium, f"{url}/train")
    page.get_by_text("Press Train").last.wait_for()
    page.wait_for_timeout(read)
    seconds = first_point(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".line", has_text="stopped").wait_for()
    page.context.close()
    return seconds


def listed(seconds: list[float]) -> str:
    """The figures in the order in which they came."""
    return ", ".join(f"{each:.2f}" for each in seconds)


def answers(page: Page) -> list[float]:
    """Seconds from a key on a slider of another session's page to the new number in its table of layers, each."""
    slider = page.get_by_role("slider", name="Convolutions")
    slider.focus()
    seconds = []
    for move in range(MOVES):
        layers = page.get_by_role("cell", name="Convolution 3", exact=True)
        start = perf_counter()
        page.keyboard.press("ArrowLeft" if move % 2 == 0 else "ArrowRight")
        layers.wait_for(state="detached" if move % 2 == 0 else "visible", timeout=20_000)
        seconds.append(perf_counter() - start)
    return seconds


def main() -> None:
    with server(warm=20) as url, browser() as chromium:
        at_once = [fresh_first_point(chromium, url, 0) for _ in range(TIMES)]
        note(f"pressed in the moment in which the page is drawn: {listed(at_once)} s")
        firsts = [fresh_first_point(chromium, url, READ) for _ in range(TIMES)]
        note(f"pressed {READ / 1000:g} s later: {listed(firsts)} s")
        report("from Train to the first point, median seconds", median(firsts), 1.0, at_most=True)
        other = open_page(chromium, f"{url}/train?preset=build-your-own&view=network")
        other.get_by_role("cell", name="Convolution 3", exact=True).wait_for()
        idle = answers(other)
        running = open_page(chromium, f"{url}/train?epochs=100")
        running.get_by_role("button", name="Train", exact=True).click()
        running.get_by_text("digits/s").wait_for()
        other.bring_to_front()
        beside = answers(other)
        note(f"slider: idle {median(idle):.3f} s, while a run trains {median(beside):.3f} s")
        report("slider while a run trains / idle, median", median(beside) / median(idle), 2.0, at_most=True)
        report("the same, 95th percentile", at95(beside) / at95(idle), 2.0, at_most=True)
        running.get_by_role("button", name="Stop", exact=True).click()


def at95(seconds: list[float]) -> float:
    """The third slowest of forty."""
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


if __name__ == "__main__":
    main()
