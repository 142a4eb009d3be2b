"""From a key on a page's main slider to the new picture on screen, for every page that has one, over that of a bare
Streamlit page with one slider and one component that draws a grid: the median is at most 2.0, on a photograph of
512x512 at most 3; and at most one second through a network of 50 layers. Beside each stands the ratio to a page of
Streamlit's that has as many elements as ours, without a bound.

Run as ``python -m benchmarks.slider``; ``python -m benchmarks.slider NAME ...`` measures pages whose name begins so.
Where the main control of a page is a number, such as that of a test digit, its arrow keys are the slider. No
main slider have Welcome, Boxes and the film of a run, which are moved in the browser alone, Activation maximization,
which climbs for seconds, Architectures, which has choices, and the pages whose picture is what a run has learned.
"""

import sys
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as NotDrawnError

from benchmarks.common import browser, median, note, open_page, page_of, report, server
from benchmarks.plain_pages import BARE, FULL

MOVES, WARMING = 24, 3
SETTLED = 400  # milliseconds between two moves, so that a page has ended its work
PATIENCE = 4000  # milliseconds after which a move counts as one that changed nothing
LEAST = 8  # moves that must have drawn something

# What stands for the picture on screen: it is another text when another picture was drawn, and null before the first.
COMPONENT = """() => {
    const hosts = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
    const found = hosts.map((host) => host.shadowRoot?.querySelector("%s")).find(Boolean);
    return found?.%s ?? null;
}"""
WINDOW = COMPONENT % (".sliding-window[data-drawn]", "dataset.drawn")
CURVES = """() => {
    const paths = [...document.querySelectorAll(".js-plotly-plot")[0]?.querySelectorAll("path") ?? []];
    return paths.map((path) => path.getAttribute("d")).join() || null;
}"""
PLAN = """() => [...document.querySelectorAll("[data-testid=stMarkdownContainer]")]
    .map((element) => element.innerText).find((text) => text.includes("MACs")) ?? null"""

# From the next key to the frame after the one in which another picture is found. The clock is the browser's own.
ARM = """(patience) => {
    const picture = %s;
    const before = picture();
    window.drawnAfter = new Promise((resolve) => {
        document.addEventListener("keydown", () => {
            const start = performance.now();
            const look = () => {
                const now = picture();
                if (now !== null && now !== before) {
                    requestAnimationFrame(() => resolve(performance.now() - start));
                } else if (performance.now() - start > patience) resolve(null);
                else requestAnimationFrame(look);
            };
            look();
        }, { capture: true, once: true });
    });
}"""


@dataclass(frozen=True)
class Case:
    """A page: its name, its address below the server's, the control that is moved, and what its picture is."""

    name: str
    path: str
    control: str
    picture: str = WINDOW
    most: float = 2.0
    seconds: float | None = None  # at most this, where that is asked for
    role: Literal["slider", "spinbutton"] = "slider"


CASES = (
    Case("cortex", "/cortex?co_view=cells", "Angle of the bar", COMPONENT % (".cells[data-angle]", "dataset.angle")),
    Case("convolution", "/convolution", "Kernel height"),
    Case("convolution of a 512x512 photograph", "/convolution?input=photographer", "Kernel height", most=3.0),
    Case("channels", "/channels", "Filters"),
    Case("transposed convolution", "/transposed", "Vertical stride"),
    Case("pooling", "/pooling", "Window height"),
    Case("activation", "/activation", "Axis as far as", COMPONENT % (".function-plot[data-drawn]", "dataset.drawn")),
    Case("softmax", "/softmax", "Logit of class", COMPONENT % (".weighted-sum", "dataset.result")),
    Case("normalization", "/normalization", "Channels C", COMPONENT % (".statistics-grid .stage", "innerText")),
    Case("dropout", "/dropout", "Dropout rate p", CURVES),
    Case(
        *("receptive field", "/receptive_field", "Size of the input"),
        COMPONENT % (".field-picture[data-layer]", "dataset.unit"),
    ),
    Case("x or o", "/x_or_o?xo_view=steps", "Learning rate η", COMPONENT % (".two-steps .sheet", "textContent")),
    Case("train", "/train?view=network&preset=build-your-own", "Convolutions", PLAN),
    Case("initialization", "/initialization", "Depth", CURVES),
    Case("initialization, 50 layers", "/initialization?i_depth=50&i_width=512", "Depth", CURVES, seconds=1.0),
    Case("optimizers", "/optimizers", "Learning rate", COMPONENT % (".race[data-drawn]", "dataset.drawn")),
    Case("regularization", "/regularization", "Patience", CURVES),
    Case(
        *("feature maps", "/feature_maps", "Test digit", COMPONENT % (".feature-maps[data-drawn]", "dataset.drawn")),
        role="spinbutton",
    ),
    Case("filters", "/filters", "Filter", COMPONENT % (".detail", "innerText"), role="spinbutton"),
    Case("exemplars", "/exemplars", "Map", COMPONENT % ("[data-drawn]", "innerText"), role="spinbutton"),
    Case("attribution", "/attribution", "Test digit", COMPONENT % ("[data-done]", "innerText"), role="spinbutton"),
    Case("surgery", "/feature_maps?fm_view=unsure", "Answers from a probability", CURVES),
)


def control_of(page: Page, case: Case) -> Locator:
    """The slider or number, focused; the picture is drawn then."""
    page.wait_for_function(f"() => ({case.picture})() !== null", timeout=60_000)
    slider = page.get_by_role(case.role, name=case.control).first
    slider.focus()
    page.wait_for_timeout(2 * SETTLED)
    return slider


def move(page: Page, case: Case, key: str) -> float | None:
    """Seconds from the key to the new picture, or None where it draws none, as of a value that is impossible."""
    page.evaluate(f"(patience) => ({ARM % case.picture})(patience)", PATIENCE)
    page.keyboard.press(key)
    found = page.evaluate("() => window.drawnAfter")
    page.wait_for_timeout(SETTLED)
    return None if found is None else float(found) / 1000


def walk(page: Page, case: Case) -> tuple[list[float], list[float]]:
    """Seconds of all moves that drew something, and of those among them to a value that was not there before.

    The slider goes to the right up to its end, then to the left, and so on: values that come back may be cached. It
    also turns round where a value draws nothing; the way back from there does not count.
    """
    slider = control_of(page, case)
    every, fresh = [], []
    seen = {slider.input_value()}
    up, down = ("ArrowRight", "ArrowLeft") if case.role == "slider" else ("ArrowUp", "ArrowDown")
    key, counts = up, True
    for number in range(MOVES + WARMING):
        if slider.input_value() == slider.get_attribute("max" if key == up else "min"):
            key = down if key == up else up
        seconds = move(page, case, key)
        value = slider.input_value()
        if seconds is not None and counts and number >= WARMING:
            every.append(seconds)
            if value not in seen:
                fresh.append(seconds)
        seen.add(value)
        counts = seconds is not None
        key = key if counts else (down if key == up else up)
    if len(every) < LEAST:
        raise RuntimeError(f'Only {len(every)} moves of "{case.control}" drew a picture on the page {case.name}.')
    return every, fresh


def measure(chromium: Browser, url: str, case: Case) -> tuple[float, float | None]:
    """The median over all moves, and that over the moves to new values."""
    page = open_page(chromium, url + case.path)
    try:
        every, fresh = walk(page, case)
    except NotDrawnError as error:
        raise RuntimeError(f'No picture, or no slider "{case.control}", on the page {case.name}.') from error
    finally:
        page.context.close()
    new = median(fresh) if fresh else None
    note(
        f"{case.name}: median {median(every):.3f} s of {len(every)} moves ({min(every):.3f} to {max(every):.3f} s)"
        + (f", {new:.3f} s of the {len(fresh)} to new values" if new else "")
    )
    return median(every), new


def of_plain_pages(chromium: Browser) -> tuple[float, float]:
    """The medians over all moves on the bare page and on the full one."""
    medians = []
    for name, code in (("bare page", BARE), ("full page", FULL)):
        with page_of(code) as script, server(script) as url:
            case = Case(name, "", "Number", COMPONENT % ("canvas[data-drawn]", "dataset.drawn"))
            medians.append(measure(chromium, url, case)[0])
    return medians[0], medians[1]


def main(names: list[str]) -> None:
    cases = [case for case in CASES if not names or case.name.startswith(tuple(names))]
    with browser() as chromium:
        first = of_plain_pages(chromium)
        with server(warm=20) as url:
            medians = {case: measure(chromium, url, case) for case in cases}
        last = of_plain_pages(chromium)
    bare, full = ((one + other) / 2 for one, other in zip(first, last, strict=True))
    note(f"full page / bare page, median: {full / bare:.2f}")
    for case, (every, new) in medians.items():
        if case.seconds is not None:
            report(f"{case.name}, seconds", every, case.seconds, at_most=True)
            continue
        report(f"{case.name} / bare page, median", every / bare, case.most, at_most=True)
        note(f"{case.name} / full page, median: {every / full:.2f}")
        if new is not None:
            report(f"{case.name} / bare page, values seen for the first time", new / bare, case.most, at_most=True)


if __name__ == "__main__":
    main(sys.argv[1:])
