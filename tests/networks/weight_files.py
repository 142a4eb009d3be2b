"""Weights files, whole and damaged, for the tests of those."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.networks.weights import to_bytes

BAD_CONFIG = "The network described in this file cannot be read"
SMALL = NetworkConfig((Block(2, 3, 2, pool=Pool()),), hidden=(5,), batch_norm=True, dropout=0.25)


def network_of(config: NetworkConfig, seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return build(config)


def saved(config: NetworkConfig = SMALL, run: str = "{}") -> bytes:
    return to_bytes(network_of(config), config, run)


def with_metadata(change: Callable[[dict[str, Any]], object], data: bytes | None = None) -> bytes:
    """A saved file whose metadata ``change`` has edited."""
    data = data or saved()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    change(header["__metadata__"])
    return file_of(json.dumps(header).encode(), data[8 + size :])


def with_network(text: str) -> bytes:
    return with_metadata(lambda metadata: metadata.update(network=text))


def file_of(header: bytes, numbers: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + numbers


def with_state(change: Callable[[dict[str, Tensor]], object]) -> bytes:
    state = dict(network_of(SMALL).state_dict())
    change(state)
    (size,) = struct.unpack("<Q", saved()[:8])
    metadata = json.loads(saved()[8 : 8 + size])["__metadata__"]
    return safetensors.torch.save(state, metadata)
