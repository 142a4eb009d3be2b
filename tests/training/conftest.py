"""A small excerpt of MNIST, so that a run takes a fraction of a second; one thread, so that it gives one result."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from shared_pools import Calling, Hosting, callers, hosts
from training_pools import started
from training_runs import excerpt

from explainer.data.digits import Digits
from explainer.training.pool import Pool


@pytest.fixture
def few() -> Digits:
    return excerpt()


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever the machine; and no waiting for cores that others use."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """One worker."""
    yield from started(1)


@pytest.fixture(scope="session")
def pair() -> Iterator[Pool]:
    """Two workers."""
    yield from started(2)


@pytest.fixture
def hosting() -> Iterator[Hosting]:
    """``hosting(engine)`` is a host of this process, and where it listens."""
    yield from hosts()


@pytest.fixture
def calling() -> Iterator[Calling]:
    """``calling(address)`` is a server's engine, closed at the end."""
    yield from callers()
