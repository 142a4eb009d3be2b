"""Networks with a name, from a first lesson's to a fast one.

Sources: "First steps", "Wider" and "Widest" follow Görner 2017, "Learn TensorFlow and deep learning, without a
Ph.D."; LeNet-5 follows LeCun et al. 1998, "Gradient-based learning applied to document recognition", section II.B
(with full connections between its second and third stage); ConvNetJS follows Karpathy's MNIST demonstration of 2014;
"20-layer residual" has the blocks and the end of He et al. 2015, arXiv:1512.03385, section 4.2, but one size of maps.
"Three stages" doubles the channels where the maps are halved, as the same paper does: it is for pictures in colour.
"""

from __future__ import annotations

from explainer.networks.config import Block, NetworkConfig, Pool
from explainer.words.book import Said

PRESETS: dict[str, NetworkConfig] = {
    "first-steps": NetworkConfig((Block(4, 5), Block(8, 5, 2), Block(12, 4, 2)), hidden=(200,)),
    "wider": NetworkConfig((Block(6, 6), Block(12, 5, 2), Block(24, 4, 2)), hidden=(200,)),
    "widest": NetworkConfig((Block(24, 6), Block(48, 5, 2), Block(64, 4, 2)), hidden=(200,), batch_norm=True),
    "six-convolutions": NetworkConfig(
        (
            Block(8),
            Block(8, pool=Pool()),
            Block(16),
            Block(16, pool=Pool()),
            Block(32),
            Block(32),
        )
    ),
    "lenet-5": NetworkConfig(
        (
            Block(6, 5, padding="valid", pool=Pool("average")),
            Block(16, 5, padding="valid", pool=Pool("average")),
            Block(120, 5, padding="valid"),
        ),
        hidden=(84,),
        activation="tanh",
        input_size=32,
    ),
    "convnetjs": NetworkConfig((Block(8, 5, pool=Pool()), Block(16, 5, pool=Pool("max", 3, 3)))),
    "fast": NetworkConfig((Block(8, 8, 4, "valid"), Block(24, 2, 1, "valid")), hidden=(32,)),
    "fast-to-99": NetworkConfig((Block(8, 5, 2, "valid"), Block(48, 3, 1, "valid", Pool())), hidden=(64,)),
    "residual": NetworkConfig((Block(16, stride=2, pairs=9),), batch_norm=True, global_pool=True),
    "three-stages": NetworkConfig((Block(24, 5, 2), Block(48, pool=Pool()), Block(96, pool=Pool())), batch_norm=True),
}


def title(preset: str) -> Said:
    """What one of ``PRESETS`` is called."""
    return Said(f"presets.{preset.replace('-', '_')}")
