"""Built networks compute what their configuration says: against torch's functions, TensorFlow's placement, literals."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainer.data.digits import load
from explainer.networks.build import ACTIVATIONS, build, normalize, set_dropout
from explainer.networks.config import Block, ImpossibleNetworkError, NetworkConfig, Pool


def _digits(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 1, 28, 28, generator=torch.Generator().manual_seed(seed))


def test_a_network_computes_its_layers_one_after_the_other() -> None:
    config = NetworkConfig(
        (Block(3, 4, 2, pool=Pool("average", 3, 1)), Block(5, 3, padding="valid", pool=Pool("max", 2, 2))),
        hidden=(7,),
        activation="tanh",
    )
    torch.manual_seed(1)
    network = build(config).eval()
    state, x = network.state_dict(), _digits(2)
    # 28 pixels, kernel 4, stride 2: 13 * 2 + 4 - 28 = 2 pixels are missing, one on each side.
    x = functional.conv2d(x, state["convolution_1.weight"], state["convolution_1.bias"], stride=2, padding=1)
    x = functional.avg_pool2d(x.tanh(), 3, 1)
    x = functional.conv2d(x, state["convolution_2.weight"], state["convolution_2.bias"])
    x = functional.max_pool2d(x.tanh(), 2).flatten(1)
    x = functional.linear(x, state["fully_connected_1.weight"], state["fully_connected_1.bias"]).tanh()
    expected = functional.linear(x, state["logits.weight"], state["logits.bias"])
    torch.testing.assert_close(network(_digits(2)), expected)


def test_an_odd_pixel_of_padding_goes_to_the_right_and_the_bottom() -> None:
    # Kernel 2, stride 1: one pixel is missing. A filter that reads its lower right corner sees the input moved
    # up and left, and zeros in the last row and column.
    network = build(NetworkConfig((Block(1, 2),)))
    convolution = network.get_submodule("convolution_1")
    with torch.no_grad():
        convolution.weight.copy_(torch.tensor([[[[0.0, 0.0], [0.0, 1.0]]]]))
        convolution.bias.zero_()
    picture = _digits(1)
    seen = convolution(network.get_submodule("convolution_1_padding")(picture))
    assert torch.equal(seen[..., :27, :27], picture[..., 1:, 1:])
    assert not seen[..., 27, :].any()
    assert not seen[..., 27].any()


def test_a_larger_input_has_the_digit_in_its_middle() -> None:
    picture = torch.full((1, 1, 28, 28), 3.0)
    padded = build(NetworkConfig((), input_size=33)).get_submodule("padding")(picture)
    assert padded.shape == (1, 1, 33, 33)
    assert torch.equal(padded[..., 2:30, 2:30], picture)
    assert padded.sum() == picture.sum()


@pytest.mark.parametrize(
    "name, at_minus_1, at_2",
    [
        ("relu", 0.0, 2.0),
        ("tanh", -math.tanh(1), math.tanh(2)),
        ("sigmoid", 1 / (1 + math.e), 1 / (1 + math.exp(-2))),
        ("leaky_relu", -0.01, 2.0),
        ("elu", 1 / math.e - 1, 2.0),
        ("gelu", -(1 + math.erf(-1 / math.sqrt(2))) / 2, 1 + math.erf(2 / math.sqrt(2))),
        ("silu", -1 / (1 + math.e), 2 / (1 + math.exp(-2))),
    ],
)
def test_activations(name: str, at_minus_1: float, at_2: float) -> None:
    values = ACTIVATIONS[name]()(torch.tensor([-1.0, 2.0], dtype=torch.float64))
    assert values.tolist() == pytest.approx([at_minus_1, at_2], abs=1e-12)
    assert isinstance(build(NetworkConfig((Block(1),), activation=name)).get_submodule("activation_1"), nn.Module)  # type: ignore[arg-type]


def test_batch_norm_stands_before_the_activation_and_replaces_the_bias() -> None:
    network = build(NetworkConfig((Block(4),), hidden=(6,), batch_norm=True, dropout=0.5, spatial_dropout=0.5))
    assert [(name, type(module).__name__) for name, module in network.named_children()] == [
        ("convolution_1", "Conv2d"),
        ("batch_norm_1", "BatchNorm2d"),
        ("activation_1", "ReLU"),
        ("spatial_dropout_1", "Dropout2d"),
        ("flatten", "Flatten"),
        ("fully_connected_1", "Linear"),
        ("batch_norm_fc_1", "BatchNorm1d"),
        ("activation_fc_1", "ReLU"),
        ("dropout_fc_1", "Dropout"),
        ("logits", "Linear"),
    ]
    assert [name for name in network.state_dict() if name.endswith("bias")] == [
        "batch_norm_1.bias",
        "batch_norm_fc_1.bias",
        "logits.bias",
    ]


def test_the_seed_decides_the_weights() -> None:
    config = NetworkConfig((Block(4),), hidden=(6,))
    weights = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        weights.append(torch.cat([p.detach().flatten() for p in build(config).parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_normalized_digits_have_mean_0_and_deviation_1() -> None:
    pixels = torch.from_numpy(load("mnist").train_images.astype(np.uint8))
    normalized = normalize(pixels)
    assert normalized.dtype == torch.float32
    assert normalized.double().mean().item() == pytest.approx(0, abs=2e-4)
    assert normalized.double().std().item() == pytest.approx(1, abs=2e-4)
    black, white = normalize(torch.tensor([0, 255], dtype=torch.uint8)).tolist()
    assert (black, white) == (pytest.approx(-0.42421, abs=1e-5), pytest.approx(2.82149, abs=1e-5))


def test_set_dropout_changes_every_dropout_layer_but_the_spatial_ones() -> None:
    network = build(NetworkConfig((Block(2),), hidden=(5, 5), dropout=0.1, spatial_dropout=0.3))
    set_dropout(network, 0.7)
    assert [module.p for module in network.modules() if isinstance(module, nn.Dropout)] == [0.7, 0.7]
    assert [module.p for module in network.modules() if isinstance(module, nn.Dropout2d)] == [0.3]


@pytest.mark.parametrize("config", [NetworkConfig((Block(2),)), NetworkConfig((), (5,)), NetworkConfig(())])
def test_dropout_can_be_turned_on_in_a_network_that_began_without(config: NetworkConfig) -> None:
    torch.manual_seed(0)
    network = build(config)
    whole = network(_digits(4))
    assert torch.equal(network(_digits(4)), whole)
    set_dropout(network, 0.5)
    assert not torch.equal(network(_digits(4)), whole)
    assert torch.equal(network.eval()(_digits(4)), whole)


def test_an_impossible_network_is_not_built() -> None:
    with pytest.raises(ImpossibleNetworkError, match="Convolution 1"):
        build(NetworkConfig((Block(1, 29, padding="valid"),)))
