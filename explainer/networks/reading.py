"""From a picture to a network's input: what it is shown, in pixels, and the numbers that it reads."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from explainer.data.images import Picture
from explainer.networks.description import Transform

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
_PALE = 127.5  # a border brighter than this is paper, and the ink is dark


def shown(transform: Transform, picture: Picture) -> NDArray[np.uint8]:
    """The part of ``picture`` that a network is shown, at its size: (size, size, 3), or (size, size) for a grey one.

    As torchvision's ImageClassification makes it from a Pillow image: the shorter side is resized to
    ``transform.resize``, the middle is cut out. Networks of grey pictures read light ink on a dark ground: a picture
    with a pale border is inverted for them.
    """
    values = picture.rgb if transform.channels == 3 else _light_on_dark(picture.grey)
    image = Image.fromarray(values)
    short = min(image.size)
    width, height = (max(transform.size, int(transform.resize * side / short)) for side in image.size)
    resized = np.asarray(image.resize((width, height), _FILTERS[transform.interpolation]))
    top, left = (round((side - transform.size) / 2) for side in resized.shape[:2])
    return resized[top : top + transform.size, left : left + transform.size]


def shown_digit(transform: Transform, digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As ``shown``, of a digit (28, 28), 0 background and 255 ink: every pixel as it is for a network of digits."""
    if transform.channels == 1 and transform.size == digit.shape[0]:
        return digit
    image = Image.fromarray(digit).resize((transform.size, transform.size), _FILTERS["bilinear"])
    values = np.asarray(image)
    return values if transform.channels == 1 else np.repeat(values[..., None], 3, axis=2)


def to_input(transform: Transform, pixels: NDArray[np.uint8]) -> Tensor:
    """The numbers that a network reads of ``pixels``, one picture or (n, ...) of them as ``shown`` makes them.

    Out: float32 (n, channels, size, size) on the CPU, n = 1 for one picture.
    """
    values = torch.tensor(pixels).to(torch.float32) / 255
    if transform.channels == 1:
        values = values.reshape(-1, 1, *values.shape[-2:])
    else:
        values = values.reshape(-1, *values.shape[-3:]).permute(0, 3, 1, 2)
    return (values - _column(transform.mean)) / _column(transform.std)


def to_pixels(transform: Transform, inputs: Tensor) -> NDArray[np.float32]:
    """The way back from ``to_input``: values 0 to 1 where ``inputs`` (n, channels, size, size) are of a picture.

    Out: (n, size, size, channels), not clipped.
    """
    values = inputs.detach().cpu() * _column(transform.std) + _column(transform.mean)
    pixels: NDArray[np.float32] = values.permute(0, 2, 3, 1).numpy()
    return pixels


def _light_on_dark(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    return 255 - grey if border.mean() > _PALE else grey


def _column(numbers: tuple[float, ...]) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float32)[:, None, None]
