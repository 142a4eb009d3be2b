"""Coloured pictures with several cut-out photographs whose boxes, classes and masks are known exactly."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor

from explainer.data.cutouts import KINDS, Cutout, rgba, split
from explainer.tasks.backgrounds import backgrounds, photographs
from explainer.tasks.placing import places
from explainer.tasks.resampling import drawn
from explainer.tasks.scenes import NOTHING, Scenes, SceneSettings, sizes

SOURCE_SIDE = 48  # pixels of the longer side; less than the smallest cut-out has, so that blur betrays no class
SOLID = 127  # of 255: more alpha than that is within the box


@dataclass(frozen=True, eq=False)
class CutoutSource:
    """Cut-outs to draw from, class by class, each as it is and mirrored.

    ``pictures`` (k, 4, 48, 48) float32, 0..1: red, green and blue times alpha, and alpha, at the upper left; in memory
    they lie as ``drawn`` is fastest with. ``parts`` (k, 4) float32: where each is solid, left, top, right, bottom.
    ``first`` and ``counts`` (5,) int64: the first picture of each class, and how many it has. ``photos`` for
    backgrounds: see ``backgrounds.photographs``.
    """

    pictures: Tensor
    parts: Tensor
    first: Tensor
    counts: Tensor
    photos: Tensor


@functools.lru_cache(maxsize=2)
def cutout_source(*, training: bool) -> CutoutSource:
    """The shipped cut-outs to train with, or those to test with, which are others."""
    train, test = split()
    by_class = [_of_class(train if training else test, folders) for folders in KINDS.values()]
    return source_of([[rgba(cutout) for cutout in own] for own in by_class], photographs(training=training))


def _of_class(own: Iterable[Cutout], folders: tuple[str, ...]) -> list[Cutout]:
    return [cutout for cutout in own if cutout.kind in folders]


def source_of(by_class: Sequence[Sequence[NDArray[np.uint8]]], photos: Tensor) -> CutoutSource:
    """Of RGBA pictures (height, width, 4), class by class. Raises ValueError for one that is nowhere solid."""
    small = [_small(picture) for own in by_class for each in own for picture in (each, each[:, ::-1])]
    parts = [_solid(picture[..., 3]) for picture in small]
    pictures = np.zeros((len(small), SOURCE_SIDE, 4, SOURCE_SIDE), np.float32)
    for into, picture in zip(pictures, small, strict=True):
        into[: picture.shape[0], :, : picture.shape[1]] = picture.transpose(0, 2, 1) / np.float32(255)
    counts = torch.tensor([2 * len(own) for own in by_class])
    first = counts.cumsum(0) - counts
    return CutoutSource(torch.from_numpy(pictures).transpose(1, 2), torch.tensor(parts), first, counts, photos)


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours times alpha, the longer side made 48 pixels, each the mean of what it covers."""
    height, width = picture.shape[:2]
    scale = SOURCE_SIDE / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    image = Image.fromarray(np.ascontiguousarray(picture), "RGBA").convert("RGBa")
    return np.asarray(image.resize(size, Image.Resampling.HAMMING))


def _solid(alpha: NDArray[np.uint8]) -> list[float]:
    """The bounds of what is solid: left, top, right, bottom."""
    rows, columns = (np.flatnonzero((alpha > SOLID).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError(f"alpha={alpha.max()}")
    return [float(each) for each in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)]


def cutout_scenes(source: CutoutSource, settings: SceneSettings, count: int, chance: Generator) -> Scenes:
    """``count`` scenes in colour, (count, 3, side, side). Every class comes as often as the others.

    A later object lies over an earlier one. A pixel belongs to an object where what is seen of it is above one half.
    One that finds no free place in six tries is left out. Raises ValueError for settings with clutter.
    """
    if settings.clutter:
        raise ValueError(f"clutter={settings.clutter}")
    kinds = torch.randint(len(source.counts), (count, settings.most), generator=chance)
    place = torch.rand(count, settings.most, generator=chance) * source.counts[kinds]
    picked = source.first[kinds] + place.long().minimum(source.counts[kinds] - 1)
    boxes, is_placed = places(sizes(source.parts[picked], settings, chance), settings.side, chance)
    boxes = boxes * is_placed.unsqueeze(2)
    pictures = backgrounds(source.photos, settings.side, count, chance).clamp_(0, 1)
    seen = _laid(pictures, source, picked, boxes, is_placed)
    return Scenes(pictures.clamp_(0, 1), boxes, torch.where(is_placed, kinds, NOTHING), seen)


def _laid(pictures: Tensor, source: CutoutSource, picked: Tensor, boxes: Tensor, is_placed: Tensor) -> Tensor:
    """Lays the objects on ``pictures`` (n, 3, side, side), in place, and says what share of each is seen.

    Returns (n, m, side, side). The objects are drawn together, in the corner of windows as large as the largest, and
    laid one by one: with slices of NumPy's that takes a third of what it takes to scatter all their pixels at once.
    """
    scene, slot = is_placed.nonzero(as_tuple=True)
    own, which = boxes[is_placed], picked[is_placed]
    extent = own[:, 2:] - own[:, :2]
    at_corner = torch.cat([torch.zeros_like(extent), extent], dim=1)
    window = int(extent.max()) if len(own) else 1
    objects = drawn(source.pictures[which], at_corner, source.parts[which], window).numpy()
    seen = torch.zeros(*is_placed.shape, *pictures.shape[2:])
    canvas, shares = pictures.numpy(), seen.numpy()
    for n, k, box, made in zip(scene.tolist(), slot.tolist(), own.int().tolist(), objects, strict=True):
        left, top, right, bottom = box
        solid = made[3, : bottom - top, : right - left]
        under, earlier = canvas[n, :, top:bottom, left:right], shares[n, :k, top:bottom, left:right]
        under *= 1 - solid
        under += made[:3, : bottom - top, : right - left]
        earlier *= 1 - solid
        shares[n, k, top:bottom, left:right] = solid
    return seen
