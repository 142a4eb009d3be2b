"""The page "Detection": what it says before, while and after a detector is trained, against the backend."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from opening import data_of, notice_of, opened, said

from explainer.tasks.detection.config import DetectionConfig, part_weights
from explainer.tasks.detection.examples import unseen_examples, watched
from explainer.tasks.detection.loop import train
from explainer.training.configuration import Controls
from explainer.training.job import Job
from explainer.training.messages import Change, Changed
from explainer.training.snapshot import Snapshot
from explainer.ui.controls import learner
from explainer.ui.frame.studio import Run, Studio
from pages.tasks.detection.class_names import class_texts
from pages.tasks.detection.page import TRY_THIS
from pages.tasks.detection.scene_boxes import encode
from pages.tasks.detection.state import Shown
from pages.tasks.detection.tensor_section import channels, decimals
from pages.tasks.detection.twins import twin_of
from pages.tasks.detection.views import drawn_boxes, numbers_of
from pages.tasks.detection.words import notice

PAGE = "tasks/detection"
V1 = DetectionConfig(loss="yolo-v1", boxes=2, scenes=3_200)
QUERY = {"dt_scenes": "3200", "dt_least": "0.01"}


@pytest.fixture(scope="module")
def job() -> Any:
    """The first scenes of the run that the page would train."""
    made: Any = Job(V1)
    made.become("running")
    small = unseen_examples(0)
    tests = type(small)(small.pictures[:60], small.boxes[:60], small.classes[:60])
    for report in train(V1, tests=tests):
        if isinstance(report, Snapshot):
            made.take(report)
            if report.point.step >= 20:
                break
    made.become("stopped")
    return made


def test_before_training_nothing_is_found() -> None:
    at = opened(PAGE)
    assert "Before training, **0 of 12** digits" in notice_of(at).replace("\u00a0", " ")
    assert r"\mathcal{L} = 5 \sum" in said(at) and r"+ 0.5 \sum" in said(at)
    assert not at.button("dt_train").disabled and at.button("dt_stop").disabled
    assert at.button("dt_pause").disabled


@pytest.mark.parametrize("query", [dict(preset.query) for preset in TRY_THIS if "dt_view" not in preset.query])
def test_every_link_opens(query: dict[str, str]) -> None:
    assert "Before training" in notice_of(opened(PAGE, query))


@pytest.mark.parametrize(
    "query",
    [
        {"dt_loss": "?", "dt_boxes": "9", "dt_coord": "-1", "dt_noobj": "x"},
        {"dt_scenes": "1", "dt_clutter": "99", "dt_seed": "-5", "dt_least": "2"},
        {"dt_of": "cats", "dt_loss": "modern"},
        {"dt_of": "cutouts", "dt_clutter": "6"},
        {"dt_scene": "0", "dt_row": "8", "dt_col": "x", "dt_roots": "maybe"},
    ],
)
def test_nonsense_gives_a_picture(query: dict[str, str]) -> None:
    assert notice_of(opened(PAGE, query))


def test_the_loss_has_the_weights_and_the_parts_that_were_chosen() -> None:
    text = said(opened(PAGE, {"dt_coord": "7", "dt_noobj": "0.1", "dt_roots": "false"}))
    assert r"\mathcal{L} = 7 \sum" in text and r"+ 0.1 \sum" in text and r"\Delta w^2" in text
    modern = said(opened(PAGE, {"dt_loss": "modern"}))
    assert r"= \mathrm{BCE}(p) + 1\,(1 - \mathrm{GIoU}) + 2\,\mathrm{CE}(c)" in modern


def test_an_untrained_cell_has_the_boxes_of_its_biases() -> None:
    at = opened(PAGE, {"dt_scene": "2", "dt_row": "1", "dt_col": "1"})
    assert said(at).count("is **not responsible**: no digit has its centre in this cell") == 2
    own = data_of(at, "scene_boxes")["own"]
    sides = [(right - left, bottom - top) for left, top, right, bottom in own]
    assert np.allclose(sides, [(19.6, 33.6), (33.6, 19.6)], atol=8)  # 28 pixels times 0.7 and 1.2, nearly


def test_what_was_trained_is_there_with_its_boxes(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened(PAGE, QUERY)
    state = job.state()
    assert f"After {round(1_000 * state.points[-1].epoch):,} scenes" in notice_of(at)
    found = data_of(at, "scene_boxes")["found"]
    assert [len(boxes) for boxes in found] == (state.views.boxes[..., 4] >= 0.01).sum(axis=1).tolist()
    first = found[0][0]
    assert np.allclose(first[:4], state.views.boxes[0, 0, :4], atol=0.06)
    assert first[4] == str(int(state.views.boxes[0, 0, 5]))
    assert not at.button("dt_train").disabled and at.button("dt_stop").disabled


def test_a_run_of_other_weights_is_another(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    assert "Before training" in notice_of(opened(PAGE, {**QUERY, "dt_coord": "7"}))
    changed: Any = Job(V1, state=job.state())
    changed.take(Changed(10, Change("lambda_coord", 7.0)))
    mine.runs = (Run("a run", changed, key="run-2"),)
    at = opened(PAGE, {**QUERY, "dt_coord": "7"})
    assert "After " in notice_of(at) and r"\mathcal{L} = 7 \sum" in said(at)


def test_one_press_trains_and_another_ends_it(mine: Studio) -> None:
    at = opened(PAGE, QUERY)
    at.button("dt_train").click().run()
    assert not at.exception
    assert [run.job.config for run in mine.runs] == [V1]
    assert [run.name for run in mine.runs] == ["YOLO v1, boxes a cell: 2, 3,200 scenes"]
    assert at.button("dt_train").disabled and not at.button("dt_stop").disabled
    assert "After 0 scenes" in notice_of(at).replace("\u00a0", " ") and "Press Train" not in notice_of(at)
    at.button("dt_stop").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped"]
    assert not at.button("dt_train").disabled


def test_other_settings_make_room(mine: Studio) -> None:
    at = opened(PAGE, QUERY)
    at.button("dt_train").click().run()
    at.number_input("dt_seed").set_value(3).run()
    assert not at.button("dt_stop").disabled  # what was started goes on, and can be stopped
    at.button("dt_train").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped", "waiting"]


def test_a_weight_that_is_moved_reaches_the_run_that_goes(
    mine: Studio, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(learner, "command", lambda run, what: asked.append(what))
    at = opened(PAGE, QUERY)
    at.button("dt_train").click().run()
    going: Any = mine.runs[0].job
    going.take(Snapshot(job.state().points[-1], job.state().views))
    going.become("running")
    at.select_slider("dt_coord").set_value("7").run()
    assert asked == [Change("lambda_coord", 7.0)]
    assert "After " in notice_of(at)  # of the run that goes
    assert r"\mathcal{L} = 5 \sum" in said(at)  # until the run has taken it
    at.button("dt_pause").click().run()
    assert asked[-1].what == "pause"


CUTOUTS = {"dt_of": "cutouts", "dt_loss": "modern", "dt_scenes": "3200"}


def test_cut_outs_are_called_by_their_names() -> None:
    at = opened(PAGE, {**CUTOUTS, "dt_least": "0.01"})
    assert re.search(r"Before training, \*\*0 of \d+\*\* cut-outs", notice_of(at).replace("\u00a0", " "))
    assert any("a script cannot hold the photographs" in each.value for each in at.caption)
    data, seen = data_of(at, "scene_boxes"), watched(0, "cutouts")
    assert len(set(data["pictures"])) == 6
    left, top, right, bottom = seen.boxes[1, 0]
    place = {"dt_scene": "2", "dt_row": str(int((top + bottom) / 32) + 1), "dt_col": str(int((left + right) / 32) + 1)}
    name = ["mammal", "bird", "flower", "food", "vehicle"][seen.classes[1, 0]]
    assert f"for the {name} whose centre lies in this cell" in said(opened(PAGE, {**CUTOUTS, **place}))


def test_boxes_in_the_browser_have_the_names_of_their_classes() -> None:
    seen = watched(0, "cutouts")
    found = np.zeros((6, 2, 6), np.float32)
    found[:, 0] = [*seen.boxes[0, 0], 0.5, seen.classes[0, 0]]
    found[:, 1] = [1, 2, 3, 4, 0.25, 1]
    rows = encode(found, seen, class_texts("cutouts", "en"))["found"]
    names = ["mammal", "bird", "flower", "food", "vehicle"]
    assert rows[0] == [
        [*seen.boxes[0, 0].tolist(), names[seen.classes[0, 0]], 0.5, 1],
        [1.0, 2.0, 3.0, 4.0, "bird", 0.25, 0],
    ]
    assert class_texts("digits", "en") == tuple("0123456789")


@pytest.mark.parametrize("loss", ["modern", "yolo-v1"])
def test_a_cell_without_a_cut_out_says_so(loss: str) -> None:
    seen = watched(0, "cutouts")
    centres = {(int(y), int(x)) for x, y in (seen.boxes[0, :, :2] + seen.boxes[0, :, 2:]) / 32}
    row, column = next((row, column) for row in range(1, 7) for column in range(7) if (row, column) not in centres)
    query = {**CUTOUTS, "dt_loss": loss, "dt_scene": "1", "dt_row": str(row + 1), "dt_col": str(column + 1)}
    assert "o cut-out has its centre in this cell" in said(opened(PAGE, query))


def test_a_run_on_cut_outs_is_named_so(mine: Studio) -> None:
    at = opened(PAGE, CUTOUTS)
    at.button("dt_train").click().run()
    assert [run.job.config for run in mine.runs] == [DetectionConfig(scenes=3_200, kind="cutouts")]
    assert [run.name for run in mine.runs] == ["GIoU, cross-entropy, 3,200 scenes, cut-outs"]


def test_a_pressed_cell_is_looked_at() -> None:
    at = opened(PAGE, {"dt_scene": "2", "dt_row": "6", "dt_col": "3"})
    assert data_of(at, "scene_boxes")["chosen"] == [1, 5, 2]
    assert "Scene 2, the cell in row 6 and column 3" in said(at)
    assert "for the 9 whose centre lies in this cell" in said(at)


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("none", V1, None),
        ("other-roots", V1, replace(V1, square_roots=False)),
        ("other-boxes", V1, replace(V1, boxes=1)),
        ("other-boxes", replace(V1, boxes=1), V1),
        ("other-loss", replace(V1, lambda_coord=7, seed=3), DetectionConfig(scenes=3_200, seed=3)),
        ("other-loss", DetectionConfig(kind="cutouts"), replace(V1, scenes=12_800, kind="cutouts")),
        ("other-roots", DetectionConfig(), None),
        ("other-boxes", DetectionConfig(), None),
    ],
)
def test_a_twin_differs_in_one_thing(name: Any, config: DetectionConfig, expected: DetectionConfig | None) -> None:
    assert twin_of(config, name) == expected


def test_train_starts_a_run_and_its_twin_and_stop_ends_both(mine: Studio) -> None:
    at = opened(PAGE, {**QUERY, "dt_twin": "other-roots"})
    at.button("dt_train").click().run()
    assert [run.job.config for run in mine.runs] == [V1, replace(V1, square_roots=False)]
    assert mine.runs[1].name == "YOLO v1, boxes a cell: 2, 3,200 scenes, without square roots"
    at.button("dt_stop").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped", "stopped"]


def test_a_weight_that_is_moved_reaches_the_twin_too(mine: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(learner, "command", lambda run, what: asked.append((run.key, what)))
    at = opened(PAGE, {**QUERY, "dt_twin": "other-boxes"})
    at.button("dt_train").click().run()
    for run in mine.runs:
        run.job.become("running")
    at.select_slider("dt_coord").set_value("7").run()
    assert asked == [(run.key, Change("lambda_coord", 7.0)) for run in mine.runs]


def test_a_twin_stands_below_with_dotted_curves(mine: Studio, job: Any) -> None:
    other: Any = Job(DetectionConfig(scenes=3_200))
    other.become("running")
    small = unseen_examples(0)
    tests = type(small)(small.pictures[:60], small.boxes[:60], small.classes[:60])
    controls = Controls()
    for report in train(other.config, controls, tests=tests):
        if isinstance(report, Snapshot):
            other.take(report)
            if report.point.step and report.weights:
                break
            controls.measure_now = report.point.step == 0
    mine.runs = (Run("a run", job, key="run-1"), Run("its twin", other, key="run-2"))
    at = opened(PAGE, {**QUERY, "dt_scene": "5", "dt_twin": "other-loss"})
    score = other.state().points[-1].mean_average_precision
    assert f"The detector beside it has **{score:.3f}**" in notice_of(at)
    data, both = data_of(at, "scene_boxes"), (job.state().views.boxes, other.state().views.boxes)
    assert (data["numbers"], data["owned"]) == ([3, 4, 5, 3, 4, 5], 3)
    assert [len(rows) for rows in data["found"]] == [
        int((boxes[scene, :, 4] >= 0.01).sum()) for boxes in both for scene in (3, 4, 5)
    ]
    assert data["captions"][1] == "Scene 5" and data["captions"][4] == "Scene 5, beside it"
    lines = [curve["line"].get("dash") for curve in json.loads(data_of(at, "live_chart")["figure"])["data"]]
    assert lines == [None] * 5 + ["dot"] * 3 + [None, "dot"]


def test_news_of_a_twin_go_to_the_lower_pictures(job: Any) -> None:
    views = job.state().views
    sent = drawn_boxes(watched(0), 0.01, tuple("0123456789"), numbers_of(4, has_twin=True), views, is_twin=True)
    assert sent["detection-boxes"]["first"] == 3
    assert [len(rows) for rows in sent["detection-boxes"]["found"]] == (views.boxes[3:, :, 4] >= 0.01).sum(1).tolist()


@pytest.mark.parametrize("config", [V1, replace(V1, boxes=1, kind="cutouts"), DetectionConfig()])
def test_every_number_of_a_cell_has_a_name(config: DetectionConfig) -> None:
    names = channels(config)
    assert len(names) == config.channels == len({name.text("en") for name in names.values()})


@pytest.mark.parametrize(("largest", "expected"), [(9.99, 2), (-9.996, 1), (99.9, 1), (-99.96, 0), (np.nan, 2)])
def test_a_number_of_the_grid_has_room(largest: float, expected: int) -> None:
    assert decimals(np.array([[0.5, largest]], np.float32)) == expected


def test_the_output_opens_as_a_grid(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    closed = opened(PAGE, QUERY)
    assert [each.label for each in closed.expander if "7 × 7" in each.label.replace("\u00a0", " ")]
    assert not any(box.key == "dt_channel" for box in closed.selectbox)
    at = opened(PAGE, {**QUERY, "dt_tensor": "true", "dt_channel": "c2", "dt_scene": "2", "dt_row": "6"})
    grids = [json.loads(json.loads(each.proto.json)["figure"]) for each in at.main if is_chart(each)]
    (cells,) = [line for grid in grids for line in grid["data"] if line["type"] == "heatmap"]
    sent = cells["z"]
    values = np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"]).reshape(7, 7)
    assert np.allclose(values, job.state().views.outputs[1, 9])
    assert "**confidence, box 2** in all cells of scene 2" in said(at)


def is_chart(element: Any) -> bool:
    return element.type == "bidi_component" and element.proto.component_name.endswith(".live_chart")


@pytest.mark.parametrize("channel", ["c2", "p", "k9", "?"])
def test_a_number_that_a_loss_has_not_falls_back(channel: str) -> None:
    query = {"dt_tensor": "true", "dt_loss": "modern", "dt_channel": channel, "dt_of": "cutouts"}
    assert "in all cells of scene 1" in said(opened(PAGE, query))


def test_a_run_that_is_over_can_be_taken_home(mine: Studio, job: Any) -> None:
    wanted = {"Weights (safetensors)", "History (CSV)"}
    assert not wanted & {each.proto.label for each in opened(PAGE, QUERY).get("download_button")}
    mine.runs = (Run("a run", job, key="run-1"),)
    assert wanted <= {each.proto.label for each in opened(PAGE, QUERY).get("download_button")}


@pytest.mark.parametrize(
    ("config", "expected"), [(V1, "smaller weight"), (DetectionConfig(), "another seed, or fewer")]
)
def test_after_a_divergence_the_page_says_what_can_be_changed(config: DetectionConfig, expected: str, job: Any) -> None:
    diverged = replace(job.state(), status="diverged")
    shown = Shown(config, diverged, diverged.views, watched(0), part_weights(config), diverged)
    said_now = notice(shown, None, (0, 12), 0.1).text()
    assert "diverged after" in said_now and expected in said_now
