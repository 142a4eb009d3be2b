"""What the networks from the Neocognitron to AlexNet are made of, stage by stage, and how many weights they have.

K. Fukushima 1980, Biological Cybernetics 36, 193-202; Y. LeCun et al. 1989, Neural Computation 1, 541-551, whose counts
follow from the sizes of its layers; LeNet-5 and AlexNet are counted as ``architectures`` builds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from explainer.networks.architectures import counted

Kind = Literal["input", "convolution", "pooling", "connected"]
NETWORKS = ("neocognitron", "lenet-1989", "lenet-5", "alexnet")
_KINDS: dict[str, Kind] = {
    "input": "input",
    "convolution": "convolution",
    "fully-connected": "connected",
    "max-pooling": "pooling",
    "average-pooling": "pooling",
}


@dataclass(frozen=True)
class Stage:
    """A layer called ``name``: ``maps`` of ``side`` x ``side`` units, or so many units where the side is 1.

    ``weights`` are those that it learns, biases among them, each once however many units share it, and ``connections``
    those that its units have, biases among them; both 0 for a layer that learns nothing.
    """

    name: str
    kind: Kind
    maps: int
    side: int
    weights: int = 0
    connections: int = 0

    @property
    def units(self) -> int:
        """Numbers that it gives."""
        return self.maps * self.side**2


@dataclass(frozen=True)
class Milestone:
    """The stages of a network, from its input on."""

    stages: tuple[Stage, ...]

    @property
    def units(self) -> int:
        """All of them, those of the input among them."""
        return sum(stage.units for stage in self.stages)

    @property
    def weights(self) -> int:
        """All that are learned."""
        return sum(stage.weights for stage in self.stages)

    @property
    def connections(self) -> int:
        """All that there are."""
        return sum(stage.connections for stage in self.stages)


def milestone(name: str) -> Milestone:
    """One of ``NETWORKS``. Raises KeyError for another name.

    The Neocognitron's weights are not counted: its S-cells share them within a plane, but find them without a teacher.
    """
    match name:
        case "neocognitron":
            return Milestone(tuple(_neocognitron()))
        case "lenet-1989":
            return Milestone(tuple(_lenet_1989()))
        case "lenet-5" | "alexnet":
            return Milestone(tuple(_counted(name)))
    raise KeyError(name)


def _neocognitron() -> Iterator[Stage]:
    yield Stage("U0", "input", 1, 16)
    for number, (simple, pooled) in enumerate(((16, 10), (8, 6), (2, 1)), 1):
        yield Stage(f"S{number}", "convolution", 24, simple)
        yield Stage(f"C{number}", "pooling", 24, pooled)


def _lenet_1989() -> Iterator[Stage]:
    """Kernels are shared, biases are not; a unit of H2 reads 8 of the 12 maps of H1."""
    yield Stage("Input", "input", 1, 16)
    reads, kernel = {"H1": 1, "H2": 8}, 5 * 5
    for name, side in (("H1", 8), ("H2", 4)):
        units, fan_in = 12 * side**2, reads[name] * kernel
        yield Stage(name, "convolution", 12, side, 12 * fan_in + units, units * (fan_in + 1))
    before = 12 * 4**2
    for name, units in (("H3", 30), ("Output", 10)):
        weights = units * (before + 1)
        yield Stage(name, "connected", units, 1, weights, weights)
        before = units


def _counted(name: str) -> Iterator[Stage]:
    letters: dict[Kind, str] = {"convolution": "C", "pooling": "P", "connected": "F"}
    numbers = dict.fromkeys(letters, 0)
    for before, step in pairwise([None, *counted(name).steps]):
        kind = _KINDS.get(step.kind) if step else None
        if step is None or kind is None or (kind == "pooling" and before and before.shape == step.shape):
            continue  # an adaptive pooling that keeps these maps is there for other sizes of pictures
        if kind in letters:
            numbers[kind] += 1
        own = f"{letters[kind]}{numbers[kind]}" if kind in letters else "Input"
        title = step.path if step.path and "." not in step.path else own  # LeNet-5's layers have names
        side = step.shape[1] if len(step.shape) > 1 else 1
        stage = Stage(title, kind, step.shape[0], side, step.parameters)
        yield replace(stage, connections=step.macs + stage.units) if step.bias else stage
