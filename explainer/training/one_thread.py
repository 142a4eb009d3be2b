"""Short computations on one core: threads that wait for each other on busy cores make them tens of times slower."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import torch

_TURN = threading.Lock()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Torch computes with one thread inside; sessions that ask at the same time take turns.

    The number of threads belongs to the process, so that who restores it first would change it for the other.
    """
    with _TURN:
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)
