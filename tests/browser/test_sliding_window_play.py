"""The sliding window in a real browser: playing, new data, a phone, both themes, and what is announced."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sliding_window_hand import APP, MARKS, color, data, frames, grids, open_case, place, point, position, press, text

from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WATCH = """new Promise((resolve) => {
    const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
    const own = root.querySelector(".sliding-window");
    const [told, positions] = [root.querySelector(".told"), []];
    const announced = new Set([told.textContent]);
    const start = performance.now();
    let played = false;
    const next = () => {
        const at = `${own.dataset.row} ${own.dataset.column}`;
        if (positions.at(-1) !== at) positions.push(at);
        announced.add(told.textContent);
        played ||= own.dataset.playing === "true";
        const ended = played && own.dataset.playing === "false";
        if (ended) resolve({ positions, announced: announced.size, seconds: (performance.now() - start) / 1000 });
        else requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
})"""  # until what begins to play has ended
PICTURES = """() => new Promise((resolve) => {
    const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
    const { dataset } = root.querySelector(".sliding-window");
    const canvas = root.querySelectorAll(".stage canvas")[1];
    const [pictures, positions] = [new Set(), new Set()];
    const next = () => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 3]) sum = (sum * 31 + i + data[i]) % 1e9;
        pictures.add(sum);
        positions.add(`${dataset.row} ${dataset.column}`);
        if (positions.size < 4) requestAnimationFrame(next);
        else resolve(pictures.size);
    };
    next();
})"""  # how many different pictures were drawn while the window visited four positions


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    return lambda case, **options: open_case(visit, serve(APP).url, case, **options)


def wait_for(page: Page, name: str, value: str) -> None:
    page.locator(f".sliding-window[data-{name}='{value}']").wait_for()


def is_pale(page: Page, row: int, column: int) -> bool:
    """Whether a veil of the page's colour lies over an output cell."""
    return color(page, MARKS, "output", row, column) is not None


def test_playing_visits_every_position_and_makes_the_output(show: Callable[..., Page]) -> None:
    page = show("grid")
    assert not is_pale(page, 4, 4)  # the whole output, before anything plays
    page.get_by_role("slider", name="Speed").press("End")
    page.locator(".speed span", has_text="8 a second").wait_for()
    page.get_by_role("slider", name="Speed").press("ArrowLeft")
    page.locator(".speed span", has_text="4 a second").wait_for()  # even the longest frame passes over no position
    page.evaluate(f"() => {{ window.watched = {WATCH}; }}")
    page.get_by_role("button", name="Play").click()
    seen = page.evaluate("() => window.watched")
    assert seen["positions"] == [f"{row} {column}" for row in range(5) for column in range(5)]
    assert seen["announced"] <= 3 + seen["seconds"] / 2.5  # before, the start, every 2.5 s, and the end
    assert not is_pale(page, 4, 0)
    page.get_by_role("button", name="Play").click()  # from the start again
    wait_for(page, "row", "2")
    page.get_by_role("button", name="Pause").click()
    frames(page)
    row = position(page)[0]
    assert row in (2, 3)
    assert not is_pale(page, 0, 0)
    assert is_pale(page, row + 1, 0)
    page.get_by_role("button", name="Output so far").click()
    frames(page)
    assert not is_pale(page, row + 1, 0)


def test_steps_leave_a_large_output_whole(show: Callable[..., Page]) -> None:
    page = show("digit")
    press(page, "ArrowRight")
    assert not is_pale(page, 20, 20)
    press(page, " ")
    wait_for(page, "row", "1")
    press(page, " ")
    assert is_pale(page, 20, 20)


def test_space_plays_and_pauses(show: Callable[..., Page]) -> None:
    page = show("grid")
    press(page, " ")
    assert data(page, "playing") == "true"
    wait_for(page, "column", "1")
    press(page, " ")
    assert data(page, "playing") == "false"
    row, column = position(page)[:2]
    press(page, "ArrowRight")
    assert position(page)[:2] == divmod(5 * row + column + 1, 5)


def test_new_data_keep_the_position_and_the_play(show: Callable[..., Page]) -> None:
    page = show("grid")
    press(page, "ArrowDown", "ArrowRight")
    assert position(page) == (1, 1, -40)
    canvas = page.locator(".stage canvas").first.element_handle()
    assert data(page, "drawn") == "1"
    page.get_by_role("button", name="Change").click()
    wait_for(page, "value", "-39")  # the kernel adds up to 1
    assert position(page)[:2] == (1, 1)
    assert data(page, "drawn") == "2"
    assert canvas.evaluate("canvas => canvas.isConnected")
    page.get_by_role("slider", name="Speed").press("Home")  # long enough for the slowest machine
    press(page, " ")
    page.get_by_role("button", name="Change").click()
    wait_for(page, "drawn", "3")
    assert data(page, "playing") == "true"
    now = data(page, "column")
    page.locator(f".sliding-window:not([data-column='{now}'])").wait_for()
    press(page, " ", "Home", "ArrowDown", "ArrowRight")
    page.locator(".table span", has_text="−2 × 5").wait_for()  # −4 + 2


def test_a_position_that_is_gone_gives_way_to_the_start(show: Callable[..., Page]) -> None:
    page = show("shrinks")
    assert position(page)[:2] == (0, 1)
    press(page, "End")
    assert position(page)[:2] == (4, 4)
    page.get_by_role("button", name="Change").click()
    wait_for(page, "row", "0")
    assert position(page)[:2] == (0, 1)
    assert page.get_by_role("slider", name="Position").get_attribute("max") == "3"


def test_what_the_mouse_points_at_survives_new_data(show: Callable[..., Page]) -> None:
    page = show("grid")
    point(page, "output", 1, 1)
    page.get_by_role("button", name="Change").evaluate("button => button.click()")
    page.locator(".steps .final b", has_text="= −39").wait_for()
    assert data(page, "looked") == "gather 1 1"


def test_positions_and_their_arithmetic_are_announced(show: Callable[..., Page]) -> None:
    page = show("grid")
    assert page.get_by_role("application", name="Input 7 × 7, Output 5 × 5. Arrow keys").count() == 1
    told = page.get_by_role("status").filter(has_text="Output row")
    assert told.inner_text() == "Output row 0, column 0: 0 − 1 + 0 − 1 + 15 − 5 + 0 − 5 + 0 = 3"
    press(page, "ArrowRight")
    assert told.inner_text() == "Output row 0, column 1: 0 − 2 + 0 − 3 + 25 − 3 + 0 + 4 + 0 = 21"
    page.get_by_role("button", name="Change").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("End")  # the stage is reached by the Tab key
    frames(page)
    assert position(page)[:2] == (4, 4)


def test_with_reduced_motion_the_window_jumps_slowly(show: Callable[..., Page]) -> None:
    page = show("grid", reduced_motion="reduce")
    page.get_by_role("slider", name="Speed").press("End")
    assert text(page, ".speed span") == "2 a second"
    press(page, " ")
    assert page.evaluate(PICTURES) == 4  # one a position, none between


@pytest.mark.parametrize(
    ("scheme", "scale"), [("light", theme.DIVERGING_LIGHT), ("dark", theme.DIVERGING_DARK)], ids=["light", "dark"]
)
def test_signs_have_the_colours_of_the_theme(show: Callable[..., Page], scheme: str, scale: tuple[str, ...]) -> None:
    page = show("grid", color_scheme=scheme)
    assert color(page, 0, "output", 1, 1) == scale[0]  # the lowest
    assert color(page, 0, "output", 4, 4) == scale[5]  # zero


def test_the_colours_follow_the_theme(show: Callable[..., Page]) -> None:
    page = show("grid", color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        """() => {
            const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
            return getComputedStyle(root.querySelector(".sliding-window")).color === "rgb(233, 239, 246)";
        }"""
    )
    frames(page, 10)
    assert color(page, 0, "output", 1, 1) == theme.DIVERGING_DARK[0]


@pytest.mark.parametrize("case", ["grid", "digit", "rgb", "signal"])
def test_a_phone_shows_all(show: Callable[..., Page], case: str) -> None:
    page = show(case, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    width = page.locator(".stage").evaluate("stage => stage.clientWidth")
    sizes = page.locator(".stage canvas").first.evaluate("canvas => canvas.getBoundingClientRect().width")
    assert sizes <= width <= 390
    assert all(0 <= grid["x"] < width for grid in grids(page, "input") + grids(page, "output"))
    buttons = page.locator(".transport button, .transport input").evaluate_all(
        "all => all.map((each) => Math.min(each.getBoundingClientRect().height, each.getBoundingClientRect().width))"
    )
    assert min(buttons) >= 40


def test_a_tap_moves_the_window(show: Callable[..., Page]) -> None:
    page = show("grid", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator(".stage").scroll_into_view_if_needed()
    box = page.locator(".stage").bounding_box()
    assert box is not None
    x, y = place(page, "output", 1, 3)
    page.touchscreen.tap(box["x"] + x, box["y"] + y)
    frames(page)
    assert position(page) == (1, 3, 2)
    x, y = place(page, "input", 0, 0)
    page.touchscreen.tap(box["x"] + x, box["y"] + y)
    page.locator(".head", has_text="read by 1 output cell").wait_for()
    assert position(page)[:2] == (1, 3)
    page.get_by_role("button", name="One step forward").tap()
    frames(page)
    assert text(page, ".head") == "Output row 1, column 4"
