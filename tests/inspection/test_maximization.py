"""Activation maximization against closed forms, and what it must leave alone."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from explainer.inspection.maximization import (
    Settings,
    Snapshot,
    Target,
    activations,
    ascend,
    fits,
    l2,
    penalties,
    variation,
)
from explainer.inspection.parameterization import Parameterization
from explainer.inspection.transformations import Transformations
from explainer.networks.description import Transform
from explainer.networks.graph import Network, forward, logits, trace
from explainer.networks.reading import to_input

GREY = Transform(6, 6, (0.0,), (1.0,))
FREE = Parameterization(False, False, False)
MOVES = Transformations(2, 0.1, 10.0)
KERNEL = torch.tensor([[0.0, 1.0, 0.0], [1.0, -2.0, 1.0], [0.0, 0.5, -1.0]])


def linear(mean: float = 0.0) -> Network:
    """One convolution without bias over a picture of 3 x 3, and a second channel that is its negative."""
    module = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False), nn.Flatten())
    with torch.no_grad():
        module[0].weight.copy_(torch.stack([KERNEL, -KERNEL])[:, None])
    return trace(module, "linear", "Linear", ("a", "b"), Transform(3, 3, (mean,), (1.0,)))


def small(channels: int = 1, *, normalized: bool = False) -> Network:
    torch.manual_seed(4)
    between = [nn.BatchNorm2d(4)] if normalized else []
    module = nn.Sequential(
        nn.Conv2d(channels, 4, 3, padding=1), *between, nn.ReLU(), nn.Conv2d(4, 5, 3), nn.Flatten(), nn.Linear(80, 3)
    )
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.copy_(torch.linspace(-0.2, 0.2, 4))
            part.running_var.copy_(torch.linspace(0.5, 2.0, 4))
    transform = Transform(6, 6, (0.3,) * channels, (0.4,) * channels)
    return trace(module, "small", "Small", ("a", "b", "c"), transform)


def layer(network: Network, kind: str, number: int = 0) -> str:
    return [each.name for each in network.description.layers if each.kind == kind][number]


def last(network: Network, target: Target, settings: Settings, scale: float = 1.0) -> Snapshot:
    *_, found = ascend(network, target, settings, scale)
    return found


def test_a_linear_unit_likes_its_own_kernel() -> None:
    """w.x - weight * |x|^2 / n has its summit at x = n w / (2 weight)."""
    network, weight = linear(), 3.0
    target = Target(layer(network, "convolution"), (0, 1), 3)
    found = last(network, target, Settings(1500, 0.02, 0, FREE, l2=weight))
    summit = 9 * KERNEL / (2 * weight)
    generator = found.seen  # what was seen of it: the activation w.x at each step
    assert generator[0, -1] == pytest.approx(float((KERNEL * summit).sum()), rel=1e-3)
    assert found.reached is not None and found.l2 is not None
    assert found.reached.tolist() == pytest.approx([float((KERNEL * summit).sum())] * 2, rel=1e-3)
    assert found.l2.tolist() == pytest.approx([float(summit.square().mean())] * 2, rel=1e-3)
    assert found.high == pytest.approx(float(summit.abs().max()), rel=1e-2)
    assert found.low == pytest.approx(-float(summit.abs().max()), rel=1e-2)
    shown = np.clip(summit.numpy(), 0, 1)
    np.testing.assert_allclose(found.pictures[0, ..., 0], shown, rtol=0, atol=0.02)


def test_bounded_pixels_of_a_linear_unit_are_black_and_white() -> None:
    network = linear(mean=0.4)
    found = last(
        network, Target(layer(network, "convolution"), (0,), 3), Settings(400, 0.1, 0, replace(FREE, bounded=True))
    )
    moved = KERNEL.numpy() != 0
    np.testing.assert_allclose(found.pictures[0, ..., 0][moved], (KERNEL.numpy() > 0)[moved], rtol=0, atol=0.02)


def test_scale_weighs_the_activation_against_the_penalty() -> None:
    """w.x / scale - |x|^2 / n: the summit is divided by the scale."""
    network = linear()
    target, settings = Target(layer(network, "convolution"), (0,), 3), Settings(1500, 0.02, 0, FREE, l2=1.0)
    found = last(network, target, settings, scale=5.0)
    assert found.reached is not None
    assert found.reached[0] == pytest.approx(9 / 10 * float(KERNEL.square().sum()), rel=1e-3)


def test_penalties_by_hand() -> None:
    pictures = torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.0, 0.5]])[None, None]
    # across: 1, 0 and 0, 0.5: mean 1.5 / 4; down: 0, 1, 0.5: mean 1.5 / 3
    assert variation(pictures).tolist() == pytest.approx([1.5 / 4 + 1.5 / 3])
    assert l2(pictures).tolist() == pytest.approx([2.25 / 6])
    both = penalties(pictures, 2 * pictures, Settings(l2=0.5, variation=4.0))
    assert isinstance(both, torch.Tensor)
    assert both.tolist() == pytest.approx([0.5 * 9 / 6 + 4 * (1.5 / 4 + 1.5 / 3)])
    assert penalties(pictures, pictures, Settings()) == 0.0


def test_total_variation_flattens_and_l2_pulls_to_the_mean() -> None:
    network = small()
    target = Target(layer(network, "convolution", 1), (0,), 6)
    free, flat, mean = (
        last(network, target, replace(Settings(80, 0.1), **weights))
        for weights in ({}, {"variation": 20.0}, {"l2": 20.0})
    )
    assert free.variation is not None and flat.variation is not None and mean.l2 is not None and free.l2 is not None
    assert flat.variation[0] < 0.3 * free.variation[0]
    assert mean.l2[0] < 0.3 * free.l2[0]


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("moves", [Transformations(), MOVES])
def test_a_batch_is_its_pictures_one_by_one(channels: int, normalized: bool, moves: Transformations) -> None:
    network = small(channels, normalized=normalized)
    name = layer(network, "convolution", 1)
    settings = Settings(12, seed=3, transformations=moves, blur=0.6, l2=0.1, variation=0.5)
    together = last(network, Target(name, (0, 1, 4), 6), settings, 0.5)
    for row, unit in enumerate((0, 1, 4)):
        alone = last(network, Target(name, (unit,), 6), settings, 0.5)
        np.testing.assert_allclose(together.pictures[row], alone.pictures[0], rtol=0, atol=2e-4)
        np.testing.assert_allclose(together.seen[row], alone.seen[0], rtol=1e-3, atol=1e-3)


def test_the_same_seed_gives_the_same_pictures_and_another_one_others() -> None:
    network = small(3)
    target, settings = Target(layer(network, "convolution", 1), (0, 1), 6), Settings(10, transformations=MOVES)
    first, again = last(network, target, settings), last(network, target, settings)
    assert np.array_equal(first.pictures, again.pictures) and np.array_equal(first.seen, again.seen)
    assert not np.array_equal(first.pictures, last(network, target, replace(settings, seed=1)).pictures)


def test_what_is_reached_is_a_plain_forward_pass() -> None:
    network = small(3, normalized=True)
    name = layer(network, "convolution", 1)
    for middle in (False, True):
        found = last(network, Target(name, (2, 3), 6, middle), Settings(15, 0.1))
        with torch.no_grad():
            inputs = (torch.from_numpy(found.pictures).permute(0, 3, 1, 2) - 0.3) / 0.4
            output = forward(network, inputs, until=name)[name]
        maps = torch.stack([output[0, 2], output[1, 3]])
        expected = maps[:, 2, 2] if middle else maps.mean((1, 2))
        np.testing.assert_allclose(found.reached, expected, rtol=1e-4, atol=1e-4)


def test_a_class_is_the_logit_of_a_plain_forward_pass() -> None:
    network = small()
    target = Target(network.description.layers[-1].name, (0, 2), 6)
    found = last(network, target, Settings(30, 0.1))
    with torch.no_grad():
        inputs = (torch.from_numpy(found.pictures).permute(0, 3, 1, 2) - 0.3) / 0.4
        expected = logits(network, inputs)[[0, 1], [0, 2]]
        before = activations(network, target, to_input(GREY, np.full((2, 6, 6), 77, np.uint8)))
    np.testing.assert_allclose(found.reached, expected, rtol=1e-4, atol=1e-4)
    assert (expected > before).all()


def test_snapshots_grow_and_do_not_change_afterwards() -> None:
    network = small()
    taken, copies = [], []
    for snapshot in ascend(network, Target(layer(network, "convolution", 1), (0,), 6), Settings(6)):
        taken.append(snapshot)
        copies.append((snapshot.pictures.copy(), snapshot.seen.copy()))
    assert [snapshot.step for snapshot in taken] == [0, 1, 2, 3, 4, 5, 6]
    assert [snapshot.seen.shape for snapshot in taken] == [(1, step) for step in range(7)]
    assert [snapshot.reached is None for snapshot in taken] == [True] * 6 + [False]
    for snapshot, (pictures, seen) in zip(taken, copies, strict=True):
        assert np.array_equal(snapshot.pictures, pictures) and np.array_equal(snapshot.seen, seen)
        assert snapshot.pictures.min() >= 0 and snapshot.pictures.max() <= 1


def test_it_runs_only_as_far_as_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    network = small()
    called = []
    linear_layer = network.module(layer(network, "fully connected"))
    assert linear_layer is not None
    plain = nn.Linear.forward
    monkeypatch.setattr(nn.Linear, "forward", lambda self, given: called.append(1) or plain(self, given))
    last(network, Target(layer(network, "convolution", 1), (0,), 6), Settings(3))
    assert not called


def state(network: Network) -> list[object]:
    parts = [
        (name, part.training, len(part._forward_hooks), len(part._backward_hooks))
        for name, part in network.graph.named_modules()
    ]
    tensors = [
        (name, value.clone(), value.requires_grad, value.grad) for name, value in network.graph.named_parameters()
    ]
    buffers = [(name, value.clone()) for name, value in network.graph.named_buffers()]
    return [parts, tensors, buffers]


def same(before: list[object], after: list[object]) -> bool:
    def flat(values: object) -> list[object]:
        return [part for each in values for part in (flat(each) if isinstance(each, (list, tuple)) else [each])]  # type: ignore[attr-defined]

    pairs = zip(flat(before), flat(after), strict=True)
    return all(torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b for a, b in pairs)  # type: ignore[arg-type]


def test_a_shared_network_is_left_as_it_was() -> None:
    network = small(3, normalized=True)
    target = Target(layer(network, "convolution", 1), (0, 1), 6)
    before, generator, threads = state(network), torch.get_rng_state(), torch.get_num_threads()
    last(network, target, Settings(4, transformations=MOVES, blur=0.5, l2=0.1))
    half = ascend(network, target, Settings(9))
    next(half)
    half.close()
    with pytest.raises(IndexError, match="units 0 to 4"):
        next(ascend(network, replace(target, units=(5,)), Settings(4)))
    with pytest.raises(KeyError):
        next(ascend(network, replace(target, layer="nowhere"), Settings(4)))
    with pytest.raises(RuntimeError):
        next(ascend(network, Target(network.description.layers[-1].name, (0,), 9), Settings(4)))
    assert same(before, state(network))
    assert torch.equal(generator, torch.get_rng_state())
    assert torch.is_grad_enabled() and torch.get_num_threads() == threads


def test_two_threads_get_their_own_results() -> None:
    network = small(3)
    name = layer(network, "convolution", 1)
    jobs = [(Target(name, (unit,), 6), Settings(12, seed=unit, transformations=MOVES)) for unit in range(4)]
    alone = [last(network, *job) for job in jobs]
    found: dict[int, Snapshot] = {}
    start = threading.Barrier(len(jobs))

    def work(number: int) -> None:
        start.wait()
        found[number] = last(network, *jobs[number])

    workers = [threading.Thread(target=work, args=(number,)) for number in range(len(jobs))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for number, expected in enumerate(alone):
        assert np.array_equal(found[number].pictures, expected.pictures)


def test_a_consumer_without_gradients_keeps_its_mode() -> None:
    """The generator works in a thread where gradients are off, and leaves that so between its steps."""
    network = small()
    with torch.no_grad():
        steps = ascend(network, Target(layer(network, "convolution", 1), (0,), 6), Settings(20, 0.1))
        for _ in itertools.islice(steps, 5):
            assert not torch.is_grad_enabled()
        *_, ended = steps
    assert ended.reached is not None and ended.reached[0] > ended.seen[0, 0]


def test_which_sides_fit() -> None:
    network = small()
    assert fits(network, layer(network, "convolution", 1), 9)
    assert not fits(network, network.description.layers[-1].name, 9)
    assert fits(network, network.description.layers[-1].name, 6)
