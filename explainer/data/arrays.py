"""Arrays of pictures in colour in NumPy's own format: any number of processes map one copy of them into memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.data.idx import DatasetError, do_not_fit, unreadable
from explainer.words.book import Said

SIDE = 32
Pixels = NDArray[np.uint8]


def write_arrays(part: Any, images: Path, labels: Path) -> None:
    """Writes the pictures (n, 3, 32, 32) and the labels (n,) of torchvision's ``part`` of CIFAR-10, both uint8."""
    np.save(images, np.ascontiguousarray(part.data.transpose(0, 3, 1, 2)), allow_pickle=False)
    np.save(labels, np.array(part.targets, np.uint8), allow_pickle=False)


def map_arrays(images: Path, labels: Path) -> tuple[Pixels, Pixels]:
    """Pictures (n, 32, 32, 3) and labels (n,) 0 to 9 from two files, uint8.

    They are private maps of the files: what nobody writes to is in memory once for all processes. The planes lie one
    after the other in memory, as networks read them. Raises DatasetError where a file is missing, cut off or something
    else.
    """
    pictures, classes = _mapped(images), _mapped(labels)
    fits = pictures.shape == (len(classes), 3, SIDE, SIDE) and pictures.dtype == classes.dtype == np.uint8
    if not fits or not len(classes) or classes.max() > 9:
        raise do_not_fit(labels, pictures, classes)
    return pictures.transpose(0, 2, 3, 1), classes


def _mapped(file: Path) -> NDArray[Any]:
    try:
        return np.atleast_1d(np.asarray(np.load(file, mmap_mode="c", allow_pickle=False)))
    except (ValueError, EOFError) as error:
        raise DatasetError(Said("datasets.file.no_array", file=file.name)) from error
    except OSError as error:
        raise unreadable(file, error) from error
