"""What a network is made of, for people and for pages: one description for every network. No torch, no weights."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "convolution",
    "fully connected",
    "normalization",
    "activation",
    "pooling",
    "dropout",
    "padding",
    "sum",
    "product",
    "concatenation",
    "reshape",
    "attention",
    "other",
]
Interpolation = Literal["bilinear", "bicubic"]
Layout = Literal["channels-first", "channels-last", "tokens", "planes", "none"]
INPUT = "input"  # the name under which layers read the network's input


@dataclass(frozen=True)
class Layer:
    """One step of a network.

    ``name`` is unique and the same in every process, ``key`` its identifier in links, which means the like in every
    network ("convolution-3"), ``title`` what people read ("Convolution 3"), ``path`` the
    module's place in the network's code ("features.3.squeeze"; "" for a plain function), ``block`` the part of the
    network that it belongs to ("Fire 2"; "" for none). ``shape`` is that of its output for one picture: (channels,
    height, width) where ``is_maps``, else whatever it is, (features,) as a rule. ``reads`` are the names of the
    layers that it reads, or ``INPUT``. ``detail`` says how it is set ("7 × 7, stride 2").
    """

    name: str
    title: str
    kind: Kind
    shape: tuple[int, ...]
    reads: tuple[str, ...]
    is_maps: bool
    detail: str = ""
    path: str = ""
    block: str = ""
    key: str = ""
    layout: Layout = "channels-first"
    extra: int = 0

    @property
    def channels(self) -> int:
        """Feature maps, or features where there are no maps."""
        return self.shape[0]


@dataclass(frozen=True)
class Transform:
    """How a picture becomes the network's input.

    It is resized until its shorter side has ``resize`` pixels, the ``size`` x ``size`` in its middle are cut out,
    its values, 0 to 1, lose ``mean`` and are divided by ``std``, one number a channel (one channel: grey).
    """

    size: int
    resize: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: Interpolation = "bilinear"

    @property
    def channels(self) -> int:
        """1 for grey, 3 for red, green and blue."""
        return len(self.mean)


@dataclass(frozen=True)
class Description:
    """A network as pages know it: ``layers`` in the order in which they are computed, the last one gives the logits.

    ``key`` tells networks apart (the same weights, the same key); ``title`` is what people read.
    """

    key: str
    title: str
    layers: tuple[Layer, ...]
    classes: tuple[str, ...]
    transform: Transform

    def layer(self, name: str) -> Layer:
        """The layer called ``name``. Raises KeyError."""
        found = next((layer for layer in self.layers if layer.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def readers(self, name: str) -> tuple[Layer, ...]:
        """The layers that read ``name``."""
        return tuple(layer for layer in self.layers if name in layer.reads)

    @property
    def convolutions(self) -> tuple[Layer, ...]:
        """The layers that convolve."""
        return tuple(layer for layer in self.layers if layer.kind == "convolution")

    @property
    def maps(self) -> tuple[Layer, ...]:
        """The layers that give feature maps, but for those that only pass them on in use (dropout)."""
        return tuple(layer for layer in self.layers if layer.is_maps and layer.kind != "dropout")


@functools.lru_cache(maxsize=16)
def class_keys(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Identifiers of classes with these names: a number tells apart what shares a name."""
    plain = [re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in classes]
    counts = Counter(plain)
    return tuple(f"{key}-{i}" if counts[key] > 1 or not key else key for i, key in enumerate(plain))
