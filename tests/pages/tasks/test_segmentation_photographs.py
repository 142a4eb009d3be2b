"""The view "On photographs" of the page "Segmentation": before a download, and with weights in the cache folder."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made_weights import SEGMENTER, make_segmenter
from opening import data_of, notice_of, opened, said
from streamlit.testing.v1 import AppTest

from explainer.data.samples import original
from explainer.networks import pretrained
from explainer.networks.fetched import fetched
from explainer.tasks.segmentation.photographs import Segmented, segmented
from pages.tasks.segmentation import photo_state
from pages.tasks.segmentation.page import PHOTOGRAPHS

PAGE = "tasks/segmentation"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyTorch's folder, empty."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    fetched.cache.clear()
    yield
    fetched.cache.clear()


def answered(query: dict[str, str], timeout: float = 300) -> AppTest:
    """The page once the network has said something, or has failed to."""
    at, end = opened(PAGE, {**PHOTOGRAPHS, **query}), time.monotonic() + timeout
    while not at.error and not any(":material/visibility:" in each.value for each in at.markdown):
        assert time.monotonic() < end
        time.sleep(0.1)
        at.run()
    return at


@pytest.mark.parametrize(
    ("network", "title", "megabytes", "iou"),
    [("", "LR-ASPP MobileNet V3", 12, 57.9), ("deeplabv3-resnet50", "DeepLab V3 ResNet-50", 161, 66.4)],
)
def test_before_a_download_its_size_is_said(network: str, title: str, megabytes: int, iou: float) -> None:
    at = opened(PAGE, {**PHOTOGRAPHS, "sg_seg": network})
    assert f"**{title}** is not on this computer yet." in notice_of(at)
    captions = [each.value.replace("\u00a0", " ") for each in at.caption]
    assert any(f"{megabytes} MB to download" in each and f"mean IoU is {iou} %" in each for each in captions)
    assert [button.label for button in at.button if "Download" in button.label] == [f"Download {title}"]
    assert [tile["mask"] for tile in data_of(at, "pixel_tiles")["tiles"]] == [None]


def test_classes_shares_and_the_chosen_pixel_are_the_networks() -> None:
    make_segmenter()
    at = answered({"sg_prow": "40", "sg_pcol": "60"})
    found = segmented(SEGMENTER, original("cat").rgb)
    first = found.found[0]
    text = notice_of(at).replace("\u00a0", " ")
    assert f"finds **{len(found.found)} classes** here" in text
    assert f"**{100 * found.shares[first]:.1f} %** of all, are **{found.names[first]}**" in text
    tile = data_of(at, "pixel_tiles")["tiles"][1]
    assert np.array_equal(np.frombuffer(base64.b64decode(tile["mask"]), np.uint8), found.classes.ravel())
    told = np.frombuffer(base64.b64decode(tile["likely"]), np.uint8).reshape(-1, 3, 2)
    assert np.array_equal(told[:, 0, 0], found.classes.ravel())
    order, shares = found.likeliest(3)
    assert told[39 * 320 + 59].tolist() == [[order[39, 59, i], round(100 * shares[39, 59, i])] for i in range(3)]
    assert f"**The pixel in row 40 and column 60** (yellow): {named(found, order[39, 59, 0])}" in said(at)
    assert list(at.table[0].value.iloc[0]) == [found.names[first], f"{100 * found.shares[first]:.1f}\u00a0%"]


def named(found: Segmented, number: int) -> str:
    return found.names[number] if number else "background"


def test_damaged_weights_get_a_sentence_until_they_are_brought_anew() -> None:
    make_segmenter(seed=6)
    where = pretrained.file(SEGMENTER)
    whole = where.read_bytes()
    where.write_bytes(whole[:5000])
    at = answered({"sg_photo": "coffee"})
    assert "on this computer are damaged. Delete lraspp" in at.error[0].value
    where.write_bytes(whole)
    end = time.monotonic() + 60
    while at.error or not any(":material/visibility:" in each.value for each in at.markdown):
        assert time.monotonic() < end
        time.sleep(0.1)
        at.run()
    assert "LR-ASPP MobileNet V3 finds" in notice_of(at)


@pytest.mark.parametrize(
    "query",
    [
        {"sg_photo": "?", "sg_seg": "resnet18", "sg_prow": "0", "sg_pcol": "x"},
        {"sg_photo": "coffee", "sg_prow": "9999", "sg_pcol": "-4"},
    ],
)
def test_nonsense_gives_a_picture(query: dict[str, str]) -> None:
    at = opened(PAGE, {**PHOTOGRAPHS, **query})
    assert notice_of(at) and data_of(at, "pixel_tiles")["tiles"]


def test_without_a_photograph_it_is_asked_for() -> None:
    at = opened(PAGE, {**PHOTOGRAPHS, "sg_photo": "upload"})
    assert not at.exception and at.warning


def test_another_picture_clamps_the_pixel() -> None:
    at = opened(PAGE, {**PHOTOGRAPHS, "sg_photo": "astronaut", "sg_prow": "320"})
    at.selectbox(key=photo_state.PHOTO).select("cat").run()
    assert data_of(at, "pixel_tiles")["chosen"] == [0, 211, 149]
