"""Initial weights of convolutions and fully connected layers.

Sources: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
section 4.2; He et al. 2015, "Delving deep into rectifiers", section 2.2; Saxe et al. 2014, "Exact solutions to the
nonlinear dynamics of learning in deep linear neural networks": orthonormal weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from torch import Generator, Tensor, nn

from explainer.training.config import InitializationName

CONSTANT = 0.01

# Those of a run, without PyTorch's own, and three more that only the pages about initialization use.
Scheme = Literal[
    "zeros", "constant", "normal-0.01", "normal-1", "xavier", "xavier-normal", "he", "he-fan-out", "orthonormal"
]


def initialize(network: nn.Module, name: InitializationName) -> None:
    """Draws the weights of every convolution and fully connected layer anew; biases become 0.

    "pytorch" leaves the module as it was built. Uses torch's global generator, so seed it first.
    """
    if name == "pytorch":
        return
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            draw(module.weight, name)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def draw(weight: Tensor, scheme: Scheme, generator: Generator | None = None) -> Tensor:
    """Fills ``weight`` (outputs, inputs, ...) in place, and returns it; without a generator by torch's global one."""
    return _DRAW[scheme](weight, generator)


def weight_variance(  # noqa: PLR0911 (one case for each scheme)
    scheme: Scheme, fan_in: int, fan_out: int
) -> float:
    """The variance of a weight that ``draw`` gives for a layer with ``fan_in`` inputs and ``fan_out`` outputs."""
    match scheme:
        case "zeros" | "constant":
            return 0.0
        case "normal-0.01":
            return 0.01**2
        case "normal-1":
            return 1.0
        case "xavier" | "xavier-normal":
            return 2 / (fan_in + fan_out)
        case "he":
            return 2 / fan_in
        case "he-fan-out":
            return 2 / fan_out
        case "orthonormal":
            return 1 / max(fan_in, fan_out)


_DRAW: dict[Scheme, Callable[[Tensor, Generator | None], Tensor]] = {
    "he": lambda weight, chance: nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=chance),
    "he-fan-out": lambda weight, chance: nn.init.kaiming_normal_(
        weight, mode="fan_out", nonlinearity="relu", generator=chance
    ),
    "xavier": lambda weight, chance: nn.init.xavier_uniform_(weight, generator=chance),
    "xavier-normal": lambda weight, chance: nn.init.xavier_normal_(weight, generator=chance),
    "normal-0.01": lambda weight, chance: nn.init.normal_(weight, std=0.01, generator=chance),
    "normal-1": lambda weight, chance: nn.init.normal_(weight, std=1.0, generator=chance),
    "orthonormal": lambda weight, chance: nn.init.orthogonal_(weight, generator=chance),
    "constant": lambda weight, _: nn.init.constant_(weight, CONSTANT),
    "zeros": lambda weight, _: nn.init.zeros_(weight),
}
