"""A network's weights as a safetensors file with its configuration in the metadata: nothing is unpickled."""

from __future__ import annotations

import torch
from pydantic import TypeAdapter
from torch import nn

from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.weights import WeightsError, described, fill, metadata, saved
from explainer.tasks.segmentation.build import build
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.network import Encoder

FORMAT = "inside-a-cnn-u-net 1"
_adapter = TypeAdapter(UNetConfig)


def to_bytes(network: nn.Module, config: UNetConfig) -> bytes:
    """The state of ``network`` as a safetensors file that tells of which run it is."""
    return saved(network, {"format": FORMAT, "run": _adapter.dump_json(config).decode()})


def from_bytes(data: bytes) -> tuple[UNetConfig, Encoder]:
    """The configuration and the network in evaluation mode, from what ``to_bytes`` made.

    Raises WeightsError with a sentence for the user: not safetensors, not a U-Net of this app, a configuration that is
    out of bounds, or weights whose names, shapes, types or values cannot be its own.
    """
    config = described(metadata(data, FORMAT, ("run",))["run"], _adapter)
    try:
        with torch.device("meta"):  # shapes without memory, and without touching torch's generator
            network = build(config)
    except ImpossibleNetworkError as error:
        raise WeightsError(error.said) from error
    fill(network, data)
    return config, network.eval()
