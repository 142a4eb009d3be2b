"""The film of a run: its first and its latest frame, evenly spaced ones between, and never too many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.data.digits import Digits
from explainer.networks.config import Block, NetworkConfig
from explainer.training.config import Recipe, RunConfig
from explainer.training.film import MOST_BYTES, MOST_FRAMES, Film, Frame, frame, most_frames
from explainer.training.job import Job, State
from explainer.training.loop import train
from explainer.training.snapshot import MOST_KERNELS, Point, Snapshot, Views


def _point(step: int) -> Point:
    return Point(step, step / 10, float(step), 100.0, 0.1, 2.3, 0.1)


def _frame(step: int, side: int = 2) -> Frame:
    return Frame(step, step / 10, np.full((1, side, side), step, np.float16))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 400))
def test_a_film_has_both_ends_and_even_steps_between(count: int) -> None:
    film = Film()
    for step in range(count):
        film.add(_frame(step))
    steps = [each.step for each in film.frames]
    assert (steps[0], steps[-1]) == (0, count - 1)
    assert len(steps) <= MOST_FRAMES
    assert len(steps) >= min(count, MOST_FRAMES // 2)
    gaps = np.diff(steps)
    assert set(gaps[:-1].tolist()) <= {gaps[0]}  # all alike, but for the last, which is shorter
    assert 0 < gaps[-1] <= gaps[0]


def test_a_film_of_one_frame_and_of_none() -> None:
    film = Film()
    assert film.frames == ()
    only = _frame(0)
    film.add(only)
    assert film.frames == (only,)


def test_large_kernels_leave_room_for_fewer_frames() -> None:
    large = Frame(0, 0.0, np.zeros((MOST_KERNELS, 28, 28), np.float16))
    assert most_frames(large) == MOST_BYTES // (MOST_KERNELS * 28 * 28 * 2) == 10
    assert most_frames(Frame(0, 0.0, np.zeros((32, 1000, 1000), np.float16))) == 2
    film = Film()
    for step in range(100):
        film.add(Frame(step, 0.0, large.picture))
    assert len(film.frames) <= 10
    assert sum(each.picture.nbytes for each in film.frames) <= MOST_BYTES
    two = Film(Frame(step, 0.0, np.zeros((1, 600, 600), np.float16)) for step in range(9))
    assert [each.step for each in two.frames] == [0, 8]


def test_a_frame_is_the_first_kernels_in_three_digits() -> None:
    kernels = np.random.default_rng(0).normal(0, 0.3, (40, 5, 5)).astype(np.float32)
    kernels[0, 0, 0], kernels[0, 0, 1] = 1e9, np.nan
    views = Views(kernels, (), 0)
    made = frame(_point(30), views)
    assert (made.step, made.epoch, made.picture.shape) == (30, 3.0, (MOST_KERNELS, 5, 5))
    assert np.isposinf(made.picture[0, 0, 0]) and np.isnan(made.picture[0, 0, 1])
    np.testing.assert_allclose(made.picture[1:], kernels[1:MOST_KERNELS], rtol=1e-3, atol=1e-6)
    kernels[:] = 0  # what is kept is a copy
    assert np.abs(made.picture[1]).max() > 0.1


def test_a_job_keeps_the_frames_of_reports_with_views() -> None:
    job = Job(RunConfig(NetworkConfig(())))
    for step in range(3):
        job.take(Snapshot(_point(step), Views(np.full((2, 3, 3), step, np.float32), (), 0)))
    before = job.state()
    job.take(Snapshot(_point(3)))
    assert [each.step for each in job.state().film] == [0, 1, 2]
    assert [float(each.picture[0, 0, 0]) for each in before.film] == [0.0, 1.0, 2.0]
    copy = Job(job.config, state=State("finished", film=before.film))
    assert copy.state().film == before.film


@pytest.mark.parametrize("block", [(Block(3, 5),), ()], ids=["convolution", "fully connected"])
def test_the_film_of_a_real_run_ends_with_its_weights(block: tuple[Block, ...], few: Digits) -> None:
    config = RunConfig(NetworkConfig(block), Recipe(batch_size=20, epochs=3))
    job = Job(config)
    reports = [report for report in train(config, few) if isinstance(report, Snapshot)]
    for report in reports:
        job.take(report)
    film, last = job.state().film, reports[-1].views
    assert film[0].step == 0 and film[-1].step == reports[-1].point.step
    assert last is not None
    np.testing.assert_array_equal(film[-1].picture, last.filters[:MOST_KERNELS].astype(np.float16))
    assert not np.array_equal(film[0].picture, film[-1].picture)
