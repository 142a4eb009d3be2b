"""What a network answers to all test digits after operations, computed again only from the changed layer on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.data.digits import load
from explainer.inspection.surgery.operated import changes_at, operated
from explainer.inspection.surgery.operations import Operations, write
from explainer.lru import Lru
from explainer.memory import bounds
from explainer.networks.build import normalize
from explainer.networks.graph import Network, device_of
from explainer.networks.resuming import Held, hold, resume
from explainer.training.one_thread import one_thread

T = TypeVar("T")

CHUNK = 200  # digits at a time: larger ones take twice as long on a CPU
TEST_DIGITS = 10_000
CLASSES = 10


@dataclass(frozen=True, eq=False)
class Answers:
    """Of each digit the class (n,) with the largest probability, and that probability (n,), 0 to 1."""

    predicted: NDArray[np.uint8]
    confidence: NDArray[np.float32]

    def right(self, labels: NDArray[np.uint8]) -> int:
        """How many are as the ``labels`` (n,) say."""
        return int((self.predicted == labels).sum())


@dataclass(frozen=True, eq=False)
class Change:
    """Which digits, by their numbers, are read otherwise than before: ``lost`` were right, ``won`` are right now.

    ``before`` and ``after`` (10,) are how many of each class are read right; ``right_before`` and ``right`` of all.
    """

    lost: NDArray[np.int64]
    won: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    @property
    def right_before(self) -> int:
        """Digits that were read right."""
        return int(self.before.sum())

    @property
    def right(self) -> int:
        """Digits that are read right."""
        return int(self.after.sum())


def labels() -> NDArray[np.uint8]:
    """The classes of the test digits (10000,), 0 to 9."""
    return load("mnist").test_labels


def answers(network: Network, operations: Operations = ()) -> Answers:
    """What ``network`` answers to the 10,000 test digits after ``operations``.

    What the layers before the one that the last operation changes give is kept for the next operation there, as much
    as ``explainer.memory`` allows for results: in the same chunks, so that the answers are the same to the last bit.
    """
    changed = operated(network, operations)
    at = changes_at(network, operations[-1]) if operations else None
    if at is None:
        return answers_to(changed, load("mnist").test_images)
    before = operated(network, operations[:-1])
    held = _held.get_or_put((network.key, write(operations[:-1]), at), lambda: _holding(before, at))

    def read(chunk: tuple[int, Callable[[], Tensor]]) -> Tensor:
        number, pictures = chunk
        known = held[number] if number < len(held) else hold(before, at, pictures())
        return resume(changed, at, known)

    return _answers(torch.cat(_together(read, enumerate(_chunks(network, load("mnist").test_images)))))


def answers_to(network: Network, pictures: NDArray[np.uint8]) -> Answers:
    """What ``network`` answers to ``pictures`` (n, 28, 28), 0 background, 255 ink."""
    first = network.description.layers[0].name

    def read(chunk: Callable[[], Tensor]) -> Tensor:
        return resume(network, first, hold(network, first, chunk()))

    return _answers(torch.cat(_together(read, _chunks(network, pictures))))


def change(before: Answers, after: Answers, true: NDArray[np.uint8]) -> Change:
    """What became of the digits of the classes ``true`` (n,)."""
    was, now = before.predicted == true, after.predicted == true
    counts = [np.bincount(true[right], minlength=CLASSES) for right in (was, now)]
    return Change(np.flatnonzero(was & ~now), np.flatnonzero(~was & now), *counts)


def _together(read: Callable[[T], Tensor], chunks: Iterable[T]) -> list[Tensor]:
    """What ``read`` makes of each chunk: a thread a core, each alone, since threads that wait for each other are slow
    on busy cores."""

    def alone(chunk: T) -> Tensor:
        with one_thread(), torch.inference_mode():
            return read(chunk)

    with ThreadPoolExecutor(max(1, torch.get_num_threads())) as pool:
        return list(pool.map(alone, chunks))


def _chunks(network: Network, pictures: NDArray[np.uint8]) -> Iterator[Callable[[], Tensor]]:
    """What makes the input of each chunk of digits: not made where it is not needed."""
    for start in range(0, len(pictures), CHUNK):
        part = pictures[start : start + CHUNK]
        yield lambda part=part: to_inputs(network, part)  # type: ignore[misc]


def to_inputs(network: Network, pictures: NDArray[np.uint8]) -> Tensor:
    """Pictures (n, 28, 28) as ``network`` reads them, (n, 1, 28, 28): channels last, which is sooner on CPUs."""
    inputs = normalize(torch.tensor(pictures).unsqueeze(1)).to(device_of(network))
    return inputs.to(memory_format=torch.channels_last)


def _holding(network: Network, at: str) -> list[Held]:
    """What is held before ``at`` of the first chunks of digits, as many as there is room for."""
    held: list[Held] = []
    room = _held.most
    with one_thread(), torch.inference_mode():
        for pictures in _chunks(network, load("mnist").test_images):
            if held and (len(held) + 1) * _bytes(held[:1]) > room:
                break
            held.append(hold(network, at, pictures()))
    return held


def _answers(logits: Tensor) -> Answers:
    confidence, predicted = logits.softmax(1).max(1)
    return Answers(predicted.to(torch.uint8).cpu().numpy(), confidence.cpu().numpy())


def _bytes(held: list[Held]) -> int:
    return sum(values.nbytes for each in held for values in each.values())


_held = Lru[list[Held]](bounds().results, _bytes)
