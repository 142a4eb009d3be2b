"""The view "Anchors" of the page "Detection": what it says, against torchvision, and what its links hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from opening import data_of, in_address, notice_of, opened, said
from torch.nn import functional
from torchvision.ops import box_iou

from explainer.tasks.anchors import all_anchors
from pages.tasks.detection import anchor_stage
from pages.tasks.detection.page import TRY_THIS

PAGE = "tasks/detection"
ANCHORS = {"dt_view": "anchors"}


def plain(query: dict[str, str]) -> str:
    return notice_of(opened(PAGE, {**ANCHORS, **query})).replace("\u00a0", " ")


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("name", "size", "truth"),
    [
        ("eye", (902, 600), (270, 172, 420, 296)),
        ("face", (600, 600), (0, 0, 600, 600)),
        ("cup", (900, 600), (700, 400, 890, 590)),
    ],
)
def test_the_counts_are_those_of_torchvisions_overlaps(
    name: str, size: tuple[int, int], truth: tuple[int, ...], inside: bool
) -> None:
    width, height = size
    every = torch.from_numpy(all_anchors(height // 16, width // 16))
    share = box_iou(every, torch.tensor([truth], dtype=torch.float64))[:, 0]
    lies_inside = (every[:, :2] >= 0).all(dim=1) & (every[:, 2] <= width) & (every[:, 3] <= height)
    used = lies_inside if inside else torch.ones_like(lies_inside)
    highest = used & (share > share[used].max() - 1e-9)
    positive, negative = used & ((share > 0.7) | highest), used & (share < 0.3) & ~highest
    ignored = used & ~positive & ~negative
    query = {"dt_object": name, "dt_truth": ",".join(map(str, truth)), "dt_inside": str(inside).lower()}
    text = plain(query)
    assert f"Read at {width} × {height} pixels, {height // 16} × {width // 16} positions" in text
    assert f"**{positive.sum():,} positive**, {negative.sum():,} negative, {ignored.sum():,} ignored." in text
    assert (f"{(~used).sum():,} cross the border" in text) == inside


def test_one_anchor_is_coded_and_its_loss_written_out() -> None:
    query = {"dt_truth": "270,172,420,296", "dt_arow": "15", "dt_acol": "22", "dt_nine": "2"}
    text = said(opened(PAGE, {**ANCHORS, **query, "dt_tx": "0.5", "dt_p": "0.2"}))
    # by hand: the truth's centre is 345, 234, its sides 150, 124; the anchor's centre 16 * 21.5, 16 * 14.5
    assert r"\frac{345.0 - 344.0}{128.0} = 0.008" in text and r"\frac{234.0 - 232.0}{128.0} = 0.016" in text
    assert r"\log \frac{150.0}{128.0} = 0.159" in text and r"\log \frac{124.0}{128.0} = -0.032" in text
    assert r"344.0 + 128.0 \cdot 0.5 = 408.0" in text
    t = torch.tensor([1 / 128, 2 / 128, np.log(150 / 128), np.log(124 / 128)])
    boxes = functional.smooth_l1_loss(torch.tensor([0.5, 0, 0, 0]).double(), t.double(), reduction="sum").item()
    parts = -np.log(0.2) / 256, 10 * boxes / (37 * 56)
    assert rf"= {parts[0]:.5f} + {parts[1]:.5f} = {sum(parts):.5f}" in text
    assert "The anchor of 128 × 128 in row 15, column 22** has an IoU of **0.830** with the truth: above 0.7" in text


def test_a_truth_that_fits_no_anchor_has_the_one_with_the_highest_iou() -> None:
    text = said(opened(PAGE, {**ANCHORS, "dt_object": "cup"}))
    assert "No IoU is above 0.7: what has the highest, **0.599**, is positive all the same." in text
    assert "not above 0.7, but no anchor has a higher one, so it is **positive**" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"dt_nine": "9"}, "crosses the border and is **left out**"),
        ({"dt_nine": "9", "dt_inside": "false"}, "below 0.3, **negative**"),
        ({"dt_nine": "1"}, "neither above 0.7 nor below 0.3, **ignored**"),
        ({"dt_nine": "4"}, "below 0.3, **negative**"),
    ],
)
def test_every_kind_of_anchor(query: dict[str, str], expected: str) -> None:
    text = said(opened(PAGE, {**ANCHORS, **query}))
    assert expected in text
    has_loss = "**negative**" in expected
    assert ("Its part of the loss" in text, "takes no part in the loss" in text) == (has_loss, not has_loss)
    assert (r"\frac{-\log (1 - 0.5)}{256} + 10 \cdot \frac{0 \cdot" in text) == has_loss


def test_a_truth_that_no_anchor_touches() -> None:
    assert "No anchor that takes part touches the truth." in plain({"dt_truth": "0,0,4,4"})


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "10,10,12,40", "0,0,903,10", "0,0,99999,9", "٣,1,2"])
def test_a_link_without_a_box_says_so(text: str) -> None:
    assert "The address holds no box" in said(opened(PAGE, {**ANCHORS, "dt_truth": text}))


@pytest.mark.parametrize(
    "query",
    [
        {"dt_object": "?", "dt_arow": "99", "dt_acol": "-1", "dt_nine": "10"},
        {"dt_tx": "nan", "dt_ty": "inf", "dt_tw": "9", "dt_th": "x", "dt_p": "0"},
        {"dt_inside": "?", "dt_p": "1", "dt_tx": "-2", "dt_nine": "\u0000"},
    ],
)
def test_nonsense_gives_a_picture(query: dict[str, str]) -> None:
    assert "18,648 anchors" in plain(query)


@pytest.mark.parametrize(
    "query", [dict(preset.query) for preset in TRY_THIS if preset.query.get("dt_view") == ANCHORS["dt_view"]]
)
def test_every_link_opens(query: dict[str, str]) -> None:
    assert "18,648 anchors" in plain(query)


def test_another_object_has_a_truth_and_a_position_of_its_own() -> None:
    at = opened(PAGE, {**ANCHORS, "dt_truth": "10,10,90,90", "dt_acol": "56"})
    assert in_address(at)["dt_truth"] == ["10,10,90,90"]
    at.radio(key="dt_object").set_value("face").run()
    data = data_of(at, "anchor_stage")
    assert (data["size"], data["truth"], data["place"]) == ([600, 600], [180, 17, 354, 221], [8, 16])
    assert in_address(at)["dt_truth"] == []


@pytest.mark.parametrize("sent", [None, "eye", {}, {"name": 1, "box": ""}, [1], [1, 2, 3], ["a", 1], 1.5])
def test_what_no_stage_would_send_is_nothing(sent: Any) -> None:
    assert anchor_stage.box_of(sent) is None and anchor_stage.place_of(sent) is None
    assert anchor_stage.anchor_of(sent) is None


def test_what_a_stage_sends_is_read() -> None:
    assert anchor_stage.box_of({"name": "eye", "box": "1,2,9,9"}) == ("eye", "1,2,9,9")
    assert anchor_stage.place_of([3, 4]) == (3, 4)
    assert anchor_stage.anchor_of(7) == 7
