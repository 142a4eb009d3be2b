"""PyTorch code of a plain or a residual network: its gradients and shares before training, and a block taken out."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.networks.config import NetworkConfig
from explainer.training.config import RunConfig
from explainer.training.residual import BATCH, TESTED

MEAN, STD = 0.1307, 0.3081  # as the networks read digits; a test compares them with explainer.networks.build
_ENDING = """\
mnist = MNIST("data", download=True)
images = (mnist.data[:{batch}, None] / 255 - {mean}) / {std}
F.cross_entropy(network(images), mnist.targets[:{batch}]).backward()
gradients = [w.grad.norm().item() for w in network.parameters() if w.dim() > 1]
shares = [block.share for block in network if isinstance(block, Block)]
print(gradients, shares)


def right_without(number):
    \"\"\"Of {tested} test digits, how many are right without block 1, 2, ...; train the network first.\"\"\"
    place = [i for i, block in enumerate(network) if isinstance(block, Block)][number - 1]
    test = MNIST("data", train=False)
    images = (test.data[:{tested}, None] / 255 - {mean}) / {std}
    with torch.no_grad():
        logits = nn.Sequential(*network[:place], *network[place + 1 :]).eval()(images)
    return (logits.argmax(1) == test.targets[:{tested}]).sum().item()
"""


def residual_code(config: RunConfig) -> str:
    """Code that ends with ``gradients``, ``shares`` and ``right_without``.

    The first are those of ``explainer.training.residual.measure`` before the run, the last one, once the network has
    been trained, what ``take_out`` counts.
    """
    lines = ["import torch", "import torch.nn.functional as F", "from torch import nn"]
    lines += ["from torchvision.datasets import MNIST", "", "", *_block(config.network), "", ""]
    lines += [f"torch.manual_seed({config.seed})", "network = nn.Sequential("]
    lines += [*(f"    {line}," for line in _network(config.network)), ")", ""]
    return "\n".join(lines) + _ENDING.format(batch=BATCH, tested=TESTED, mean=MEAN, std=STD)


def _block(network: NetworkConfig) -> list[str]:
    total = "y = f" if network.skips == "plain" else "y = f + x"
    result = "y" if network.skips == "pre-activation" else "F.relu(y)"
    lines = ["class Block(nn.Module):", "    def __init__(self, width):", "        super().__init__()"]
    lines += [
        "        self.branch = nn.Sequential(",
        *(f"            {layer}," for layer in _branch(network)),
        "        )",
    ]
    lines += ["", "    def forward(self, x):", "        f = self.branch(x)", f"        {total}"]
    lines += ["        self.share = (f.norm() / y.norm()).item()", f"        return {result}"]
    return lines


def _branch(network: NetworkConfig) -> Iterator[str]:
    bias = ", bias=False" if network.batch_norm else ""
    norm = ["nn.BatchNorm2d(width)"] if network.batch_norm else []
    convolution = f"nn.Conv2d(width, width, 3, padding=1{bias})"
    if network.skips == "pre-activation":
        yield from (*norm, "nn.ReLU()", convolution, *norm, "nn.ReLU()", convolution)
    else:
        yield from (convolution, *norm, "nn.ReLU()", convolution, *norm)


def _network(network: NetworkConfig) -> Iterator[str]:
    (stem,) = network.blocks
    norm = [f"nn.BatchNorm2d({stem.channels})"] if network.batch_norm else []
    early = network.skips != "pre-activation"
    yield "nn.ZeroPad2d((0, 1, 0, 1))"
    yield f"nn.Conv2d(1, {stem.channels}, 3, stride=2{', bias=False' if network.batch_norm else ''})"
    yield from (*norm, "nn.ReLU()") if early else ()
    yield f"*[Block({stem.channels}) for _ in range({stem.pairs})]"
    yield from () if early else (*norm, "nn.ReLU()")
    yield from ("nn.AvgPool2d(14)", "nn.Flatten()", f"nn.Linear({stem.channels}, 10)")
