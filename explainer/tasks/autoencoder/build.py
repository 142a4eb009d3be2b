"""From a configuration to its network, as torch begins it, or without touching torch's global generator."""

from __future__ import annotations

from math import sqrt

import torch
from torch import nn

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.autoencoder.config import AutoencoderConfig, is_possible
from explainer.tasks.autoencoder.network import Autoencoder, convolutional, dense, linear
from explainer.words.book import Said

MAKERS = {"dense": dense, "convolutional": convolutional, "linear": linear}


def build(config: AutoencoderConfig) -> Autoencoder:
    """The network in training mode, its weights drawn from torch's global generator. Raises ImpossibleNetworkError."""
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("autoencoder.impossible"))
    return MAKERS[config.network](config.code)


def untrained(config: AutoencoderConfig) -> Autoencoder:
    """The network as a run of ``config`` begins, in evaluation mode, without touching torch's global generator.

    Raises ImpossibleNetworkError.
    """
    with torch.device("meta"):
        network = build(config)
    network.to_empty(device="cpu")
    chance = torch.Generator().manual_seed(config.seed)
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_uniform_(module.weight, a=sqrt(5), generator=chance)  # as torch initializes it
            if module.bias is not None:
                bound = 1 / sqrt(module.weight[0].numel())
                nn.init.uniform_(module.bias, -bound, bound, generator=chance)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.reset_running_stats()
            module.reset_parameters()
    return network.eval()
