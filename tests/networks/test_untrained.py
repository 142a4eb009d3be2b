"""Networks with all weights drawn anew: nothing of the training is left, in any architecture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn
from torchvision import models

from explainer.inspection.sanity_checks import randomized, with_weights
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, logits, trace
from explainer.networks.untrained import SPREAD, draw, learned

ARCHITECTURES = ("resnet18", "convnext_tiny", "mobilenet_v3_small", "efficientnet_b0", "densenet121", "vit_b_16")


def trained(name: str) -> Network:
    """A bundled network, or one of torchvision's that looks trained: no weight and no statistic is as it began."""
    if name in zoo.BUNDLED:
        return zoo.load(name)
    size = 224 if name == "vit_b_16" else 64
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module = models.get_model(name, weights=None)
        for value in module.state_dict().values():
            if value.is_floating_point():
                value.add_(0.05 * torch.rand_like(value) + 0.01)
    return trace(module, name, name, ("",) * 1000, Transform(size, size, (0.0,) * 3, (1.0,) * 3))


def left(network: Network, twin: Network) -> list[str]:
    """The tensors of floating-point numbers that have kept some trained values.

    One in a thousand may be by chance, and any number where a trained one is what all begin with: a bias of 0.
    """
    before, after = network.graph.state_dict(), twin.graph.state_dict()
    floats = [key for key, value in before.items() if value.is_floating_point() and not begins(key, after[key])]
    return [key for key in floats if float((before[key] == after[key]).double().mean()) > 1e-3]


def begins(key: str, value: Tensor) -> bool:
    """Whether all of a tensor is what biases, means, factors and variances begin with."""
    first = float(key.endswith(("weight", "running_var")))
    return value.dim() == 1 and bool((value == first).all())


@pytest.mark.parametrize("name", [*zoo.BUNDLED, *ARCHITECTURES])
def test_nothing_of_the_training_is_left(name: str) -> None:
    network = trained(name)
    before = {key: value.clone() for key, value in network.graph.state_dict().items()}
    twin = randomized(network, len(with_weights(network)))
    assert left(network, twin) == []
    assert not any(value.requires_grad for value in twin.graph.parameters())
    side = network.description.transform.size
    with torch.no_grad():
        assert logits(twin, torch.rand(2, network.description.transform.channels, side, side)).isfinite().all()
    after = network.graph.state_dict()
    assert before.keys() == after.keys() and all(torch.equal(value, after[key]) for key, value in before.items())


def test_statistics_are_those_of_before_training() -> None:
    twin = randomized(zoo.load("digits-bn"), 2)  # the logits, and the normalization before them
    normalization = next(
        module for module in reversed(list(twin.graph.modules())) if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)
    )
    fresh = type(normalization)(normalization.num_features)
    for key, value in fresh.state_dict().items():
        assert torch.equal(normalization.state_dict()[key], value), key


def test_each_tensor_is_of_one_layer() -> None:
    network = trained("convnext_tiny")
    names = [name for each in learned(network).values() for name in each]
    assert len(names) == len(set(names)) and set(names) == network.graph.state_dict().keys()


class Odd(nn.Module):
    """A layer that is used twice, a token and a scale that no module draws, a constant, and a buffer of one."""

    def __init__(self) -> None:
        super().__init__()
        self.twice, self.out = nn.Linear(400, 400), nn.Linear(400, 2)
        self.token, self.scale = nn.Parameter(torch.zeros(1, 400)), nn.Parameter(torch.ones(400))
        self.register_buffer("constant", torch.full((400,), 3.0))

    def forward(self, x: Tensor) -> Tensor:
        x = self.twice(self.twice(x.flatten(1)) + self.token.expand(1, -1)) * self.scale
        return self.out(x + self.constant)


def test_what_no_module_draws_is_normal_and_constants_stay() -> None:
    network = trace(Odd(), "odd", "Odd", ("a", "b"), Transform(20, 20, (0.0,), (1.0,)))
    layers = with_weights(network)
    assert [learned(network)[layer.name] for layer in layers] == [
        ("out.weight", "out.bias"), ("scale",), ("twice.weight", "twice.bias"), ("token",)
    ]  # fmt: skip
    twin = randomized(network, 4).graph
    assert torch.equal(twin.constant, torch.full((400,), 3.0))
    for value in (twin.token, twin.scale):
        assert float(value.std()) == pytest.approx(SPREAD, rel=0.2) and abs(float(value.mean())) < 0.005
    assert float(twin.twice.weight.std()) == pytest.approx(2**0.5 / 20, rel=0.05)


def test_the_same_seed_draws_the_same_whatever_other_threads_draw() -> None:
    network, state = trained("vit_b_16"), torch.get_rng_state()

    def drawn(_: int) -> list[Tensor]:
        torch.rand(1)
        return list(randomized(network, 20, seed=3).graph.state_dict().values())

    with ThreadPoolExecutor(2) as executor:
        one, other = executor.map(drawn, range(2))
    assert all(map(torch.equal, one, other))
    torch.set_rng_state(state)
    names = learned(network)[with_weights(network)[0].name]
    draw(randomized(network, 1).graph, names, torch.Generator().manual_seed(0))
    assert torch.equal(torch.get_rng_state(), state)
