"""Which files hold weights of a network, by how they begin; nothing of them is read.

Sources: the formats of safetensors (github.com/huggingface/safetensors) and of torch.save, a ZIP archive with a pickle.
"""

from __future__ import annotations

import re

_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_ARCHIVE = re.compile(rb"PK\x03\x04.{26}[^\x00]{0,200}?/?(?:data\.pkl|byteorder|\.format_version)", re.DOTALL)
_START = 512  # bytes in which a file says what it is


def is_pickled(data: bytes) -> bool:
    """Whether torch.save, or another program's pickle, wrote the file."""
    return bool(_PICKLE.match(data) or _ARCHIVE.match(data[:_START]))


def is_safetensors(data: bytes) -> bool:
    """Whether it begins as a file of safetensors: the length of a table of contents, and the table."""
    return len(data) > 8 and data[8:9] == b"{" and 2 <= int.from_bytes(data[:8], "little") <= len(data) - 8


def is_weights(data: bytes) -> bool:
    """Whether it is one of both."""
    return is_pickled(data) or is_safetensors(data)
