"""A PNG without what is no part of its picture: colour profiles and texts, which may be larger than any picture.

Source: the PNG specification, third edition, section 5 (chunks: length, type, content, checksum).
"""

from __future__ import annotations

from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AROUND = 12  # bytes of a chunk beside its content
_KEPT = (b"tRNS", b"eXIf")  # beside the critical ones, whose first letter is a capital: transparency and orientation


def without_metadata(data: bytes) -> bytes:
    """``data`` without the chunks that say nothing of pixels; what is no PNG stays as it is."""
    return b"".join((_SIGNATURE, *_chunks(data))) if data.startswith(_SIGNATURE) else data


def _chunks(data: bytes) -> Iterator[bytes]:
    place = len(_SIGNATURE)
    while place < len(data):
        kind, end = data[place + 4 : place + 8], place + _AROUND + int.from_bytes(data[place : place + 4], "big")
        if kind[:1].isupper() or kind in _KEPT:
            yield data[place:end]
        place = end
