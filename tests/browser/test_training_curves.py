"""Training curves in a real browser: what is drawn, what is told, and that updates disturb nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "training_curves_app.py"
LAST = "epoch 2.05"  # of the first 41 points, twenty an epoch
COUNT_PIXELS = """(canvas, color) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const wanted = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
        count += data[i + 3] === 255 && wanted.every((value, j) => data[i + j] === value);
    }
    return count;
}"""


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_app(query: str = "", **options: Any) -> Page:
        page = visit(serve(APP).url + query, **options)
        page.locator(".curves [data-points]").wait_for(state="attached")
        return page

    return open_app


def lines(page: Page) -> list[list[Any]]:
    found = page.locator(".frame").get_attribute("data-lines")
    assert found is not None
    return list(json.loads(found))


def pixels(page: Page, color: str) -> int:
    """How many device pixels of the drawing have exactly this colour."""
    return int(page.locator("canvas.drawing").evaluate(COUNT_PIXELS, color))


def wait_for_points(page: Page, more_than: int) -> int:
    """Waits until more points are drawn; their number."""
    page.wait_for_function(
        """before => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            return Number(root.querySelector(".frame").dataset.points) > before;
        }""",
        arg=more_than,
    )
    return points(page)


def points(page: Page) -> int:
    return int(page.locator(".frame").get_attribute("data-points") or -1)


def hover(page: Page, share: float, y: float = 100) -> None:
    box = page.locator(".frame").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + share * box["width"], box["y"] + y)


def table(page: Page) -> list[list[str]]:
    """The texts of the table of values, row by row."""
    found: list[list[str]] = page.locator(".readout").evaluate(
        "readout => [...readout.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    return found


def test_the_lines_are_drawn_from_the_data(show: Callable[..., Page]) -> None:
    page = show("/?runs=2")
    assert page.get_by_role("img", name="Loss and accuracy").count() == 1
    assert lines(page) == [
        [pane, name, kind, count]
        for pane in ("loss", "accuracy")
        for kind, counts in (("train", (41, 35)), ("test", (21, 18)))
        for name, count in zip(("Small <b>", "Wider and deeper"), counts, strict=True)
    ]
    first, second, third = (pixels(page, color) for color in theme.QUALITATIVE[:3])
    assert first > 300
    assert second > 300
    assert third == 0


def test_the_colours_follow_the_theme(show: Callable[..., Page]) -> None:
    page = show(color_scheme="light")
    assert pixels(page, theme.LIGHT.line) > 1000  # gridlines
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"""color => ({COUNT_PIXELS})(
            document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot.querySelector("canvas"), color
        ) > 1000""",
        arg=theme.DARK.line,
    )
    assert pixels(page, theme.LIGHT.line) == 0


def test_pointing_at_an_epoch_tells_exact_values(show: Callable[..., Page]) -> None:
    page = show()
    readout = page.locator(".readout")
    assert not readout.is_visible()
    hover(page, 0.45)  # right of the last point of the loss
    head, row = table(page)
    assert head == [LAST, "Loss train", "Loss test", "Accuracy train", "Accuracy test", "test digits"]
    # The last value of the test loss is labelled 0.0961: the table gives one digit more.
    assert row == ["Small <b>", "0.07612", "0.09612", "97.46 %", "96.80 %", "1,000"]
    assert readout.locator("b").count() == 0
    hover(page, 0.03)
    assert table(page)[0][0] == "epoch 0.05"  # the first point
    page.mouse.move(1, 1)
    readout.wait_for(state="hidden")


def test_the_keyboard_steps_from_point_to_point(show: Callable[..., Page]) -> None:
    page = show("/?runs=2")
    page.get_by_role("button", name="Train").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    assert table(page)[0][0] == LAST
    assert [row[-1] for row in table(page)] == ["test digits", "1,000", "1,000 at 1.75"]  # where the other run ended
    page.keyboard.press("ArrowLeft")
    assert table(page)[0][0] == "epoch 2.00"
    page.keyboard.press("Home")
    assert table(page)[0][0] == "epoch 0.05"
    page.keyboard.press("ArrowRight")
    assert table(page)[0][0] == "epoch 0.10"
    page.keyboard.press("Escape")
    page.locator(".readout").wait_for(state="hidden")


def test_an_update_keeps_the_elements_and_the_table(show: Callable[..., Page]) -> None:
    page = show("/?live=1")
    hover(page, 0.1)
    before, epoch = points(page), table(page)[0][0]
    gone = page.evaluate(
        """() => new Promise((resolve) => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            const elements = [...root.querySelectorAll(".frame, canvas, .readout, table, td")];
            const counts = new Set();
            let gone = 0;
            const timer = setInterval(() => {
                counts.add(root.querySelector(".frame").dataset.points);
                gone += root.querySelector(".readout").hidden || !elements.every((element) => element.isConnected);
                if (counts.size < 4) return;
                clearInterval(timer);
                resolve(gone);
            }, 25);
        })"""
    )
    assert gone == 0  # while the curves grew three times
    assert points(page) > before
    assert table(page)[0][0] == epoch
    hover(page, 0.45)
    last = float(table(page)[0][0].removeprefix("epoch "))
    assert last > 2.05  # what came meanwhile is there


def test_hovering_asks_nothing_of_the_server(show: Callable[..., Page]) -> None:
    page = show()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate(
        """() => {
            window.frames_sent = 0;
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (...data) { window.frames_sent += 1; return send.apply(this, data); };
        }"""
    )
    for share in (0.05, 0.1, 0.2, 0.3, 0.7):
        hover(page, share)
        page.locator(".readout").wait_for()
    page.locator(".frame").press("ArrowLeft")
    page.wait_for_timeout(300)
    assert sent == []
    assert page.evaluate("window.frames_sent") == 0
    page.get_by_role("button", name="Train").click()  # this one does, and is counted
    wait_for_points(page, 124)
    assert page.evaluate("window.frames_sent") > 0


def test_a_narrow_place_has_the_panes_below_each_other(show: Callable[..., Page]) -> None:
    page = show("/?runs=2")
    frame = page.locator(".frame")
    size = "frame => [frame.clientWidth, frame.clientHeight]"
    width, height = frame.evaluate(size)
    assert width > 900
    assert height == 260
    page.get_by_text("Narrow").click()
    page.wait_for_function(
        """() => document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot
            .querySelector(".frame").clientHeight === 520"""
    )
    assert frame.evaluate(size)[0] <= 500
    hover(page, 0.2, y=100)
    loss = table(page)
    assert loss[0][1:] == ["train", "test", "test digits"]
    assert "%" not in loss[1][1]
    hover(page, 0.2, y=360)
    accuracy = table(page)
    assert accuracy[0] == loss[0]  # the same epoch, in the pane below
    assert accuracy[1][1].endswith(" %")


def test_a_tap_on_a_phone_shows_values(show: Callable[..., Page]) -> None:
    page = show(
        "/?runs=4", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    frame = page.locator(".frame")
    drawing = page.locator("canvas.drawing")
    assert drawing.evaluate("canvas => canvas.width") == 2 * frame.evaluate("frame => frame.clientWidth")
    box = frame.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 90, box["y"] + 100)
    page.locator(".readout").wait_for()
    assert len(table(page)) == 5
    readout = page.locator(".readout").bounding_box()
    assert readout is not None
    assert readout["x"] >= 0
    assert readout["x"] + readout["width"] <= 390
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
