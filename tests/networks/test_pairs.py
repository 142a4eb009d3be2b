"""Networks of building blocks: against loops of torch's functions in float64, closed forms, and each other."""

from __future__ import annotations

from itertools import count
from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainer.networks.build import build
from explainer.networks.config import Block, ImpossibleNetworkError, NetworkConfig, Pool, Skips
from explainer.networks.plan import MAX_PAIRS, first_convolutions, layers, parameter_count

KINDS: tuple[Skips, ...] = get_args(Skips)


def _network(skips: Skips, pairs: int = 3, *, batch_norm: bool = True, channels: int = 5) -> NetworkConfig:
    block = Block(channels, stride=2, pairs=pairs)
    return NetworkConfig((block,), batch_norm=batch_norm, skips=skips, global_pool=True)


def _built(config: NetworkConfig) -> nn.Sequential:
    """In float64 and in use, with numbers in its batch normalization as if it had been trained."""
    torch.manual_seed(3)
    network = build(config).double().eval()
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            for values in (part.weight.data, part.bias.data, part.running_mean, part.running_var):
                assert values is not None
                values.uniform_(0.5, 1.5)
    return network


def _pictures() -> Tensor:
    return torch.randn(4, 1, 28, 28, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


class _ByHand:
    """The network as the papers draw it, of torch's functions; it takes the weights in the order of the layers."""

    def __init__(self, network: nn.Sequential) -> None:
        self.state = {
            name.split(".", 1)[-1] if "block" in name else name: v for name, v in network.state_dict().items()
        }
        self.convolutions, self.normalizations = count(1), count(1)

    def convolve(self, x: Tensor) -> Tensor:
        name = f"convolution_{next(self.convolutions)}"
        return functional.conv2d(x, self.state[f"{name}.weight"], self.state.get(f"{name}.bias"), padding=1)

    def normalize(self, x: Tensor) -> Tensor:
        name = f"batch_norm_{next(self.normalizations)}"
        if f"{name}.weight" not in self.state:
            return x
        gamma, beta, mean, variance = (
            self.state[f"{name}.{part}"][:, None, None] for part in ("weight", "bias", "running_mean", "running_var")
        )
        normalized: Tensor = gamma * (x - mean) / (variance + 1e-5).sqrt() + beta
        return normalized

    def logits(self, pictures: Tensor, skips: Skips, pairs: int) -> Tensor:
        weight, bias = self.state["convolution_1.weight"], self.state.get("convolution_1.bias")
        next(self.convolutions)
        x = functional.conv2d(functional.pad(pictures, (0, 1, 0, 1)), weight, bias, stride=2)
        if skips != "pre-activation":
            x = self.normalize(x).relu()
        for _ in range(pairs):
            if skips == "pre-activation":
                x = x + self.convolve(self.normalize(self.convolve(self.normalize(x).relu())).relu())
            else:
                branch = self.normalize(self.convolve(self.normalize(self.convolve(x)).relu()))
                x = ((x if skips == "residual" else 0) + branch).relu()
        if skips == "pre-activation":
            x = self.normalize(x).relu()
        logits: Tensor = x.mean((2, 3)) @ self.state["logits.weight"].T + self.state["logits.bias"]
        return logits


@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("skips", KINDS)
def test_the_network_computes_what_the_papers_draw(skips: Skips, batch_norm: bool) -> None:
    network = _built(_network(skips, batch_norm=batch_norm))
    expected = _ByHand(network).logits(_pictures(), skips, pairs=3)
    torch.testing.assert_close(network(_pictures()), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("pairs, depth", [(3, 8), (6, 14), (9, 20), (15, 32)])
@pytest.mark.parametrize("skips", KINDS)
def test_depth_and_parameters_are_those_of_the_closed_form(skips: Skips, pairs: int, depth: int) -> None:
    for batch_norm in (True, False):
        config, width = _network(skips, pairs, batch_norm=batch_norm, channels=16), 16
        plan = layers(config)
        assert sum(layer.kind in ("convolution", "linear") for layer in plan) == depth
        weights = 9 * width + 2 * pairs * 9 * width * width + 10 * width + 10
        others = (2 if batch_norm else 1) * width * (1 + 2 * pairs)  # gamma and beta, or a bias, of each convolution
        assert parameter_count(config) == weights + others
        assert sum(p.numel() for p in build(config).parameters()) == weights + others
        assert sum(layer.macs for layer in plan) == 14 * 14 * (9 * width + 2 * pairs * 9 * width**2) + 10 * width
        assert sum(layer.kind == "sum" for layer in plan) == (0 if skips == "plain" else pairs)


@pytest.mark.parametrize("skips", KINDS)
def test_a_block_without_weights_is_the_identity_where_it_has_a_skip(skips: Skips) -> None:
    network = _built(_network(skips, pairs=1, batch_norm=False))
    block = network.get_submodule("block_1")
    for values in block.parameters():
        values.data.zero_()
    maps = torch.randn(2, 5, 14, 14, dtype=torch.float64)
    expected = {"plain": 0 * maps, "residual": maps.relu(), "pre-activation": maps}[skips]
    assert torch.equal(block(maps), expected)


def test_taking_the_input_away_from_every_residual_block_leaves_the_plain_network() -> None:
    residual, plain = (_built(_network(skips)) for skips in ("residual", "plain"))
    assert residual.state_dict().keys() == plain.state_dict().keys()
    x = _pictures()
    for name, part in residual.named_children():
        if name.startswith("block"):
            *branch, activation = part.children()
            with_skip = part(x)
            without = activation(nn.Sequential(*branch)(x))
            assert torch.allclose(with_skip, activation(nn.Sequential(*branch)(x) + x), rtol=1e-12)
            x = without
        else:
            x = part(x)
    torch.testing.assert_close(x, plain(_pictures()), rtol=1e-12, atol=1e-12)


def test_the_gradient_reaches_the_first_layer_undiminished_through_the_skips() -> None:
    # With branches of zero weights, the derivative of what the last block puts out by what the first reads is 1.
    network = _built(_network("pre-activation", pairs=8, batch_norm=False))
    blocks = nn.Sequential(*(part for name, part in network.named_children() if name.startswith("block")))
    for values in blocks.parameters():
        values.data.zero_()
    maps = torch.randn(1, 5, 14, 14, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(blocks(maps).sum(), maps)
    assert torch.equal(gradient, torch.ones_like(maps))


def test_convolutions_are_counted_through_the_blocks() -> None:
    config = NetworkConfig((Block(4, pairs=2, pool=Pool()), Block(6, pairs=1), Block(3)), skips="residual")
    assert first_convolutions(config) == (1, 6, 9)
    assert first_convolutions(NetworkConfig(())) == ()
    names = [layer.name for layer in layers(config) if layer.kind in ("convolution", "pool", "sum")]
    assert names == [
        *("Convolution 1", "Convolution 2", "Convolution 3", "Sum 1", "Convolution 4", "Convolution 5", "Sum 2"),
        *("Pooling 5", "Convolution 6", "Convolution 7", "Convolution 8", "Sum 3", "Convolution 9"),
    ]
    assert [layer.pair for layer in layers(config) if layer.kind == "sum"] == [1, 2, 3]


def test_the_names_and_the_place_of_every_layer_of_a_block() -> None:
    names = {skips: [layer.name for layer in layers(_network(skips, 1)) if layer.pair] for skips in KINDS}
    assert names == {
        "plain": [*("Convolution 2", "Batch norm 2", "Activation 2", "Convolution 3", "Batch norm 3", "Activation 3")],
        "residual": [
            *("Convolution 2", "Batch norm 2", "Activation 2", "Convolution 3", "Batch norm 3", "Sum 1"),
            "Activation 3",
        ],
        "pre-activation": [
            *("Batch norm 1", "Activation 1", "Convolution 2", "Batch norm 2", "Activation 2", "Convolution 3", "Sum 1")
        ],
    }


@pytest.mark.parametrize("pairs", [(-1,), (MAX_PAIRS + 1,), (MAX_PAIRS, 1), (MAX_PAIRS + 1, -1), (10**5000,)])
def test_too_many_blocks_are_explained(pairs: tuple[int, ...]) -> None:
    config = NetworkConfig(tuple(Block(1, 3, 4, pairs=each) for each in pairs))
    with pytest.raises(
        ImpossibleNetworkError, match=f"building blocks, of two convolutions each, from 0 to {MAX_PAIRS}"
    ):
        layers(config)
