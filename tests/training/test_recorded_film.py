"""The film that comes with the app, and that a film survives its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explainer.networks.plan import layers
from explainer.training import recorded_film as module
from explainer.training.config import is_possible
from explainer.training.film import MOST_BYTES, Frame
from explainer.training.recorded_film import FILMED, recorded_film, to_bytes
from explainer.training.snapshot import Point


def test_the_recorded_film_is_of_its_run() -> None:
    job = recorded_film()
    state, film = job.state(), job.state().film
    assert is_possible(FILMED) and layers(FILMED.network)
    assert (job.status, job.config, len(film)) == ("finished", FILMED, 41)
    assert [film[0].step, film[-1].step] == [0, 938]
    assert all(frame.picture.shape == (16, 9, 9) and frame.picture.dtype == np.float16 for frame in film)
    assert sum(frame.picture.nbytes for frame in film) <= MOST_BYTES
    assert [point.step for point in state.points] == [frame.step for frame in film]
    assert state.points[-1].test_accuracy == pytest.approx(0.992, abs=0.002)
    start = film[0].picture.astype(float)
    assert np.abs(start).max() <= 1 / 9 + 1e-4  # as PyTorch draws 81 weights
    noise = [
        np.abs(np.diff(frame.picture.astype(float), axis=2)).mean() / np.std(frame.picture.astype(float))
        for frame in (film[0], film[-1])
    ]
    assert noise[1] < noise[0] / 2  # neighbours have become alike: the filters are smooth


def test_a_film_survives_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = np.random.default_rng(0).normal(0, 1, (3, 2, 4, 4)).astype(np.float16)
    film = [Frame(step, step / 8, kernels[step // 4]) for step in (0, 4, 8)]
    points = [Point(0, 0.0, 0.0, 0.0, 0.0, None, None, 2.3, 0.1, 100), Point(4, 0.5, 0.0, 0.0, 0.0, 1.0, 0.5)]
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / module.FILE).write_bytes(to_bytes(film, points))
    monkeypatch.setattr(module, "assets_path", lambda: tmp_path)
    state = recorded_film.__wrapped__().state()
    assert [(frame.step, frame.epoch) for frame in state.film] == [(0, 0.0), (4, 0.5), (8, 1.0)]
    for frame, wanted in zip(state.film, kernels, strict=True):
        np.testing.assert_array_equal(frame.picture, wanted)
    assert [point.test_accuracy for point in state.points] == [0.1, None, None]
