"""The class of a network's building blocks, as a script has it."""

from __future__ import annotations

from explainer.networks.config import NetworkConfig, Skips

ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "leaky_relu": "nn.LeakyReLU()",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
}

_BLOCKS: dict[Skips, str] = {
    "plain": """
class Block(nn.Sequential):
    def __init__(self, channels):
        super().__init__(
            {layers}
        )
""",
    "residual": '''
class Block(nn.Module):
    """Adds what it reads to what its layers make of it (He et al. 2015)."""

    def __init__(self, channels):
        super().__init__()
        self.layers = nn.Sequential(
            {layers}
        )
        self.activation = {activation}

    def forward(self, maps):
        return self.activation(maps + self.layers(maps))
''',
    "pre-activation": '''
class Block(nn.Module):
    """Adds what it reads to what its layers make of it (He et al. 2016)."""

    def __init__(self, channels):
        super().__init__()
        self.layers = nn.Sequential(
            {layers}
        )

    def forward(self, maps):
        return maps + self.layers(maps)
''',
}


def block_code(network: NetworkConfig) -> str:
    """Source of the class of building blocks, ``Block(channels)``; "" for a network that has none."""
    if not any(block.pairs for block in network.blocks):
        return ""
    bias = ", bias=False" if network.batch_norm else ""
    convolution, activation = f"nn.Conv2d(channels, channels, 3, padding=1{bias})", ACTIVATIONS[network.activation]
    norm = ["nn.BatchNorm2d(channels)"] if network.batch_norm else []
    if network.skips == "pre-activation":
        inside = [*norm, activation, convolution] * 2
    else:
        inside = [convolution, *norm, activation, convolution, *norm]
        inside += [activation] if network.skips == "plain" else []
    lines = ("\n" + 12 * " ").join(f"{line}," for line in inside)
    return _BLOCKS[network.skips].format(layers=lines, activation=activation)


def made_of_blocks(channels: int, count: int) -> str:
    """An argument of ``nn.Sequential``: ``count`` blocks of ``channels`` maps one after the other."""
    return f"Block({channels})" if count == 1 else f"*(Block({channels}) for _ in range({count}))"
