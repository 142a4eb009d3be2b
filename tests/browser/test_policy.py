"""Chromium finds nothing in uploads, downloads and the camera that the app's own Content-Security-Policy forbids.

What it finds on the pages themselves, test_take_home.py sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from explainer.ui.controls.inputs import CAMERA, UPLOAD
from explainer.ui.controls.subject import COLOR, GREY

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
HOME = ROOT / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine
# Streamlit's button is ready before the camera's first picture is, and takes none until then.
SHOWS_A_PICTURE = "async video => { while (!video.videoHeight) await new Promise(requestAnimationFrame) }"


@pytest.fixture
def guarded(serve: Callable[..., Any], visit: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Opens a page of the app under its policy; the test fails at its end where that has forbidden anything."""
    forbidden: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            forbidden.append(message.text)

    def open_page(**options: Any) -> Page:
        page = visit("about:blank", bypass_csp=False, **options)
        page.on("console", note)
        return page

    yield open_page
    assert not forbidden


def drawn(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=SLOW)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=SLOW)


def test_a_picture_goes_up_and_comes_down_and_the_camera_takes_one(
    serve: Callable[..., Any], guarded: Callable[..., Page], tmp_path: Path
) -> None:
    url, page = serve(HOME).url, guarded(permissions=["camera"])
    file = tmp_path / "mine.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)).save(file)
    drawn(page, f"{url}/convolution?{urlencode({'input': UPLOAD})}")
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click(timeout=SLOW)
    with Image.open(download.value.path()) as picture:
        assert picture.size == (40, 40)
    drawn(page, f"{url}/attribution?{urlencode({GREY: CAMERA, COLOR: CAMERA})}")
    video = page.locator("video")
    video.wait_for(timeout=SLOW)
    video.evaluate(SHOWS_A_PICTURE)
    page.get_by_role("button", name="Take Photo").click(timeout=SLOW)
    page.get_by_role("button", name="Clear photo").wait_for(timeout=SLOW)


def test_what_the_policy_forbids_is_noticed(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    page, seen = visit("about:blank", bypass_csp=False), []
    page.on("console", lambda message: seen.append(message.text))
    drawn(page, serve(HOME).url)
    page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.test/x.png' }))")
    page.wait_for_timeout(500)
    assert any("Content Security Policy" in text for text in seen)
