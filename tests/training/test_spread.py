"""How weights are spread: percentiles as numpy has them, norms as torch has them, a record that stays small."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.data.digits import Digits
from explainer.networks.config import Block, NetworkConfig
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.loop import train
from explainer.training.measured_spread import MOST_SORTED, percentiles, spread
from explainer.training.snapshot import Snapshot
from explainer.training.spread import MOST_BYTES, MOST_SPREADS, PERCENTILES, Spread, Spreads, notice

CONFIG = RunConfig(NetworkConfig((Block(3, 5),)), Recipe(batch_size=20, epochs=2))


@pytest.mark.parametrize("count", [1, 2, 9, 1000, MOST_SORTED])
def test_percentiles_are_numpy_s(count: int) -> None:
    values = torch.randn(count, generator=torch.Generator().manual_seed(count))
    np.testing.assert_allclose(percentiles(values), np.percentile(values.numpy(), PERCENTILES), rtol=1e-5, atol=1e-6)


def test_many_numbers_are_sampled_but_their_ends_are_not() -> None:
    values = torch.randn(10 * MOST_SORTED, generator=torch.Generator().manual_seed(0))
    values[7] = 40.0
    found, exact = percentiles(values), np.percentile(values.numpy(), PERCENTILES)
    assert (found[0], found[-1]) == (values.min(), 40.0)
    np.testing.assert_allclose(found[1:-1], exact[1:-1], atol=0.04)


def test_what_is_not_there_or_not_finite_has_no_percentiles() -> None:
    assert np.isnan(percentiles(None)).all()
    assert np.isnan(percentiles(torch.tensor([1.0, torch.inf]))).all()


def test_gradients_are_those_of_the_last_step_layer_by_layer() -> None:
    network = nn.Sequential()
    network.add_module("convolution_1", nn.Conv2d(1, 2, 3))
    network.add_module("flatten", nn.Flatten())
    network.add_module("logits", nn.Linear(8, 3, bias=False))
    assert np.isnan(spread(network, 0.0).gradients).all()
    network(torch.ones(1, 1, 4, 4)).square().sum().backward()
    found = spread(network, 1.5)
    assert (found.layers, found.epoch) == (("convolution_1", "logits"), 1.5)
    for norm, layer in zip(found.gradients, (network[0], network[2]), strict=True):
        numbers = torch.cat([each.grad.reshape(-1) for each in layer.parameters() if each.grad is not None])
        assert norm == pytest.approx(float(numbers.norm()), rel=1e-5)
    assert np.isnan(found.biases[1]).all() and np.isfinite(found.biases[0]).all()


def _spread(epoch: float, layers: int = 2, wide: float = 1.0, gradients: tuple[float, ...] = (1.0, 1.0)) -> Spread:
    bands = np.tile(np.linspace(-1, 1, 9, dtype=np.float32), (layers, 1))
    bands[0] *= wide
    names = tuple(f"convolution_{number + 1}" for number in range(layers))
    return Spread(epoch, names, bands, bands, np.resize(np.array(gradients, np.float32), layers))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 600), st.integers(1, 80))
def test_the_first_and_the_latest_stay_within_the_bounds(count: int, layers: int) -> None:
    record = Spreads(_spread(float(number), layers) for number in range(count))
    epochs = [each.epoch for each in record.kept]
    assert (epochs[0], epochs[-1]) == (0.0, count - 1)
    assert len(epochs) <= MOST_SPREADS and record.size <= MOST_BYTES + record.kept[0].size
    gaps = np.diff(epochs)
    assert len(set(gaps[:-1].tolist())) <= 1


def test_what_is_said_is_computed() -> None:
    first, last = _spread(0.0, gradients=(np.nan, np.nan)), _spread(1.0, wide=0.25, gradients=(0.5, 0.01))
    said = str(notice([first, last])).replace("\u00a0", " ")
    assert "The weights of Convolution 1 have changed" in said and "0.25 times as wide" in said
    assert "smallest in Convolution 2 (0.01), 50.0 times smaller than in Convolution 1" in said
    assert notice([first]) is None and notice([last, first]) is None


def test_a_run_tells_its_spread_with_every_report(few: Digits) -> None:
    job = Job(CONFIG)
    reports = [each for each in train(CONFIG, few) if isinstance(each, Snapshot)]
    for report in reports:
        job.take(report)
    found = job.state().spreads
    assert [each.epoch for each in found] == [each.point.epoch for each in reports]
    assert found[0].layers == ("convolution_1", "logits")
    assert np.isnan(found[0].gradients).all() and (found[-1].gradients > 0).all()
    assert notice(found) is not None
