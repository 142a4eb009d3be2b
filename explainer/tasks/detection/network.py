"""The detector: six convolutions from a scene to its cells, and a seventh that says what each cell holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from math import sqrt

import torch
from torch import nn

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.detection.cells import TYPICAL
from explainer.tasks.detection.config import COLOURS, NUMBERS, SIDE, DetectionConfig, is_possible
from explainer.words.book import Said

LAYERS = ((5, 2, 1), (3, 2, 2), (3, 2, 4), (3, 1, 4), (3, 2, 6), (3, 1, 6))  # kernel, stride, maps as multiples
OUTPUTS = "outputs"  # the last layer's name
RARE = -3.0  # the presence of a digit, before the sigmoid, in a network that knows nothing: 5 %
SHAPES = ((1.0, 1.0),), ((0.7, 1.2), (1.2, 0.7))  # of the boxes, one or two, in multiples of a typical side


def build(config: DetectionConfig) -> nn.Sequential:
    """The network as a ``torch.nn.Sequential``, in training mode.

    In: scenes (n, 1, 112, 112), in colour (n, 3, 112, 112), float32, 0..1; out: (n, config.channels, 7, 7), read by
    ``cells.decode``. The weights are torch's default initialization, drawn from torch's global generator; the last
    layer's biases begin with boxes of a typical size and, with the modern loss, few digits. Raises
    ImpossibleNetworkError.
    """
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("detector.impossible"))
    network = nn.Sequential(OrderedDict(_layers(config)))
    _begin(network.get_submodule(OUTPUTS), config)
    return network


def untrained(config: DetectionConfig) -> nn.Sequential:
    """The network as a run of ``config`` begins, without touching torch's global generator.

    Raises ImpossibleNetworkError.
    """
    with torch.device("meta"):
        network = build(config)
    network.to_empty(device="cpu")
    chance = torch.Generator().manual_seed(config.seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_uniform_(module.weight, a=sqrt(5), generator=chance)  # as torch initializes it
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.reset_parameters()
    _begin(network.get_submodule(OUTPUTS), config)
    return network


def _layers(config: DetectionConfig) -> Iterator[tuple[str, nn.Module]]:
    inputs = COLOURS[config.kind]
    for number, (kernel, stride, multiple) in enumerate(LAYERS, 1):
        maps = multiple * config.width
        convolution = nn.Conv2d(inputs, maps, kernel, stride, padding=kernel // 2, bias=False)
        yield f"convolution_{number}", convolution
        yield f"batch_norm_{number}", nn.BatchNorm2d(maps)
        yield f"activation_{number}", nn.ReLU()
        inputs = maps
    yield OUTPUTS, nn.Conv2d(inputs, config.channels, 1)


@torch.no_grad()
def _begin(layer: nn.Module, config: DetectionConfig) -> None:
    assert isinstance(layer, nn.Conv2d) and layer.bias is not None
    layer.bias.zero_()
    for place, value in first_biases(config).items():
        layer.bias[place] = value


def first_biases(config: DetectionConfig) -> dict[int, float]:
    """The last layer's biases that do not begin with 0, by their places.

    Two boxes of a cell differ from the start, else only one of them would ever be chosen.
    """
    if config.loss == "modern":
        return {0: RARE}
    biases: dict[int, float] = {}
    for number, shape in enumerate(SHAPES[config.boxes - 1]):
        shares = [side * TYPICAL / SIDE for side in shape]
        sizes = [sqrt(share) for share in shares] if config.square_roots else shares
        biases |= dict(enumerate([0.5, 0.5, *sizes], start=NUMBERS * number))
    return biases
