"""The page "Boxes": what it says in each of its views, and what its links hold."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from opening import data_of, in_address, opened, said

from explainer.tasks.average_precision import THRESHOLDS, precision_recall, ranked
from explainer.tasks.box_sets import FRAMED, SCORED, TESTED
from explainer.tasks.boxes import iou
from explainer.tasks.boxes_code import overlap_code, precision_code, suppression_code
from explainer.tasks.suppression import METHODS, Settings, suppress
from pages.tasks.boxes import iou_stage

PAGE = "tasks/boxes"
NMS, AP = {"bx_view": "nms"}, {"bx_view": "ap"}


def ran(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_two_boxes_and_their_areas() -> None:
    text = said(opened(PAGE, {"bx_a": "10,10,50,40", "bx_b": "30,20,70,60"}))
    assert "= \\frac{400}{1{,}200 + 1{,}600 - 400} = \\frac{400}{2{,}400} = 0.167" in text
    assert "= 0.167 - \\frac{600}{3{,}000} = -0.033" in text
    assert "IoU is **0.167**: not above 0.5" in text
    assert "They share 33 % of the truth and 25 % of the detection" in text


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("10,10,110,110", "10,10,110,110", "Both boxes are the same"),
        ("10,10,110,110", "20,20,70,60", "All of the detection lies on the object"),
        ("20,20,70,60", "10,10,110,110", "The detection holds all of the object"),
        ("0,0,10,10", "90,0,100,10", "IoU is **0**, however far apart they are. GIoU, **−0.800**"),
        ("10,10,110,110", "10,10,110,100", "IoU is **0.900**: above 0.5, so the detection counts as found."),
    ],
)
def test_boxes_that_do_not_simply_overlap(a: str, b: str, expected: str) -> None:
    assert expected in said(opened(PAGE, {"bx_a": a, "bx_b": b}))


def test_the_threshold_decides_what_counts() -> None:
    boxes = {"bx_a": "10,10,110,110", "bx_b": "10,10,110,100"}
    assert "not above 0.9, so the detection counts as wrong" in said(opened(PAGE, {**boxes, "bx_iou": "0.9"}))


@pytest.mark.parametrize(
    "text", ["", "x", "1,2,3", "10,10,12,40", "50,10,10,40", "0,0,321,10", "0,0,9999,9", "-1,0,9,9"]
)
def test_a_link_without_a_box_says_so(text: str) -> None:
    at = opened(PAGE, {"bx_b": text})
    assert "The address holds no box of this photograph" in said(at)
    assert "within 320 × 320 pixels" in said(at)


def test_another_object_has_boxes_of_its_own() -> None:
    at = opened(PAGE, {"bx_a": "10,10,50,40"})
    assert in_address(at)["bx_a"] == ["10,10,50,40"]
    at.radio(key="bx_object").set_value("cup").run()
    assert data_of(at, "iou_stage")["boxes"] == [list(FRAMED["cup"].truth), list(FRAMED["cup"].detection)]
    assert in_address(at)["bx_a"] == []


@pytest.mark.parametrize("sent", [None, "face", {}, {"name": "face", "a": "1,2,9,9"}, {"name": 1, "a": "", "b": ""}])
def test_what_no_stage_would_send_is_nothing(sent: object) -> None:
    assert iou_stage.reported(sent) is None


def test_boxes_that_are_let_go_are_read() -> None:
    sent = {"name": "face", "a": "1,2,9,9", "b": "3,4,8,8"}
    assert iou_stage.reported(sent) == ("face", "1,2,9,9", "3,4,8,8")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "keeps **2** of 7 boxes. Objects found at IoU > 0.5: **1 of 1**; boxes too many: **1**"),
        ({"bx_nms": "0.35"}, "keeps **1** of 7 boxes. Objects found at IoU > 0.5: **1 of 1**; boxes too many: **0**"),
        ({"bx_set": "neighbours"}, "keeps **1** of 6 boxes. Objects found at IoU > 0.5: **1 of 2**"),
        (
            {"bx_set": "neighbours", "bx_method": "linear"},
            "Soft-NMS, linear keeps **2** of 6 boxes. Objects found at IoU > 0.5: **2 of 2**; boxes too many: **0**",
        ),
        ({"bx_set": "two-classes"}, "keeps **2** of 6 boxes. Objects found at IoU > 0.5: **2 of 2**"),
        (
            {"bx_set": "two-classes", "bx_classwise": "false"},
            "keeps **1** of 6 boxes. Objects found at IoU > 0.5: **1 of 2**",
        ),
        ({"bx_least": "0.9", "bx_nms": "0.95"}, "keeps **1** of 7 boxes"),
    ],
)
def test_what_suppression_keeps(query: dict[str, str], expected: str) -> None:
    assert expected in said(opened(PAGE, NMS | query))


def test_the_formula_of_each_method_has_its_numbers() -> None:
    share = float(iou([SCORED["crowd"].boxes[0]], [SCORED["crowd"].boxes[1]])[0, 0])
    assert round(share, 2) == 0.79
    assert r"\mathrm{IoU}(A, B) = 0.790:\ \ 0.790 > 0.5" in said(opened(PAGE, NMS))
    assert r"0.84\,(1 - 0.790) \approx 0.176" in said(opened(PAGE, NMS | {"bx_method": "linear"}))
    gaussian = said(opened(PAGE, NMS | {"bx_method": "gaussian", "bx_sigma": "1"}))
    assert r"0.84\, e^{-0.790^2 / 1} \approx 0.45" in gaussian


def test_average_precision_is_written_out() -> None:
    text = said(opened(PAGE, AP | {"bx_detector": "careful"}))
    assert r"\frac{1}{6} \left( 5 \cdot 1 + 0.75 \right) = 0.958" in text  # by hand: 5.75 / 6
    assert "= 0.955" in text  # eleven points: nine of 1, two of 0.75
    assert "precision **71 %** (5 of 7 detections right), recall **83 %** (5 of 6 people found)" in text
    assert "AP at IoU > 0.5 is **0.958**; **0.683** is the mean over 0.5 to 0.95." in text


def test_average_precision_at_another_iou() -> None:
    text = said(opened(PAGE, AP | {"bx_detector": "careful", "bx_iou": "0.8"}))
    assert "AP at IoU > 0.8 is **0.667**; at 0.5 it is 0.958, and **0.683** is the mean" in text  # 4 / 6


def test_a_score_threshold_above_all_leaves_nothing() -> None:
    text = said(opened(PAGE, AP | {"bx_detector": "hasty", "bx_score": "0.95"}))
    assert "No detection scores 0.95 or more: none of 6 people is found" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"bx_view": "?", "bx_object": "?", "bx_iou": "7"}, "IoU is **0.365**"),
        (NMS | {"bx_nms": "7", "bx_set": "", "bx_least": "nan"}, "Greedy NMS keeps **2** of 7 boxes"),
        (AP | {"bx_score": "-1", "bx_detector": "\u0000"}, "From a score of 0.5 on"),
    ],
)
def test_nonsense_leads_to_the_first_choice(query: dict[str, str], expected: str) -> None:
    assert expected in said(opened(PAGE, query))


def test_the_code_about_two_boxes() -> None:
    names = ran(overlap_code((10, 10, 50, 40), (30, 20, 70, 60)))
    assert names["areas"] == (1200, 1600)
    assert names["iou"] == pytest.approx(400 / 2400, abs=1e-12)
    assert names["giou"] == pytest.approx(400 / 2400 - 600 / 3000, abs=1e-12)


@pytest.mark.parametrize(("name", "method", "by_class"), [*product(SCORED, METHODS, (True, False))])
def test_the_code_of_suppression_keeps_the_same(name: str, method: Any, by_class: bool) -> None:
    scored, settings = SCORED[name], Settings(method, threshold=0.45, least=0.3, sigma=0.7, by_class=by_class)
    names = ran(suppression_code(scored, settings))
    steps = suppress(scored.boxes, scored.scores, scored.classes, settings)
    assert names["kept"] == [step.chosen for step in steps]
    assert names["final"] == pytest.approx([step.score for step in steps], abs=1e-12)


@pytest.mark.parametrize(("name", "threshold"), [*product(TESTED, THRESHOLDS)])
def test_the_code_of_average_precision_gives_the_same(name: str, threshold: float) -> None:
    pictures = TESTED[name]
    names = ran(precision_code(pictures, threshold))
    ranking = ranked([each.detections for each in pictures], [each.sketch.truths for each in pictures])
    curve = precision_recall(ranking.is_right(threshold), 6)
    assert names["precision"].tolist() == pytest.approx(curve.precision.tolist(), abs=1e-12)
    assert names["recall"].tolist() == pytest.approx(curve.recall.tolist(), abs=1e-12)


def test_no_iou_looks_like_a_threshold_and_is_on_its_other_side() -> None:
    """With three decimals every comparison that is written is true; exactly at a threshold it is too."""
    shares = [share for each in SCORED.values() for share in iou(each.boxes, each.boxes).ravel()]
    for pictures in TESTED.values():
        ranking = ranked([each.detections for each in pictures], [each.sketch.truths for each in pictures])
        shares += ranking.overlaps.tolist()
    near = [share for share in shares if 1e-12 < abs(share - round(share * 20) / 20) < 5e-4]
    assert near == []
