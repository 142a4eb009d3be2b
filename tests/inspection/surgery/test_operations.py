"""Operations: their text, and what they do to weights, against plain PyTorch."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load as read
from torch import nn
from torch.nn.utils import prune

from explainer.inspection.surgery import operated as surgery
from explainer.inspection.surgery.operations import (
    Operation,
    OperationError,
    Prune,
    Round,
    Scale,
    filtering,
    parse,
    short,
    weighted,
    write,
)
from explainer.networks import zoo
from explainer.networks.graph import Network, logits
from explainer.networks.weights import from_bytes

PICTURES = torch.randn(40, 1, 28, 28, generator=torch.Generator().manual_seed(0))
NAMES = ["digits", "digits-bn"]


def plain(name: str) -> nn.Sequential:
    """The bundled reader as PyTorch holds it, a copy of its own."""
    return from_bytes(zoo.reader(name))[1]


def state(network: Network) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.graph.state_dict().items()}


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("", ()),
        ("conv2.7*0", (Scale("conv2", 7, 0.0),)),
        (" FC1.33*-0.5 , prune.30,", (Scale("fc1", 33, -0.5), Prune(30))),
        ("bits.4,bits.2.conv1,prune.100.logits", (Round(4), Round(2, "conv1"), Prune(100, "logits"))),
    ],
)
def test_a_text_names_operations(text: str, operations: tuple[Operation, ...]) -> None:
    assert parse(text, zoo.load("digits").description) == operations


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("burn", "burn"),
        ("conv2.7", "conv2.7"),
        ("conv2.7*", "conv2.7*"),
        ("prune.30.conv2.1", "prune.30.conv2.1"),
        ("conv9.0*0", "conv1, conv2, conv3, fc1, logits"),
        ("conv2.12*0", "0 to 11"),
        ("logits.3*0", "logits"),
        ("conv2.3*2.5", "2"),
        ("prune.101", "100"),
        ("bits.1", "8"),
        ("bits.9", "8"),
        (",".join(["bits.8"] * 41), "41"),
        ("<b>" * 200, "<b>"),
    ],
)
def test_nonsense_gets_a_sentence(text: str, says: str) -> None:
    with pytest.raises(OperationError) as caught:
        parse(text, zoo.load("digits").description)
    assert says in str(caught.value) and len(str(caught.value)) < 300


@given(
    st.lists(
        st.one_of(
            st.builds(Scale, st.just("conv3"), st.integers(0, 23), st.integers(-8, 8).map(lambda n: n / 4)),
            st.builds(Prune, st.integers(0, 100), st.sampled_from(["", "conv1", "logits"])),
            st.builds(Round, st.integers(2, 8), st.sampled_from(["", "fc1"])),
        ),
        max_size=10,
    )
)
def test_a_written_text_names_the_same_operations(operations: list[Operation]) -> None:
    assert parse(write(operations), zoo.load("digits").description) == tuple(operations)


def test_layers_have_short_names() -> None:
    description = zoo.load("digits-bn").description
    assert [short(layer) for layer in weighted(description)] == ["conv1", "conv2", "conv3", "fc1", "logits"]
    assert [short(layer) for layer in filtering(description)] == ["conv1", "conv2", "conv3", "fc1"]


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0, -1.0])
@pytest.mark.parametrize(("layer", "unit"), [("conv1", 0), ("conv2", 7), ("fc1", 12)])
def test_a_scaled_filter_is_that_of_a_plain_copy(layer: str, unit: int, factor: float) -> None:
    module, network = plain("digits"), zoo.load("digits")
    part = module.get_submodule(layer.replace("conv", "convolution_").replace("fc", "fully_connected_"))
    with torch.no_grad():
        part.weight[unit] *= factor
        part.bias[unit] *= factor
        expected = module(PICTURES)
        found = logits(surgery.operated(network, (Scale(layer, unit, factor),)), PICTURES)
    assert torch.equal(found, expected)
    assert not torch.equal(found, logits(network, PICTURES))


@pytest.mark.parametrize("factor", [0.0, 1.5])
def test_a_filter_before_a_batch_norm_is_scaled_behind_it(factor: float) -> None:
    module, network = plain("digits-bn"), zoo.load("digits-bn")

    def scale(_module: nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        output = output.clone()
        output[:, 7] *= factor
        return output

    module.get_submodule("batch_norm_2").register_forward_hook(scale)
    with torch.no_grad():
        found = logits(surgery.operated(network, (Scale("conv2", 7, factor),)), PICTURES)
        torch.testing.assert_close(found, module(PICTURES), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("percent", [0, 30, 97, 100])
def test_pruning_is_that_of_pytorch(name: str, percent: int) -> None:
    module, network = plain(name), zoo.load(name)
    layers = [part for part in module.modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    everywhere = copy.deepcopy(module)
    parts = [(part, "weight") for part in everywhere.modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    prune.global_unstructured(parts, prune.L1Unstructured, amount=percent / 100)
    found = surgery.operated(network, (Prune(percent),))
    for part, layer in zip((part for part, _ in parts), weighted(network.description), strict=True):
        assert torch.equal(found.graph.get_parameter(f"{layer.path}.weight"), part.weight)
    prune.l1_unstructured(layers[1], "weight", amount=percent / 100)
    found = surgery.operated(network, (Prune(percent, "conv2"),))
    assert torch.equal(found.graph.get_parameter("convolution_2.weight"), layers[1].weight)
    assert torch.equal(found.graph.get_parameter("convolution_1.weight"), layers[0].weight)


def test_what_pruning_takes_is_told() -> None:
    network = zoo.load("digits")
    sizes = np.sort(network.graph.get_parameter("convolution_2.weight").abs().numpy().ravel())
    told = surgery.cut(network, Prune(30, "conv2"))
    assert (told.zeros, told.total, told.largest) == (540, 1800, sizes[539])


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_rounding_keeps_within_half_a_step(bits: int) -> None:
    network = zoo.load("digits")
    found = surgery.operated(network, (Round(bits),))
    for layer in weighted(network.description):
        before = network.graph.get_parameter(f"{layer.path}.weight").double()
        after = found.graph.get_parameter(f"{layer.path}.weight").double()
        step = before.abs().max() / (2 ** (bits - 1) - 1)
        assert (before - after).abs().max() <= step / 2 * (1 + 1e-5)
        numbers = after / step
        torch.testing.assert_close(numbers, numbers.round(), rtol=0, atol=1e-4)
        assert len(numbers.round().unique()) <= 2**bits - 1
        told = surgery.step(network, short(layer), bits)
        assert told.levels == 2**bits - 1 and told.step == pytest.approx(float(step))


def test_rounding_by_hand() -> None:
    weights = torch.tensor([1.4, -0.31, 0.29, 0.09, -1.4, 0.71])
    by_hand = torch.tensor([1.4, -0.4, 0.2, 0.0, -1.4, 0.8])  # the step is 1.4 / 7 = 0.2
    torch.testing.assert_close(surgery.rounded(weights, 4), by_hand)
    assert torch.equal(surgery.rounded(torch.zeros(3), 4), torch.zeros(3))


@pytest.mark.parametrize("name", NAMES)
def test_the_network_of_all_visitors_stays_as_it_is(name: str) -> None:
    network = zoo.load(name)
    before, description = state(network), network.description
    surgery.operated(network, parse("conv2.7*0,prune.30,bits.4,conv1.0*2", description))
    after = network.graph.state_dict()
    assert network.description == description and before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)
    assert not any(parameter.requires_grad for parameter in network.graph.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_undone_operations_leave_the_same_bytes(name: str) -> None:
    network, weights = zoo.load(name), zoo.reader(name)
    three = parse("conv2.7*0,prune.30,bits.4", network.description)
    files = [surgery.operated_weights(weights, network, three[:count]) for count in (0, 1, 2, 3)]
    assert files[0] == weights and len(set(files)) == 4
    assert files[2] == surgery.operated_weights(weights, network, three[:2])
    assert files[1] == surgery.operated_weights(weights, network, parse(write(three[:1]), network.description))


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_network_is_a_weights_file_like_others(name: str) -> None:
    network = zoo.load(name)
    operations = parse("conv2.7*0,prune.30,bits.4", network.description)
    loaded = zoo.trained(surgery.operated_weights(zoo.reader(name), network, operations), "Damaged")
    with torch.inference_mode():
        assert torch.equal(logits(loaded, PICTURES), logits(surgery.operated(network, operations), PICTURES))
    assert read(zoo.reader(name)).keys() == loaded.graph.state_dict().keys()
