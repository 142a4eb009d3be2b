"""What a network is made of: frozen descriptions that a link, a cache key and a weights file can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explainer.words.book import SaidError

Padding = Literal["same", "valid"]
PoolKind = Literal["max", "average"]
Skips = Literal["plain", "residual", "pre-activation"]
Reads = Literal["digits", "colour"]
ActivationName = Literal["relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu"]

CLASSES = 10
DIGIT_SIZE = 28
PICTURES: dict[Reads, tuple[int, int, int]] = {"digits": (1, DIGIT_SIZE, DIGIT_SIZE), "colour": (3, 32, 32)}


@dataclass(frozen=True)
class Pool:
    """A pooling window of ``size`` x ``size`` moved by ``stride`` (valid positions only)."""

    kind: PoolKind = "max"
    size: int = 2
    stride: int = 2


@dataclass(frozen=True)
class Block:
    """A convolution and what follows: normalization and activation (the whole network's), then pooling.

    ``pairs`` building blocks stand before the pooling: each is two 3x3 convolutions as wide as this one, that keep the
    size of its maps, and the network's ``skips`` says whether a skip connection leads around them.
    """

    channels: int
    kernel: int = 3
    stride: int = 1
    padding: Padding = "same"
    pool: Pool | None = None
    pairs: int = 0


@dataclass(frozen=True)
class NetworkConfig:
    """A classifier of small pictures: blocks of convolution, then fully connected layers, then ten logits.

    ``hidden`` holds the widths of the fully connected layers before the logits. ``batch_norm`` puts batch
    normalization before every activation. ``dropout`` acts after every hidden fully connected layer, or,
    where there is none, on the flattened maps; ``spatial_dropout`` drops whole feature maps after every block.
    ``reads`` says which pictures it is made for, channels, height and width in ``PICTURES``; ``input_size`` is the side
    in pixels that a smaller one is zero-padded to.

    ``skips`` is what becomes of the pairs of convolutions in the blocks: "plain" runs them one after the other;
    "residual" adds a pair's input to what it makes of it, before its last activation (He et al. 2015,
    arXiv:1512.03385, figure 2); "pre-activation" puts normalization and activation before each convolution of a pair
    and none after the sum, so that the skips lead unchanged from the first convolution to the activation after the last
    pair (He et al. 2016, arXiv:1603.05027, figure 4 e). ``global_pool`` averages each map before the fully connected
    layers. So ``NetworkConfig((Block(16, stride=2, pairs=9),), batch_norm=True, global_pool=True)`` is a residual
    network of 2 + 2 * 9 = 20 layers on maps of 14x14.
    """

    blocks: tuple[Block, ...]
    hidden: tuple[int, ...] = ()
    activation: ActivationName = "relu"
    batch_norm: bool = False
    dropout: float = 0.0
    spatial_dropout: float = 0.0
    input_size: int = DIGIT_SIZE
    skips: Skips = "residual"
    global_pool: bool = False
    reads: Reads = "digits"

    @property
    def picture(self) -> tuple[int, int, int]:
        """Channels, height and width of a picture that it reads."""
        return PICTURES[self.reads]

    @property
    def side(self) -> int:
        """The side in pixels of what the first layer reads."""
        return max(self.input_size, self.picture[1])


class ImpossibleNetworkError(SaidError, ValueError):
    """The configuration describes no network; the message names the layer and says what to change."""
