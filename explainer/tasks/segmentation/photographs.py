"""A photograph as torchvision's trained segmenters see it: one of 21 classes for every pixel.

DeepLab V3: L.-C. Chen et al. 2017, arXiv:1706.05587. LR-ASPP: A. Howard et al. 2019, arXiv:1905.02244, section 6.4.
FCN: J. Long et al. 2015, arXiv:1411.4038. How a picture is read: torchvision's ``SemanticSegmentation``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from explainer.device import device
from explainer.networks.fetched import fetched
from explainer.networks.pretrained import weights

SHOWN = 320  # the most pixels of a side of what is shown
READ, LONGEST = 520, 1040  # pixels of the shorter side, as the network was tested, and of a longer one at most


@dataclass(frozen=True, eq=False)
class Segmented:
    """What a network says of a photograph.

    ``names`` (k,) are its classes, the background first; ``shares`` (k,) the parts of all pixels that are of a class,
    0 to 1; ``logits`` (k, rows, columns) those of the pixels that are shown.
    """

    names: tuple[str, ...]
    shares: NDArray[np.float64]
    logits: NDArray[np.float32]

    @property
    def classes(self) -> NDArray[np.uint8]:
        """The likeliest class of every pixel that is shown, (rows, columns)."""
        found: NDArray[np.uint8] = self.logits.argmax(axis=0).astype(np.uint8)
        return found

    @property
    def found(self) -> list[int]:
        """The classes that some pixel belongs to, most pixels first, without the background."""
        order = np.argsort(-self.shares[1:], kind="stable") + 1
        return [int(number) for number in order if self.shares[number] > 0]

    def likeliest(self, most: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Of every pixel so many classes, the likeliest first, and their probabilities: (rows, columns, most)."""
        order = np.argsort(-self.logits, axis=0, kind="stable")[:most].transpose(1, 2, 0)
        powers = np.exp(self.logits - self.logits.max(axis=0)).transpose(1, 2, 0)
        powers /= powers.sum(axis=2, keepdims=True)
        return order.astype(np.uint8), np.take_along_axis(powers, order, axis=2)


def read_side(height: int, width: int) -> int:
    """Pixels of the shorter side of a picture of this size, as the network reads it."""
    return max(1, min(READ, LONGEST * min(height, width) // max(height, width)))


def read_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of a picture of this size, as torchvision's ``Resize`` to ``read_side`` makes them."""
    side, shorter = read_side(height, width), min(height, width)
    return side * height // shorter, side * width // shorter


def shown_size(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of what is shown of a picture of this size."""
    longer = max(height, width)
    return max(1, SHOWN * height // longer), max(1, SHOWN * width // longer)


def segmented(name: str, rgb: NDArray[np.uint8]) -> Segmented:
    """What the network called ``name`` says of a photograph (height, width, 3).

    Raises PretrainedError where its weights are not on this computer, or are damaged.
    """
    entry, network = weights(name), fetched(name)
    inputs = entry.transforms(resize_size=read_side(*rgb.shape[:2]))(Image.fromarray(rgb))
    with torch.inference_mode():
        scores = network(inputs[None].to(device()))["out"][0]  # (k, h, w)
        names = tuple(entry.meta["categories"])
        counts = torch.bincount(scores.argmax(dim=0).flatten(), minlength=len(names)).cpu().numpy()
        rows, columns = (
            torch.from_numpy(_middles(most, count))
            for most, count in zip(scores.shape[1:], shown_size(*rgb.shape[:2]), strict=True)
        )
        shown = scores.cpu()[:, rows[:, None], columns]
    return Segmented(names, counts / counts.sum(), shown.numpy())


def place_of(row: int, column: int, height: int, width: int) -> tuple[int, int]:
    """Where the network reads the pixel that is shown at ``row`` and ``column`` of a picture of this size."""
    read, shown = read_size(height, width), shown_size(height, width)
    vertical, horizontal = (_middles(most, count) for most, count in zip(read, shown, strict=True))
    return int(vertical[row]), int(horizontal[column])


def thinned(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photograph in the size in which it is shown, (rows, columns, 3)."""
    rows, columns = shown_size(*rgb.shape[:2])
    shrunk = Image.fromarray(rgb).resize((columns, rows), Image.Resampling.BILINEAR)
    return np.asarray(shrunk)


def _middles(most: int, count: int) -> NDArray[np.int64]:
    """``count`` of the numbers below ``most``, evenly, each in the middle of its part."""
    return ((2 * np.arange(count) + 1) * most // (2 * count)).astype(np.int64)
