"""A trained reader of digits with batch normalization, taken apart: what its layers hold before they normalize it.

The network is shipped in assets/normalization: two convolutions, 6 and 8 filters of 5x5 without bias, each followed by
batch normalization, ReLU and 2x2 max pooling, then 32 neurons with batch normalization, then ten logits.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.data import digits
from explainer.data.assets import assets_path
from explainer.layers.normalization import Affine, Floats, evaluate, fold

if TYPE_CHECKING:
    from torch import Tensor, nn

Layer = Literal["convolution-1", "convolution-2"]
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64)
STEPS = 64  # batches of each size that running statistics follow
ACCURACY_DIGITS = 512
_KEYS: dict[Layer, tuple[str, str]] = {
    "convolution-1": ("convolution_1", "batch_norm_1"),
    "convolution-2": ("convolution_2", "batch_norm_2"),
}


@dataclass(frozen=True, eq=False)
class NormalizedLayer:
    """A convolution without bias and the batch normalization behind it, as training left them.

    ``weights`` (filters, channels, 5, 5); ``mean`` and ``variance`` (filters,) are the running statistics.
    """

    weights: Floats
    affine: Affine
    mean: Floats
    variance: Floats
    eps: float


@dataclass(frozen=True, eq=False)
class Accuracies:
    """Shares (0..1) of the first test digits that are read rightly: in training mode for each of ``BATCH_SIZES``, whose
    batches are normalized with their own statistics, and in evaluation mode with the running ones."""

    training: tuple[float, ...]
    evaluation: float


@dataclass(frozen=True, eq=False)
class Folded:
    """The convolution that does what a convolution and its batch normalization did: ``weights`` and ``bias``.

    Both were applied to one test digit in float64: ``numbers`` results differ by at most ``difference``.
    """

    weights: Floats
    bias: Floats
    numbers: int
    difference: float


@functools.cache
def layer(name: Layer) -> NormalizedLayer:
    """The layer ``name`` as the trained network has it."""
    state = {key: value.double().numpy() for key, value in _network().state_dict().items()}
    convolution, norm = _KEYS[name]
    affine = Affine(state[f"{norm}.weight"], state[f"{norm}.bias"])
    kept = state[f"{norm}.running_mean"], state[f"{norm}.running_var"]
    return NormalizedLayer(
        state[f"{convolution}.weight"],
        affine,
        *kept,
        float(_network().get_submodule(norm).eps),  # type: ignore[arg-type]  # a module's attributes have no types
    )


@functools.cache
def folded(name: Layer) -> Folded:
    """The layer ``name`` with its batch normalization folded into the convolution, compared on the first test digit."""
    import torch  # noqa: PLC0415  the page's first picture opens without torch

    found = layer(name)
    weights, bias = fold(
        found.weights, np.zeros(len(found.mean)), found.mean, found.variance, found.affine, eps=found.eps
    )
    inputs = _before(name, digits.load("mnist").test_images[:1]).double()

    def convolve(kernels: Floats, shifts: Floats | None) -> Floats:
        added = None if shifts is None else torch.from_numpy(shifts)
        result: Floats = torch.conv2d(inputs, torch.from_numpy(kernels), added, padding="same").numpy()
        return result

    two = evaluate(convolve(found.weights, None), found.mean, found.variance, found.affine, found.eps)
    one = convolve(weights, bias)
    return Folded(weights, bias, one.size, float(np.abs(one - two).max()))


@functools.lru_cache(maxsize=4)
def maps(name: Layer, count: int) -> NDArray[np.float32]:
    """What the convolution ``name`` gives for the first ``count`` test digits (count, filters, height, width),
    read-only; the layers before it run in evaluation mode."""
    held = _convolved(name, digits.load("mnist").test_images[:count]).numpy()
    held.flags.writeable = False
    return held


@functools.lru_cache(maxsize=32)
def batch_statistics(name: Layer, batch: int) -> tuple[Floats, Floats]:
    """Mean and variance (STEPS, filters) of the maps of ``STEPS`` batches of ``batch`` training digits (1 to 64).

    The variance divides by the number of members less 1, as running statistics take it.
    """
    sums, squares, cells = _digit_sums(name)
    members = batch * cells
    mean, square = (part[: STEPS * batch].reshape(STEPS, batch, -1).sum(1) / members for part in (sums, squares))
    return mean, (square - mean**2) * members / (members - 1)


@functools.cache
def all_digits(name: Layer) -> tuple[Floats, Floats]:
    """Mean and variance (filters,) over all digits of ``batch_statistics``."""
    sums, squares, cells = _digit_sums(name)
    members = len(sums) * cells
    mean = sums.sum(0) / members
    return mean, (squares.sum(0) / members - mean**2) * members / (members - 1)


@functools.cache
def accuracies() -> Accuracies:
    """How well the network reads the first ``ACCURACY_DIGITS`` test digits in training and in evaluation mode."""
    data = digits.load("mnist")
    images, labels = data.test_images[:ACCURACY_DIGITS], data.test_labels[:ACCURACY_DIGITS]

    def share(logits: NDArray[np.float32]) -> float:
        return float((logits.argmax(1) == labels).mean())

    return Accuracies(tuple(share(logits(images, batch)) for batch in BATCH_SIZES), share(logits(images, None)))


def logits(images: NDArray[np.uint8], batch: int | None) -> NDArray[np.float32]:
    """The logits (n, 10) for ``images`` (n, 28, 28).

    With ``batch`` in training mode: n is a multiple of it, and each batch is normalized with its own statistics, also
    where a set is a single number, which PyTorch refuses. None is evaluation mode.
    """
    import torch  # noqa: PLC0415  the page's first picture opens without torch
    from torch import nn  # noqa: PLC0415

    with torch.inference_mode():
        values = _pixels(images)
        for module in _network():
            if batch and isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                values = _with_own_statistics(values, module, batch)
            else:
                values = module(values)
        result: NDArray[np.float32] = values.numpy()
    return result


def _with_own_statistics(values: Tensor, module: nn.BatchNorm1d | nn.BatchNorm2d, batch: int) -> Tensor:
    parts = values.view(-1, batch, *values.shape[1:])  # (batches, batch, channels, ...)
    own = [axis for axis in range(1, parts.dim()) if axis != 2]
    mean, variance = parts.mean(own, keepdim=True), parts.var(own, unbiased=False, keepdim=True)
    shape = (-1, *[1] * (values.dim() - 2))
    gamma, beta = module.weight.view(shape), module.bias.view(shape)
    return (gamma * (parts - mean) / (variance + module.eps).sqrt() + beta).view(values.shape)


@functools.cache
def _digit_sums(name: Layer) -> tuple[Floats, Floats, int]:
    """Sum and sum of squares (digits, filters) of the maps of single training digits, and the cells of a map."""
    import torch  # noqa: PLC0415  the page's first picture opens without torch

    images = digits.load("mnist").train_images[: STEPS * BATCH_SIZES[-1]]
    parts = []
    for start in range(0, len(images), 512):
        held = _convolved(name, images[start : start + 512])
        parts.append([power.sum((2, 3), dtype=torch.float64).numpy() for power in (held, held.square())])
    sums, squares = (np.concatenate(part) for part in zip(*parts, strict=True))
    return sums, squares, held[0, 0].numel()


def _convolved(name: Layer, images: NDArray[np.uint8]) -> Tensor:
    import torch  # noqa: PLC0415  the page's first picture opens without torch

    with torch.inference_mode():
        result: Tensor = _network().get_submodule(_KEYS[name][0])(_before(name, images))
    return result


def _before(name: Layer, images: NDArray[np.uint8]) -> Tensor:
    """What the convolution ``name`` reads for ``images`` (n, 28, 28): (n, channels, height, width)."""
    import torch  # noqa: PLC0415  the page's first picture opens without torch

    with torch.inference_mode():
        values = _pixels(images)
        for key, module in _network().named_children():
            if key == _KEYS[name][0]:
                break
            values = module(values)
    return values


def _pixels(images: NDArray[np.uint8]) -> Tensor:
    import torch  # noqa: PLC0415  the page's first picture opens without torch

    from explainer.networks.build import normalize  # noqa: PLC0415

    return normalize(torch.from_numpy(np.array(images))).unsqueeze(1)


@functools.cache
def _network() -> nn.Sequential:
    from explainer.networks.weights import from_bytes  # noqa: PLC0415

    return from_bytes((assets_path() / "normalization" / "network.safetensors").read_bytes())[1]
