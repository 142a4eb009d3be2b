"""Initial weights of convolutions and fully connected layers.

Sources: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
section 4.2; He et al. 2015, "Delving deep into rectifiers", section 2.2.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from explainer.training.config import InitializationName

CONSTANT = 0.01


def initialize(network: nn.Module, name: InitializationName) -> None:
    """Draws the weights of every convolution and fully connected layer anew; biases become 0.

    "pytorch" leaves the module as it was built. Uses torch's global generator, so seed it first.
    """
    if name == "pytorch":
        return
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                _DRAW[name](module.weight)
                if module.bias is not None:
                    module.bias.zero_()


_DRAW: dict[InitializationName, Callable[[Tensor], Tensor]] = {
    "he": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "xavier": nn.init.xavier_uniform_,
    "normal-0.01": lambda weight: nn.init.normal_(weight, std=0.01),
    "normal-1": lambda weight: nn.init.normal_(weight, std=1.0),
    "constant": lambda weight: nn.init.constant_(weight, CONSTANT),
    "zeros": nn.init.zeros_,
}
