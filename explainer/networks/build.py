"""From a configuration to a torch module whose layers carry readable names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.networks.config import NetworkConfig, Skips
from explainer.networks.plan import Layer, key, layers

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}

MEAN, STD = 0.1307, 0.3081  # of MNIST's training pixels scaled to 0..1
COLOUR_MEAN, COLOUR_STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)  # of CIFAR-10's, a channel each


def build(config: NetworkConfig) -> nn.Sequential:
    """The network as a ``torch.nn.Sequential``, in training mode.

    In: normalized pixels (n, *config.picture) float32; out: logits (n, 10). Keys are the plan's names in snake case
    ("convolution_1", "batch_norm_1", "logits"). The weights are torch's default initialization, drawn from
    torch's global generator. A pair of convolutions is a module of its own ("block_1"). Raises ImpossibleNetworkError.
    """
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for pair, members in groupby(layers(config), lambda layer: layer.pair):
        if pair:
            modules[f"block_{pair}"] = BLOCKS[config.skips](_modules(layer for layer in members if layer.kind != "sum"))
        else:
            modules.update(_modules(members))
    return nn.Sequential(modules)


class PlainBlock(nn.Sequential):
    """Its layers one after the other."""


class ResidualBlock(nn.Sequential):
    """Adds what it reads to what its layers make of it, before the last of them, an activation."""

    def forward(self, maps: Tensor) -> Tensor:
        """Of maps (n, channels, height, width)."""
        *branch, activation = self
        return cast(Tensor, activation(maps + _through(branch, maps)))


class PreactivationBlock(nn.Sequential):
    """Adds what it reads to what its layers make of it."""

    def forward(self, maps: Tensor) -> Tensor:
        """Of maps (n, channels, height, width)."""
        return maps + _through(self, maps)


BLOCKS: dict[Skips, type[nn.Sequential]] = {
    "plain": PlainBlock,
    "residual": ResidualBlock,
    "pre-activation": PreactivationBlock,
}


def planes(pictures: NDArray[np.uint8]) -> Tensor:
    """Pictures as networks have them, uint8 (n, channels, height, width).

    Grey ones (n, height, width) are copied; those in colour (n, height, width, 3), which may be mapped from a file, are
    not.
    """
    if pictures.ndim == 4:
        return torch.from_numpy(pictures).permute(0, 3, 1, 2)
    return torch.tensor(pictures).unsqueeze(1)


def normalize(pixels: Tensor) -> Tensor:
    """Values 0..255 as the networks read them, float32: what grey ones had in MNIST and colours in CIFAR-10 becomes
    mean 0 and deviation 1.

    Grey values have any shape, those of red, green and blue are (n, 3, height, width).
    """
    if pixels.dim() == 4 and pixels.shape[1] == 3:
        mean, std = torch.tensor((COLOUR_MEAN, COLOUR_STD), device=pixels.device)[:, :, None, None]
        scaled: Tensor = (pixels.to(torch.float32) / 255 - mean) / std
        return scaled
    return (pixels.to(torch.float32) / 255 - MEAN) / STD


def set_dropout(network: nn.Module, rate: float) -> None:
    """Changes the rate of every (not spatial) dropout layer, also in the middle of a run."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate


def _through(layers: Iterable[nn.Module], maps: Tensor) -> Tensor:
    for layer in layers:
        maps = layer(maps)
    return maps


def _modules(plan: Iterable[Layer]) -> OrderedDict[str, nn.Module]:
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for layer in plan:
        if layer.kind == "convolution" and layer.padding[0] != layer.padding[1]:
            modules[key(layer) + "_padding"] = nn.ZeroPad2d(layer.padding * 2)
        modules[key(layer)] = _module(layer)
    return modules


def _module(layer: Layer) -> nn.Module:  # noqa: PLR0911 (one case for each kind of layer)
    match layer.kind:
        case "pad":
            return nn.ZeroPad2d(layer.padding * 2)
        case "convolution":
            symmetric = layer.padding[0] if layer.padding[0] == layer.padding[1] else 0
            return nn.Conv2d(
                layer.inputs, layer.outputs, layer.kernel, layer.stride, padding=symmetric, bias=layer.bias
            )
        case "batch norm":
            return nn.BatchNorm2d(layer.outputs) if len(layer.shape) == 3 else nn.BatchNorm1d(layer.outputs)
        case "activation":
            return ACTIVATIONS[str(layer.detail)]()
        case "pool":
            return _pool(layer)
        case "spatial dropout":
            return nn.Dropout2d(layer.rate)
        case "flatten":
            return nn.Flatten()
        case "linear":
            return nn.Linear(layer.inputs, layer.outputs, bias=layer.bias)
        case "dropout":
            return nn.Dropout(layer.rate)
        case "sum":
            raise ValueError(layer.kind)  # it is the block that adds


def _pool(layer: Layer) -> nn.Module:
    average = layer.pool is not None and layer.pool.kind == "average"
    window = nn.AvgPool2d if average else nn.MaxPool2d
    return window(layer.kernel, layer.stride)
