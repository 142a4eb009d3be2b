"""A visitor teaches SqueezeNet classes of their own: pictures by the camera, several files at once, and a removal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from own_pictures import striped
from PIL import Image
from settled import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 120_000  # milliseconds, on a busy machine
SHOWS_A_PICTURE = "async video => { while (!video.videoHeight) await new Promise(requestAnimationFrame) }"


def test_pictures_by_camera_and_by_files(serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path) -> None:
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.png")
        Image.fromarray(striped(0, number)).save(files[-1])
    page = visit("about:blank", permissions=["camera"])
    page.goto(f"{serve(HOME).url}/transfer?tl_source=own&tl_classes=2")
    page.get_by_role("button", name="Turn on the camera").click(timeout=SLOW)
    page.locator("video").evaluate(SHOWS_A_PICTURE)
    add = page.get_by_role("button", name="Add to “Class 1”")
    counts = page.locator(".picture-shelf .count")
    for _ in range(4):  # faster than the server answers: none is lost
        add.click()
        page.wait_for_timeout(150)  # the camera's next picture is another one
    page.locator(".picture-shelf .count", has_text="4").wait_for(timeout=SLOW)
    page.get_by_label("Name of Class 1").fill("*Pie*")
    page.get_by_label("Name of Class 1").press("Tab")
    page.get_by_role("button", name="Add to “*Pie*”").wait_for(timeout=SLOW)
    page.locator(".picture-shelf .choose").nth(1).click()
    page.get_by_text("Files", exact=True).click()
    page.get_by_text("Add to “Class 2”").wait_for(timeout=SLOW)
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_text("held-out pictures are right").wait_for(timeout=SLOW)
    assert counts.all_text_contents() == ["4", "3"]
    assert page.locator(".picture.test").count() == 2
    page.locator(".picture-shelf .picture").nth(5).click()
    page.get_by_text("“Class 2” lacks one picture").wait_for(timeout=SLOW)
    page.reload()
    page.get_by_text("“Class 2” lacks one picture").wait_for(timeout=SLOW)  # a reload keeps the others
    eventually(counts).to_have_text(["4", "2"])
