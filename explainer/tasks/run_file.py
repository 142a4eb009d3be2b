"""A run's network as a safetensors file with its configuration in the metadata: nothing is unpickled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch
from pydantic import TypeAdapter
from torch import nn

from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.weights import WeightsError, described, fill, metadata, saved

ConfigT = TypeVar("ConfigT")
NetworkT = TypeVar("NetworkT", bound=nn.Module)


def _as_it_is(config: ConfigT) -> ConfigT:
    return config


@dataclass(frozen=True)
class RunFile(Generic[ConfigT, NetworkT]):
    """The files of one kind of run, called ``format``: ``adapter`` reads its configurations, ``build`` its networks.

    ``build`` raises ImpossibleNetworkError for a configuration that is out of bounds. ``told`` is what a file tells of
    a configuration, and what is believed of one that is read.
    """

    format: str
    adapter: TypeAdapter[ConfigT]
    build: Callable[[ConfigT], NetworkT]
    told: Callable[[ConfigT], ConfigT] = _as_it_is

    def to_bytes(self, network: nn.Module, config: ConfigT) -> bytes:
        """The state of ``network`` as a safetensors file that tells of which run it is."""
        return saved(network, {"format": self.format, "run": self.adapter.dump_json(self.told(config)).decode()})

    def from_bytes(self, data: bytes) -> tuple[ConfigT, NetworkT]:
        """The configuration and the network in evaluation mode, from what ``to_bytes`` made.

        Raises WeightsError with a sentence for the user: not safetensors, not of such a run of this app, a
        configuration that is out of bounds, or weights whose names, shapes, types or values cannot be its own.
        """
        config = self.told(described(metadata(data, self.format, ("run",))["run"], self.adapter))
        try:
            with torch.device("meta"):  # shapes without memory, and without touching torch's generator
                network = self.build(config)
        except ImpossibleNetworkError as error:
            raise WeightsError(error.said) from error
        fill(network, data)
        return config, network.eval()
