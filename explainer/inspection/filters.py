"""The kernels of a convolution: what they are, what they are tuned to, and in which order to look at them.

Stripes are found in the spectrum, by its second moments: J. Bigün and G. Granlund, "Optimal orientation detection of
linear symmetry", ICCV 1987, in the plane of frequencies. A filter with several planes (one a colour, or one an input
map) has the sum of the planes' powers as its power.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, nn

from explainer.networks.description import INPUT
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.windows import padding, pair

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]  # (filters, planes, height, width)
Order = Literal["number", "norm", "orientation", "similarity", "colour"]

SPECTRUM = 32  # frequencies along each axis
_NOISE = 2.9  # of a hundred random filters one has a strength above this over the root of its number of weights
_STRIPED = (0.3, 0.6)


@dataclass(frozen=True, eq=False)
class Kernels:
    """A convolution as its module holds it: copies, on the CPU.

    ``weights`` (filters, planes, height, width), of which filter f meets the planes ``first_plane(f)`` and after of
    what the layer reads; ``bias`` (filters,), zeros where it has none. ``padding`` is zeros above and on the left.
    """

    weights: Weights
    bias: NDArray[np.float32]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    groups: int

    def first_plane(self, number: int) -> int:
        """The first of the planes that filter ``number`` reads."""
        planes: int = self.weights.shape[1]
        return number * self.groups // len(self.weights) * planes


@dataclass(frozen=True, eq=False)
class Orientation:
    """What n filters are tuned to.

    ``angle`` (n,) is that of the stripes, 0 to 180 degrees: 0 lies, 45 rises to the right, 90 stands. ``strength``
    (n,) is 0 where no direction counts more than another and 1 where all power has one. ``frequency`` (n,) in cycles
    a pixel, 0 to 0.71, is where the spectrum is highest: 0 for a blob.
    """

    angle: Floats
    strength: Floats
    frequency: Floats


def kernels(network: Network, layer: str) -> Kernels:
    """The kernels of the convolution called ``layer``. Raises KeyError for an unknown layer, ValueError for another."""
    module = network.module(layer)
    if not isinstance(module, nn.Conv2d):
        raise ValueError(f"The layer {layer} is no convolution.")
    weights: Weights = module.weight.detach().to("cpu", torch.float32).numpy().copy()
    bias = np.zeros(len(weights), np.float32)
    if module.bias is not None:
        bias = module.bias.detach().to("cpu", torch.float32).numpy().copy()
    top, _, left, _ = padding(module)
    return Kernels(
        weights=weights,
        bias=bias,
        stride=pair(module.stride),
        padding=(top, left),
        dilation=pair(module.dilation),
        groups=module.groups,
    )


def fresh(shape: tuple[int, ...], seed: int) -> Weights:
    """Kernels of ``shape`` as PyTorch draws them for a new layer, after ``torch.manual_seed(seed)`` on the CPU.

    Uniform between -1 and 1 over the root of the number of weights of one filter.
    """
    weights = torch.empty(shape)
    nn.init.kaiming_uniform_(weights, a=5**0.5, generator=Generator().manual_seed(seed))
    made: Weights = weights.numpy()
    return made


def planes(network: Network, layer: str, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the layer called ``layer`` reads (planes, height, width) when the network reads ``inputs`` (1, C, s, s)."""
    source = network.description.layer(layer).reads[0]
    read: NDArray[np.float32] = inputs[0]
    if source != INPUT:
        with torch.inference_mode():
            values = forward(network, torch.from_numpy(inputs).to(device_of(network)), until=source)[source]
        read = values[0].float().cpu().numpy()
    return read


def norms(weights: Weights) -> Floats:
    """The length (n,) of each filter: the root of the sum of its squared weights."""
    lengths: Floats = np.sqrt(np.square(_flat(weights)).sum(1))
    return lengths


def spectrum(weights: Weights, size: int = SPECTRUM) -> Floats:
    """The magnitude (n, size, size) of each filter's Fourier transform, kernels padded with zeros to size x size.

    Frequency 0 is in row and column ``size // 2``; a row down is 1 / size cycles a pixel more. Its squares sum up to
    size² times the filter's squared norm. Raises ValueError for kernels larger than ``size``.
    """
    if max(weights.shape[2:]) > size:
        raise ValueError(f"The kernels {weights.shape[2:]} do not fit into a spectrum of {size}x{size}.")
    values = np.fft.fft2(weights.astype(np.float64), s=(size, size))
    magnitudes: Floats = np.fft.fftshift(np.sqrt((np.abs(values) ** 2).sum(1)), axes=(1, 2))
    return magnitudes


def orientation(weights: Weights, size: int = SPECTRUM) -> Orientation:
    """What each filter is tuned to, its planes without their means.

    With a power P(f) at the frequency f of angle a, the angle of the waves is half that of the sum of P exp(2ia) over
    all f shorter than 1/2 but 0, and its strength the length of that sum over the sum of P. Stripes lie across.
    """
    size = max(size, *weights.shape[2:])
    centred = weights - weights.mean(axis=(2, 3), keepdims=True, dtype=np.float64)
    power = spectrum(centred, size) ** 2
    down, across = np.meshgrid(*[(np.arange(size) - size // 2) / size] * 2, indexing="ij")
    squared = down**2 + across**2
    counted = np.where((squared > 0) & (squared < 0.25 - 1e-12), power, 0.0)
    turned = (counted * np.exp(2j * np.arctan2(-down, across))).sum((1, 2))
    total = counted.sum((1, 2))
    strength = np.divide(np.abs(turned), total, out=np.zeros(len(total)), where=total > 0)
    whole = spectrum(weights, size).reshape(len(weights), -1)
    angle = np.round(np.degrees(np.angle(turned) / 2) + 90, 9) % 180
    return Orientation(angle, strength, np.sqrt(squared).ravel()[whole.argmax(1)])


def least_strength(shape: tuple[int, ...]) -> float:
    """The strength from which filters (n, planes, height, width) of this shape are said to have stripes.

    One in a hundred random filters reaches it; never less than 0.3, nor more than 0.6.
    """
    return float(np.clip(_NOISE / np.sqrt(np.prod(shape[1:])), *_STRIPED))


def colour(weights: Weights) -> Floats:
    """The share (n,) of each filter's squared weights, 0 to 1, that its planes do not have in common.

    0 where all planes are the same, as those of a filter that reads grey.
    """
    values = weights.astype(np.float64)
    total = np.square(values).sum((1, 2, 3))
    differing = np.square(values - values.mean(1, keepdims=True)).sum((1, 2, 3))
    shares: Floats = np.divide(differing, total, out=np.zeros(len(total)), where=total > 0)
    return shares


def similarities(weights: Weights) -> Floats:
    """The cosines (n, n) between filters, -1 to 1; 0 for a filter of zeros."""
    values, lengths = _flat(weights), norms(weights)
    unit = values / np.where(lengths > 0, lengths, 1.0)[:, None]
    cosines: Floats = np.clip(unit @ unit.T, -1.0, 1.0)
    return cosines


def order(weights: Weights, by: Order) -> NDArray[np.int64]:
    """The filters' numbers (n,) in the order in which to look at them.

    "norm": the longest first. "orientation": by the angle of their stripes from 0 degrees up, then those without, the
    longest first. "similarity": a chain in which each is beside one that it resembles. "colour": the most colourful
    first. "number": as they are.
    """
    match by:
        case "number":
            return np.arange(len(weights))
        case "norm":
            return np.argsort(-norms(weights), kind="stable")
        case "colour":
            return np.argsort(-colour(weights), kind="stable")
        case "similarity":
            return _chain(similarities(weights))
        case "orientation":
            found = orientation(weights)
            angle = np.where(found.strength < least_strength(weights.shape), 360.0, found.angle)
            return np.lexsort((-norms(weights), angle))


def _chain(alike: Floats) -> NDArray[np.int64]:
    """Begins with the pair most alike, and goes on at whichever end has the better neighbour left."""
    if len(alike) < 3:
        return np.arange(len(alike))
    left = alike - 3 * np.eye(len(alike))  # no filter follows itself
    pair = np.triu(alike + 2, 1).argmax()  # each pair once: rounding may differ between its two cosines
    chain = [int(number) for number in np.unravel_index(pair, alike.shape)]
    left[:, chain] = -2
    while len(chain) < len(alike):
        ends = [int(left[chain[end]].argmax()) for end in (0, -1)]
        at_start = left[chain[0], ends[0]] > left[chain[-1], ends[1]]
        found = ends[0] if at_start else ends[1]
        chain.insert(0 if at_start else len(chain), found)
        left[:, found] = -2
    return np.array(chain)


def _flat(weights: Weights) -> Floats:
    return weights.reshape(len(weights), -1).astype(np.float64)
