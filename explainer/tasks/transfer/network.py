"""SqueezeNet with a new last layer, as it begins in each of three ways.

F. Iandola et al. 2016, arXiv:1602.07360; J. Yosinski et al. 2014, arXiv:1411.1792, section 2: what is copied, frozen
and tuned on.
"""

from __future__ import annotations

import torch
from torch import nn

from explainer.data.torchvision_parts import torchvision_part
from explainer.networks import zoo
from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.transfer.config import MODULES, TransferConfig, is_possible
from explainer.words.book import Said

FEATURES, DROPOUT = 512, 0.5
# Of ``features``, where training begins if so many modules are trained on, the last first
_STARTS = (12, 10, 9, 8, 7, 5, 4, 3, 0)
_LENGTH = 13  # modules of ``features``


def build(config: TransferConfig) -> nn.Module:
    """The network of a run before its first step; draws from torch's global generator. Raises ImpossibleNetworkError.

    Its last layer is a convolution of 1 x 1 and the mean of each map, without SqueezeNet's ReLU between: scores may be
    negative.
    """
    network = bare(config)
    if config.way != "scratch":
        known = zoo.squeezenet().state_dict()
        own = {name: values.cpu() for name, values in known.items() if name.startswith("features.")}
        network.load_state_dict(own, strict=False)
    start = trained_from(config)
    for number, module in enumerate(network.get_submodule("features").children()):
        module.requires_grad_(number >= start)
    return network


def bare(config: TransferConfig) -> nn.Module:
    """The same with random weights, all to be trained. Raises ImpossibleNetworkError."""
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("transfer.impossible"))
    models = torchvision_part("models")
    network: nn.Module = models.squeezenet1_0()
    last = nn.Conv2d(FEATURES, len(config.classes), kernel_size=1)
    nn.init.normal_(last.weight, std=0.01)
    assert last.bias is not None
    nn.init.zeros_(last.bias)
    network.classifier = nn.Sequential(nn.Dropout(DROPOUT), last, nn.AdaptiveAvgPool2d(1))
    return network


def trained_from(config: TransferConfig) -> int:
    """The first of the modules of ``features`` that is trained; all of them are before the end where none is."""
    if config.way == "frozen":
        return _LENGTH
    return _STARTS[(MODULES if config.way == "scratch" else config.modules) - 1]


def groups(network: nn.Module, config: TransferConfig) -> list[tuple[list[nn.Parameter], float]]:
    """The weights that are trained, and the share of the learning rate of each group: the new layer's first."""
    last = list(network.get_submodule("classifier").parameters())
    old = [each for each in network.get_submodule("features").parameters() if each.requires_grad]
    share = config.factor if config.way == "fine-tuned" else 1.0
    return [(last, 1.0), *([(old, share)] if old else [])]


def before(network: nn.Module, config: TransferConfig) -> nn.Sequential:
    """What stays as it is: the modules before those that are trained."""
    return nn.Sequential(*list(network.get_submodule("features").children())[: trained_from(config)])


def behind(network: nn.Module, config: TransferConfig, values: torch.Tensor) -> torch.Tensor:
    """The scores (n, classes) of what ``before`` gives."""
    for module in list(network.get_submodule("features").children())[trained_from(config) :]:
        values = module(values)
    scores: torch.Tensor = network.get_submodule("classifier")(values).flatten(1)
    return scores
