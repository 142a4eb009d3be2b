"""Answers to all test digits after operations, what changed, and what each filter is worth."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.data.digits import load
from explainer.inspection.surgery import answers as reading
from explainer.inspection.surgery.answers import Answers, answers, change, labels
from explainer.inspection.surgery.harm import Harm, harm
from explainer.inspection.surgery.operated import operated, target
from explainer.inspection.surgery.operations import Prune, Scale, named, parse
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.build import build, normalize
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.graph import logits
from explainer.networks.resuming import following, hold, resume
from explainer.networks.weights import to_bytes
from explainer.training.measure import test as measure


def published(name: str) -> int:
    """How many digits a bundled reader gets right, as a run's own test counts them."""
    from explainer.networks.weights import from_bytes

    data = load("mnist")
    images, true = torch.tensor(data.test_images).unsqueeze(1), torch.tensor(data.test_labels).long()
    result = [part for part in measure(from_bytes(zoo.reader(name))[1], images, true) if part][-1]
    return int((result.predicted == data.test_labels).sum())


def skipping() -> bytes:
    """A network with a sum, around which two values are alive, with weights as they begin."""
    config = NetworkConfig((Block(4, 3), Block(4, 3, pairs=2)), (8,), skips="residual")
    torch.manual_seed(0)
    return to_bytes(build(config), config)


@pytest.mark.parametrize("name", ["digits", "digits-bn"])
def test_an_undamaged_network_reads_what_is_published_of_it(name: str) -> None:
    assert answers(zoo.load(name)).right(labels()) == published(name)


@pytest.mark.parametrize(
    "text", ["conv1.2*0", "conv2.7*0", "conv3.5*-1", "fc1.9*2", "bits.3.fc1", "bits.4", "prune.60"]
)
def test_what_is_kept_changes_no_answer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = zoo.load("digits-bn")
    monkeypatch.setattr(reading, "_held", Lru(30_000_000, reading._bytes))  # some chunks of the layers in front
    operations = parse(f"conv3.1*0,{text}", network.description)
    pictures = load("mnist").test_images
    at_once = reading.answers_to(operated(network, operations), pictures)
    for _ in range(2):  # with nothing kept, and with what the first time has kept
        found = answers(network, operations)
        np.testing.assert_array_equal(found.predicted, at_once.predicted)
        np.testing.assert_array_equal(found.confidence, at_once.confidence)
    assert reading._held.taken <= reading._held.most


def test_what_is_kept_of_one_network_is_not_taken_for_another() -> None:
    network = zoo.load("digits")
    for text in ("fc1.0*0", "conv1.0*0,fc1.0*0", "conv1.1*0,fc1.0*0"):
        operations = parse(text, network.description)
        expected = reading.answers_to(operated(network, operations), load("mnist").test_images)
        np.testing.assert_array_equal(answers(network, operations).confidence, expected.confidence)


@pytest.mark.parametrize("make", [lambda: zoo.load("digits-bn"), lambda: zoo.trained(skipping(), "Skips")])
def test_a_network_goes_on_at_every_layer(make: object) -> None:
    network = make()  # type: ignore[operator]
    pictures = torch.randn(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = logits(network, pictures)
        for layer in network.description.layers:
            assert torch.equal(resume(network, layer.name, hold(network, layer.name, pictures)), expected)
    assert following(network, network.description.layers[0].name) == network.description.layers[1].name


def test_changes_by_hand() -> None:
    true = np.array([0, 1, 1, 9], np.uint8)
    sure = np.ones(4, np.float32)
    before, after = Answers(np.array([0, 1, 2, 9], np.uint8), sure), Answers(np.array([0, 7, 1, 8], np.uint8), sure)
    found = change(before, after, true)
    assert found.lost.tolist() == [1, 3] and found.won.tolist() == [2]
    assert (found.right_before, found.right) == (3, 2)
    assert found.before.tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1] and found.after.tolist() == [1, 1] + [0] * 8
    assert found.right == found.right_before - len(found.lost) + len(found.won)


def tiny() -> bytes:
    """Two filters: the first gives the ink, which decides between 1 and 0; the second is read by nobody."""
    config = NetworkConfig((Block(2, 1),), (), batch_norm=False)
    network = build(config)
    state = {name: torch.zeros_like(value) for name, value in network.state_dict().items()}
    state["convolution_1.weight"][:] = 1.0
    state["convolution_1.bias"][:] = 1.0
    state["logits.weight"][1, :784] = 1.0
    state["logits.bias"][0] = 500.0
    network.load_state_dict(state)
    return to_bytes(network, config)


def test_harm_by_hand() -> None:
    network = zoo.trained(tiny(), "Tiny")
    pictures = np.zeros((4, 28, 28), np.uint8)
    pictures[1:] = 255  # blank is a 0, all ink a 1: without the first filter all is a 0
    true = np.array([0, 1, 1, 1], np.uint8)
    last = list(harm(network, named(network.description, "conv1"), pictures, true))[-1]
    assert last.is_whole and (last.whole, last.digits) == (4, 4)
    assert last.right.tolist() == [1, 4] and last.lost.tolist() == [75.0, 0.0]
    assert normalize(torch.tensor(0)) > -1  # which the bias turns positive


@pytest.mark.parametrize(("name", "layer"), [("digits", "conv2"), ("digits-bn", "conv3")])
def test_harm_is_what_switching_off_does(name: str, layer: str) -> None:
    network, digits = zoo.load(name), load("mnist")
    known = named(network.description, layer)
    damaged, some = operated(network, (Prune(40),)), reading.CHUNK + 100  # the last chunk is a small one
    pictures, true = digits.test_images[:some], digits.test_labels[:some]
    steps = list(harm(damaged, known, pictures, true))
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert not any(step.is_whole for step in steps[:-1]) and isinstance(steps[-1], Harm)
    for number in (0, 5, known.channels - 1):
        without = reading.answers_to(operated(network, (Prune(40), Scale(layer, number, 0.0))), pictures)
        assert steps[-1].right[number] == without.right(true)
    assert (target(network, known) is known) == (name == "digits")
