"""The columns of a network against a plain forward pass, and against literal numbers of a small one."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explainer.data.assets import assets_path
from explainer.inspection.columns import columns, plane_shape
from explainer.inspection.feature_maps import SIDE, STRONGEST, maps, record
from explainer.inspection.receptive_field import field, fields
from explainer.inspection.silent_maps import count_silent_maps, reference_inputs
from explainer.networks import zoo
from explainer.networks.description import INPUT, Transform
from explainer.networks.graph import Network, trace
from explainer.networks.weights import from_bytes

RNG = np.random.default_rng(0)
READERS = {"digits": "plain", "digits-bn": "batch_norm"}


def small() -> Network:
    """Two kernels of 2x2 on a picture of 4x4, ReLU, the maximum of 3x3, three logits."""
    module = nn.Sequential(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.MaxPool2d(3), nn.Flatten(), nn.Linear(2, 3))
    convolution, linear = module[0], module[4]
    assert isinstance(convolution, nn.Conv2d) and isinstance(linear, nn.Linear)
    with torch.no_grad():
        convolution.weight[:] = torch.tensor([[[[1.0, 0], [0, 1]]], [[[-1, -1], [-1, -1]]]])
        convolution.bias[:] = torch.tensor([0.5, -1])  # type: ignore[index]
        linear.weight[:] = torch.tensor([[1.0, 0], [0, 1], [2, -1]])
        linear.bias[:] = torch.tensor([0, 1.0, 2])
    return trace(module, "small", "Small", ("a", "b", "c"), Transform(4, 4, (0.0,), (1.0,)))


PICTURE = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)


def inputs_of(network: Network, count: int = 1) -> np.ndarray:
    transform = network.description.transform
    shape = (count, transform.channels, transform.size, transform.size)
    return RNG.normal(size=shape).astype(np.float32)


def fingerprint(network: Network) -> list[object]:
    """All that must stay as it was."""
    found: list[object] = []
    for module in network.graph.modules():
        found += [
            module.training,
            len(module._forward_hooks),
            len(module._backward_hooks),
            len(module._forward_pre_hooks),
        ]
    for value in (*network.graph.parameters(), *network.graph.buffers()):
        found += [value.requires_grad, value.grad is None, value.detach().clone().numpy().tobytes()]
    return found


def test_a_small_network_in_literal_numbers() -> None:
    network = small()
    found = record(network, PICTURE)
    convolution, relu, pooled = found.layers
    np.testing.assert_array_equal(
        convolution.pictures[convolution.shown.index(0)], [[5.5, 7.5, 9.5], [13.5, 15.5, 17.5], [21.5, 23.5, 25.5]]
    )
    np.testing.assert_array_equal(
        convolution.pictures[convolution.shown.index(1)], [[-11, -15, -19], [-27, -31, -35], [-43, -47, -51]]
    )
    assert convolution.shown == (1, 0) and convolution.strength.tolist() == [15.5, 31]
    assert convolution.reads == (INPUT,) and convolution.links.tolist() == [[-1], [1]]
    assert relu.shown == (0, 1) and relu.silent.tolist() == [False, True]
    assert relu.links.tolist() == [[0, 1], [1, 0]]  # map 0 reads map 0, which is the second of those shown
    assert pooled.pictures.ravel().tolist() == [25.5, 0] and pooled.size == (1, 1)
    np.testing.assert_allclose(found.logits, [25.5, 1, 53], rtol=0, atol=1e-6)
    assert found.links.tolist() == [[1, 0], [0, 0], [1, 0]]
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert record(network, PICTURE, by="maximum").layers[0].strength.tolist() == [25.5, 51]


@pytest.mark.parametrize("name", [*READERS, "squeezenet"])
def test_maps_are_those_of_a_plain_forward_pass(name: str) -> None:
    network = zoo.load(name)
    inputs = inputs_of(network)
    fresh = _fresh(name)
    plain: dict[str, Tensor] = {}
    for path, module in fresh.named_modules():
        module.register_forward_hook(lambda module, read, made, path=path: plain.update({path: made.clone()}))
    with torch.inference_mode():
        logits = fresh(torch.from_numpy(inputs))
    recording = record(network, inputs)
    np.testing.assert_allclose(recording.logits, logits[0], rtol=1e-6, atol=1e-6)
    checked = [layer for layer in recording.layers if layer.layer.path]
    for layer in checked[:: 1 if name in READERS else 16]:
        expected = plain[layer.layer.path].numpy().reshape(plane_shape(layer.layer))
        found = maps(network, inputs, layer.layer.name)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(layer.strength, np.abs(expected).mean((1, 2)), rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(layer.silent, (expected == 0).all((1, 2)))
        if layer.factor == 1:
            np.testing.assert_array_equal(layer.pictures, found[list(layer.shown)])


def _fresh(name: str) -> nn.Module:
    """The same network, built anew and in place where torchvision is."""
    if name in READERS:
        return from_bytes(Path(assets_path() / "readers" / f"{READERS[name]}.safetensors").read_bytes())[1].eval()
    from safetensors.torch import load_file
    from torchvision.models import squeezenet1_0

    module = squeezenet1_0()
    state = load_file(assets_path() / "squeezenet" / "weights.safetensors")
    module.load_state_dict({key: values.float() for key, values in state.items()})
    for part in module.modules():
        if isinstance(part, nn.ReLU):
            part.inplace = False  # or the hook before it would keep what comes after
    return module.eval()


def test_large_maps_are_drawn_as_means_of_blocks_and_the_strongest_first() -> None:
    network = zoo.load("squeezenet")
    inputs = inputs_of(network)
    found = record(network, inputs).layer("features_0")
    plain = maps(network, inputs, "features_0")
    assert found.factor == 4 and max(found.pictures.shape) <= SIDE and len(found.shown) == STRONGEST
    first = plain[found.shown[0]]
    assert found.pictures[0, 1, 2] == pytest.approx(first[4:8, 8:12].mean(), rel=1e-5)
    assert found.pictures[0, -1, -1] == pytest.approx(first[108:, 108:].mean(), rel=1e-5)  # what is left of a block
    order = np.argsort(-np.abs(plain).mean((1, 2)), kind="stable")
    assert found.shown == tuple(order[:STRONGEST].tolist())
    every = record(network, inputs, whole="features_0").layer("features_0")
    assert sorted(every.shown) == list(range(96)) and every.shown[:STRONGEST] == found.shown


def test_links_of_a_fully_connected_layer_are_its_parts() -> None:
    network = zoo.load("digits")
    inputs = inputs_of(network)
    found = record(network, inputs)
    layer = found.layer("fully_connected_1")
    read = maps(network, inputs, "activation_3")
    weights = network.module("fully_connected_1").weight.numpy()  # type: ignore[union-attr, operator]
    unit = layer.shown[3]
    parts = (weights[unit] * read.ravel()).reshape(24, -1).sum(1)[list(found.layer("activation_3").shown)]
    np.testing.assert_allclose(layer.links[3], parts / np.abs(parts).max(), rtol=1e-4, atol=1e-5)


def test_links_of_groups_and_of_a_concatenation() -> None:
    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.grouped = nn.Conv2d(2, 4, 1, groups=2, bias=False)

        def forward(self, pictures: Tensor) -> Tensor:
            return torch.cat((pictures * 1, self.grouped(pictures)), 1).flatten(1)

    module = Branches()
    with torch.no_grad():
        module.grouped.weight[:] = torch.tensor([1.0, -2, 3, 4]).reshape(4, 1, 1, 1)
    network = trace(module, "b", "B", tuple("abcdef"), Transform(1, 1, (0.0, 0.0), (1.0, 1.0)))
    product, grouped, joined = record(network, np.array([2, 3], np.float32).reshape(1, 2, 1, 1)).layers
    at = {channel: index for index, channel in enumerate(grouped.shown)}
    assert grouped.links[at[1]].tolist() == [-1, 0] and grouped.links[at[3]].tolist() == [0, 1]
    row = joined.links[joined.shown.index(2)]  # the first map of the second branch
    expected = np.zeros(6)
    expected[len(product.shown) + at[0]] = 1
    np.testing.assert_array_equal(row, expected)


@pytest.mark.parametrize("name", ["digits", "squeezenet"])
def test_fields_are_those_of_each_unit(name: str) -> None:
    network = zoo.load(name)
    for layer in columns(network.description)[::5]:
        found = fields(network, layer.name).of(layer.channels - 1)
        _, height, width = plane_shape(layer)
        for row, column in {(0, 0), (height - 1, width - 1), (height // 3, width // 2)}:
            box = field(network, layer.name, row, column, layer.channels - 1)
            assert tuple(found.rows[0, row]) == (box.top, box.bottom)
            assert tuple(found.columns[0, column]) == (box.left, box.right)


def test_a_network_stays_as_it_was_also_after_an_exception() -> None:
    network = zoo.load("digits-bn")
    before = fingerprint(network)
    record(network, inputs_of(network))
    maps(network, inputs_of(network), "convolution_2")
    count_silent_maps(network, [inputs_of(network, 3)])
    with pytest.raises(RuntimeError):
        record(network, np.zeros((1, 3, 28, 28), np.float32))
    with pytest.raises(KeyError):
        maps(network, inputs_of(network), "no such layer")
    assert fingerprint(network) == before


def test_two_threads_get_their_own_recordings() -> None:
    network = zoo.load("digits-bn")
    given = [inputs_of(network) for _ in range(2)]
    alone = [record(network, inputs).logits for inputs in given]
    agree: list[bool] = []

    def work(number: int) -> None:
        for _ in range(15):
            found = record(network, given[number]).logits
            agree.append(np.allclose(found, alone[number], rtol=0, atol=1e-5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(agree) == 30 and all(agree)


def test_silent_and_saturated_maps_are_counted_over_all_pictures() -> None:
    module = nn.Sequential(nn.Conv2d(1, 3, 1), nn.ReLU(), nn.Conv2d(3, 2, 1), nn.Tanh(), nn.Flatten(), nn.Linear(8, 2))
    first, second = module[0], module[2]
    assert isinstance(first, nn.Conv2d) and isinstance(second, nn.Conv2d)
    with torch.no_grad():
        first.weight[:] = torch.tensor([1.0, -1, 1]).reshape(3, 1, 1, 1)
        first.bias[:] = torch.tensor([0, 0, -100.0])  # type: ignore[index]
        second.weight[:] = torch.tensor([[10.0, 10, 0], [0.1, 0, 0]]).reshape(2, 3, 1, 1)
        second.bias[:] = torch.tensor([0.0, 0])  # type: ignore[index]
    network = trace(module, "c", "C", ("a", "b"), Transform(2, 2, (0.0,), (1.0,)))
    bright, dark = np.full((1, 1, 2, 2), 2, np.float32), np.full((1, 1, 2, 2), -2, np.float32)
    relu, tanh = (columns(network.description)[at].name for at in (1, 3))
    found = count_silent_maps(network, [bright])
    assert found[relu].silent.tolist() == [False, True, True]
    found = count_silent_maps(network, [bright, dark])  # the second map answers to the second picture
    assert found[relu].silent.tolist() == [False, False, True]
    assert found[tanh].saturated.tolist() == [True, False] and not found[relu].saturated.any()
    with pytest.raises(ValueError, match="at least one picture"):
        count_silent_maps(network, [])


def test_a_network_without_maps_has_none_that_are_silent() -> None:
    network = trace(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), "c", "C", ("a", "b"), Transform(2, 2, (0.0,), (1.0,)))
    assert count_silent_maps(network, [np.zeros((1, 1, 2, 2), np.float32)]) == {}


def test_the_census_looks_at_what_the_network_reads() -> None:
    digits = list(reference_inputs(zoo.load("digits")))
    assert sum(map(len, digits)) == 200 and digits[0].shape[1:] == (1, 28, 28)
    photographs = list(reference_inputs(zoo.load("squeezenet")))
    assert len(photographs) == 6 and photographs[0].shape == (1, 3, 224, 224)
