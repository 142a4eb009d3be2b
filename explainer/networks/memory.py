"""How much memory a network takes in training and in inference, before a single number is computed.

Training keeps, besides the weights: their gradients, what the optimizer remembers of each weight, and for the backward
pass all tensors that PyTorch's autograd saves, each storage once. These are found by running the network once in
training mode on torch's meta device. Left out: what a convolution's algorithm needs while it computes, copies that the
allocator keeps, and the loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from explainer.networks.failing import Failure, attempt
from explainer.networks.folding import Architecture

Optimizer = Literal["sgd", "momentum", "adam"]
REMEMBERED: dict[Optimizer, int] = {"sgd": 0, "momentum": 1, "adam": 2}  # numbers for each weight
FLOAT = 4  # bytes
FLOAT_16 = 2


@dataclass(frozen=True)
class Saved:
    """Bytes that autograd keeps with numbers of 4 bytes.

    ``numbers`` and ``positions`` are those of each picture: activations, and integers that say where a maximum was
    found. ``fixed`` are there whatever the batch: statistics of batch normalizations, and what is computed of weights.
    """

    numbers: int
    fixed: int
    positions: int = 0

    def of(self, batch: int, *, half: bool = False) -> int:
        """For a batch. With ``half``, activations alone have 16 bits, as PyTorch's autocast makes them."""
        numbers = self.numbers * batch
        return (numbers * FLOAT_16 // FLOAT if half else numbers) + self.full_size(batch)

    def full_size(self, batch: int) -> int:
        """What 16 bits do not make smaller: positions keep 64 bits, and statistics 32."""
        return self.positions * batch + self.fixed


@dataclass(frozen=True)
class Kept:
    """Bytes that autograd saves in one forward pass: floating-point ``numbers``, and integers, ``positions``."""

    numbers: int
    positions: int

    @property
    def bytes(self) -> int:
        """All together."""
        return self.numbers + self.positions


@dataclass(frozen=True)
class Memory:
    """Bytes on one device."""

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All together."""
        return self.weights + self.gradients + self.optimizer + self.activations


def saved(network: nn.Module, shape: tuple[int, ...]) -> Saved | Failure:
    """What a training step of ``network``, on the meta device, keeps of inputs of ``shape`` (channels, rows, columns).

    It is put in training mode, and belongs to the caller alone. The layer that fails, where one does: a head that is
    read in training alone may do so where the others compute.
    """
    made = attempt(network, lambda: [kept(network, torch.zeros(count, *shape, device="meta")) for count in (2, 3)])
    if isinstance(made, Failure):
        return made
    two, three = made
    numbers, positions = three.numbers - two.numbers, three.positions - two.positions
    return Saved(numbers, two.bytes - 2 * (numbers + positions), positions)


def kept(network: nn.Module, pictures: Tensor) -> Kept:
    """What autograd saves in a forward pass in training mode, each storage once, without weights and buffers."""
    own = {each.untyped_storage()._cdata for each in (*network.parameters(), *network.buffers())}
    storages: dict[int, Tensor] = {}  # tensors, so that no storage is freed and another takes its address

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()._cdata
        if storage not in own:
            storages[storage] = tensor
        return tensor

    network.train()
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        made = network(pictures)
    del made
    sizes = [(each.is_floating_point(), each.untyped_storage().nbytes()) for each in storages.values()]
    numbers = sum(size for is_number, size in sizes if is_number)
    return Kept(numbers, sum(size for _, size in sizes) - numbers)


def training(
    architecture: Architecture, keeps: Saved, batch: int, optimizer: Optimizer, *, half: bool = False, devices: int = 1
) -> Memory:
    """On each of ``devices`` that share a batch, each with all weights.

    With ``half``, weights, gradients and activations have 16 bits; what the optimizer remembers keeps 32, and so does a
    copy of the weights that it steps with (Micikevicius et al. 2018, arXiv:1710.03740, section 3.1). What is
    ``full_size`` of ``keeps`` stays so.
    """
    numbers = architecture.parameters
    size = FLOAT_16 if half else FLOAT
    remembered = REMEMBERED[optimizer] + half
    share = -(-batch // devices)
    return Memory(numbers * size, numbers * size, numbers * FLOAT * remembered, keeps.of(share, half=half))


def inference(architecture: Architecture, batch: int, *, half: bool = False, devices: int = 1) -> Memory:
    """The weights, and the outputs that are still to be read at the moment when these are most."""
    size = FLOAT_16 if half else FLOAT
    used = architecture.parameters - architecture.idle
    return Memory(used * size, 0, 0, most_alive(architecture) * -(-batch // devices) * size)


def most_alive(architecture: Architecture) -> int:
    """Numbers of one picture that must be there at once: of a layer's output, and of all outputs read then or later."""
    last_read = {layer.number: layer.number for layer in architecture.layers}
    for layer in architecture.layers:
        last_read.update(dict.fromkeys(layer.reads, layer.number))
    return max(_alive(architecture, number, last_read) for number in last_read)


def _alive(architecture: Architecture, number: int, last_read: Mapping[int, int]) -> int:
    made = architecture.layers[: number + 1]
    return sum(layer.activations for layer in made if last_read[layer.number] >= number)
