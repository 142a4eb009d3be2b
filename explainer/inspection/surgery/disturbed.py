"""Test digits turned, shifted, blurred, with noise, or with other strokes, and how many of them a network still reads.

The idea of measuring over several strengths: D. Hendrycks, T. Dietterich 2019, arXiv:1903.12261.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from explainer.data.digits import load
from explainer.inspection.surgery.answers import answers_to
from explainer.networks.graph import Network

Disturbance = Literal["rotation", "shift", "noise", "blur", "stroke"]
Pixels = NDArray[np.uint8]

EVERY = 5  # of the 10,000 test digits one in so many is read
DISTURBANCES: tuple[Disturbance, ...] = get_args(Disturbance)
STRENGTHS: dict[Disturbance, tuple[float, ...]] = {
    "rotation": (-90, -67.5, -45, -22.5, 0, 22.5, 45, 67.5, 90),  # degrees, counter-clockwise
    "shift": (0, 1, 2, 3, 4, 5, 6, 7, 8),  # pixels to the right
    "noise": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),  # standard deviation, where ink is 1
    "blur": (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4),  # standard deviation in pixels
    "stroke": (-2.25, -2, -1.5, -1, 0, 1, 1.5, 2, 2.25),  # radius in pixels: below 0 thinner, above 0 wider
}
_SEED = 0


@dataclass(frozen=True, eq=False)
class Robustness:
    """``right`` (networks, strengths known) of ``digits`` are read right; ``share`` of the work is done, 0 to 1."""

    right: NDArray[np.int64]
    digits: int
    share: float

    @property
    def is_whole(self) -> bool:
        """Whether every strength is known."""
        return self.share == 1


def some_digits() -> tuple[Pixels, NDArray[np.uint8]]:
    """The test digits (2000, 28, 28) that are read at each strength, and their classes (2000,)."""
    data = load("mnist")
    return data.test_images[::EVERY], data.test_labels[::EVERY]


def disturbed(pictures: Pixels, kind: Disturbance, strength: float) -> Pixels:
    """``pictures`` (n, 28, 28), 0 background and 255 ink, each disturbed alike; noise is each picture's own.

    Rotation is bilinear, about the middle. What leaves the picture is lost, what comes in is background. Noise is
    Gaussian and cut off at 0 and 255. A wider stroke has at each pixel the largest value within the radius, a thinner
    one the smallest. Strength 0 changes nothing.
    """
    if not strength:
        return pictures
    match kind:
        case "rotation":
            turned = ndimage.rotate(pictures.astype(np.float32), strength, axes=(2, 1), reshape=False, order=1)
            return _pixels(turned)
        case "shift":
            moved = np.zeros_like(pictures)
            moved[:, :, int(strength) :] = pictures[:, :, : -int(strength)]
            return moved
        case "noise":
            draws = np.random.default_rng(_SEED).standard_normal(pictures.shape, np.float32)
            return _pixels(pictures + 255 * np.float32(strength) * draws)
        case "blur":
            return _pixels(ndimage.gaussian_filter(pictures.astype(np.float32), (0, strength, strength)))
        case "stroke":
            change = ndimage.grey_dilation if strength > 0 else ndimage.grey_erosion
            found: Pixels = change(pictures, footprint=disc(abs(strength))[None])
            return found


def disc(radius: float) -> NDArray[np.bool_]:
    """The pixels whose middles are at most ``radius`` pixels away from the middle one, as truths."""
    reach = int(radius)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    within: NDArray[np.bool_] = rows**2 + columns**2 <= radius**2
    return within


def robustness(networks: Sequence[Network], kind: Disturbance) -> Iterator[Robustness]:
    """How many of ``some_digits`` each of ``networks`` reads right at each of the strengths, point by point."""
    pictures, true = some_digits()
    strengths, right = STRENGTHS[kind], list[list[int]]()
    for number, strength in enumerate(strengths, 1):
        changed = disturbed(pictures, kind, strength)
        right.append([answers_to(network, changed).right(true) for network in networks])
        yield Robustness(np.array(right).T, len(true), number / len(strengths))


def _pixels(values: NDArray[np.float32]) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
