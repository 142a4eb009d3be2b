"""Made digits, which need no data set, and one thread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explainer.tasks.autoencoder.data import UnseenDigits


@pytest.fixture(scope="session")
def images() -> torch.Tensor:
    """Two hundred bars that differ in their place, their length and their strength."""
    made = np.zeros((200, 28, 28), np.uint8)
    for number, picture in enumerate(made):
        top, length = 2 + number % 7, 6 + number % 13
        picture[top : top + length, 4 + number % 11 : 9 + number % 11] = 255 - number
    return torch.from_numpy(made)


@pytest.fixture(scope="session")
def tests(images: torch.Tensor) -> UnseenDigits:
    given = images[:60].unsqueeze(1).float() / 255
    return UnseenDigits(given, given, (np.arange(60) % 10).astype(np.uint8), tuple(range(10)))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other on a busy machine would take most of the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
