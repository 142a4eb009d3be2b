"""Plans against hand-computed networks, against the modules built from them, and the sentences for impossible ones."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from hypothesis import given, settings
from network_strategies import configs
from torch import nn

from explainer.networks.build import build
from explainer.networks.config import Block, ImpossibleNetworkError, NetworkConfig, Pool
from explainer.networks.plan import MAX_MACS, MAX_PARAMETERS, MAX_VALUES, channels_last, key, layers, parameter_count

WORKED = NetworkConfig(
    (Block(4, 5, 2), Block(6, 3, padding="valid", pool=Pool("max", 3, 2))), hidden=(20,), batch_norm=True
)


def test_a_network_computed_by_hand() -> None:
    plan = layers(WORKED)
    assert [(layer.name, layer.shape, layer.parameters, layer.macs) for layer in plan] == [
        ("Convolution 1", (4, 14, 14), 4 * 25, 14 * 14 * 4 * 25),
        ("Batch norm 1", (4, 14, 14), 8, 0),
        ("Activation 1", (4, 14, 14), 0, 0),
        ("Convolution 2", (6, 12, 12), 6 * 4 * 9, 12 * 12 * 6 * 4 * 9),
        ("Batch norm 2", (6, 12, 12), 12, 0),
        ("Activation 2", (6, 12, 12), 0, 0),
        ("Pooling 2", (6, 5, 5), 0, 0),
        ("Flatten", (150,), 0, 0),
        ("Fully connected 1", (20,), 150 * 20, 150 * 20),
        ("Batch norm FC 1", (20,), 40, 0),
        ("Activation FC 1", (20,), 0, 0),
        ("Dropout FC 1", (20,), 0, 0),
        ("Logits", (10,), 210, 200),
    ]
    assert plan[0].padding == (1, 2)  # 13 * 2 + 5 - 28 = 3 pixels are missing
    assert plan[3].padding == (0, 0)
    # Batch normalization has a shift of its own, so that no layer before one has a bias.
    assert [layer.bias for layer in plan if layer.macs] == [False, False, False, True]
    assert parameter_count(WORKED) == 100 + 8 + 216 + 12 + 3000 + 40 + 210


def test_the_layers_where_dropout_and_padding_go() -> None:
    config = NetworkConfig((Block(2, pool=Pool()),), (8,), dropout=0.5, spatial_dropout=0.25, input_size=33)
    assert [layer.name for layer in layers(config)] == [
        *("Padding", "Convolution 1", "Activation 1", "Pooling 1", "Spatial dropout 1", "Flatten"),
        *("Fully connected 1", "Activation FC 1", "Dropout FC 1", "Logits"),
    ]
    padding, *_ = layers(config)
    assert (padding.padding, padding.shape) == ((2, 3), (1, 33, 33))
    assert {layer.name: layer.rate for layer in layers(config) if layer.rate} == {
        "Spatial dropout 1": 0.25,
        "Dropout FC 1": 0.5,
    }


def test_without_hidden_layers_dropout_acts_on_the_flattened_maps() -> None:
    plan = layers(NetworkConfig((), dropout=0.5))
    assert [(layer.name, layer.shape) for layer in plan] == [
        ("Flatten", (784,)),
        ("Dropout", (784,)),
        ("Logits", (10,)),
    ]


def _modules(network: nn.Sequential) -> dict[str, nn.Module]:
    """The layers in order by their names, also those in blocks."""
    return {path.split(".")[-1]: part for path, part in network.named_modules() if not any(part.children())}


def _outputs(network: nn.Sequential) -> dict[str, tuple[int, ...]]:
    """The shape of what each layer gives, and each block: its sum's."""
    shapes: dict[str, tuple[int, ...]] = {}
    for path, part in network.named_modules():
        name = path.split(".")[-1].replace("block", "sum")
        part.register_forward_hook(lambda _, __, made, name=name: shapes.update({name: tuple(made.shape[1:])}))
    with torch.no_grad():
        network(torch.zeros(2, 1, 28, 28))
    return shapes


@settings(max_examples=150, deadline=None)
@given(configs)
def test_the_plan_is_the_module_built_from_it(config: NetworkConfig) -> None:
    try:
        plan = layers(config)
    except ImpossibleNetworkError:
        with pytest.raises(ImpossibleNetworkError):
            build(config)
        return
    network = build(config).eval()
    shapes = _outputs(network)
    modules = _modules(network)
    assert [name for name in modules if not name.endswith("_padding")] == [
        key(layer) for layer in plan if layer.kind != "sum"
    ]
    for layer in plan:
        assert shapes[key(layer)] == layer.shape
        if layer.kind != "sum":
            assert sum(p.numel() for p in modules[key(layer)].parameters()) == layer.parameters
    assert parameter_count(config) == sum(p.numel() for p in network.parameters())


@settings(max_examples=60, deadline=None)
@given(configs)
def test_macs_are_the_positions_of_each_weight(config: NetworkConfig) -> None:
    try:
        plan = layers(config)
    except ImpossibleNetworkError:
        return
    for layer in plan:
        weights = layer.parameters - (layer.outputs if layer.bias else 0)
        if layer.kind == "convolution":
            assert layer.macs == weights * layer.shape[1] * layer.shape[2]
        elif layer.kind == "linear":
            assert layer.macs == weights
        else:
            assert layer.macs == 0


@pytest.mark.parametrize(
    "channels, batch_norm, last",
    [((6, 12), False, True), ((16, 64), True, True), ((16, 15), True, False), ((), True, True)],
)
def test_channels_lie_last_but_where_batch_norm_has_few_of_them(
    channels: tuple[int, ...], batch_norm: bool, last: bool
) -> None:
    config = NetworkConfig(tuple(Block(count) for count in channels), batch_norm=batch_norm)
    assert channels_last(config) == last


IMPOSSIBLE = {
    "a kernel larger than its map": (
        NetworkConfig((Block(4, pool=Pool("max", 4, 4)), Block(4, 9, padding="valid"))),
        "Convolution 2 has a 9 × 9 kernel, but its input is only 7 × 7. Choose a kernel of at most 7",
    ),
    "a window larger than its map": (
        NetworkConfig((Block(4, 5, 4), Block(4, pool=Pool("average", 8, 2)))),
        "Pooling 2 has a 8 × 8 window, but its input is only 7 × 7. Choose a window of at most 7",
    ),
    "no channels": (NetworkConfig((Block(4), Block(0))), "the channels of Convolution 2 from 1 to"),
    "too many channels": (NetworkConfig((Block(10**30),)), "the channels of Convolution 1 from 1 to"),
    "no kernel": (NetworkConfig((Block(4, 0),)), "the kernel size of Convolution 1 from 1 to 64"),
    "a kernel beyond any input": (
        NetworkConfig((Block(1, 10**9),)),
        "the kernel size of Convolution 1 from 1 to 64",
    ),
    "no stride": (NetworkConfig((Block(4, 3, 0),)), "the stride of Convolution 1 from 1 to 64"),
    "a stride that torch cannot hold": (
        NetworkConfig((Block(4, 3, 2**63),)),
        "the stride of Convolution 1 from 1 to 64",
    ),
    "an empty window": (
        NetworkConfig((Block(4, pool=Pool("max", 0)),)),
        "the window of Pooling 1 from 1 to 64",
    ),
    "a window that stands still": (
        NetworkConfig((Block(4), Block(4, pool=Pool("max", 2, 0)))),
        "the stride of Pooling 2 from 1 to 64",
    ),
    "a pooling stride that torch cannot hold": (
        NetworkConfig((Block(4, pool=Pool("max", 2, 2**63)),)),
        "the stride of Pooling 1 from 1 to 64",
    ),
    "no neuron": (NetworkConfig((), (20, 0)), "the neurons of Fully connected 2 from 1 to"),
    "a negative rate": (NetworkConfig((), dropout=-0.1), "the dropout rate from 0 to 0.95"),
    "dropout of everything": (NetworkConfig((), dropout=1.0), "the dropout rate from 0 to 0.95"),
    "dropout that is no number": (NetworkConfig((), dropout=float("nan")), "the dropout rate from 0 to 0.95"),
    "spatial dropout of everything": (
        NetworkConfig((), spatial_dropout=1.0),
        "the spatial dropout from 0 to 0.95",
    ),
    "an input smaller than a digit": (NetworkConfig((), input_size=27), "the input size from 28 to 64"),
    "an input of gigabytes": (NetworkConfig((), input_size=10**6), "the input size from 28 to 64"),
    "too many convolutions": (
        NetworkConfig((Block(1, 28, 64),) * 31),
        "the number of convolutions from 0 to 30",
    ),
    "too many hidden layers": (
        NetworkConfig((), (1,) * 31),
        "the number of fully connected layers before the logits from 0 to 30",
    ),
}


@pytest.mark.parametrize("config, sentence", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_network_is_explained(config: NetworkConfig, sentence: str) -> None:
    with pytest.raises(ImpossibleNetworkError) as raised:
        layers(config)
    message = str(raised.value)
    assert sentence in message
    assert message.startswith(("Choose", "Convolution", "Pooling"))
    assert message.endswith(".")


@pytest.mark.parametrize("digits", [400, 4_200, 20_000])
def test_numbers_that_python_would_not_even_print_are_explained(digits: int) -> None:
    huge = 10**digits
    for config in (
        NetworkConfig((Block(huge, huge, huge, pool=Pool("max", huge, huge)),)),
        NetworkConfig((), (huge, huge)),
        NetworkConfig((), input_size=huge),
    ):
        with pytest.raises(ImpossibleNetworkError, match=r"^Choose the .{,60}\.$"):
            layers(config)


def test_a_network_with_too_many_parameters_names_the_layer_that_has_them() -> None:
    config = NetworkConfig((Block(10),), hidden=(400,))
    with pytest.raises(ImpossibleNetworkError) as raised:
        layers(config)
    inputs = 10 * 28 * 28
    assert f"{inputs * 400 + 400:,} of them in Fully connected 1; the limit is {MAX_PARAMETERS:,}" in str(raised.value)
    assert parameter_count(dataclasses.replace(config, hidden=(300,))) == 100 + inputs * 300 + 300 + 3010


def test_a_network_with_too_many_multiplications_names_the_layer_that_needs_them() -> None:
    config = NetworkConfig((Block(10), Block(200, 9)))
    with pytest.raises(ImpossibleNetworkError) as raised:
        layers(config)
    assert f"{28 * 28 * 200 * 10 * 81:,} of them in Convolution 2; the limit is {MAX_MACS:,}" in str(raised.value)


def test_a_network_whose_maps_fill_the_memory_names_the_layer_that_makes_most() -> None:
    # One multiplication a value: cheap to compute, but a gigabyte for every batch.
    config = NetworkConfig((Block(1000, 1, pool=Pool("max", 28, 1)),))
    with pytest.raises(ImpossibleNetworkError) as raised:
        layers(config)
    assert f"{1000 * 28 * 28:,} of them in Convolution 1; the limit is {MAX_VALUES:,}" in str(raised.value)
