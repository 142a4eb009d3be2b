"""From 0 to 4 to 5 to 9: which weights move, which digits are learned from, and what comes of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.data.digits import load
from explainer.networks import zoo
from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.weights import from_bytes
from explainer.tasks.transfer.config import WayName
from explainer.tasks.transfer.halves_config import COUNTS, FIRST, HalvesConfig
from explainer.tasks.transfer.halves_loop import begun, few, half, learned, measured, taught
from explainer.training.snapshot import Snapshot

CPU = torch.device("cpu")
READER = zoo.reader("digits")


def test_a_half_has_its_digits_alone_under_new_names() -> None:
    whole = load("mnist")
    first, second = half(whole, 0), half(whole, 5)
    assert len(first.train_labels) == FIRST and len(first.train_labels) + len(second.train_labels) == 60_000
    assert set(second.test_labels) == {0, 1, 2, 3, 4}
    assert np.array_equal(second.train_images[0], whole.train_images[0]) and second.train_labels[0] == 0  # a 5


def test_few_pictures_are_as_many_of_each_class_and_a_part_of_more() -> None:
    digits = half(load("mnist"), 5)
    one, five, other = few(digits, 1, 0), few(digits, 5, 0), few(digits, 1, 1)
    assert torch.bincount(five.labels).tolist() == [5] * 5 and one.pixels.shape == (5, 1, 28, 28)
    assert torch.equal(five.pixels[::5], one.pixels) and not torch.equal(other.pixels, one.pixels)


@pytest.mark.parametrize("way", ["frozen", "fine-tuned", "scratch"])
def test_what_moves_is_what_the_way_says(way: WayName) -> None:
    _, known, _ = from_bytes(READER)
    start = {name: values.clone() for name, values in begun(READER, way, 0).state_dict().items()}
    network = begun(READER, way, 0)
    (step, *_) = taught(network, way, few(half(load("mnist"), 5), 1, 0), 0)
    assert step.examples == 5
    old = {name for name in start if not name.startswith("logits")}
    copied = {name for name in old if torch.equal(start[name], known.state_dict()[name])}
    moved = {name for name, values in network.state_dict().items() if not torch.equal(values, start[name])}
    assert copied == (set() if way == "scratch" else old) and network.logits.out_features == 5
    assert {"logits.weight", "logits.bias"} <= moved
    assert (moved & old == set()) is (way == "frozen")


def test_what_0_to_4_taught_is_worth_more_than_nothing() -> None:
    config = HalvesConfig(seeds=1)
    steps, found = 0, None
    for item in learned(config, CPU):
        if isinstance(item, Snapshot):
            found, steps = item.results, item.point.step
            if found and np.isfinite(found.accuracy[:, :2]).all():
                break
    assert found is not None and found.first is not None and found.first > 0.97
    frozen, tuned, scratch = found.accuracy[:, 1, 0]  # five pictures of each class
    assert min(frozen, tuned) > 0.5 and np.isnan(found.accuracy[:, 2:]).all()
    assert 0 < steps < config.steps and config.scenes > FIRST
    assert scratch < 1


def test_a_given_network_is_begun_with_and_none_is_trained_first() -> None:
    config = HalvesConfig(seeds=1, weights=READER)
    reports = (item for item in learned(config, CPU) if isinstance(item, Snapshot) and item.results)
    found = next(item.results for item in reports if np.isfinite(item.results.accuracy[0, 0, 0]))  # type: ignore[union-attr]
    network = begun(READER, "frozen", 0)
    digits = half(load("mnist"), 5)
    for _ in taught(network, "frozen", few(digits, COUNTS[0], 0), 0):
        pass
    *_, result = measured(network, digits, CPU)
    assert result is not None and found is not None and found.first is None
    assert found.accuracy[0, 0, 0] == result.accuracy
    assert config.carried == len(READER) and config.scenes == HalvesConfig(seeds=1).scenes - FIRST


def test_impossible_numbers_say_so() -> None:
    for config in (HalvesConfig(seeds=0), HalvesConfig(seed=-1)):
        assert config.steps == 0 == config.rough_seconds()
        with pytest.raises(ImpossibleNetworkError, match="out of its range"):
            next(learned(config, CPU))
