"""The view "A real detector" of the page "Detection": what it says and shows, against the backend and torchvision."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import torch
from opening import data_of, notice_of, opened, said
from PIL import Image
from streamlit.testing.v1 import AppTest
from torchvision.ops import nms

from explainer.data.samples import original
from explainer.tasks.face_detector import candidates
from pages.tasks.detection.page import TRY_THIS

PAGE = "tasks/detection"
FACES = {"dt_view": "faces"}


def plain(at: AppTest) -> str:
    return notice_of(at).replace("\u00a0", " ")


def test_the_astronaut_is_found_twice() -> None:
    text = plain(opened(PAGE, FACES))
    assert "**2 of 245** boxes score above 0.5." in text
    assert "row 2, column 4 (0.61) and the one in row 2, column 3 (0.51) found the same, IoU 0.83" in text
    assert "suppression leaves **1**" in text


def test_the_photographer_is_missed_on_the_coarse_grid_and_found_on_the_fine_one() -> None:
    query = {**FACES, "dt_photo": "photographer"}
    coarse = plain(opened(PAGE, query))
    assert "No box of 245 scores above 0.5: the best has **0.118**, of the cell in row 3 and column 3." in coarse
    assert "Read at 416 × 416 pixels there is one with **0.669** among 845: that is found." in coarse
    fine = plain(opened(PAGE, {**query, "dt_side": "416"}))
    assert "**1 of 845** boxes scores above 0.5. No two of them overlap" in fine


def test_the_cat_is_no_face() -> None:
    text = plain(opened(PAGE, {**FACES, "dt_photo": "cat"}))
    assert "the best has **0.021**" in text
    assert "Nor does any of 845 at 416 × 416 pixels: the best has **0.038**." in text


def test_two_boxes_of_one_cell_are_said_to_be_so() -> None:
    text = plain(opened(PAGE, {**FACES, "dt_photo": "cat", "dt_score": "0.01"}))
    assert "Two boxes of the cell in row 3, column 4 overlap with IoU 0.50: the lower score goes." in text
    assert "Suppression leaves **2**." in text


@pytest.mark.parametrize(("least", "alike"), [("0.01", "0.05"), ("0.02", "0.4"), ("0.5", "0.85"), ("0.95", "0.4")])
@pytest.mark.parametrize("side", [224, 416])
def test_each_stage_shows_the_boxes_that_torchvision_would(side: int, least: str, alike: str) -> None:
    query = {**FACES, "dt_side": str(side), "dt_score": least, "dt_iou": alike}
    found = candidates(original("astronaut").rgb, side)
    sure = found.scores > float(least)
    left = nms(torch.from_numpy(found.boxes[sure]), torch.from_numpy(found.scores[sure]), float(alike))
    shown = {stage: drawn(query, stage) for stage in ("all", "above", "kept")}
    assert [len(shown[stage]) for stage in shown] == [5 * (side // 32) ** 2, sure.sum(), len(left)]
    expected = found.boxes[sure][left.numpy()]
    assert np.allclose(np.array([each[:4] for each in shown["kept"]]).reshape(-1, 4), expected, atol=0.051)
    assert {each[6] for each in shown["kept"]} <= {1} and sum(each[6] == 1 for each in shown["above"]) == len(left)
    assert sum(each[6] == 2 for each in shown["all"]) == (~sure).sum()


def drawn(query: dict[str, str], stage: str) -> list[list[Any]]:
    boxes: list[list[Any]] = data_of(opened(PAGE, {**query, "dt_show": stage}), "scene_boxes")["found"][0]
    return boxes


def test_one_cell_is_taken_apart() -> None:
    at = opened(PAGE, FACES)
    tx, ty, tw, th, to = candidates(original("astronaut").rgb, 224).raw[:5, 1, 3].astype(float)
    text = said(at)
    assert "The cell in row 2 and column 4" in text and "Box 1, from its numbers" in text
    centre = 512 / 7 * (3 + 1 / (1 + np.exp(-tx)))
    assert rf"x = \tfrac{{512}}{{7}}\,(3 + \sigma({tx:.3f})) = {centre:.1f}" in text
    assert rf"y = \tfrac{{512}}{{7}}\,(1 + \sigma({ty:.3f}))" in text
    assert rf"1.603\, e^{{{tw:.3f}}} = {512 / 7 * 1.603231 * np.exp(tw):.1f}" in text
    assert rf"2.094\, e^{{{th:.3f}}} = {512 / 7 * 2.094468 * np.exp(th):.1f}" in text
    assert rf"\sigma({to:.3f}) = 0.611" in text
    assert len(data_of(at, "scene_boxes")["own"]) == 5


def test_another_anchor_and_a_cell_beyond_a_coarser_grid() -> None:
    at = opened(PAGE, {**FACES, "dt_side": "416", "dt_frow": "13", "dt_fcol": "12", "dt_anchor": "4"})
    assert "The cell in row 13 and column 12" in said(at) and "Box 4, from its numbers" in said(at)
    at.segmented_control(key="dt_side").set_value("224").run()
    assert "The cell in row 7 and column 7" in said(at)


@pytest.mark.parametrize(
    "query",
    [
        {"dt_side": "9", "dt_show": "?", "dt_score": "nan", "dt_iou": "-1"},
        {"dt_frow": "99", "dt_fcol": "-3", "dt_anchor": "x"},
        {"dt_photo": "\u0000", "dt_frow": "", "dt_fcol": "x"},
    ],
)
def test_nonsense_gives_a_picture(query: dict[str, str]) -> None:
    assert "boxes score above 0.5" in plain(opened(PAGE, {**FACES, **query}))


@pytest.mark.parametrize(
    "query",
    [
        dict(preset.query)
        for preset in TRY_THIS
        if preset.query.get("dt_view") == FACES["dt_view"] and "dt_det" not in preset.query
    ],
)
def test_every_link_opens(query: dict[str, str]) -> None:
    text = plain(opened(PAGE, query))
    assert "score above" in text or "scores above" in text


@pytest.mark.parametrize(("kind", "expected"), [("upload", "Choose a picture file"), ("camera", "Take a picture")])
def test_without_a_picture_there_is_a_sentence(kind: str, expected: str) -> None:
    assert expected in said(opened(PAGE, {**FACES, "dt_photo": kind}))


def file_of(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 80).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (2, 400), (900, 3)])
def test_a_picture_of_any_shape_is_read(mine: Any, size: tuple[int, int]) -> None:
    assert mine.brought is None
    at = opened(PAGE, {**FACES, "dt_photo": "upload"})
    at.file_uploader("upload").set_value(("noise.png", file_of(size), "image/png")).run()
    assert "of 245" in plain(at)
    assert len(at.get("download_button")) == 1


def test_a_file_that_is_no_picture_gets_a_sentence(mine: Any) -> None:
    at = opened(PAGE, {**FACES, "dt_photo": "upload"})
    at.file_uploader("upload").set_value(("notes.png", b"no picture", "image/png")).run()
    assert not at.exception and mine.brought is None
    assert "no picture that can be read" in at.error[0].value.replace("\\", "")
