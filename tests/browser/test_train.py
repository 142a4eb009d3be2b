"""The main job in a real browser: a network is trained while the page shows it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from settled import eventually, idle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
APOLOGY = "Something went wrong"


@pytest.fixture
def open_train(serve: Callable, visit: Callable) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: object) -> Page:
        page = visit(f"{url}/train?{query}", **options)
        page.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
        return page

    return open_page


def press(page: Page, name: str) -> None:
    idle(page)
    page.get_by_role("button", name=name, exact=True).click(timeout=SLOW)


def wait_for(page: Page, text: str | re.Pattern[str]) -> None:
    page.get_by_text(text).filter(visible=True).first.wait_for(timeout=SLOW)


def drawn_lines(page: Page) -> list[tuple[str, str, str, int]]:
    """The lines of the curves: pane, name of the run, train or test, number of points."""
    lines = page.locator(".curves .frame").get_attribute("data-lines")
    assert lines is not None
    return [(pane, name, kind, points) for pane, name, kind, points in json.loads(lines)]


def progress(page: Page) -> str:
    return page.locator(".line .text").first.inner_text()


def epoch(page: Page) -> float:
    return float(re.search(r"Epoch ([\d.]+)", progress(page))[1])


def wait_for_epoch_after(page: Page, before: float) -> None:
    deadline = time.monotonic() + SLOW / 1000
    while epoch(page) <= before:
        assert time.monotonic() < deadline, f"the run stays at epoch {before}"
        page.wait_for_timeout(100)


def test_a_run_trains_live_and_finishes(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&digits=10000&epochs=3")
    press(page, "Train")
    wait_for(page, re.compile(r"Epoch (0\.[1-9]|[12])"))
    wait_for_epoch_after(page, epoch(page))
    wait_for(page, "Epoch 3.00")
    right = float(re.search(r"Test accuracy ([\d.]+)\s% on 10,000 digits", progress(page))[1])
    assert right > 90
    lines = drawn_lines(page)
    assert [(pane, kind) for pane, _, kind, _ in lines] == [
        (pane, kind) for pane in ("loss", "accuracy") for kind in ("train", "test")
    ]
    assert min(points for *_, points in lines) >= 2
    page.get_by_role("tab", name="Mistakes").click()
    wait_for(page, re.compile(r"of 10,000 test digits misread"))
    wait_for(page, re.compile(r"\d → \d"))
    assert APOLOGY not in page.inner_text("body")


def test_a_reload_and_a_second_tab_find_the_run_going(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&epochs=100")
    press(page, "Train")
    wait_for(page, re.compile(r"Epoch 0\.[0-9]*[1-9]"))
    page.reload()
    wait_for(page, re.compile(r"Epoch \d"))
    before = epoch(page)
    second = page.context.new_page()
    second.goto(page.url)
    wait_for(second, re.compile(r"Epoch \d"))
    assert epoch(second) >= before
    second.close()
    press(page, "Stop")
    wait_for(page, re.compile(r"stopped"))


def test_the_page_follows_a_run_without_running_its_script_again(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&epochs=100")
    frames = []

    def note(frame: object) -> None:
        frames.append(frame)

    with page.expect_websocket() as opened:
        page.reload()
    press(page, "Train")
    wait_for(page, re.compile(r"Epoch 0\.[0-9]*[1-9]"))
    page.wait_for_timeout(1000)
    before, lines = epoch(page), drawn_lines(page)
    opened.value.on("framereceived", note)
    wait_for_epoch_after(page, before)
    page.wait_for_timeout(2000)
    assert drawn_lines(page) != lines
    assert not frames
    press(page, "Stop")
    wait_for(page, "stopped")
    page.locator("button:disabled").get_by_text("Stop", exact=True).wait_for(timeout=SLOW)
    assert frames


def test_pause_step_resume_and_stop(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&epochs=100&batch=100")
    press(page, "Step")
    wait_for(page, "paused")
    assert epoch(page) == pytest.approx(1 / 600, abs=0.006)
    press(page, "Resume")
    wait_for(page, re.compile(r"Epoch 0\.[1-9]"))
    press(page, "Pause")
    wait_for(page, "paused")
    held = epoch(page)
    page.wait_for_timeout(1500)
    assert epoch(page) == held
    press(page, "Stop")
    wait_for(page, "stopped")
    page.get_by_role("button", name="Stop", exact=True).and_(page.locator(":disabled")).wait_for(timeout=SLOW)


def test_train_with_and_without_lays_two_curves_over_each_other(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&digits=1000&epochs=20&switch=dropout")
    press(page, "Both")
    page.get_by_role("tab", name="Compare").click()
    page.wait_for_function("document.querySelectorAll('.stDataFrame').length == 1", timeout=SLOW)
    page.get_by_role("tab", name="Watch").click()
    wait_for(page, "Epoch 20.00")
    deadline = time.monotonic() + SLOW / 1000  # the other run may still have to start
    while len(drawn_lines(page)) < 8 and time.monotonic() < deadline:
        page.wait_for_timeout(250)
    names = [name for _, name, _, _ in drawn_lines(page)]
    assert len(names) == 8
    assert sum("dropout 0.25" in name for name in names) == 4
    assert sum("dropout" not in name for name in names) == 4


def test_a_drawn_one_is_read_by_the_trained_network(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&digits=10000&epochs=3")
    press(page, "Train")
    wait_for(page, "Epoch 3.00")
    page.get_by_role("tab", name="Draw a digit").click()
    pad = page.locator("canvas").first
    pad.wait_for(timeout=SLOW)
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.15)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.85, steps=12)
    page.mouse.up()
    wait_for(page, re.compile(r"reads 1 "))


def test_a_run_that_diverges_says_where_and_what_to_try(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&opt=sgd&lr=100")
    press(page, "Train")
    wait_for(page, re.compile(r"The run diverged at step \d+: .*try a learning rate"))
    eventually(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_weights_are_downloaded_and_loaded_back_and_a_wrong_file_gets_a_sentence(
    open_train: Callable[..., Page], tmp_path: Path
) -> None:
    """The largest network that the controls build: the server takes back what it gave."""
    page = open_train("preset=build-your-own&blocks=0&hidden=2&h1=2000&h2=709&bn=true&digits=500&epochs=1")
    press(page, "Train")
    wait_for(page, "Epoch 1.00")
    page.get_by_role("tab", name="Take it home").click()
    with page.expect_download(timeout=SLOW) as download:
        press(page, "Weights (.safetensors)")
    saved = tmp_path / "mine.safetensors"
    download.value.save_as(saved)
    assert saved.stat().st_size > 11.9e6
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(np.random.default_rng(0).bytes(500))
    page.locator("input[type=file]").set_input_files(wrong)
    wait_for(page, "is no file of weights: choose a .safetensors file that this app has saved.")
    page.locator("input[type=file]").set_input_files(saved)
    wait_for(page, re.compile(r"on 10,000 digits"))


def test_an_impossible_network_says_which_layer_and_why(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=build-your-own&blocks=2&k1=11&s1=4&p1=valid&k2=11&p2=valid")
    wait_for(page, re.compile(r"Convolution 2 has a 11\s×\s11 kernel, but its input is only 5\s×\s5"))
    eventually(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()


@pytest.mark.parametrize("query", ["epochs=999&lr=abc&dropout=-3&seed=x", "preset=Nonsense&digits=7&view=Nowhere"])
def test_absurd_links_open_a_page_that_works(open_train: Callable[..., Page], query: str) -> None:
    page = open_train(query)
    assert APOLOGY not in page.inner_text("body")
    eventually(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_after_another_preset_the_address_says_no_more_than_is_on_the_page(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=first-steps&lr=0.01&seed=3")
    page.locator("summary", has_text="Adam 0.01").wait_for(timeout=SLOW)  # the link has been read
    page.wait_for_timeout(1000)
    choose(page, "Preset", "Wider")
    page.wait_for_function("location.search.includes('preset=wider') && !location.search.includes('lr')", timeout=SLOW)
    assert "seed=3" in page.url
    page.locator("summary", has_text="· Wider").wait_for(timeout=SLOW)
    page.wait_for_timeout(1000)
    page.locator("summary", has_text="Optimization").click()
    page.get_by_role("slider", name="Epochs").press("ArrowRight", timeout=SLOW)
    page.wait_for_function("location.search.includes('epochs=')", timeout=SLOW)
    page.wait_for_timeout(500)
    assert "lr=" not in page.url


def test_a_link_of_the_page_back_and_a_reload_bring_the_choices_that_the_address_says(
    open_train: Callable[..., Page],
) -> None:
    page = open_train("preset=wider&opt=sgd&view=network&digits=1000")
    shows(page, "· Wider", "1,000 digits", "SGD 0.004, 8 epochs")
    page.get_by_role("link", name="98 % in seconds").click()
    page.wait_for_function("location.search === '?preset=fast'", timeout=SLOW)
    shows(page, "· Fast", "all digits", "AdamW 0.04, 1 epoch")
    eventually(page.get_by_role("tab", name="Watch")).to_have_attribute("aria-selected", "true")
    page.go_back()
    for _ in ("after Back", "after a reload"):
        shows(page, "· Wider", "1,000 digits", "SGD 0.004, 8 epochs")
        eventually(page.get_by_role("tab", name="Network")).to_have_attribute("aria-selected", "true")
        said = dict(parse_qsl(urlsplit(page.url).query))
        assert said == {"preset": "wider", "opt": "sgd", "view": "network", "digits": "1000"}
        page.wait_for_timeout(1000)
        page.reload()


def test_ones_own_network_is_the_same_after_a_reload(open_train: Callable[..., Page]) -> None:
    page = open_train("preset=fast-to-99&view=network")
    shows(page, "· Fast to 99 %", "AdamW 0.015, 1 epoch")
    choose(page, "Preset", "Build your own")
    page.wait_for_function("location.search.includes('from=fast-to-99')", timeout=SLOW)
    for _ in ("before", "after a reload"):
        shows(page, "· Build your own", "AdamW 0.015, 1 epoch")
        eventually(page.get_by_label("1. Channels")).to_have_value("8")
        page.reload()


def shows(page: Page, *summaries: str) -> None:
    for summary in summaries:
        page.locator("summary", has_text=summary).wait_for(timeout=SLOW)


def choose(page: Page, label: str, option: str) -> None:
    page.locator("summary", has_text="Network").click()
    page.wait_for_timeout(1000)  # it opens slowly, and a list that moves closes
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
