"""What stands for "nothing there": what a patch covers a picture with, and where a path to the picture begins.

No fill is neutral: black is a colour, too, and a hard edge is a shape. P. Sturmfels et al. 2020, "Visualizing the
impact of feature attribution baselines", Distill.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.inspection.target import Floats
from explainer.networks.description import Transform
from explainer.networks.reading import to_input, to_pixels

Fill = Literal["black", "mean", "blurred"]
BLUR = 1 / 22  # standard deviation of the blur, in sides of the picture


def filled(transform: Transform, inputs: Floats, kind: Fill) -> Floats:
    """A picture of nothing, of the shape and type of ``inputs`` (1, channels, size, size), in a network's own numbers.

    "mean" is the mean colour of the pictures that the network was trained on, "blurred" the picture itself without its
    details.
    """
    if kind == "blurred":
        return _blurred(inputs)
    if kind == "mean":
        return np.zeros_like(inputs)
    side, channels = inputs.shape[-1], transform.channels
    pixels = np.zeros((side, side) if channels == 1 else (side, side, channels), np.uint8)
    return to_input(transform, pixels).numpy().astype(inputs.dtype)  # as a black picture is read: to the last digit


def fill_pixels(transform: Transform, inputs: Floats, kind: Fill) -> NDArray[np.uint8]:
    """``filled`` as people see it: (size, size) of a network that reads one channel, else (size, size, 3)."""
    values = to_pixels(transform, torch.from_numpy(filled(transform, inputs, kind)))[0]
    pixels: NDArray[np.uint8] = np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
    return pixels if transform.channels == 3 else pixels[:, :, 0]


def _blurred(inputs: Floats) -> Floats:
    """Every pixel becomes a mean of its surroundings with the weights of a Gaussian; beyond the border is nothing."""
    places = np.arange(inputs.shape[-1])
    weights = np.exp(-0.5 * ((places[:, None] - places) / (BLUR * len(places))) ** 2)
    weights /= weights.sum(1, keepdims=True)
    means = (weights @ inputs.astype(np.float64) @ weights.T).astype(inputs.dtype)
    lowest, highest = (edge(inputs, axis=(2, 3), keepdims=True) for edge in (np.min, np.max))
    result: Floats = np.clip(means, lowest, highest)  # a mean lies between them, and rounding may not leave them
    return result
