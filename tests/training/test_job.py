"""A job's record: what was reported is there, consistent in itself, and what is over stays over."""

from __future__ import annotations

import pickle
import threading
import tracemalloc
from typing import get_args

import numpy as np
import pytest

from explainer.networks.config import NetworkConfig
from explainer.training.config import RunConfig
from explainer.training.film import Frame
from explainer.training.job import CHANGE_BYTES, GOING, POINT_BYTES, Job, State, Status
from explainer.training.messages import Change, Changed
from explainer.training.snapshot import Divergence, Mistakes, Point, Snapshot, Views

CONFIG = RunConfig(NetworkConfig(()))
VIEWS = Views(np.ones((1, 2, 2), np.float32), (), 0)
MISTAKES = Mistakes(np.array([1]), np.array([2], np.uint8), np.ones(1, np.float32), np.zeros((10, 10), np.int64))


def _point(step: int) -> Point:
    return Point(step, step / 10, float(step), 100.0, 0.1, 2.3, 0.1)


def test_a_new_job_waits_and_knows_nothing() -> None:
    job = Job(CONFIG)
    assert (job.status, job.going, job.single_step) == ("waiting", True, False)
    assert job.state() == State()
    assert Job(CONFIG, single_step=True).single_step


def test_reports_add_up_and_the_latest_of_each_kind_stays() -> None:
    job = Job(CONFIG)
    job.take(Snapshot(_point(0), VIEWS, MISTAKES, b"first"))
    job.take(Snapshot(_point(5), Views(np.zeros((1, 2, 2), np.float32), (), 3)))
    job.take(Changed(5, Change("learning_rate", 0.5)))
    job.take(Changed(6, Change("dropout", 0.2)))
    job.take(Snapshot(_point(9), divergence=Divergence(9, "logits", "loss")))
    state = job.state()
    assert state.points == (_point(0), _point(5), _point(9))
    assert state.views is not None
    assert state.views.probe == 3
    assert (state.weights, state.weights_step, state.results) == (b"first", 0, MISTAKES)
    assert state.changes == (Changed(5, Change("learning_rate", 0.5)), Changed(6, Change("dropout", 0.2)))
    assert state.divergence == Divergence(9, "logits", "loss")
    job.take(Snapshot(_point(12), weights=b"second"))
    assert (job.state().weights, job.state().weights_step) == (b"second", 12)


def test_a_state_once_read_does_not_change() -> None:
    job = Job(CONFIG)
    job.take(Snapshot(_point(0)))
    before = job.state()
    job.take(Snapshot(_point(1)))
    job.become("running")
    assert (before.points, before.status) == ((_point(0),), "waiting")


@pytest.mark.parametrize("over", [status for status in get_args(Status) if status not in GOING])
def test_what_is_over_stays_over(over: Status) -> None:
    job = Job(CONFIG)
    for status in ("running", "paused", "running"):
        job.become(status)  # type: ignore[arg-type]
        assert (job.status, job.going) == (status, True)
    job.become(over, "Why.")
    for status in get_args(Status):
        job.become(status, "Another sentence.")
        assert (job.status, job.going, job.state().message) == (over, False, "Why.")
    job.take(Snapshot(_point(3)))  # what a worker had still sent
    assert (job.status, job.state().points) == (over, (_point(3),))


def test_a_job_from_a_file_has_the_state_it_is_given() -> None:
    state = State("finished", (_point(7),), VIEWS, MISTAKES, b"weights", 7)
    job = Job(CONFIG, state=state)
    assert (job.state(), job.going) == (state, False)


def test_jobs_of_the_same_configuration_are_different_jobs() -> None:
    first, second = Job(CONFIG), Job(CONFIG)
    assert first != second
    assert len({first, second, first}) == 2


def test_readers_see_consistent_states_while_another_thread_writes() -> None:
    job, wrong = Job(CONFIG), []

    def write() -> None:
        for step in range(2_000):
            job.take(Snapshot(_point(step), weights=str(step).encode()))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        state = job.state()
        if state.points and (
            state.points[-1].step != state.weights_step or state.weights != b"%d" % state.weights_step
        ):
            wrong.append(state)
    writer.join()
    assert not wrong
    assert [point.step for point in job.state().points] == list(range(2_000))


def test_waiting_for_the_first_report_ends_with_it_or_with_the_time() -> None:
    job = Job(CONFIG)
    assert not job.wait_for_report(0.01)
    threading.Timer(0.05, job.take, [Snapshot(_point(0))]).start()
    assert job.wait_for_report(20.0)
    assert job.state().points


def test_its_size_is_what_it_takes_in_memory() -> None:
    kernels = np.ones((4, 5, 5), np.float32)
    views = Views(kernels, (np.ones((4, 28, 28), np.float32),), 0)
    job = Job(CONFIG)
    assert job.size() == 0
    job.take(Snapshot(_point(0), views, MISTAKES, bytes(1000)))
    arrays = kernels.nbytes + 4 * 28 * 28 * 4 + (8 + 1 + 4 + 800)
    stage = 1000 + MISTAKES.size
    assert job.size() == 1000 + arrays + kernels.nbytes // 2 + stage + POINT_BYTES
    job.take(Snapshot(_point(1)))
    assert job.size() == 1000 + arrays + kernels.nbytes // 2 + stage + 2 * POINT_BYTES
    job.become("finished")
    job.forget_stages()
    assert job.size() == 1000 + arrays + kernels.nbytes // 2 + 2 * POINT_BYTES


def test_points_and_changes_are_counted_for_what_they_take() -> None:
    points = [pickle.dumps(Point(1000 + n, *[n / 7] * 8, test_digits=1000 + n)) for n in range(2000)]
    changes = [pickle.dumps(Changed(1000 + n, Change(n / 7, n / 9))) for n in range(2000)]
    for pickled, counted in ((points, POINT_BYTES), (changes, CHANGE_BYTES)):
        tracemalloc.start()
        there = [pickle.loads(each) for each in pickled]
        taken = _traced_here() / len(there)
        tracemalloc.stop()
        assert 0.7 * counted < taken < 1.1 * counted


def _traced_here() -> int:
    """Bytes that this file has taken, without those of other threads of the process."""
    here = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)])
    return sum(trace.size for trace in here.traces)


def test_what_is_emptied_keeps_its_history_and_says_so() -> None:
    job = Job(CONFIG)
    job.take(Snapshot(_point(0), VIEWS, MISTAKES, b"weights"))
    job.become("running")
    job.empty()
    assert job.state().weights == b"weights"  # it is going
    job.become("stopped")
    job.empty()
    state = job.state()
    assert (state.weights, state.views, state.film, state.is_emptied) == (None, None, (), True)
    assert (state.points, state.results) == ((_point(0),), MISTAKES)
    filmed = Job(CONFIG, state=State("finished", film=(Frame(0, 0.0, np.ones((1, 2, 2), np.float16)),)))
    filmed.empty()
    assert filmed.state() == State("finished", is_emptied=True)
    nothing = Job(CONFIG)
    nothing.become("stopped")
    nothing.empty()
    assert not nothing.state().is_emptied
