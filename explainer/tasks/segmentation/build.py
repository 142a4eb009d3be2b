"""From a configuration to its network, as torch begins it, or without touching torch's global generator."""

from __future__ import annotations

from math import sqrt

import torch
from torch import nn

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.segmentation.config import UNetConfig, is_possible
from explainer.tasks.segmentation.network import FCN, Encoder, UNet
from explainer.words.book import Said


def build(config: UNetConfig) -> Encoder:
    """The network in training mode.

    In: pictures (n, config.inputs, h, w) float32, 0..1; out: (n, config.outputs, h, w). The weights are torch's default
    initialization, drawn from torch's global generator. Raises ImpossibleNetworkError.
    """
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("segmentation.impossible"))
    if config.network == "fcn":
        return FCN(config.inputs, config.outputs, width=config.width, decoder=config.decoder)
    return UNet(
        config.inputs,
        config.outputs,
        width=config.width,
        skips=config.skips,
        decoder=config.decoder,
        votes=config.votes,
    )


def untrained(config: UNetConfig) -> Encoder:
    """The network as a run of ``config`` begins, in evaluation mode, without touching torch's global generator.

    Raises ImpossibleNetworkError.
    """
    with torch.device("meta"):
        network = build(config)
    network.to_empty(device="cpu")
    chance = torch.Generator().manual_seed(config.seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_uniform_(module.weight, a=sqrt(5), generator=chance)  # as torch initializes it
            if module.bias is not None:
                bound = 1 / sqrt(module.weight[0].numel())
                nn.init.uniform_(module.bias, -bound, bound, generator=chance)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.reset_parameters()
    if isinstance(network, FCN):
        network.begin()
    return network.eval()
