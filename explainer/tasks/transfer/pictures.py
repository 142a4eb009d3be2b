"""Pictures with a class each, from which a network learns: cut-outs laid on a background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from explainer.data.cutouts import Cutout, cutouts, rgba
from explainer.tasks.backgrounds import backgrounds, photographs
from explainer.tasks.transfer.config import Ground

SIDE = 224  # pixels, what SqueezeNet reads
FILLED = 0.9  # of the frame, by a cut-out's longer side
PLAIN = {"white": (255, 255, 255), "red": (200, 30, 40)}


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """``rgb`` (n, side, side, 3) uint8, ``labels`` (n,) int64: the index into ``names``, one of each class."""

    rgb: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]


def cutout_pictures(
    classes: Sequence[str], ground: Ground = "white", *, seed: int = 0, side: int = SIDE, reduced: int | None = None
) -> LabelledPictures:
    """All cut-outs of these ``classes``, each in the middle of a picture of its own, its longer side 90 % of it.

    A "random" ground is another one for each: a colour, a slope, noise or a blurred photograph, decided by the
    ``seed`` and the cut-out alone. "first-red" is red for the first of the classes and white for all others. With
    ``reduced`` a cut-out is made so small first, in pixels of its longer side, that enlarging blurs all alike. Raises
    ValueError for a class that there is not.
    """
    chosen = of_classes(classes)
    grounds = [own_ground(each, ground, classes) for each, _ in chosen]
    pairs = zip(chosen, grounds, strict=True)
    rgb = np.stack([laid(each, ground_of(each, own, seed, side), reduced=reduced) for (each, _), own in pairs])
    return LabelledPictures(rgb, np.array([label for _, label in chosen]), tuple(classes))


def of_classes(classes: Sequence[str]) -> list[tuple[Cutout, int]]:
    """All cut-outs of these ``classes``, class by class, and the index of each one's. Raises ValueError for another."""
    chosen = [(each, label) for label, name in enumerate(classes) for each in cutouts() if each.kind == name]
    if missing := set(range(len(classes))) - {label for _, label in chosen}:
        raise ValueError(f"classes={[classes[label] for label in missing]}")
    return chosen


def own_ground(cutout: Cutout, ground: Ground, classes: Sequence[str]) -> Ground:
    """What ``ground`` means for one cut-out, whatever the others have."""
    if ground != "first-red":
        return ground
    return "red" if cutout.kind == classes[0] else "white"


def ground_of(cutout: Cutout, ground: Ground, seed: int, side: int) -> NDArray[np.uint8]:
    """What lies behind a cut-out on its ``own_ground``: (side, side, 3) uint8."""
    if ground != "random":
        return np.broadcast_to(np.array(PLAIN[ground], np.uint8), (side, side, 3))
    chance = torch.Generator().manual_seed(crc32(f"{seed} {cutout.file}".encode()))
    made = backgrounds(photographs(training=True), side, 1, chance)[0].clamp(0, 1)
    return (made * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()


def laid(cutout: Cutout, ground: NDArray[np.uint8], *, reduced: int | None = None) -> NDArray[np.uint8]:
    """The cut-out in the middle of a square ``ground`` (side, side, 3), its longer side 90 % of it."""
    side = len(ground)
    picture = _premultiplied(rgba(cutout))
    if reduced is not None:
        picture = _sized(picture, reduced)
    picture = _sized(picture, round(FILLED * side))
    height, width = picture.shape[:2]
    top, left = (side - height) // 2, (side - width) // 2
    made = ground.astype(np.float32)
    part = made[top : top + height, left : left + width]
    part *= 1 - picture[..., 3:] / 255
    part += picture[..., :3]
    laid_on: NDArray[np.uint8] = np.rint(made).clip(0, 255).astype(np.uint8)
    return laid_on


def _premultiplied(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(h, w, 4) float32, 0..255: colour times alpha, so that what is transparent has none when it is made larger."""
    values = pixels.astype(np.float32)
    values[..., :3] *= values[..., 3:] / 255
    return values


def _sized(pixels: NDArray[np.float32], longest: int) -> NDArray[np.float32]:
    """The picture (h, w, 4) with ``longest`` pixels along its longer side, bilinearly and without aliases."""
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    channels = [Image.fromarray(pixels[..., number]).resize(size, Image.Resampling.BILINEAR) for number in range(4)]
    return np.stack([np.asarray(channel) for channel in channels], axis=2)
