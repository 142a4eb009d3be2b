"""Well-known architectures by name, built without weights on torch's meta device: layers, sizes and costs alone.

Sources: torchvision's models, and ``lenet`` and ``presets`` for the app's own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import torch
from cachetools import LRUCache, cached
from torch import nn
from torch.overrides import TorchFunctionMode

from explainer.data.torchvision_parts import torchvision_part
from explainer.networks import presets
from explainer.networks.architecture_names import OWN, PRESETS, TORCHVISION, torchvision_name
from explainer.networks.build import build as build_preset
from explainer.networks.config import DIGIT_SIZE, NetworkConfig
from explainer.networks.counting import Counted, count
from explainer.networks.heads import Head, with_head
from explainer.networks.lenet import lenet_5
from explainer.networks.strides import with_double_stride

LENET_SIZE = 32
PRESET_SHAPE = (1, DIGIT_SIZE, DIGIT_SIZE)
_KEPT = 128  # all that are known; each is some hundred kilobytes at most
KEYWORDS: dict[str, dict[str, bool]] = {  # of torchvision's functions
    "googlenet": {"aux_logits": False, "init_weights": False},  # as published: without the two heads of training
    "inception-v3": {"init_weights": False},
}


def computes_widths(name: str) -> bool:
    """Whether torchvision computes widths with torch while it builds ``name``: on the meta device none can be read."""
    return name.startswith("regnet")


@dataclass(frozen=True)
class Published:
    """What torchvision publishes of weights: accuracy on ImageNet in percent, parameters, MACs in billions."""

    top1: float
    top5: float
    parameters: int
    giga_macs: float


class _LayersOnMeta(TorchFunctionMode):
    """What layers make their weights of goes to the meta device, and nothing else."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in (torch.empty, torch.zeros, torch.ones):
            return func(*args, **{**(kwargs or {}), "device": "meta"})
        return func(*args, **(kwargs or {}))


def build(name: str, config: NetworkConfig | None = None) -> nn.Module:
    """The network called ``name``, or that of ``config``, on the meta device, in training mode, fresh.

    Raises KeyError for an unknown name, ImpossibleNetworkError for a configuration that cannot be built.
    """
    if config:
        with torch.device("meta"):
            return build_preset(config)
    if name in OWN:
        with torch.device("meta"):
            return lenet_5()
    if name in PRESETS:
        with torch.device("meta"):
            return build_preset(presets.PRESETS[PRESETS[name]])
    if name not in TORCHVISION:
        raise KeyError(name)
    models = torchvision_part("models")
    with _LayersOnMeta() if computes_widths(name) else torch.device("meta"):
        network: nn.Module = models.get_model(torchvision_name(name), weights=None, **KEYWORDS.get(name, {}))
    return network


def input_shape(name: str) -> tuple[int, int, int]:
    """Channels, height and width of what ``name`` was made for. Raises KeyError."""
    if name in OWN:
        return 1, LENET_SIZE, LENET_SIZE
    if name in PRESETS:
        return PRESET_SHAPE
    side = _weights(name).transforms().crop_size[0]
    return 3, side, side


@cached(LRUCache(_KEPT), lock=threading.Lock())
def counted(name: str) -> Counted:
    """The layers of the network called ``name``, and what they cost, for one picture. Raises KeyError."""
    return count(build(name), input_shape(name))


def counted_config(config: NetworkConfig) -> Counted:
    """The same of a network of this app, such as a visitor's own. Raises ImpossibleNetworkError."""
    return count(build("", config), config.picture)


def made_for(name: str, config: NetworkConfig | None = None) -> tuple[int, int, int]:
    """Channels, height and width of what the network called ``name``, or that of ``config``, was made for."""
    return config.picture if config else input_shape(name)


def altered(name: str, config: NetworkConfig | None, head: Head, *, is_doubled: bool = False) -> nn.Module:
    """The network called ``name``, or that of ``config``, with another head. Raises KeyError.

    Where it ``is_doubled`` its first convolution has twice the stride.
    """
    network = with_head(build(name, config), made_for(name, config), head)
    return with_double_stride(network) if is_doubled else network


def counted_at(name: str, config: NetworkConfig | None, side: int, head: Head, *, is_doubled: bool = False) -> Counted:
    """What ``altered`` costs for a picture of ``side`` × ``side``, as far as it computes there."""
    network = altered(name, config, head, is_doubled=is_doubled)
    return count(network, (made_for(name, config)[0], side, side))


def published(name: str) -> Published | None:
    """What torchvision says of its own weights; None for the app's own networks. Raises KeyError."""
    if name in OWN or name in PRESETS:
        return None
    meta = _weights(name).meta
    metrics = meta["_metrics"]["ImageNet-1K"]
    return Published(metrics["acc@1"], metrics["acc@5"], meta["num_params"], meta["_ops"])


def _weights(name: str) -> Any:
    if name not in TORCHVISION:
        raise KeyError(name)
    models = torchvision_part("models")
    entries = list(models.get_model_weights(torchvision_name(name)))
    first = (each for each in entries if each.name == "IMAGENET1K_V1")
    return next(first, entries[-1])  # of the two that have none, those for 224 pixels are the last
