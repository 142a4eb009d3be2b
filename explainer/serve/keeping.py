"""Processes that belong together: one that ends is started again, and all end together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STEADY = 15.0  # seconds after which a process is said to have started well
MOST_FAILURES = 5  # starts in a row of one process that did not go well: then it never will
FIRST_PAUSE = 0.5  # seconds before the second of these, doubled before each that follows
END_WITHIN = 10.0  # seconds
LOOK_EVERY = 0.1

_C = ctypes.CDLL(None) if sys.platform == "linux" else None
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl

_log = logging.getLogger(__name__)


class NeverStartedError(RuntimeError):
    """A process ended again and again at its start; the message is a sentence for who started it."""


@dataclass(frozen=True)
class Part:
    """A program: its name in messages, its command line, and what its environment has beyond this process's own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


@dataclass(eq=False)
class _Kept:
    part: Part
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    again_at: float | None = None  # when it is started again, where it has ended


@dataclass(eq=False)
class Keeper:
    """Starts parts in their order, and keeps them going; they are ended in the opposite order."""

    kept: list[_Kept] = field(default_factory=list)

    def start(self, part: Part) -> None:
        """Starts a part. Raises OSError where its program cannot be."""
        self.kept.append(_Kept(part, _start(part), time.monotonic()))

    def keep(self, ended: threading.Event) -> None:
        """Starts again what ends, until ``ended``. Raises NeverStartedError."""
        while not ended.wait(LOOK_EVERY):
            for kept in self.kept:
                self._look_after(kept, time.monotonic())

    def close(self) -> None:
        """Ends all parts, and waits for that; one that does not end in time is killed."""
        by = time.monotonic() + END_WITHIN
        for kept in reversed(self.kept):
            if kept.process.poll() is None:
                kept.process.terminate()
        for kept in reversed(self.kept):
            try:
                kept.process.wait(max(0.0, by - time.monotonic()))
            except subprocess.TimeoutExpired:
                kept.process.kill()
                kept.process.wait()
        self.kept.clear()

    def _look_after(self, kept: _Kept, now: float) -> None:
        if kept.again_at is not None:
            if now >= kept.again_at:
                kept.process, kept.started, kept.again_at = _start(kept.part), now, None
            return
        code = kept.process.poll()
        if code is None:
            return
        kept.failures = kept.failures + 1 if now - kept.started < STEADY else 0
        if kept.failures >= MOST_FAILURES:
            raise NeverStartedError(
                f"{kept.part.name} ended {kept.failures} times in a row soon after its start (code {code}): "
                "its messages above say why."
            )
        _log.warning("%s ended (code %d) and is started again", kept.part.name, code)
        kept.again_at = now + (FIRST_PAUSE * 2 ** (kept.failures - 1) if kept.failures > 1 else 0)


def _start(part: Part) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl+C reaches only this process, which ends all in their order."""
    return subprocess.Popen(
        part.command,
        env=os.environ | part.environment,
        cwd=part.folder,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if _C else None,  # noqa: PLW1509 - a single call of the system, which takes no lock
    )


def _end_with_parent() -> None:
    """In the child: a parent that is killed cannot end it, so the system does."""
    assert _C
    _C.prctl(_DIE_WITH_PARENT, signal.SIGTERM)
