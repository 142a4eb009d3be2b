"""How many threads a computation takes: its own thread's affair."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from explainer.training.one_thread import one_thread, threads


@pytest.fixture(autouse=True)
def three() -> Iterator[None]:
    """Whatever cores there are."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def _in_a_thread(found: list[int]) -> None:
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()


def test_it_is_one_inside_and_as_before_outside() -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
        with threads(2):
            assert torch.get_num_threads() == 1  # at most
    assert torch.get_num_threads() == 3
    with pytest.raises(ArithmeticError), threads(2):
        assert torch.get_num_threads() == 2
        raise ArithmeticError
    assert torch.get_num_threads() == 3


def test_other_threads_compute_as_they_did() -> None:
    found: list[int] = []
    with one_thread():
        _in_a_thread(found)
    _in_a_thread(found)
    assert found == [3, 3]


def test_two_at_once_need_not_wait_for_each_other() -> None:
    both = threading.Barrier(2, timeout=300)
    found: list[int] = []

    def compute() -> None:
        with one_thread():
            both.wait()
            found.append(torch.get_num_threads())

    workers = [threading.Thread(target=compute) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [1, 1]
