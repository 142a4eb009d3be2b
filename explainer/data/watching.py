"""Work in a thread that reports no progress, watched from outside by how much it has written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LONGEST_SILENCE = 60.0
_POLL = 0.1


class UnavailableError(RuntimeError):
    """What was asked for cannot be had; the message is a sentence for the visitor."""


class WorkError(RuntimeError):
    """The work itself failed, not the one who watches it: ``cause`` is why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class SilenceError(RuntimeError):
    """Nothing more was written for ``LONGEST_SILENCE`` seconds."""


def run_watched(
    work: Callable[[], object], size: Callable[[], float], total: float, progress: Callable[[float], None]
) -> None:
    """Runs ``work`` in a thread of its own and waits for it, telling ``progress`` the share ``size() / total``.

    ``progress`` is called in the calling thread, several times a second, with 0 to 0.99, never falling; an exception
    from it gives the work up. Raises SilenceError, and WorkError with what ``work`` raised.
    """
    errors: list[Exception] = []
    worker = threading.Thread(target=_run, args=(work, errors), daemon=True)
    worker.start()
    done, last_growth = 0.0, time.monotonic()
    while worker.is_alive():
        worker.join(_POLL)
        now = size()
        if now > done:
            done, last_growth = now, time.monotonic()
        elif time.monotonic() - last_growth > LONGEST_SILENCE:
            raise SilenceError
        progress(min(done / total, 0.99))
    if errors:
        raise WorkError(errors[0]) from errors[0]


def _run(work: Callable[[], object], errors: list[Exception]) -> None:
    try:
        work()
    except Exception as error:  # the calling thread raises it
        errors.append(error)
