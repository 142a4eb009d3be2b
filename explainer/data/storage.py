"""Folders that downloads go to: one that cannot be used is told apart from a network that is down."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.error import URLError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EIO),
}


def is_there(file: Path) -> bool:
    """Whether there is such a file; one in a folder that may not be entered is none."""
    try:
        return file.is_file()
    except OSError:
        return False


def like(folder: Path, pattern: str) -> set[Path]:
    """What is called so in ``folder``, nothing where that may not be entered."""
    try:
        return set(folder.glob(pattern))
    except OSError:
        return set()


def size(files: Iterable[Path]) -> int:
    """How many bytes the ``files`` hold; those that go meanwhile hold none."""
    return sum(map(_size, files))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0


def is_of_storage(error: BaseException) -> bool:
    """Whether an error says that a file cannot be written or read here, and nothing about a network."""
    if isinstance(error, URLError | ssl.SSLError) or not isinstance(error, OSError):
        return False
    return error.errno in _FULL | _CLOSED


def not_stored(title: str, folder: Path, variable: str, error: OSError) -> str:
    """The sentence for a visitor: ``title`` cannot be kept in ``folder``, which the variable ``variable`` moves."""
    reason = (error.strerror or type(error).__name__).lower()
    remedy = "Make room there" if error.errno in _FULL else "Allow the app to write there"
    return (
        f"{title} cannot be stored in {folder}: {reason}. {remedy}, or start the app with {variable} set to another "
        "folder; on a server, ask whoever runs it."
    )
