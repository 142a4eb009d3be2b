"""Code that counts the units, weights and connections of a network on the way to AlexNet."""

from __future__ import annotations

from explainer.networks.counting_code import counting_code
from explainer.networks.milestones import milestone

_LENET_1989 = """import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.h1 = nn.Parameter(torch.randn(12, 1, 5, 5))
        self.bias1 = nn.Parameter(torch.zeros(12, 8, 8))
        self.h2 = nn.Parameter(torch.randn(12, 8, 5, 5))
        self.bias2 = nn.Parameter(torch.zeros(12, 4, 4))
        self.h3, self.output = nn.Linear(12 * 4 * 4, 30), nn.Linear(30, 10)

    def forward(self, digits):
        # kernels are shared, biases are not: each unit has its own
        first = torch.tanh(F.conv2d(digits, self.h1, stride=2, padding=2) + self.bias1)
        reads = [[(number + k) % 12 for k in range(8)] for number in range(12)]  # 8 of the 12 maps before
        kernels = self.h2.split(1)
        maps = [F.conv2d(first[:, read], kernel, stride=2, padding=2) for read, kernel in zip(reads, kernels)]
        second = torch.tanh(torch.cat(maps, dim=1) + self.bias2)
        return torch.tanh(self.output(torch.tanh(self.h3(second.flatten(1)))))


network, counter = LeNet(), FlopCounterMode(display=False)
with counter:
    network(torch.zeros(1, 1, 16, 16))
units = 16 * 16 + 12 * 8 * 8 + 12 * 4 * 4 + 30 + 10
weights = sum(each.numel() for each in network.parameters())
connections = counter.get_total_flops() // 2 + units - 16 * 16  # and a bias for each unit
print(f"{units:,} units, {weights:,} parameters, {connections:,} connections")
"""


def counts_code(name: str) -> str:
    """Code that prints what the network called ``name`` has. Raises KeyError for another name."""
    match name:
        case "lenet-1989":
            return _LENET_1989
        case "neocognitron":
            return _neocognitron()
    return counting_code(name)


def _neocognitron() -> str:
    first, *stages = milestone("neocognitron").stages
    rows = [f'    ("{stage.name}", {stage.maps}, {stage.side}),' for stage in stages]
    return "\n".join(
        [
            "stages = [  # simple cells S and complex cells C: planes, and units along each side",
            *rows,
            "]",
            f"units = {first.side} * {first.side}",
            "for name, planes, side in stages:",
            '    print(f"{name}: {planes} planes of {side} x {side}")',
            "    units += planes * side**2",
            'print(f"{units:,} units")',
            "",
        ]
    )
