"""The page "Autoencoder": what it says before and after a network is trained, against the backend."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from opening import data_of, notice_of, opened, said

from explainer.lru import Lru
from explainer.tasks.autoencoder.baselines import baselines
from explainer.tasks.autoencoder.codes import code_grid, code_plane, decoded, network_of
from explainer.tasks.autoencoder.config import AutoencoderConfig, recommended
from explainer.tasks.autoencoder.greedy import TESTS, Greedy, GreedyConfig
from explainer.tasks.autoencoder.loop import train
from explainer.training.configuration import Controls
from explainer.training.job import Job
from explainer.training.snapshot import Snapshot
from explainer.ui.frame.studio import Run, Studio
from pages.training.autoencoder import greedy_view
from pages.training.autoencoder.code_plane import dragged_to, encode
from pages.training.autoencoder.page import TRY_THIS

PAGE = "training/autoencoder"
SHORT = {"ae_code": "4", "ae_length": "0.2"}
CONFIG = replace(recommended("dense"), code=4, scenes=48_000)


def trained_job(config: AutoencoderConfig, steps: int = 30) -> Any:
    """The first steps of a run, and its measurement after them."""
    made: Any = Job(config)
    made.become("running")
    controls = Controls()
    for report in train(config, controls):
        if isinstance(report, Snapshot):
            made.take(report)
            if report.point.step >= steps and report.weights:
                break
        elif made.state().points and report.examples:
            controls.measure_now = True
    made.become("stopped")
    return made


@pytest.fixture(scope="module")
def job() -> Any:
    return trained_job(CONFIG)


def pixels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)


def test_before_training_the_baselines_are_said() -> None:
    at = opened(PAGE)
    known = baselines(2)
    assert f"error of **{known.mean_digit:.4f}**" in notice_of(at) and f"**{known.linear:.4f}**" in notice_of(at)
    assert r"\mathbb{R}^{2}" in said(at)
    assert not at.button("ae_train").disabled and at.button("ae_stop").disabled


@pytest.mark.parametrize("query", [dict(preset.query) for preset in TRY_THIS if "ae_view" not in preset.query])
def test_every_link_opens(query: dict[str, str]) -> None:
    assert "Before training" in notice_of(opened(PAGE, query))


@pytest.mark.parametrize(
    "query",
    [
        {"ae_net": "?", "ae_code": "3", "ae_noise": "9", "ae_length": "x", "ae_seed": "-4"},
        {"ae_x": "-20", "ae_y": "nan", "ae_from": "0", "ae_to": "99999"},
        {"ae_net": "linear", "ae_code": "64", "ae_noise": "0.5", "ae_x": "100", "ae_y": "0"},
        {
            "ae_net": "convolutional",
            "ae_code": "64",
            "ae_length": "2",
            "ae_seed": "20",
            "ae_from": "2000",
            "ae_to": "1",
        },
    ],
)
def test_nonsense_and_ends_give_a_picture(query: dict[str, str]) -> None:
    at = opened(PAGE, query)
    assert notice_of(at) and data_of(at, "code_plane")["grid"]


def test_what_was_trained_is_there_with_its_error_and_its_map(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    at = opened(PAGE, SHORT)
    state, known = job.state(), baselines(4)
    error = state.points[-1].test_error
    assert error == pytest.approx(state.results.mean)
    word = "below" if error < known.linear else "above"
    assert f"is **{error:.4f}**" in notice_of(at) and word in notice_of(at)
    assert f"**{known.linear:.4f}**" in notice_of(at)
    shown = data_of(at, "code_plane")
    grid = code_grid(CONFIG, state.weights, shown["side"])
    np.testing.assert_array_equal(pixels(shown["grid"]), grid.ravel())
    rows = data_of(at, "tiles")["rows"]
    np.testing.assert_array_equal(pixels(rows[1]["pixels"]), state.views.output.ravel())


def test_the_map_is_the_same_wherever_the_place_is(mine: Studio, job: Any) -> None:
    mine.runs = (Run("a run", job, key="run-1"),)
    here, there = (data_of(opened(PAGE, {**SHORT, "ae_x": x}), "code_plane") for x in ("10", "90"))
    assert here == there


def test_a_feed_tells_the_exact_digit_of_a_place() -> None:
    plane = code_plane(CONFIG, None)
    middle = (plane.low + plane.high) / 2
    digit = decoded(network_of(CONFIG, None), plane.code(middle[None]))[0]
    told = encode((0.5, 0.5), digit)
    assert told["place"] == [0.5, 0.5]
    np.testing.assert_allclose(pixels(told["pixels"]).reshape(28, 28), 255 * digit, atol=0.51)


@pytest.mark.parametrize("sent", [None, "x", [1], [1, "2"], {"a": 1}, [float("nan"), 0.5], [1, 2, 3]])
def test_what_no_map_would_send_is_left_alone(sent: object) -> None:
    assert dragged_to(sent) is None


def test_a_place_beyond_the_map_is_at_its_edge() -> None:
    assert dragged_to([0.25, 7]) == (0.25, 1.0) and dragged_to([-3, 0.5]) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("greedy", "word"),
    [
        ((0.10, 0.11, 0.12), "points fewer, with a 95 % interval over three seeds from"),
        ((0.30, 0.31, 0.32), "points more. The 95 % interval"),
        ((0.10, 0.20, 0.35), "no difference that three seeds can show"),
    ],
)
def test_the_sentence_of_two_starts_says_what_the_numbers_allow(
    monkeypatch: pytest.MonkeyPatch, greedy: tuple[float, ...], word: str
) -> None:
    config = GreedyConfig("relu", 4, 1_000)
    ends = {"random": (0.20, 0.21, 0.22), "greedy": greedy}
    errors: Any = {start: tuple((*[0.9] * (len(TESTS) - 1), end) for end in made) for start, made in ends.items()}
    kept: Lru[Greedy] = Lru(1)
    kept.put(config, Greedy(config, errors, ((0.1,) * 4,) * 3, share=1.0, whole=True))
    monkeypatch.setattr(greedy_view, "_KEPT", kept)
    at = opened(PAGE, {"ae_view": "greedy", "ae_unit": "relu", "ae_layers": "4", "ae_labels": "1000"})
    notice = notice_of(at).replace("\u00a0", " ")
    assert word in notice and f"**{100 * np.mean(greedy):.1f} %**" in notice and "**21.0 %**" in notice
    assert rf"= 21.0 - {100 * np.mean(greedy):.1f}" in said(at)
