"""How often a JPEG makes its decoder go over the whole picture: once a scan, and a file may hold any number of them.

Sources: ITU-T T.81, annex B (markers and segments); TIFF 6.0 and its Technical Note 2 (JPEG in strips and tiles).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

MAX_SCANS = 100  # of one picture: encoders write ten or so, and browsers stop here too

# Any marker that ends entropy-coded data: not a stuffed zero, a filling FF, a restart or TEM.
_MARKER = re.compile(rb"\xff+([^\x00\x01\xff\xd0-\xd7])")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_STRIPS, _TILES, _INTERCHANGE = (273, 279), (324, 325), (513, 514)  # TIFF's tags: where the parts begin, their lengths


def most_scans(image: Image.Image, data: bytes) -> int:
    """The scans of the JPEG that decoding the first frame of ``image``, opened from ``data``, would go through.

    Of the JPEGs in a TIFF, which share its pixels among them, the most that one has; 0 where no JPEG is decoded.
    """
    if isinstance(image, TiffImageFile):
        return max((scans(part) for part in _parts(image, data)), default=0)
    return scans(data) if image.format in ("JPEG", "MPO") else 0


def scans(data: bytes, most: int = 10 * MAX_SCANS) -> int:
    """The scans between the first SOI of a JPEG and its EOI, counted to ``most``.

    Segments are skipped by their length, so that a thumbnail in the metadata, which nobody decodes, does not count.
    """
    found, place = 0, 0
    while found < most and (marker := _MARKER.search(data, place)):
        kind, place = marker[1][0], marker.end()
        if kind == _EOI:
            break
        if kind == _SOI:
            continue
        found += kind == _SOS
        place += max(2, int.from_bytes(data[place : place + 2], "big"))
    return found


def _parts(image: TiffImageFile, data: bytes) -> Iterator[bytes]:
    """The JPEGs of a TIFF's first frame."""
    if image.info.get("compression") not in ("jpeg", "tiff_jpeg"):
        return
    view = memoryview(data)
    for starts, lengths in (_STRIPS, _TILES, _INTERCHANGE):
        begin, length = (_numbers(image.tag_v2.get(tag)) for tag in (starts, lengths))
        for start, size in zip(begin, length or [len(data)], strict=False):
            yield bytes(view[start : start + size])


def _numbers(value: object) -> list[int]:
    values = value if isinstance(value, tuple) else (value,)
    return [number for number in values if isinstance(number, int) and number >= 0]


__all__ = ["MAX_SCANS", "most_scans", "scans"]
