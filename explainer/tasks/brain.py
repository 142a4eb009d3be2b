"""An average head in 64 slices, with grey and white matter: what to segment, and how far one comes without a network.

It is the mean of 152 persons, warped onto each other, and symmetric to the last bit: every slice is its own mirror
image, so the left half is no test for the right. Neighbouring slices are nearly the same, so they are no test either.

Source: V. S. Fonov et al., "Unbiased average age-appropriate atlases for pediatric studies", NeuroImage 54, 2011; the
file and its licence: ``assets/brain``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.data.assets import assets_path

if TYPE_CHECKING:
    from torch import Generator, Tensor

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int64]
Indices = NDArray[np.int64]
SplitName = Literal["blocks", "random"]

CLASSES = ("background", "grey", "white", "other")  # identifiers, in the order of the labels
STEP_MM = 2  # from slice to slice
PIXEL_MM = 1.625
DIMMEST, BRIGHTEST = 0.7, 1.3  # of a poor scanner's field
NOISE = 0.1  # its standard deviation, in 0..1
_KNOTS = 4  # of the field, along each side
_LEVELS = 256


@dataclass(frozen=True, eq=False)
class Slices:
    """64 axial slices, the nose up; all arrays are read-only.

    ``t1`` (64, 112, 96) uint8: T1-weighted brightness, 0 outside the brain. ``labels`` (64, 112, 96) int64: the index
    into ``CLASSES``. ``grey`` and ``white`` (64, 112, 96) uint8: how probable each is, 255 is certain. ``z_mm`` (64,)
    int16: the height of each slice.
    """

    t1: Bytes
    labels: Labels
    grey: Bytes
    white: Bytes
    z_mm: NDArray[np.int16]


@functools.cache
def slices() -> Slices:
    """The shipped slices, read once per process."""
    with np.load(assets_path() / "brain" / "mni152_axial.npz", allow_pickle=False) as file:
        t1, grey, white, z_mm = (file[name] for name in ("t1", "grey", "white", "z_mm"))
    probable = np.stack([grey, white, 255 - grey.astype(np.int64) - white])
    labels = np.where(t1 == 0, 0, probable.argmax(axis=0) + 1)
    for array in (t1, labels, grey, white, z_mm):
        array.flags.writeable = False
    return Slices(t1, labels, grey, white, z_mm)


def split(name: SplitName) -> tuple[Indices, Indices]:
    """The slices to train with and those to test with, ascending.

    "blocks" tests with 16 slices in a row, and leaves out three (6 mm) on either side of them. "random" tests with
    every fourth, whose neighbours it trains with: a leak, to be shown and not to be used. Raises ValueError for another
    name.
    """
    number = np.arange(len(slices().t1))
    if name == "blocks":
        return np.concatenate([number[:21], number[43:]]), number[24:40]
    if name == "random":
        return number[number % 4 != 0], number[::4]
    raise ValueError(f"{name=}")


def poor(pictures: Tensor, chance: Generator) -> Tensor:
    """Slices as a poor scanner would see them.

    Each picture's brightness is multiplied by a smooth random field of its own, which reaches from 0.7 to 1.3, and
    gets normal noise of 0.1; the result is cut off at 0 and 1. Both are (n, 112, 96) float32, 0..1.
    """
    import torch  # noqa: PLC0415 (slices are read without it)
    from torch.nn.functional import interpolate  # noqa: PLC0415

    knots = torch.rand(len(pictures), 1, _KNOTS, _KNOTS, generator=chance)
    field = interpolate(knots, pictures.shape[1:], mode="bicubic", align_corners=True).squeeze(1)
    low, high = field.amin(dim=(1, 2), keepdim=True), field.amax(dim=(1, 2), keepdim=True)
    field = DIMMEST + (BRIGHTEST - DIMMEST) * (field - low) / (high - low)
    noise = torch.randn(pictures.shape, generator=chance)
    return torch.addcmul(NOISE * noise, pictures, field).clamp(0, 1)


def copied_neighbour(train: Indices, test: Indices) -> Labels:
    """Labels (n, 112, 96) for the slices ``test`` (n,), without a look at them: those of the nearest one in ``train``.

    Of two that are equally near, the lower one.
    """
    ordered = np.sort(train)
    nearest = np.abs(ordered[None, :] - test[:, None]).argmin(axis=1)
    copied: Labels = slices().labels[ordered[nearest]]
    return copied


def neighbour_at(distance: int) -> tuple[Labels, Labels]:
    """The labels of all slices that have one ``distance`` millimetres below them, and the labels of those below.

    Both (n, 112, 96). Raises ValueError unless the distance is a multiple of 2, from 2 to 126.
    """
    steps, rest = divmod(distance, STEP_MM)
    labels = slices().labels
    if rest or not 0 < steps < len(labels):
        raise ValueError(f"{distance=}")
    return labels[steps:], labels[:-steps]


def levels(pictures: NDArray[np.float32]) -> Bytes:
    """Pictures 0..1 in the 256 levels of brightness that the scanner's own have."""
    return np.rint(pictures * (_LEVELS - 1)).astype(np.uint8)


def brightness_table(train_pictures: Bytes, train_labels: Labels, test_pictures: Bytes) -> Labels:
    """Labels in the shape of ``test_pictures``: to each brightness the label that it has most often in training.

    No place and no neighbour is looked at: a table of 256. A brightness that training never shows is background.
    """
    pairs = train_pictures.astype(np.int64).ravel() * len(CLASSES) + train_labels.ravel()
    counts = np.bincount(pairs, minlength=_LEVELS * len(CLASSES)).reshape(_LEVELS, len(CLASSES))
    found: Labels = counts.argmax(axis=1)[test_pictures]
    return found
