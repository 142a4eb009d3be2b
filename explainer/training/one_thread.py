"""Computations on few cores: threads that wait for each other on busy cores make them tens of times slower."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator

import torch
from threadpoolctl import ThreadpoolController


@contextlib.contextmanager
def threads(most: int) -> Iterator[None]:
    """The present thread computes inside with at most so many of torch's threads; others compute as they did.

    ``torch.set_num_threads`` would also change it for threads that begin meanwhile. What is asked for here is a number
    of OpenMP's, which every thread has for itself. Not around a ``yield``: a generator may go on in another thread.
    """
    now = torch.get_num_threads()  # asked first: the first question gives the thread torch's own number
    with _openmp().limit(limits=min(most, now)):
        yield


def one_thread() -> contextlib.AbstractContextManager[None]:
    """The present thread computes alone inside."""
    return threads(1)


@functools.cache
def _openmp() -> ThreadpoolController:
    """To find it among the libraries of the process takes some hundredths of a second."""
    return ThreadpoolController().select(user_api="openmp")
