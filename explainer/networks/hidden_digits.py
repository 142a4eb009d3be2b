"""Real hidden layers: 48 neurons of a small trained reader of digits, the maps before them and the layer behind.

The network is the one shipped in assets/welcome: two convolutions, each with ReLU and 2x2 max pooling, then 48 neurons
with ReLU, then ten logits. It was trained without dropout.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from explainer.data import forward_pass
from explainer.data.assets import assets_path

Floats = NDArray[np.float64]

UNITS, CLASSES = 48, 10
MapsName = Literal["convolution-1", "pooling-1", "convolution-2", "pooling-2"]
MAPS: dict[MapsName, int] = {"convolution-1": 4, "pooling-1": 4, "convolution-2": 8, "pooling-2": 8}  # of each layer
_PARTS = dict(zip(forward_pass.PARTS, range(len(forward_pass.PARTS)), strict=True))


@dataclass(frozen=True, eq=False)
class LastLayer:
    """From the hidden layer to the logits: ``weights`` (CLASSES, UNITS), ``bias`` (CLASSES,), read-only."""

    weights: Floats
    bias: Floats


@functools.cache
def last_layer() -> LastLayer:
    """As training left it."""
    stored = load((assets_path() / "welcome" / "network.safetensors").read_bytes())
    return LastLayer(*(_frozen(stored[f"logits.{name}"]) for name in ("weight", "bias")))


def digit(label: int) -> NDArray[np.float32]:
    """The test digit (28, 28) of class ``label``, 0 to 9, read-only; 0 is background, 255 ink."""
    pixels: NDArray[np.float32] = forward_pass.load().parts[_PARTS["input"]].values[label, 0]
    return pixels


@functools.cache
def hidden(label: int) -> Floats:
    """What the hidden layer (UNITS,) gives for ``digit(label)``, after its ReLU; read-only."""
    return _part("fully_connected", label)


@functools.cache
def maps(label: int, layer: MapsName = "convolution-2") -> Floats:
    """The maps of a layer for that digit, read-only: those of a convolution (4, 28, 28) or (8, 14, 14), after its ReLU,
    or of the pooling behind it, half as high and wide."""
    return _part(layer.replace("-", "_"), label)


def _part(name: str, label: int) -> Floats:
    return _frozen(forward_pass.load().parts[_PARTS[name]].values[label])


def _frozen(values: NDArray[np.floating]) -> Floats:
    held = values.astype(np.float64)
    held.flags.writeable = False
    return held
