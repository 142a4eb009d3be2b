"""What a network is made of: frozen descriptions that a link, a cache key and a weights file can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explainer.words.book import SaidError

Padding = Literal["same", "valid"]
PoolKind = Literal["max", "average"]
ActivationName = Literal["relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu"]

CLASSES = 10
DIGIT_SIZE = 28


@dataclass(frozen=True)
class Pool:
    """A pooling window of ``size`` x ``size`` moved by ``stride`` (valid positions only)."""

    kind: PoolKind = "max"
    size: int = 2
    stride: int = 2


@dataclass(frozen=True)
class Block:
    """A convolution and what follows: normalization and activation (the whole network's), then pooling."""

    channels: int
    kernel: int = 3
    stride: int = 1
    padding: Padding = "same"
    pool: Pool | None = None


@dataclass(frozen=True)
class NetworkConfig:
    """A digit classifier: blocks of convolution, then fully connected layers, then ten logits.

    ``hidden`` holds the widths of the fully connected layers before the logits. ``batch_norm`` puts batch
    normalization before every activation. ``dropout`` acts after every hidden fully connected layer, or,
    where there is none, on the flattened maps; ``spatial_dropout`` drops whole feature maps after every block.
    ``input_size`` is the side in pixels that the 28x28 digit is zero-padded to.
    """

    blocks: tuple[Block, ...]
    hidden: tuple[int, ...] = ()
    activation: ActivationName = "relu"
    batch_norm: bool = False
    dropout: float = 0.0
    spatial_dropout: float = 0.0
    input_size: int = DIGIT_SIZE


class ImpossibleNetworkError(SaidError, ValueError):
    """The configuration describes no network; the message names the layer and says what to change."""
