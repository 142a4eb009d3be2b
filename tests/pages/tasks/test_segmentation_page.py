"""The page "Segmentation": what it says before, while and after a U-Net is trained, against the backend."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from opening import data_of, notice_of, opened, said

from explainer.tasks.scene_run import Cadence
from explainer.tasks.segmentation.config import UNetConfig, recommended
from explainer.tasks.segmentation.data import watched
from explainer.tasks.segmentation.looking import watched_pixel
from explainer.tasks.segmentation.loop import train
from explainer.training.configuration import Controls
from explainer.training.job import Job
from explainer.training.snapshot import Snapshot
from explainer.ui.frame.studio import Run, Studio
from pages.tasks.segmentation import pixel_tiles, slots, state, u_picture
from pages.tasks.segmentation.page import TRY_THIS
from pages.tasks.segmentation.twins import TWINS, twin_of

PAGE = "tasks/segmentation"
SHORT = {"sg_data": "brain", "sg_length": "0.2"}
BRAIN = replace(recommended("brain"), scenes=336)


def trained_job(config: UNetConfig, steps: int = 6) -> Any:
    """The first steps of a run, and its measurement after them."""
    made: Any = Job(config)
    made.become("running")
    controls = Controls()
    for report in train(config, controls):
        if isinstance(report, Snapshot):
            made.take(report)
            if report.point.step >= steps and report.weights:
                break
            controls.measure_now = report.point.step == 0
    made.become("stopped")
    return made


@pytest.fixture(scope="module")
def job() -> Any:
    return trained_job(BRAIN)


def test_before_training_baselines_are_said() -> None:
    at = opened(PAGE, SHORT)
    assert "has a mean IoU of **0.451**, a table from brightness to label **0.945**" in notice_of(at)
    assert r"w_\mathrm{background} = " in said(at)
    assert not at.button("sg_train").disabled and at.button("sg_stop").disabled


@pytest.mark.parametrize("query", [dict(preset.query) for preset in TRY_THIS if "sg_view" not in preset.query])
def test_every_link_opens(query: dict[str, str]) -> None:
    assert "efore" in notice_of(opened(PAGE, query))


@pytest.mark.parametrize(
    "query",
    [
        {"sg_data": "?", "sg_task": "x", "sg_net": "", "sg_skips": "9", "sg_up": "unpooling"},
        {"sg_net": "fcn", "sg_up": "unpooling", "sg_twin": "fcn"},
        {"sg_length": "7", "sg_seed": "-5", "sg_picture": "99", "sg_row": "0", "sg_col": "x", "sg_layer": "?"},
        {"sg_data": "digits", "sg_row": "112", "sg_scanner": "poor", "sg_twin": "other-split"},
        {"sg_data": "brain", "sg_task": "colourize", "sg_loss": "dice", "sg_twin": "other-loss", "sg_layer": "errors"},
    ],
)
def test_nonsense_gives_a_picture(query: dict[str, str]) -> None:
    at = opened(PAGE, query)
    assert notice_of(at) and data_of(at, "pixel_tiles")["tiles"]


def test_what_was_trained_is_there_with_its_classes(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened(PAGE, SHORT)
    results = job.state().results
    assert f"the mean IoU is **{results.mean_iou:.3f}** on {results.pictures} test slices" in notice_of(at).replace(
        "\u00a0", " "
    )
    tiles = data_of(at, "pixel_tiles")["tiles"]
    shown = np.frombuffer(base64.b64decode(tiles[1]["mask"]), np.uint8)
    assert np.array_equal(shown, job.state().views.classes[1].ravel())
    assert np.array_equal(np.frombuffer(base64.b64decode(tiles[1]["truth"]), np.uint8), truth_of(BRAIN, 1))
    names = ("nothing", "grey matter", "white matter", "fluid")
    at_, lowest = int(np.nanargmin(results.iou)), float(np.nanmin(results.iou))
    assert f"Lowest is **{names[at_]}** with an IoU of **{lowest:.3f}**" in said(at)


def run_to(steps: int, tested: bool, status: Any) -> Any:
    """A run whose points go on to ``steps``, the last of them tested or not."""
    made: Any = Job(BRAIN)
    made.become("running")
    for report in train(BRAIN, Controls(), measured=Cadence(point=1, part=1 if tested else 10_000)):
        if isinstance(report, Snapshot):
            made.take(report)
            if report.point.step >= steps:
                break
    made.become(status)
    return made


def test_a_test_is_told_with_the_pictures_that_it_came_after(mine: Studio) -> None:
    made = run_to(2, tested=True, status="paused")
    later = replace(made.state().points[-1], step=3, mean_iou=None, test_pictures=0)
    made.take(Snapshot(later, made.state().views))
    mine.runs = (Run("a run", made, key="run-1"),)
    at = opened(PAGE, SHORT)
    assert f"After {2 * BRAIN.batch_size} slices the mean IoU is" in notice_of(at).replace("\u00a0", " ")
    assert f"at its latest test, after {2 * BRAIN.batch_size} pictures" in said(at).replace("\u00a0", " ")


def test_nothing_is_told_of_the_first_weights_as_if_they_had_learned(mine: Studio) -> None:
    mine.runs = (Run("a run", run_to(1, tested=False, status="paused"), key="run-1"),)
    assert "stands here after its first test" in notice_of(opened(PAGE, SHORT))
    mine.runs = (Run("a run", run_to(1, tested=False, status="stopped"), key="run-1"),)
    assert f"ended after {BRAIN.batch_size} pictures, before its first test" in notice_of(opened(PAGE, SHORT)).replace(
        "\u00a0", " "
    )


def test_a_twin_that_is_not_tested_yet_is_not_compared(mine: Studio, job: Any) -> None:
    other = run_to(1, tested=False, status="paused")
    other.config = replace(BRAIN, network="fcn")
    mine.runs = (Run("a run", job, key="run-1"), Run("its twin", other, key="run-2"))
    at = opened(PAGE, {**SHORT, "sg_twin": "fcn"})
    assert "the mean IoU is" in notice_of(at) and "beside it" not in notice_of(at)


def test_a_pixel_below_the_other_pictures_becomes_their_last() -> None:
    at = opened(PAGE, {"sg_data": "brain", "sg_row": "112"})
    at.segmented_control(key="sg_data").set_value("digits").run()
    assert at.number_input("sg_row").value == 96 and "row 96" in said(at).replace("\u00a0", " ")


def truth_of(config: UNetConfig, picture: int) -> Any:
    return watched(config).targets[picture].ravel()


def test_the_same_pixel_is_told_of_by_name(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened(PAGE, {**SHORT, "sg_picture": "2", "sg_row": "56", "sg_col": "40"})
    view = watched_pixel(BRAIN, job.state().weights, 1, 55, 39)
    assert view.probabilities is not None
    name = ("nothing", "grey matter", "white matter", "fluid")[view.chosen]
    assert f"Likeliest is **{name}**, with a probability of **{100 * view.probabilities[view.chosen]:.1f} %**" in said(
        at
    )


def test_train_starts_a_run_and_its_twin_and_stop_ends_both(mine: Studio) -> None:
    at = opened(PAGE, {**SHORT, "sg_twin": "no-skips"})
    at.button("sg_train").click().run()
    assert not at.exception
    twin = replace(BRAIN, skips=(False, False, False))
    assert [run.job.config for run in mine.runs] == [BRAIN, twin]
    assert [run.name for run in mine.runs] == [
        "U-Net: Classes, 336 pictures",
        "U-Net with 0 skips: Classes, 336 pictures",
    ]
    assert at.button("sg_train").disabled
    at.button("sg_stop").click().run()
    assert [run.job.status for run in mine.runs] == ["stopped", "stopped"]


def test_a_twin_stands_in_a_row_of_its_own(mine: Studio, job: Any) -> None:
    other = trained_job(replace(BRAIN, network="fcn"))
    mine.runs = (Run("a run", job, key="run-1"), Run("its twin", other, key="run-2"))
    at = opened(PAGE, {**SHORT, "sg_twin": "fcn"})
    assert f"The network beside it has **{other.state().results.mean_iou:.3f}**" in notice_of(at)
    tiles = data_of(at, "pixel_tiles")["tiles"]
    assert [tile["picture"] for tile in tiles] == [0, 1, 2, 0, 1, 2]
    shown = np.frombuffer(base64.b64decode(tiles[3]["mask"]), np.uint8)
    assert np.array_equal(shown, other.state().views.classes[0].ravel())


def test_another_task_shows_input_output_truth_and_error(mine: Studio) -> None:
    config = replace(recommended("brain", "denoise"), scenes=336)
    made = trained_job(config)
    mine.runs = (Run("a run", made, key="run-1"),)
    at = opened(PAGE, {**SHORT, "sg_task": "denoise"})
    results, truth, views = made.state().results, watched(config), made.state().views
    assert f"the PSNR is **{results.mean_psnr:.1f} dB**" in notice_of(at)
    assert f"the input itself has {results.mean_input_psnr:.1f} dB" in notice_of(at)
    tiles = data_of(at, "pixel_tiles")["tiles"]
    assert [tile["caption"].split(": ")[1] for tile in tiles[:4]] == [
        "input",
        "output",
        "truth",
        "error × 3".replace(" ", "\u00a0"),
    ]
    error = np.frombuffer(base64.b64decode(tiles[3]["pixels"]), np.uint8).reshape(112, 96)
    expected = 3 * np.abs(views.output[0, 0].astype(int) - truth.targets[0, 0])
    assert np.array_equal(error, np.minimum(expected, 255))


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_differs_or_is_none(name: Any) -> None:
    for config in (UNetConfig(), UNetConfig(network="fcn"), BRAIN, UNetConfig(decoder="unpooling")):
        twin = twin_of(config, name)
        assert twin != config
        if twin is not None:
            changed = [key for key in vars(config) if getattr(config, key) != getattr(twin, key)]
            assert set(changed) <= {"network", "skips", "decoder", "loss", "split"}


@pytest.mark.parametrize("sent", [None, [1, 2], ["a", 1, 2], {"x": 1}, [1, 2, 3.5]])
def test_what_no_tile_would_send_is_nothing(sent: object) -> None:
    assert pixel_tiles.pressed(sent) is None


@pytest.mark.parametrize("sent", [None, [0], [4], ["1"], {}])
def test_what_no_picture_would_send_is_nothing(sent: object) -> None:
    assert u_picture.pressed(sent) is None


def test_pressed_skips_are_levels() -> None:
    assert u_picture.pressed([3, 1]) == ["1", "3"] and u_picture.pressed([]) == []


def test_news_reach_only_what_a_run_changes() -> None:
    config = UNetConfig(task="denoise")
    drawn, columns = slots.slots(config, "classes", 5, has_twin=True)
    assert columns == 4 and [(slot.picture, slot.kind, slot.is_twin) for slot in drawn[:4]] == [
        (5, "input", False), (5, "output", False), (5, "output", True), (5, "truth", False),
    ]  # fmt: skip
    assert drawn[4].picture == 0
    truth = watched(config)
    views = state._first_views(config)
    assert [number for number, _ in slots.news(truth, drawn, views, is_twin=True)] == [2, 6]
    assert [number for number, _ in slots.news(truth, drawn, views, is_twin=False)] == [1, 5]


def test_the_overlap_is_of_the_class_that_is_pressed() -> None:
    truth = watched(BRAIN).targets[0]
    row, column = (int(each[0]) for each in np.nonzero(truth == 3))
    at = opened(PAGE, {**SHORT, "sg_layer": "overlap", "sg_row": str(row + 1), "sg_col": str(column + 1)})
    data = data_of(at, "pixel_tiles")
    assert (data["mode"], data["of"]) == ("overlap", 3)


def test_a_run_that_is_over_can_be_taken_home(mine: Studio, job: Any) -> None:
    wanted = {"Weights (safetensors)", "History (CSV)"}
    assert not wanted & {each.proto.label for each in opened(PAGE, SHORT).get("download_button")}
    mine.runs = (Run("a run", job, key="run-1"),)
    assert wanted <= {each.proto.label for each in opened(PAGE, SHORT).get("download_button")}


def test_cut_outs_have_names_colours_and_no_script() -> None:
    at = opened(PAGE, {"sg_data": "cutouts", "sg_layer": "truth"})
    data, seen = data_of(at, "pixel_tiles"), watched(UNetConfig(data="cutouts"))
    assert data["names"] == ["nothing", "mammal", "bird", "flower", "food", "vehicle"]
    assert len(set(data["colors"])) == 6
    tile = data["tiles"][1]
    shown = np.frombuffer(base64.b64decode(tile["pixels"]), np.uint8).reshape(96, 96, 3)
    assert np.array_equal(shown, seen.inputs[1].transpose(1, 2, 0))
    assert np.array_equal(np.frombuffer(base64.b64decode(tile["mask"]), np.uint8), seen.targets[1].ravel())
    assert any("a script cannot hold the photographs" in each.value for each in at.caption)
    assert not any(each.label == "In PyTorch" for each in at.expander)


def test_real_colours_are_made_of_grey() -> None:
    at = opened(PAGE, {"sg_data": "cutouts", "sg_task": "colourize"})
    tiles = data_of(at, "pixel_tiles")["tiles"][:4]
    assert [tile["channels"] for tile in tiles] == [1, 3, 3, 1]
    assert "Channel 3: " in said(at)
