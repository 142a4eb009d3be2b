"""Numbers for the browser as one block of bytes: a JSON header, then typed arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["i1", "u1", "i2", "i4", "f4"]
_ALIGNMENT = 8  # bytes: typed arrays begin at multiples of their element's size


def pack(header: Mapping[str, Any], arrays: Mapping[str, tuple[Kind, NDArray[Any]]]) -> bytes:
    """Four bytes give the length of the header, which is JSON padded with blanks to a multiple of eight bytes.

    In the header, ``arrays`` gives of each array its ``kind`` (NumPy's, little-endian), how many numbers it has and
    the place ``at`` which it begins after the header. Raises ValueError for a header with a number that is not finite.
    """
    blocks: list[bytes] = []
    places: dict[str, dict[str, Any]] = {}
    at = 0
    for name, (kind, values) in arrays.items():
        block = np.ascontiguousarray(values, f"<{kind}").tobytes()
        block += b"\0" * (-len(block) % _ALIGNMENT)
        places[name] = {"kind": kind, "size": values.size, "at": at}
        blocks.append(block)
        at += len(block)
    text = json.dumps({**header, "arrays": places}, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % _ALIGNMENT)
    return b"".join((len(text).to_bytes(4, "little"), text, *blocks))
