"""Random weights of torchvision's networks, where torch.hub looks for downloaded ones."""

from __future__ import annotations

import torch
from torch import nn
from torchvision import models

from explainer.networks import pretrained

SEGMENTER, DETECTOR = "lraspp_mobilenet_v3_large", "ssdlite320_mobilenet_v3_large"


def make_segmenter(name: str = SEGMENTER, seed: int = 5) -> nn.Module:
    """The network whose weights were put there; several of its classes are found in a photograph."""
    torch.manual_seed(seed)
    options = {} if name.startswith("lraspp") else {"aux_loss": True}
    network: nn.Module = models.get_model(name, weights=None, weights_backbone=None, num_classes=21, **options)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):  # else what is seen fades from layer to layer
            module.train().momentum = None
    with torch.no_grad():
        network(torch.rand(2, 3, 64, 64))
        for module in network.modules():
            if isinstance(module, nn.Conv2d) and module.out_channels == 21:  # else every class is certain
                module.weight *= 0.01
    return _kept(name, network)


def make_detector(name: str = DETECTOR, seed: int = 0) -> nn.Module:
    """The same of a detector; all its scores are low."""
    torch.manual_seed(seed)
    return _kept(name, models.get_model(name, weights=None, weights_backbone=None, num_classes=91))


def _kept(name: str, network: nn.Module) -> nn.Module:
    where = pretrained.file(name)
    where.parent.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), where)
    return network.eval()
