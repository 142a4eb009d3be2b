"""Made digits, which need no data set, and scenes of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explainer.tasks.scenes import DigitSource, digit_source
from explainer.tasks.segmentation.data import Examples, examples


@pytest.fixture(scope="session")
def source() -> DigitSource:
    """Forty bars; what tells the ten classes apart is how wide they are for their height."""
    made = np.zeros((40, 28, 28), np.uint8)
    for number, picture in enumerate(made):
        picture[2:22, 4 : 6 + 2 * (number % 10)] = 255 - number
    return digit_source(made, (np.arange(40) % 10).astype(np.uint8))


@pytest.fixture(scope="session")
def tests(source: DigitSource) -> Examples:
    return examples("segment", source, 24, seed=5)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other on a busy machine would take most of the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
