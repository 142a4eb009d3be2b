"""The view "A real detector" of the page "Detection" with torchvision's detectors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made_weights import DETECTOR, make_detector
from opening import data_of, notice_of, opened
from streamlit.testing.v1 import AppTest

from explainer.data.samples import original
from explainer.lru import Lru
from explainer.networks.fetched import fetched
from explainer.tasks.object_detector import Objects, objects
from pages.tasks.detection import object_view

PAGE = "tasks/detection"
SSD = {"dt_view": "faces", "dt_det": DETECTOR.replace("_", "-")}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyTorch's folder, empty, and nothing known yet."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(object_view, "_kept", Lru(4))
    fetched.cache.clear()
    yield
    fetched.cache.clear()


def answered(query: dict[str, str], timeout: float = 300) -> AppTest:
    """The page once the detector has said something."""
    at, end = opened(PAGE, {**SSD, **query}), time.monotonic() + timeout
    while not any(":material/visibility:" in each.value for each in at.markdown):
        assert time.monotonic() < end and not at.exception
        time.sleep(0.1)
        at.run()
    return at


def test_before_a_download_its_size_is_said() -> None:
    at = opened(PAGE, {"dt_view": "faces", "dt_det": "fasterrcnn-mobilenet-v3-large-320-fpn"})
    assert "**Faster R-CNN MobileNet V3 320 FPN** is not on this computer yet." in notice_of(at)
    captions = [each.value.replace("\u00a0", " ") for each in at.caption]
    assert any("74 MB to download" in each and "is 22.8 % on COCO's" in each for each in captions)
    assert data_of(at, "scene_boxes")["found"] == [[]]


def test_boxes_have_names_and_there_are_no_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    make_detector()
    found = objects(DETECTOR, original("astronaut").rgb)
    monkeypatch.setattr(object_view, "objects", lambda name, rgb: surer(objects(name, rgb)))
    at = answered({"dt_score": "0.5"})
    count = surer(found).above(0.5)
    assert 0 < count < len(found.names)
    data = data_of(at, "scene_boxes")
    assert data["grid"] == 0 and data["own"] == [] and len(data["found"][0]) == count
    assert [box[4] for box in data["found"][0]] == list(found.names[:count])
    np.testing.assert_allclose([box[:4] for box in data["found"][0]], found.boxes[:count], atol=0.11)
    assert notice_of(at).count("boxes**") or notice_of(at).count("One box**")
    assert sum(map(int, at.table[0].value.iloc[:, 1])) == count
    assert not any(each.key == "dt_side" for each in at.segmented_control)


def surer(found: Objects) -> Objects:
    """The same with scores from 0.9 down to 0.1, as a trained network has them."""
    return Objects(found.boxes, np.linspace(0.9, 0.1, len(found.names), dtype=np.float32), found.names)


def test_where_nothing_scores_enough_the_best_is_named() -> None:
    make_detector()
    best = objects(DETECTOR, original("astronaut").rgb)
    text = notice_of(answered({"dt_score": "0.95"})).replace("\u00a0", " ")
    assert f"No box of SSDLite320 MobileNet V3 scores above 0.95: the best, of **{best.names[0]}**" in text


def test_the_faces_come_back_with_their_controls() -> None:
    at = opened(PAGE, SSD)
    at.selectbox(key="dt_det").select("faces").run()
    assert "boxes score above 0.5" in notice_of(at).replace("\u00a0", " ")
    assert data_of(at, "scene_boxes")["grid"] == 7


@pytest.mark.parametrize("query", [{"dt_det": "?"}, {"dt_det": "resnet18", "dt_score": "x"}])
def test_nonsense_gives_faces(query: dict[str, str]) -> None:
    assert "boxes score above 0.5" in notice_of(opened(PAGE, {"dt_view": "faces", **query})).replace("\u00a0", " ")


def test_without_a_photograph_it_is_asked_for() -> None:
    at = opened(PAGE, {**SSD, "dt_photo": "upload"})
    assert not at.exception and at.warning
