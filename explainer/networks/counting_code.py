"""The code that counts a whole network."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.networks.architecture_names import TORCHVISION, torchvision_name
from explainer.networks.architectures import KEYWORDS, PRESET_SHAPE, build, input_shape
from explainer.networks.config import NetworkConfig


def counting_code(name: str, config: NetworkConfig | None = None) -> str:
    """A script that builds the network called ``name``, or that of ``config``, without weights, and counts it."""
    channels, height, width = PRESET_SHAPE if config else input_shape(name)
    return "\n".join(
        [
            "import torch",
            "from torch.utils.flop_counter import FlopCounterMode",
            *_building(name, config),
            "network.eval()",
            "parameters = sum(each.numel() for each in network.parameters())",
            "counter = FlopCounterMode(display=False)",
            "with counter:",
            f'    network(torch.zeros(1, {channels}, {height}, {width}, device="meta"))',
            "macs = counter.get_total_flops() // 2  # a multiplication and an addition are one MAC",
            'print(f"{parameters:,} parameters, {macs:,} MACs")',
        ]
    )


def _building(name: str, config: NetworkConfig | None) -> Iterator[str]:
    if config or name not in TORCHVISION:
        yield "from torch import nn"
        yield ""
        yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
        yield "    network = nn.Sequential("
        yield from (f"        nn.{part}," for part in build(name, config).children())
        yield "    )"
        return
    keywords = ", ".join(f"{key}={value}" for key, value in KEYWORDS.get(name, {}).items())
    made = f"models.{torchvision_name(name)}({keywords})"
    yield "from torchvision import models"
    yield ""
    if name.startswith("regnet"):  # computes its widths with torch, which it must read
        yield f'network = {made}.to("meta")'
        return
    yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
    yield f"    network = {made}"
