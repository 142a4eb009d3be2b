"""A class server in a real browser: the app behind nginx, below a path, with two servers and one pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from launched import Launched, launched
from settled import idle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers]

SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    with launched(tmp_path_factory.mktemp("serve"), base_path="/cnn") as found:
        yield found


def wait_for(page: Page, text: str | re.Pattern[str]) -> None:
    page.get_by_text(text).filter(visible=True).first.wait_for(timeout=SLOW)


def press(page: Page, name: str) -> None:
    idle(page)
    page.get_by_role("button", name=name, exact=True).click(timeout=SLOW)


def test_a_run_moves_survives_a_reload_and_stays_its_own_visitors(app: Launched, visit: Callable[..., Page]) -> None:
    page = visit(f"{app.url}train?preset=first-steps&epochs=100")
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    fed: list[int] = []
    page.on("response", lambda answer: fed.append(answer.status) if "/feed/" in answer.url else None)
    press(page, "Train")
    wait_for(page, re.compile(r"Epoch 0\.[0-9]*[1-9]"))
    page.locator(".curves .frame").wait_for(timeout=SLOW)
    page.reload()
    wait_for(page, re.compile(r"Epoch \d"))
    stranger = visit(f"{app.url}train?preset=first-steps")
    stranger.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
    assert not stranger.get_by_text(re.compile(r"Epoch \d")).count()
    press(page, "Stop")
    wait_for(page, re.compile("stopped"))
    assert all("/cnn/train/_stcore/" in url for url in refused)  # so Streamlit finds out that the app is one level up
    assert set(fed) == {200}


def test_a_picture_is_uploaded_and_found_again(app: Launched, visit: Callable[..., Page], tmp_path: Path) -> None:
    from PIL import Image

    page = visit(f"{app.url}convolution?input=upload")
    right = tmp_path / "right.png"
    Image.new("RGB", (40, 30), (10, 20, 30)).save(right)
    page.locator("input[type=file]").set_input_files(right, timeout=SLOW)
    wait_for(page, "30 × 40 becomes 28 × 38")
    page.get_by_role("link", name="Welcome").click(timeout=SLOW)
    page.wait_for_url(app.url, timeout=SLOW)
    page.go_back()
    wait_for(page, "30 × 40 becomes 28 × 38")
