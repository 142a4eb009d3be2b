"""Formulas of the way from feature maps to the loss with their numbers put in, and PyTorch code that computes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.layers.code import literal
from explainer.layers.fully_connected import WeightedSum
from explainer.layers.softmax import CrossEntropy, Softmax
from explainer.words.book import percent
from explainer.words.latex import latex

_WRITTEN_OUT = 4  # most terms of a sum in a formula
_IN_A_ROW = 3  # terms that a phone has room for


def logit_formula(given: WeightedSum, neuron: int) -> str:
    """A logit as its weighted sum and the bias, in one line."""
    return (
        rf"z_{{{neuron}}} = \textstyle\sum_{{i=0}}^{{{given.terms.size - 1}}} w_i x_i + b "
        rf"\approx {number(given.per_map.sum())} + {_bracketed(given.bias)} \approx {number(given.result)}"
    )


def maps_formula(given: WeightedSum) -> str:
    """The weighted sum of a logit as the sum of what each map gives."""
    terms = [_bracketed(value) for value in given.per_map]
    rows = [" + ".join(terms[start : start + _IN_A_ROW]) for start in range(0, len(terms), _IN_A_ROW)]
    lines = (
        rf"\textstyle\sum_i w_i x_i &\approx {rows[0]}",
        *(rf"&\quad + {row}" for row in rows[1:]),
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def softmax_formula(given: Softmax, label: int) -> str:
    """The probability of the class ``label``, with the largest scaled logit m subtracted in every power."""
    largest = float(given.scaled.max())
    power = rf"e^{{{_difference(given.scaled[label], largest)}}}"
    if len(given.logits) <= _WRITTEN_OUT:
        total = " + ".join(rf"e^{{{_difference(value, largest)}}}" for value in given.scaled)
    else:
        total = number(given.total)
    divided = "z" if given.temperature == 1 else rf"z/{number(given.temperature)}"
    general = rf"\frac{{e^{{{_indexed(divided, label)} - m}}}}{{\sum_j e^{{{_indexed(divided, 'j')} - m}}}}"
    shared = rf"\frac{{{number(given.powers[label])}}}{{{number(given.total)}}}"
    lines = (
        rf"m &= \max_j {_indexed(divided, 'j')} = {number(largest)}",
        rf"p_{{{label}}} &= {general}",
        rf"&= \frac{{{power}}}{{{total}}}",
        rf"&= {shared} \approx {number(given.probabilities[label])}",
    )
    return r"\begin{aligned}" + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def loss_formula(given: Softmax, loss: CrossEntropy) -> str:
    """The cross-entropy, and its gradient by the logit of the right class."""
    label = loss.label
    probability = given.probabilities[label]
    by_temperature = "" if given.temperature == 1 else rf" / {number(given.temperature)}"
    gradient = rf"p_{{{label}}} - y_{{{label}}} = {number(probability)} - 1"
    if by_temperature:
        gradient = rf"(p_{{{label}}} - y_{{{label}}}) / T \\ &= ({number(probability)} - 1){by_temperature}"
    lines = (
        rf"L &= -\log p_{{{label}}} = \log({number(given.total)}) - {_bracketed(given.shifted[label])} "
        rf"\approx {number(loss.loss)}",
        rf"\tfrac{{\partial L}}{{\partial z_{{{label}}}}} &= {gradient} "
        rf"\approx {number(loss.gradient[label])}",
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def connected_formula(side: int, neurons: int, kernel: int, filters: int) -> str:
    """Weights of a fully connected layer on a grey picture, and of a convolution."""
    connected, shared = side * side * neurons, kernel * kernel * filters
    lines = (
        rf"\text{{connected: }} & {side} \cdot {side} \cdot {neurons} = {_whole(connected)}",
        rf"\text{{convolution: }} & {kernel} \cdot {kernel} \cdot {filters} = {_whole(shared)}",
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def places_formula(size: tuple[int, int], side: int, stride: int) -> str:
    """How many parts of a picture are scored, down and across."""
    lines = (
        rf"\text{{{name}}} &= \frac{{{length} - {side}}}{{{stride}}} + 1 = {(length - side) // stride + 1}"
        for name, length in zip(("rows", "columns"), size, strict=True)
    )
    return r"\begin{aligned}" + r" \\[6pt] ".join(lines) + r"\end{aligned}"


def logit_code(given: WeightedSum) -> str:
    """Code that ends with ``output`` (1, 1), the logit."""
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            literal("maps", given.values[None]),
            literal("weights", given.weights.reshape(1, -1)),
            literal("bias", np.array([given.bias])),
            "vector = maps.flatten(1)  # map by map, row by row",
            "output = F.linear(vector, weights, bias)",
        ]
    )


def softmax_code(given: Softmax) -> str:
    """Code that ends with ``output`` (classes,), the probabilities."""
    lines = ["import torch", "", literal("logits", given.logits)]
    return "\n".join([*lines, f"output = torch.softmax(logits / {given.temperature:.17g}, dim=0)"])


def loss_code(given: Softmax, label: int) -> str:
    """Code that ends with ``loss`` and ``output`` (classes,), its gradient by the logits."""
    lines = ["import torch", "import torch.nn.functional as F", "", literal("logits", given.logits)]
    lines += [
        "logits.requires_grad_()",
        f"loss = F.cross_entropy(logits / {given.temperature:.17g}, torch.tensor({label}))",
        "loss.backward()",
        "output = logits.grad",
    ]
    return "\n".join(lines)


def connected_code(side: int, neurons: int, kernel: int, filters: int) -> str:
    """Code that ends with ``output``, the weights of both layers; the device "meta" keeps none of them in memory."""
    return "\n".join(
        [
            "from torch import nn",
            "",
            f'connected = nn.Linear({side} * {side}, {neurons}, bias=False, device="meta")',
            f'convolution = nn.Conv2d(1, {filters}, {kernel}, bias=False, device="meta")',
            "output = connected.weight.numel(), convolution.weight.numel()",
        ]
    )


def score_map_code(size: tuple[int, int], placed: list[tuple[int, int, int]]) -> str:
    """Code that ends with ``output`` (10, rows, columns), the logits at every place of a picture of ``size``.

    ``placed`` has number in MNIST's test set, top row and left column of each digit.
    """
    return "\n".join(
        [
            "import gzip",
            "",
            "import numpy as np",
            "import torch",
            "import torch.nn.functional as F",
            "from safetensors.torch import load_file",
            "",
            'with gzip.open("assets/mnist/t10k-images-idx3-ubyte.gz") as file:',
            "    digits = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)",
            f"picture = np.zeros({size}, np.uint8)",
            f"for number, top, left in {placed}:",
            "    picture[top : top + 28, left : left + 28] = digits[number]",
            "",
            'weights = load_file("assets/softmax/network.safetensors")',
            "weights = {name: value.double() for name, value in weights.items()}",
            "maps = (torch.from_numpy(picture).double()[None, None] / 255 - 0.1307) / 0.3081",
            'for name in ("convolution_1", "convolution_2"):',
            '    maps = F.conv2d(maps, weights[f"{name}.weight"], weights[f"{name}.bias"])',
            "    maps = F.max_pool2d(maps.relu(), 2)",
            "",
            'kernels = weights["logits.weight"].view(10, 8, 4, 4)  # the fully connected layer as filters',
            'output = F.conv2d(maps, kernels, weights["logits.bias"])[0]',
        ]
    )


def number(value: float | np.floating) -> str:
    """A number in LaTeX with four significant digits; without an exponent where that is short."""
    value = float(value) + 0.0
    if value and not 1e-4 <= abs(value) < 1e8:
        return latex(value)
    if abs(value) >= 1000:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return np.format_float_positional(float(f"{value:.4g}"), trim="-")


def shares(values: NDArray[np.float64]) -> list[str]:
    """Each of the probabilities ``values`` (n,) in percent.

    No softmax of two or more finite logits is 0 or 1, though float64 may round to that: none looks so here.
    """
    return [percent(float(value), "#.1p") for value in values]


def _whole(count: int) -> str:
    return f"{count:,}".replace(",", "{,}")


def _bracketed(value: float | np.floating) -> str:
    text = number(value)
    return rf"({text})" if text.startswith("-") else text


def _difference(value: float | np.floating, largest: float) -> str:
    return f"{number(value)} - {_bracketed(largest)}"


def _indexed(divided: str, index: int | str) -> str:
    return divided.replace("z", f"z_{{{index}}}", 1)
