"""PyTorch code that computes what the page "Activation functions" shows, from the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.layers.activation_kinds import Activation

_START = "import torch\nimport torch.nn.functional as F\n"
_CONVENTION = "# where there is no slope, autograd puts in a number by convention"


def curve_code(chosen: Activation, x: float) -> str:
    """Code that ends with ``output``, f at the tensor ``x``, and ``slope``, its derivative, where torch has one."""
    return f"""{_START}
x = torch.tensor({x!r}, dtype=torch.float64, requires_grad=True)
output = {chosen.code}
{_gradient(chosen, "slope", "x")}"""


def neuron_code(chosen: Activation, inputs: Sequence[float], weights: Sequence[float], bias: float) -> str:
    """Code that ends with ``output``, that of the neuron, and ``gradients`` with respect to its weights."""
    return f"""{_START}
inputs = torch.tensor({list(inputs)!r}, dtype=torch.float64)
weights = torch.tensor({list(weights)!r}, dtype=torch.float64, requires_grad=True)
x = weights @ inputs + {bias!r}
output = {chosen.code}
{_gradient(chosen, "gradients", "weights")}"""


def chain_code(chosen: Activation, start: float, weight: float, depth: int) -> str:
    """Code that ends with ``output``, that of the last of ``depth`` layers, and its ``gradient``."""
    return f"""{_START}
start = torch.tensor({start!r}, dtype=torch.float64, requires_grad=True)
output = start
for layer in range({depth}):
    x = {weight!r} * output
    output = {chosen.code}
{_gradient(chosen, "gradient", "start")}"""


def picture_code(chosen: Activation, test_index: int, layer: int, channel: int) -> str:
    """Code, run where the project's assets are, that ends with ``output`` (height, width) and its ``zeros``, a share.

    The map is that of ``channel`` (from 0) of the convolution ``layer`` (1 or 2) for MNIST's test digit
    ``test_index``.
    """
    second = """
pooled = F.max_pool2d(F.relu(sums), 2)
sums = F.conv2d(pooled, weights["convolution_2.weight"], weights["convolution_2.bias"], padding=2)"""
    return f"""import gzip

import numpy as np
{_START}from safetensors.torch import load_file

weights = load_file("assets/welcome/network.safetensors")
with gzip.open("assets/mnist/t10k-images-idx3-ubyte.gz") as file:
    digits = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
pixels = (torch.from_numpy(digits[[{test_index}]]).float() / 255 - 0.1307) / 0.3081
sums = F.conv2d(pixels, weights["convolution_1.weight"], weights["convolution_1.bias"], padding=2)\
{second if layer == 2 else ""}
x = sums[0, {channel}].double()
output = {chosen.code}
zeros = (output == 0).double().mean()"""


def _gradient(chosen: Activation, name: str, source: str) -> str:
    """The lines that compute the derivative of ``output`` with respect to ``source``."""
    if chosen.function.jumps:
        return "# torch has no gradient for this function"
    comment = f"  {_CONVENTION}" if chosen.function.undefined else ""
    return f"({name},) = torch.autograd.grad(output, {source}){comment}"
