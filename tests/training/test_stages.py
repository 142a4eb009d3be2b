"""A run's weights at its moments: the first always there, evenly spaced, never too many, and nearly as they were."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.data.assets import assets_path
from explainer.data.digits import Digits, load
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import from_bytes, to_bytes
from explainer.networks.zoo import trained
from explainer.training import measure
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job, State, at_stage
from explainer.training.loop import Cadence, train
from explainer.training.messages import Change, Changed
from explainer.training.snapshot import Divergence, Mistakes, Point, Snapshot
from explainer.training.stages import MOST_BYTES, MOST_STAGES, Stage, Stages, halved

CONFIG = RunConfig(NetworkConfig((Block(3, 5),)), Recipe(batch_size=20, epochs=3))


def _stage(step: int, size: int) -> Stage:
    return Stage(step, step / 10, bytes(size))


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 300), size=st.integers(1, 4_000), most=st.integers(2, 40), most_bytes=st.integers(1, 20_000)
)
def test_the_first_is_there_and_even_steps_after_it_within_the_bounds(
    count: int, size: int, most: int, most_bytes: int
) -> None:
    stages = Stages((_stage(step, size) for step in range(count)), most, most_bytes)
    steps = [each.step for each in stages.kept]
    assert steps[0] == 0
    assert len(set(np.diff(steps).tolist())) <= 1
    assert len(steps) < most  # one more is the latest, which the record has as it is
    assert stages.size == len(steps) * size
    assert stages.size <= max(most_bytes, size)
    room = max(1, min(most - 1, most_bytes // size))
    assert len(steps) >= min(count, (room + 1) // 2)  # and no fewer than half of those that have room


def test_what_a_test_showed_counts_too() -> None:
    results = Mistakes(
        np.zeros(50, np.int64), np.zeros(50, np.uint8), np.zeros(50, np.float32), np.zeros((10, 10), np.int64)
    )
    assert Stage(0, 0.0, bytes(100), results).size == 100 + 50 * 13 + 800


def test_numbers_of_32_bits_become_16_and_the_rest_stays() -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(0, 0.1, (40, 30)).astype(np.float32)
    large = np.array([1.0, 1e6], np.float32)
    file = safetensors.numpy.save({"w": weights, "large": large, "count": np.array(7)}, {"format": "so", "run": "{}"})
    half = halved(file)
    found = safetensors.numpy.load(half)
    assert [str(found[name].dtype) for name in ("w", "large")] == ["float16", "float32"]
    assert int(found["count"]) == 7
    np.testing.assert_array_equal(found["large"], large)
    error = np.abs(found["w"].astype(np.float64) - weights)
    assert (error <= np.maximum(np.abs(weights) * 2.0**-11, 2.0**-25)).all()
    assert b'"so"' in half[:200] and len(half) < 0.6 * len(file)
    assert halved(b"no such file") == b"no such file"


@pytest.mark.parametrize("reader", ["plain", "batch_norm"])
def test_a_digit_reader_in_16_bits_reads_as_well(reader: str) -> None:
    file = (assets_path() / "readers" / f"{reader}.safetensors").read_bytes()
    digits = load("mnist")
    images, labels = torch.tensor(digits.test_images).unsqueeze(1), torch.tensor(digits.test_labels).long()
    whole, half = (
        [part for part in measure.test(from_bytes(data)[1], images, labels) if part][-1]
        for data in (_whole(file), halved(_whole(file)))
    )
    assert abs(whole.accuracy - half.accuracy) <= 0.0005
    np.testing.assert_allclose(half.confidence, whole.confidence, atol=0.02)


def _whole(file: bytes) -> bytes:
    """The file with numbers of 32 bits, each with digits that 16 bits have not."""
    config, network, run = from_bytes(file)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for values in network.parameters():
            values.mul_(1 + 1e-4 * torch.randn(values.shape, generator=generator))
    return to_bytes(network, config, run)


def test_the_stages_of_a_real_run_are_networks_with_the_mistakes_of_their_time(few: Digits) -> None:
    job = Job(CONFIG)
    reports = [each for each in train(CONFIG, few, measured=Cadence(40, 40)) if isinstance(each, Snapshot)]
    for report in reports:
        job.take(report)
    state, measured = job.state(), [each for each in reports if each.weights]
    assert 2 < len(state.stages) < MOST_STAGES
    assert [each.step for each in state.stages] == [each.point.step for each in measured[: len(state.stages)]]
    assert job.size() > sum(each.size for each in state.stages) <= MOST_BYTES
    for stage, report in zip(state.stages, measured, strict=False):
        assert (stage.results, stage.epoch) == (report.results, report.point.epoch)
        assert report.weights is not None
        exact, kept = from_bytes(report.weights)[1], from_bytes(stage.weights)[1]
        for one, other in zip(exact.state_dict().values(), kept.state_dict().values(), strict=True):
            torch.testing.assert_close(other, one, rtol=2**-11, atol=1e-7)
    assert trained(state.stages[0].weights, "then").key != trained(state.stages[1].weights, "then").key


def test_a_run_at_a_stage_is_as_if_it_had_been_stopped_there() -> None:
    points = tuple(Point(step, step / 10, 0.0, 0.0, 0.1, None, None) for step in (0, 5, 10))
    changes = tuple(Changed(step, Change("learning_rate", 0.2)) for step in (4, 5))
    broken = Divergence(10, "conv1", "loss")
    state: State = State("diverged", points, weights=b"w", weights_step=10, changes=changes, divergence=broken)
    results = Mistakes(np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.float32), np.eye(10, dtype=int))
    then = at_stage(state, Stage(5, 0.5, b"v", results), None)
    assert (then.status, then.points, then.changes) == ("stopped", points[:2], changes[:1])
    assert (then.weights, then.weights_step, then.results, then.divergence) == (b"v", 5, results, None)


def test_a_job_that_does_not_go_back_keeps_none(few: Digits) -> None:
    job = Job(CONFIG, goes_back=False)
    for report in train(CONFIG, few):
        if isinstance(report, Snapshot):
            job.take(report)
    assert job.state().stages == () and job.state().weights
