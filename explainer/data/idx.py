"""The IDX file format of MNIST and its relatives: a big-endian header, then unsigned bytes.

Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section "File formats".
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explainer.data.watching import UnavailableError
from explainer.words.book import Said, SaidError

UNSIGNED_BYTE = 0x08


class DatasetError(SaidError, UnavailableError):
    """A data set cannot be had; the message is a sentence for the visitor, with the name of the file."""


def read_idx(path: Path, ndim: int) -> NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes, gzipped (``.gz``) or not, read-only.

    ``ndim`` is the number of dimensions the file must have: 3 for images (n, height, width), 1 for labels.
    Raises DatasetError where the file is missing, cut off or something else.
    """
    content = _content(path)
    header = 4 + 4 * ndim
    if len(content) < header or content[:4] != bytes((0, 0, UNSIGNED_BYTE, ndim)):
        raise DatasetError(Said("datasets.file.no_idx", file=path.name))
    shape = struct.unpack(f">{ndim}I", content[4:header])
    expected = header + math.prod(shape)
    if len(content) != expected:
        raise DatasetError(Said("datasets.file.other_length", file=path.name, bytes=len(content), expected=expected))
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def unreadable(path: Path, error: OSError) -> DatasetError:
    """The error for a file that is there and cannot be read."""
    reason = str(error.strerror).lower()
    return DatasetError(Said("datasets.file.unreadable", file=path.name, folder=str(path.parent), reason=reason))


def do_not_fit(path: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> DatasetError:
    """The error for the labels in a file that are not those of the images."""
    most = int(labels.max(initial=0)) if labels.dtype.kind in "iu" else 0
    shape = str(images.shape)
    return DatasetError(Said("datasets.file.do_not_fit", file=path.name, count=len(labels), most=most, shape=shape))


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise DatasetError(Said("datasets.file.missing", file=path.name, folder=path.parent.name)) from error
    except OSError as error:
        raise unreadable(path, error) from error
    if path.suffix != ".gz":
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(Said("datasets.file.not_unzipped", file=path.name)) from error
