"""What comes from outside is shown as it is called, in the browser that reads the Markdown, and causes no request."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from bombs import encoded
from hostile_texts import BY_HAND, TEXTS

from explainer.ui.frame.verbatim import APART

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
UNSEEN = dict.fromkeys(map(ord, "\x00\x07\u202e" + APART))

READ = """() => [...document.querySelectorAll('[class*=st-key-text_]')].map(box => ({
    number: Number([...box.classList].find(name => name.startsWith('st-key-text_')).slice(12)),
    texts: [...box.querySelectorAll('[data-testid=stMarkdownContainer]')].map(one => one.textContent),
    elements: [...box.querySelectorAll('[data-testid=stMarkdownContainer] *')].map(one => one.tagName),
}))"""


def shown(text: str) -> str:
    return " ".join(text.translate(UNSEEN).split())


def test_hostile_texts_are_shown_as_they_are(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    server = serve(HERE / "apps" / "verbatim_app.py", PYTHONPATH=f"{HERE}:{HERE.parents[1]}")
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    page.get_by_test_id("stAlert").wait_for(timeout=SLOW)
    page.wait_for_timeout(1000)  # formulas and emoji come later than the text
    found = {box["number"]: box for box in page.evaluate(READ)}
    assert sorted(found) == list(range(len(TEXTS)))
    wrong = [
        (text, found[number])
        for number, text in enumerate(TEXTS)
        if [one.replace(APART, "").strip() for one in found[number]["texts"]] != [shown(text), f"{shown(text)} after"]
        or found[number]["elements"] != ["P", "P", "STRONG"]
    ]
    assert not wrong, f"{len(wrong)}: {wrong[:12]}"
    pills = page.get_by_role("radio")
    pills.last.wait_for(timeout=SLOW)
    assert [one.replace(APART, "").strip() for one in pills.all_text_contents()] == [shown(text) for text in BY_HAND]
    assert page.get_by_test_id("stAlert").text_content().strip() == TEXTS[0]
    assert not [url for url in asked if "192.0.2.1" in url or "example.org" in url]


HAND = "my *net* $x_1$ [a](b)"
HOSTILE = "my *net* $x_1$ [a](b) :red[c] <b>d<"
TENSOR = "![x](http://192.0.2.1/a.png) <img src=http://192.0.2.1/b.png>"


def weights_with(tensor: str) -> tuple[bytes, bytes]:
    """A weights file of this app, and the same with one tensor more."""
    import safetensors
    import safetensors.torch

    file = HOME.parent / "assets" / "welcome" / "network.safetensors"
    with safetensors.safe_open(file, "pt") as opened:
        metadata = opened.metadata()
    state = safetensors.torch.load_file(file)
    first = next(iter(state.values())).clone()
    return file.read_bytes(), safetensors.torch.save(state | {tensor: first}, metadata)


def test_names_in_and_of_a_weights_file_are_shown_as_they_are(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    good, bad = weights_with(TENSOR)
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{serve(HOME).url}/train?view=take-home")
    page.get_by_text("Load weights saved here").wait_for(timeout=SLOW)
    (tmp_path / "bad.safetensors").write_bytes(bad)
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.safetensors")
    box = page.get_by_test_id("stAlert").filter(has_text="which its network does not have")
    box.wait_for(timeout=SLOW)
    assert TENSOR[:50] in box.text_content().replace(APART, "")
    assert box.locator("img, a").count() == 0
    for name in (HOSTILE, f"{HOSTILE} 2"):
        (tmp_path / f"{name}.safetensors").write_bytes(good)
        page.get_by_role("tab", name="Take it home").click()
        page.locator("input[type=file]").set_input_files(tmp_path / f"{name}.safetensors")
        page.get_by_text("Test accuracy").first.wait_for(timeout=SLOW)
    page.get_by_role("tab", name="Take it home").click()
    heading = page.locator("strong").filter(has_text="my ").filter(visible=True).first
    heading.wait_for(timeout=SLOW)
    assert heading.text_content().replace(APART, "") == f"{HOSTILE} 2"
    assert heading.locator("*").count() == 0
    pills = page.get_by_test_id("stMarkdownContainer").filter(has_text="my ").all_text_contents()
    assert {HOSTILE, f"{HOSTILE} 2"} <= {one.replace(APART, "") for one in pills}
    if folder := os.environ.get("EXPLAINER_PICTURES"):
        page.screenshot(path=f"{folder}/names.png")
    assert not [url for url in asked if "192.0.2.1" in url]


@pytest.mark.parametrize("address", ["attribution", "feature_maps", "filters"])
def test_a_network_is_called_as_its_file(
    address: str, serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    good, _ = weights_with(TENSOR)
    page = visit(f"{serve(HOME).url}/{address}?i_net=upload")
    (tmp_path / f"{HAND}.safetensors").write_bytes(good)
    page.locator("input[type=file]").set_input_files(tmp_path / f"{HAND}.safetensors")
    page.wait_for_function(
        "name => [...document.querySelectorAll('.st-key-i_net input')].some(one => one.value === name) || "
        "document.querySelector('.st-key-i_net').innerText.includes(name)",
        arg=f"Yours: {HAND}",
        timeout=SLOW,
    )


def test_a_picture_that_is_not_read_is_called_as_its_file(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(f"{serve(HOME).url}/convolution?input=upload")
    (tmp_path / f"{HAND}.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    page.locator("input[type=file]").set_input_files(tmp_path / f"{HAND}.heic")
    box = page.get_by_test_id("stAlert").filter(has_text="is a HEIC picture")
    box.wait_for(timeout=SLOW)
    assert box.text_content().replace(APART, "").startswith(f"{HAND}.heic is a HEIC picture, as iPhones take them")
    (tmp_path / "cat.jfif").write_bytes(encoded(np.zeros((8, 8, 3), np.uint8), "JPEG"))
    page.locator("input[type=file]").set_input_files(tmp_path / "cat.jfif")
    page.get_by_role("button", name="The picture as the code below reads it").wait_for(timeout=SLOW)
