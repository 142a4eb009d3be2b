"""Kernels that have a name, at any size at which they make sense, and the cross with its three features.

Sources: Gonzalez and Woods, "Digital Image Processing", chapters 3 and 10 (box, Gaussian, Laplacian, sharpening,
Sobel, line detection); for other sizes than 3, OpenCV's documentation of getGaussianKernel and getDerivKernels. The
cross: Brandon Rohrer, "How convolutional neural networks work" (2016).
"""

from __future__ import annotations

from math import comb
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explainer.layers.geometry import GeometryError
from explainer.words.book import Said

Kernel = NDArray[np.float64]
KernelName = Literal[
    "identity", "box", "gaussian", "sharpen", "sobel-x", "sobel-y", "laplacian", "emboss", "diagonal", "random"
]
NAMES: tuple[KernelName, ...] = (
    *("identity", "box", "gaussian", "sharpen", "sobel-x", "sobel-y"),
    *("laplacian", "emboss", "diagonal", "random"),
)
MAX_KERNEL = 11

FEATURE_NAMES = ("falling-diagonal", "small-cross", "rising-diagonal")


def kernel(name: KernelName, height: int = 3, width: int = 3, seed: int = 0) -> Kernel:
    """The kernel ``name`` (height, width), for cross-correlation: laid on the picture as it is.

    - identity: 1 at row (height - 1) // 2, column (width - 1) // 2, which "same" padding leaves in place.
    - box: the mean. gaussian: the normal density, sampled, of sum 1; sigma = 0.3 * ((n - 1) / 2 - 1) + 0.8 an axis.
    - sobel-x: brighter to the right, smoothed down the columns; sobel-y: brighter below. Binomial, whole numbers.
    - laplacian: the second differences of both axes, after a binomial blur where the kernel is larger than 3.
    - sharpen: identity minus laplacian, of odd sides. emboss: identity plus a slope towards the lower right.
    - diagonal: a line from upper left to lower right against what lies beside it, of sum 0.
    - random: uniform from -1 to 1 in tenths, the same for the same seed and size.

    Raises GeometryError, a sentence that names the size to change, for sides outside of 1 to 11 and where the kernel
    needs more rows or columns; ValueError for another name.
    """
    if not (1 <= height <= MAX_KERNEL and 1 <= width <= MAX_KERNEL):
        raise GeometryError(Said("kernels.size", most=MAX_KERNEL, height=height, width=width))
    if name == "random":
        tenths = np.random.default_rng(seed).integers(-10, 11, (height, width))
        return np.asarray(tenths / 10, np.float64)
    if name not in _MAKERS:
        raise ValueError(f"There is no kernel {name!r}: choose one of {', '.join(NAMES)}.")
    return _MAKERS[name](height, width)


def nearest_size(name: KernelName, height: int, width: int) -> tuple[int, int]:
    """The size, height and width, nearest to the given one at which there is the kernel ``name``; of two the larger."""
    sides = range(1, MAX_KERNEL + 1)
    sizes = [(rows, columns) for rows in sides for columns in sides if _has_size(name, rows, columns)]
    return min(sizes, key=lambda size: (abs(size[0] - height) + abs(size[1] - width), -sum(size), size[0]))


def _has_size(name: KernelName, height: int, width: int) -> bool:
    try:
        kernel(name, height, width)
    except GeometryError:
        return False
    return True


def cross_picture() -> Kernel:
    """The cross: a 9x9 picture of -1 with two diagonals of +1, a border of -1 around them."""
    ink = np.zeros((9, 9), bool)
    ink[1:8, 1:8] = np.eye(7, dtype=bool) | np.eye(7, dtype=bool)[::-1]
    return np.where(ink, 1.0, -1.0)


def cross_features() -> tuple[Kernel, Kernel, Kernel]:
    """The three 3x3 features of the cross, +1 and -1, in the order of ``FEATURE_NAMES``."""
    falling = np.eye(3, dtype=bool)
    features = falling, falling | falling[::-1], falling[::-1]
    first, second, third = (np.where(feature, 1.0, -1.0) for feature in features)
    return first, second, third


def _identity(height: int, width: int) -> Kernel:
    values = np.zeros((height, width))
    values[(height - 1) // 2, (width - 1) // 2] = 1
    return values


def _box(height: int, width: int) -> Kernel:
    return np.full((height, width), 1 / (height * width))


def _gaussian(height: int, width: int) -> Kernel:
    return np.outer(_normal(height), _normal(width))


def _normal(size: int) -> Kernel:
    sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8
    density = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * sigma**2))
    return np.asarray(density / density.sum(), np.float64)


def _sobel_x(height: int, width: int) -> Kernel:
    if width < 2:
        raise GeometryError(Said("kernels.sobel_x"))
    return np.outer(_binomial(height), np.convolve(_binomial(width - 1), [-1, 1]))


def _sobel_y(height: int, width: int) -> Kernel:
    if height < 2:
        raise GeometryError(Said("kernels.sobel_y"))
    return _sobel_x(width, height).T


def _laplacian(height: int, width: int) -> Kernel:
    if {height, width} == {1} or 2 in (height, width):
        raise GeometryError(Said("kernels.laplacian"))
    rows, columns = _blur(height), _blur(width)
    kernels = np.zeros((height, width))
    if height > 1:
        kernels += np.outer(np.convolve(rows, [1, -2, 1]), _centred(columns, width))
    if width > 1:
        kernels += np.outer(_centred(rows, height), np.convolve(columns, [1, -2, 1]))
    return kernels


def _blur(size: int) -> Kernel:
    """The binomial blur, of sum 1, that leaves room for a second difference along an axis of ``size``."""
    smooth = _binomial(max(size - 2, 1))
    return np.asarray(smooth / smooth.sum(), np.float64)


def _centred(values: Kernel, size: int) -> Kernel:
    return np.pad(values, (size - len(values)) // 2)


def _sharpen(height: int, width: int) -> Kernel:
    if {height, width} == {1} or not height % 2 or not width % 2:
        raise GeometryError(Said("kernels.sharpen"))
    return _identity(height, width) - _laplacian(height, width)


def _emboss(height: int, width: int) -> Kernel:
    rows, columns = (np.arange(size) - (size - 1) / 2 for size in (height, width))
    return np.asarray(_identity(height, width) + rows[:, None] + columns, np.float64)


def _diagonal(height: int, width: int) -> Kernel:
    if min(height, width) < 2:
        raise GeometryError(Said("kernels.diagonal"))
    longest = max(height, width)
    along = np.arange(longest) / (longest - 1)
    line = np.zeros((height, width), bool)
    line[np.rint(along * (height - 1)).astype(int), np.rint(along * (width - 1)).astype(int)] = True
    return np.where(line, line.size / line.sum() - 1, -1.0)


def _binomial(size: int) -> Kernel:
    return np.array([comb(size - 1, k) for k in range(size)], np.float64)


_MAKERS = {
    "identity": _identity,
    "box": _box,
    "gaussian": _gaussian,
    "sharpen": _sharpen,
    "sobel-x": _sobel_x,
    "sobel-y": _sobel_y,
    "laplacian": _laplacian,
    "emboss": _emboss,
    "diagonal": _diagonal,
}
