"""Vision transformers, small ones with random weights: layouts, fields and everything that looks inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision import models
from torchvision.models import SwinTransformer, VisionTransformer
from torchvision.models.maxvit import MaxVit

from explainer.inspection.computed import computed
from explainer.inspection.exemplars import joined, layers_of_units, peaks
from explainer.inspection.feature_maps import maps, record
from explainer.inspection.fired import fired
from explainer.inspection.grad_cam import grad_cam, layers_of_places, usual_layer
from explainer.inspection.reach import Box, reach
from explainer.inspection.receptive_field import effective, field
from explainer.inspection.target import Target
from explainer.inspection.widest_path import reads_more, windowed
from explainer.networks.description import INPUT, Transform
from explainer.networks.graph import Network, forward, logits, trace
from explainer.networks.operations import WindowAttention
from explainer.networks.untrained import learned

NO_WEIGHT = 1e-20  # of the largest gradient: what Swin's mask keeps out has exp(-100)
SIZES = {"vit": 32, "swin": 52, "maxvit": 32}


def _made(name: str) -> nn.Module:
    torch.manual_seed(0)
    module = {
        "vit": lambda: VisionTransformer(32, 8, 2, 2, 16, 32, num_classes=4),
        "swin": lambda: SwinTransformer([4, 4], 8, [2, 2], [2, 2], [4, 4], num_classes=4),
        "maxvit": lambda: MaxVit((32, 32), 8, 4, [8], [1], 4, 0.0, num_classes=4),
    }[name]()
    for values in module.parameters():
        if not values.any():
            nn.init.normal_(values, std=0.3)  # torchvision begins class tokens and last layers with 0
    return module.eval()


def _traced(name: str) -> Network:
    size = SIZES[name]
    return trace(_made(name), name, name, ("",) * 4, Transform(size, size, (0.0,) * 3, (1.0,) * 3))


@pytest.fixture(scope="module", params=SIZES)
def network(request: pytest.FixtureRequest) -> Iterator[Network]:
    yield _traced(request.param)


def _inputs(network: Network) -> np.ndarray:
    size = network.description.transform.size
    return np.random.default_rng(0).normal(size=(1, 3, size, size)).astype(np.float32)


def test_the_graph_gives_the_plain_forward_result(network: Network) -> None:
    pictures = torch.from_numpy(_inputs(network))
    plain = _made(network.key)
    with torch.no_grad():
        torch.testing.assert_close(logits(network, pictures), plain(pictures), rtol=0, atol=0)
        same = {layer.name: lambda value: value for layer in network.description.maps}
        torch.testing.assert_close(logits(network, pictures, replace=same), plain(pictures), rtol=0, atol=0)


def test_a_field_is_what_moves_a_unit(network: Network) -> None:
    """To the pixel: every weight is random."""
    exact = _traced(network.key)
    exact.graph.double()
    inputs = _inputs(network).astype(np.float64)
    every = exact.description.maps
    for layer in every[:: max(1, len(every) // 16)]:
        row = layer.shape[1] // 2
        column = max(0, row - 1)
        moved = np.argwhere(effective(exact, layer.name, row, column, channel=0, inputs=inputs) > NO_WEIGHT)
        box = field(exact, layer.name, row, column)
        is_read = len(moved) > 0  # the places of the last layers do not reach the class token, but are read
        assert is_read and (*moved.min(0), *(moved.max(0) + 1)) == (box.top, box.left, box.bottom, box.right), layer
        window = reach(exact, layer.name, row, column)
        assert window.around(box) == window


def test_every_parameter_belongs_to_a_layer(network: Network) -> None:
    """Also those that are read as plain tensors, as those of Swin's attention."""
    names = {name for found in learned(network).values() for name in found}
    assert {name for name, _ in network.graph.named_parameters()} <= names


def test_tokens_are_maps_without_the_class_token() -> None:
    network = _traced("vit")
    layer = network.description.layer("encoder_layers_encoder_layer_0_ln_1")
    assert (layer.shape, layer.layout, layer.extra) == ((16, 4, 4), "tokens", 1)
    plain, kept = _made("vit"), list[Tensor]()
    plain.encoder.layers[0].ln_1.register_forward_hook(lambda _, __, made: kept.append(made))  # type: ignore[union-attr, index]
    inputs = _inputs(network)
    with torch.no_grad():
        plain(torch.from_numpy(inputs))
    found = maps(network, inputs, layer.name)
    assert found[5, 2, 3] == kept[0][0, 1 + 2 * 4 + 3, 5]
    np.testing.assert_array_equal(found, kept[0][0, 1:].T.reshape(16, 4, 4))


def test_channels_behind_height_and_width_are_maps_too() -> None:
    network = _traced("swin")
    layer = network.description.layer("features_1_0_norm1")
    assert (layer.shape, layer.layout) == ((8, 13, 13), "channels-last")
    pictures = torch.from_numpy(_inputs(network))
    silenced = forward(network, pictures, keep=[layer.name], replace={layer.name: lambda value: 0 * value})
    assert silenced[layer.name].shape == (1, 8, 13, 13) and not silenced[layer.name].any()


def test_shifted_windows_by_hand() -> None:
    """Eight places, windows of four, shifted by two: 2 to 5, and 6 to 7 and 0 to 1 apart from each other."""
    found = WindowAttention((4, 4), (2, 2)).reads(0, 8)
    seen = [set(row[row >= 0].tolist()) for row in found]
    assert seen == [{0, 1}, {0, 1}, *[{2, 3, 4, 5}] * 4, {6, 7}, {6, 7}]
    unshifted = WindowAttention((4, 4), (0, 0)).reads(0, 6)
    assert [set(row[row >= 0].tolist()) for row in unshifted] == [*[{0, 1, 2, 3}] * 4, {4, 5}, {4, 5}]


def test_grad_cam_is_taken_where_the_class_still_reads_the_places() -> None:
    network = _traced("vit")
    assert usual_layer(network) == "encoder_layers_encoder_layer_1_ln_1"
    inputs = _inputs(network)
    assert all(grad_cam(network, inputs, Target(1), layer.name).weights.any() for layer in layers_of_places(network))
    after = network.description.layer("encoder_ln").name
    assert not grad_cam(network, inputs, Target(1), after).weights.any()


def test_windows_end_where_a_layer_reads_more(network: Network) -> None:
    last = reads_more(network)
    assert windowed(network) and windowed(network)[0] is network.description.convolutions[0]
    assert (last and last.kind) == {"vit": None, "swin": None, "maxvit": "pooling"}[network.key]


def test_everything_looks_into_it(network: Network) -> None:
    inputs = _inputs(network)
    found = record(network, inputs)
    assert found.logits.shape == (4,) and all(np.isfinite(layer.links).all() for layer in found.layers)
    every = [layer for layer in layers_of_units(network) if layer.is_maps]
    for layer in every[:: max(1, len(every) // 10)]:
        plain = maps(network, inputs, layer.name)
        made = computed(network, inputs, layer.name, layer.channels - 1)
        np.testing.assert_allclose(made.asked.values, plain[-1], rtol=1e-4, atol=1e-5)
        if made.core == "weighted sum":
            parts = [source.partial for source in made.sources if source.partial is not None]
            summed = sum(parts) + made.bias + (0 if made.rest is None else made.rest)
            np.testing.assert_allclose(summed, made.steps[0].values, rtol=1e-3, atol=1e-4)
        best = fired(network, inputs, layer.name, 0)
        assert best.activation == plain[0].max()
    size = network.description.transform.size
    pixels = np.random.default_rng(1).integers(0, 256, (3, size, size, 3), np.uint8)
    assert joined(peaks(network, every[-1].name, pixels)).values.shape == (3, every[-1].channels)


SAME: dict[str, Callable[[Tensor], Tensor]] = {
    "softmax": lambda x: x.softmax(3),
    "roll": lambda x: torch.roll(x, 3, 2),
    "average": lambda x: functional.avg_pool2d(x, 3, 1, 1),
    "maximum": lambda x: functional.max_pool2d(x, kernel_size=3, stride=1, padding=1),
    "pointwise": lambda x: x.sigmoid() - 0.5 * x,
}


class Same(nn.Module):
    """A convolution, and then what gives the size that it reads."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.before = nn.Conv2d(1, 4, 3, padding=1)
        modules = {"group": nn.GroupNorm(2, 4), "instance": nn.InstanceNorm2d(4)}
        self.same = modules[name] if name in modules else SAME[name]

    def forward(self, x: Tensor) -> Tensor:
        return self.same(self.before(x))


@pytest.mark.parametrize("name", ["group", "instance", *SAME])
def test_what_has_the_same_size_reads_the_whole_plane_unless_it_is_known_not_to(name: str) -> None:
    torch.manual_seed(0)
    network = trace(Same(name), name, name, ("",), Transform(12, 12, (0.0,), (1.0,)))
    network.graph.double()
    inputs = np.random.default_rng(0).normal(size=(1, 1, 12, 12))
    layer = network.description.layers[-1].name
    moved = np.argwhere(effective(network, layer, 5, 6, channel=1, inputs=inputs) > 0)
    box = field(network, layer, 5, 6, 1)
    assert (moved.min(0) >= (box.top, box.left)).all() and (moved.max(0) < (box.bottom, box.right)).all()
    sides = {"average": 5, "maximum": 5, "pointwise": 3}
    assert (box.bottom - box.top, box.right - box.left) == (sides.get(name, 12),) * 2
    assert reach(network, layer, 5, 6).within(12, 12) == field(network, layer, 5, 6)


@pytest.mark.thorough
def test_inception_is_exact_to_the_last_pooling_as_a_function() -> None:
    torch.manual_seed(0)
    module = models.inception_v3(weights=None, init_weights=False, transform_input=True)
    network = trace(module, "inception", "Inception", ("",) * 1000, Transform(299, 299, (0.5,) * 3, (0.5,) * 3))
    layer = network.description.layer("avg_pool2d")
    assert layer.layout == "channels-first" and layer.detail == "average, 3 × 3"
    inputs = np.random.default_rng(0).normal(size=(1, 3, 299, 299)).astype(np.float32)
    moved = np.argwhere(effective(network, layer.name, 17, 16, channel=0, inputs=inputs) > 0)
    box = field(network, layer.name, 17, 16)
    assert (moved.min(0) >= (box.top, box.left)).all() and (moved.max(0) < (box.bottom, box.right)).all()
    before = field(network, layer.reads[0], 17, 16)
    assert (box.bottom - box.top) - (before.bottom - before.top) == 16  # a place on either side, 8 pixels each
    colour = network.description.layers[0]  # one of three that torchvision takes apart first
    assert colour.reads == (INPUT,) and field(network, colour.name, 3, 4) == Box(3, 4, 4, 5)
