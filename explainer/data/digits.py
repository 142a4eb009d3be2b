"""The data sets of small pictures as arrays: MNIST, which the project ships, and others that it can download."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explainer.data.arrays import map_arrays
from explainer.data.catalogue import CLASS_NAMES, COLOUR, TITLES, DatasetName, files, is_available, raw_path
from explainer.data.downloads import download
from explainer.data.idx import DatasetError, do_not_fit, read_idx
from explainer.words.book import Said

__all__ = [
    "CLASS_NAMES",
    "TITLES",
    "DatasetError",
    "DatasetName",
    "Digits",
    "download",
    "is_available",
    "load",
    "subset_indices",
]

_LOADING = threading.Lock()


@dataclass(frozen=True, eq=False)
class Digits:
    """A data set of small pictures in ten classes; all arrays are uint8 and never written to.

    ``train_images`` (60000, 28, 28) and ``test_images`` (10000, 28, 28): 0 is background, 255 full ink. In colour they
    are (50000, 32, 32, 3) and (10000, 32, 32, 3): red, green and blue, mapped from files that all processes share.
    ``train_labels`` (n,) and ``test_labels`` (10000,): 0 to 9, the index into ``class_names``.
    """

    name: DatasetName
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    class_names: tuple[str, ...]


def load(name: DatasetName) -> Digits:
    """The data set ``name``, read once per process.

    Raises DatasetError with a sentence for the visitor where a file is missing or damaged.
    """
    with _LOADING:  # sessions that start together share one copy
        return _load(name, raw_path(name))


@functools.cache
def _load(name: DatasetName, folder: Path) -> Digits:  # noqa: ARG001 (a key: the cache folder can change)
    if name != "mnist" and not is_available(name):
        raise DatasetError(Said("datasets.not_here", dataset=TITLES[name]))
    paths = files(name)
    if name in COLOUR:
        return Digits(name, *map_arrays(paths[0], paths[1]), *map_arrays(paths[2], paths[3]), CLASS_NAMES[name])
    train = _read_pair(paths[0], paths[1])
    test = _read_pair(paths[2], paths[3])
    return Digits(name, *train, *test, CLASS_NAMES[name])


def _read_pair(image_file: Path, label_file: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images, labels = read_idx(image_file, 3), read_idx(label_file, 1)
    if images.shape != (len(labels), 28, 28) or not len(labels) or labels.max() > 9:
        raise do_not_fit(label_file, images, labels)
    return images, labels


def subset_indices(labels: NDArray[np.uint8], count: int, seed: int) -> NDArray[np.int64]:
    """``count`` different indices into ``labels`` (n,), ascending: a random subset stratified per class.

    0, or n and more, means all of them. Each class gets its proportional share rounded down, and the largest
    remainders get one more, so that no class is off its share by one. The same arguments give the same
    indices. Raises ValueError for a negative ``count``.
    """
    if count < 0:
        raise ValueError(f"A subset cannot have {count} digits: choose 0 (all) or more.")
    if count == 0 or count >= len(labels):
        return np.arange(len(labels), dtype=np.int64)
    rng = np.random.default_rng(seed)
    frequencies = np.bincount(labels)
    chosen = [
        rng.permutation(np.flatnonzero(labels == label))[:quota]
        for label, quota in enumerate(_quotas(frequencies, count))
    ]
    return np.sort(np.concatenate(chosen)).astype(np.int64)


def _quotas(frequencies: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """``count`` shared out in proportion to ``frequencies``, by the method of largest remainders."""
    total = int(frequencies.sum())
    quotas, remainders = np.divmod(frequencies * count, total)
    most = np.argsort(-remainders, kind="stable")[: count - int(quotas.sum())]
    quotas[most] += 1
    return quotas
