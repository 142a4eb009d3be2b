"""Where a server listens for its workers: an address that works wherever a folder can be made."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Listener
from pathlib import Path

LONGEST = 100  # bytes; the system's limit for the name of a socket is 103 (macOS) or 107 (Linux)
ELSEWHERE = ("/tmp", "/var/tmp", "/dev/shm")  # where the temporary folder's name is too long, as in cluster jobs


@dataclass(frozen=True)
class Door:
    """A listener, the address that a worker connects to, and the folder that it is in, if any."""

    listener: Listener
    address: str
    folder: str | None = None

    def close(self) -> None:
        """Closes the listener and leaves nothing behind."""
        with contextlib.suppress(OSError):  # closed already
            self.listener.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def open_door(key: bytes) -> Door:
    """Listens, for those who have ``key``, at an address that only this user can reach.

    Raises OSError where there is no folder for it.
    """
    if os.name == "nt":
        listener = Listener(authkey=key)  # a named pipe
        return Door(listener, str(listener.address))
    for folder in _folders():
        try:
            where = str(Path(folder) / "workers")
            return Door(Listener(where, "AF_UNIX", authkey=key), where, folder)
        except OSError:  # a file system without sockets
            shutil.rmtree(folder, ignore_errors=True)
    raise OSError("There is no folder in which the server could listen for its workers.")


def _folders() -> Iterator[str]:
    """New folders that only this user may enter, with names that are short enough."""
    parents = list(ELSEWHERE)
    with contextlib.suppress(OSError):  # none can be written
        parents.insert(0, tempfile.gettempdir())
    for parent in parents:
        if len(os.fsencode(parent)) + len("/explainer-01234567/workers") <= LONGEST:
            with contextlib.suppress(OSError):
                yield tempfile.mkdtemp(prefix="explainer-", dir=parent)
