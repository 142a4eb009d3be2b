"""A small trained reader of digits, cut before its only fully connected layer, and pictures for it to read.

The network is shipped in assets/softmax: two convolutions, 6 and 8 filters of 5x5 without padding, each followed by
ReLU and 2x2 max pooling, then ten logits. A digit of 28x28 pixels becomes 8 maps of 4x4; a larger picture, larger maps.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explainer.data import forward_pass
from explainer.data.assets import assets_path
from explainer.layers import fully_connected, geometry
from explainer.layers.fully_connected import FullyConnected, Shape

if TYPE_CHECKING:
    from torch import nn

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

SHAPE: Shape = (8, 4, 4)  # of the last maps of one digit
SIDE, STRIDE = 28, 4  # of a digit; pixels between two windows that the last layer reads
CELL = 40  # pixels of a scene that a digit has, which stands somewhere in it
IN_A_ROW, MOST_DIGITS = 4, 8
_LOGITS = "logits"


@functools.cache
def layer() -> FullyConnected:
    """The last layer: 128 numbers in, ten logits out."""
    state = _network().state_dict()
    weights, bias = (state[f"{_LOGITS}.{name}"].numpy() for name in ("weight", "bias"))
    return FullyConnected(weights, bias, SHAPE)


def digit(label: int) -> Pixels:
    """A test digit (28, 28) of the class ``label``, 0 to 9; 0 is background, 255 ink."""
    pixels: Pixels = forward_pass.load().parts[0].values[label, 0].astype(np.uint8)
    return pixels


def maps(picture: Pixels) -> Floats:
    """The last feature maps (8, height, width) of ``picture`` (28 or more, 28 or more), after ReLU and pooling."""
    held: Floats = _maps(picture[None])[0]
    return held


@functools.lru_cache(maxsize=32)
def digit_maps(label: int) -> Floats:
    """``maps`` of ``digit(label)``, (8, 4, 4), read-only."""
    return _frozen(maps(digit(label)))


@functools.lru_cache(maxsize=32)
def digit_logits(label: int) -> Floats:
    """The ten logits (10,) of ``digit(label)``, read-only."""
    return _frozen(fully_connected.output(layer(), digit_maps(label)))


def scene_size(count: int) -> tuple[int, int]:
    """Height and width of a scene of ``count`` digits, at most four in a row; one alone is as large as itself."""
    if count == 1:
        return SIDE, SIDE
    columns = min(count, IN_A_ROW)
    return CELL * -(-count // columns), CELL * columns


def corners(count: int, seed: int) -> tuple[tuple[int, int], ...]:
    """Top row and left column of each of ``count`` digits, slid about in parts of ``CELL`` pixels."""
    if count == 1:
        return ((0, 0),)
    slides = np.random.default_rng(seed).integers(CELL - SIDE + 1, size=(count, 2))
    places = (divmod(number, IN_A_ROW) for number in range(count))
    return tuple(
        (CELL * row + int(down), CELL * column + int(across))
        for (row, column), (down, across) in zip(places, slides, strict=True)
    )


@functools.lru_cache(maxsize=32)
def scene(labels: tuple[int, ...], seed: int) -> Pixels:
    """A picture of the digits of ``labels``, one or more, read-only. Same arguments, same picture."""
    picture = np.zeros(scene_size(len(labels)), np.uint8)
    for label, (top, left) in zip(labels, corners(len(labels), seed), strict=True):
        picture[top : top + SIDE, left : left + SIDE] = digit(label)
    picture.flags.writeable = False
    return picture


@functools.lru_cache(maxsize=32)
def score_maps(labels: tuple[int, ...], seed: int) -> Floats:
    """The ten logits at every place of ``scene``, (10, rows, columns), read-only: the last layer as a convolution."""
    return _frozen(fully_connected.as_convolution(layer(), maps(scene(labels, seed))))


@functools.lru_cache(maxsize=32)
def scores_one_by_one(labels: tuple[int, ...], seed: int) -> Floats:
    """What ``score_maps`` holds, from the flattened maps of every 28x28 part of the scene for itself."""
    parts = np.lib.stride_tricks.sliding_window_view(scene(labels, seed), (SIDE, SIDE))[::STRIDE, ::STRIDE]
    rows, columns = parts.shape[:2]
    held = _maps(parts.reshape(-1, SIDE, SIDE))
    logits = np.stack([fully_connected.output(layer(), each) for each in held], axis=1)
    return _frozen(logits.reshape(-1, rows, columns))


def multiplications(height: int, width: int) -> int:
    """Multiplications of the whole network, all layers slid over a picture of ``height`` x ``width``."""
    total, size, channels = 0, (height, width), 1
    for filters in (6, 8):
        size = size[0] - 4, size[1] - 4
        total += geometry.convolution_macs(channels, filters, 5, *size)
        size, channels = (size[0] // 2, size[1] // 2), filters
    return total + geometry.convolution_macs(channels, 10, SHAPE[1:], size[0] - 3, size[1] - 3)


def _maps(pictures: Pixels) -> Floats:
    """Of pictures (n, height, width): (n, 8, height, width), in float64 on the CPU."""
    import torch  # noqa: PLC0415  a page whose first picture needs no network opens without torch

    from explainer.networks.build import MEAN, STD  # noqa: PLC0415

    with torch.inference_mode():
        values = ((torch.from_numpy(np.array(pictures)).double() / 255 - MEAN) / STD).unsqueeze(1)
        for name, module in _network().named_children():
            if name == "flatten":
                break
            values = module(values)
        result: Floats = values.numpy()
    return result


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values


@functools.cache
def _network() -> nn.Sequential:
    """In float64: what is shown to be equal is then equal to the last digits that a page writes."""
    from explainer.networks.weights import from_bytes  # noqa: PLC0415

    return from_bytes((assets_path() / "softmax" / "network.safetensors").read_bytes())[1].double()
