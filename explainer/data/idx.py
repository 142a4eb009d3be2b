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

UNSIGNED_BYTE = 0x08


class DatasetError(UnavailableError):
    """A data set cannot be had; the message is a sentence for the visitor, with the name of the file."""


def read_idx(path: Path, ndim: int) -> NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes, gzipped (``.gz``) or not, read-only.

    ``ndim`` is the number of dimensions the file must have: 3 for images (n, height, width), 1 for labels.
    Raises DatasetError where the file is missing, cut off or something else.
    """
    content = _content(path)
    header = 4 + 4 * ndim
    if len(content) < header or content[:4] != bytes((0, 0, UNSIGNED_BYTE, ndim)):
        raise DatasetError(f"The data file {path.name} is damaged: it does not start like an IDX file.")
    shape = struct.unpack(f">{ndim}I", content[4:header])
    expected = header + math.prod(shape)
    if len(content) != expected:
        raise DatasetError(
            f"The data file {path.name} is damaged: it holds {len(content):,} bytes instead of {expected:,}."
        )
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise DatasetError(f"The data file {path.name} is missing from the folder {path.parent.name}.") from error
    except OSError as error:
        raise DatasetError(
            f"The data file {path.name} in {path.parent} cannot be read: {str(error.strerror).lower()}. On a server, "
            "ask whoever runs it."
        ) from error
    if path.suffix != ".gz":
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"The data file {path.name} is damaged: it cannot be unzipped.") from error
