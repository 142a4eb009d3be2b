"""A copy of a network after operations on its weights; what is not changed is shared, and nothing of it is touched.

Pruning is by magnitude over the whole network or one layer (S. Han et al. 2015, arXiv:1506.02626, section 3); rounding
is uniform, symmetric, and has one step for each layer (B. Jacob et al. 2018, arXiv:1712.05877, section 2.1, with the
zero point at 0).
"""

from __future__ import annotations

import copy
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from explainer.inspection.surgery.operations import Operation, Operations, Prune, Round, Scale, named, weighted, write
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.networks.weights import from_bytes, to_bytes

Changed = dict[str, Tensor]  # by the names of parameters


@dataclass(frozen=True)
class Cut:
    """What pruning comes to: the ``zeros`` smallest of ``total`` weights are 0, each at most ``largest`` in size."""

    zeros: int
    total: int
    largest: float


@dataclass(frozen=True)
class Step:
    """What rounding comes to: the ``largest`` size of a weight, and the ``step`` between two of the ``levels``."""

    largest: float
    step: float
    levels: int


def operated(network: Network, operations: Operations) -> Network:
    """``network`` after ``operations``, one after the other; itself after none."""
    if not operations:
        return network
    state: Changed = dict(network.graph.named_parameters())
    for operation in operations:
        state |= _changed(network, state, operation)
    shared = {id(value): value for value in (*network.graph.parameters(), *network.graph.buffers())}
    twin = copy.deepcopy(network.graph, shared)
    for name, value in state.items():
        path, _, parameter = name.rpartition(".")
        if value is not network.graph.get_parameter(name):
            setattr(twin.get_submodule(path), parameter, nn.Parameter(value, requires_grad=False))
    key = f"{network.key} {write(operations)}"
    return Network(replace(network.description, key=key), twin)


def operated_weights(weights: bytes, network: Network, operations: Operations) -> bytes:
    """The weights file of ``network`` after ``operations``; ``weights`` itself, byte for byte, after none."""
    if not operations:
        return weights
    config, module, run = from_bytes(weights)
    module.load_state_dict(operated(network, operations).graph.state_dict())
    return _in_order(to_bytes(module, config, run))


def changes_at(network: Network, operation: Operation) -> str | None:
    """The name of the first layer whose numbers the operation changes; None where that is all of the network."""
    if not operation.layer:
        return None
    layer = named(network.description, operation.layer)
    return target(network, layer).name if isinstance(operation, Scale) else layer.name


def target(network: Network, layer: Layer) -> Layer:
    """The layer whose weights scale what the filters of ``layer`` give: the batch norm alone behind it, else itself.

    A batch norm would undo a scale before it, and give its bias for a filter that is off.
    """
    readers = network.description.readers(layer.name)
    return readers[0] if len(readers) == 1 and readers[0].kind == "normalization" else layer


def cut(network: Network, operation: Prune) -> Cut:
    """What ``operation`` does to ``network`` as it is."""
    return _cut(_weights(network, dict(network.graph.named_parameters()), operation.layer).values(), operation.percent)[
        0
    ]


def step(network: Network, name: str, bits: int) -> Step:
    """What rounding to ``bits`` does to the layer called ``name`` in the text of operations."""
    weights = next(iter(_weights(network, dict(network.graph.named_parameters()), name).values()))
    levels = 2**bits - 1
    largest = float(weights.abs().max())
    return Step(largest, largest / (levels // 2), levels)


def rounded(weights: Tensor, bits: int) -> Tensor:
    """``weights`` of any shape, each at the nearest of the 2^bits - 1 multiples of the step around 0."""
    most = 2 ** (bits - 1) - 1
    width = weights.abs().max() / most
    return weights if not width else (weights / width).round().clamp(-most, most) * width


def _in_order(data: bytes) -> bytes:
    """The same safetensors file with its header in order: there what the file tells of itself comes in any order."""
    size = struct.unpack("<Q", data[:8])[0]
    header = json.dumps(json.loads(data[8 : 8 + size]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data[8 + size :]


def _changed(network: Network, state: Changed, operation: Operation) -> Changed:
    if isinstance(operation, Scale):
        layer = target(network, named(network.description, operation.layer))
        return {name: _scaled(state[name], operation) for name in _of(state, layer)}
    weights = _weights(network, state, operation.layer)
    if isinstance(operation, Round):
        return {name: rounded(value, operation.bits) for name, value in weights.items()}
    _, kept = _cut(weights.values(), operation.percent)
    parts = torch.split(kept, [value.numel() for value in weights.values()])
    return {
        name: torch.where(part.view_as(value), value, torch.zeros_like(value))
        for (name, value), part in zip(weights.items(), parts, strict=True)
    }


def _scaled(value: Tensor, operation: Scale) -> Tensor:
    changed = value.detach().clone()
    changed[operation.unit] = changed[operation.unit] * operation.factor if operation.factor else 0.0
    return changed


def _cut(weights: Iterable[Tensor], percent: int) -> tuple[Cut, Tensor]:
    """How many go, and which stay, as one row of truths over all weights one after the other."""
    sizes = torch.cat([value.detach().abs().flatten() for value in weights])
    count = round(percent / 100 * sizes.numel())
    kept = torch.ones_like(sizes, dtype=torch.bool)
    smallest = torch.topk(sizes, count, largest=False)
    kept[smallest.indices] = False
    return Cut(count, sizes.numel(), float(smallest.values.max()) if count else 0.0), kept


def _weights(network: Network, state: Changed, name: str) -> Changed:
    """The weights, without biases, of one layer or of all."""
    layers = [named(network.description, name)] if name else list(weighted(network.description))
    return {f"{layer.path}.weight": state[f"{layer.path}.weight"] for layer in layers}


def _of(state: Changed, layer: Layer) -> list[str]:
    return [name for name in (f"{layer.path}.weight", f"{layer.path}.bias") if name in state]
