"""What goes first when what visitors keep takes more memory than there is for it.

A run that is going loses nothing. Of the others, the one that was not looked at for longest goes first: its weights at
earlier moments before its last ones, views and film, and these before its curves, since those are large, and can be
trained anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

from explainer.memory import Bounds
from explainer.training.job import AnyJob

_Step = Callable[[], int]  # returns the bytes that it freed

GONE_FOR = 120.0  # seconds without a tab, after which a visitor has left; less is a reload, or a bad connection


class Run(Protocol):
    """A run, and when a page showed it last."""

    job: AnyJob
    seen: float


R = TypeVar("R", bound=Run)


class Keeper(Protocol[R]):
    """What a visitor keeps, when a script asked for it last, and when the last of their tabs was seen to be gone."""

    seen: float
    left: float | None

    def over(self) -> list[R]:
        """The runs that are over."""

    def remove(self, run: R) -> int:
        """Keeps the run no longer; the bytes that it took."""

    def forget_pictures(self) -> int:
        """Keeps no picture any longer; the bytes that it took."""

    def size(self) -> int:
        """Bytes of all that is kept."""


def make_room(studios: Sequence[Keeper[R]], limits: Bounds, now: float) -> None:
    """Brings what each visitor keeps, and then all of them together, within ``limits``, as far as runs are over."""
    for one in studios:
        _let_go(_of_one(one), one.size() - limits.visitor)
    _let_go(_of_all(studios, now), sum(one.size() for one in studios) - limits.visitors)


def _let_go(steps: Iterator[_Step], excess: int) -> None:
    """Takes the steps in their order until there is no excess any more."""
    while excess > 0 and (step := next(steps, None)) is not None:
        excess -= step()


def _of_one(one: Keeper[R]) -> Iterator[_Step]:
    runs = sorted(one.over(), key=_seen)
    yield from (partial(_without_stages, run) for run in runs)
    yield from (partial(_emptied, run) for run in runs[:-1])
    yield from (partial(one.remove, run) for run in runs[:-1])
    yield from (partial(_emptied, run) for run in runs[-1:])


def _of_all(studios: Sequence[Keeper[R]], now: float) -> Iterator[_Step]:
    """First all that those have who have left, longest ago first; then runs, those on a screen last; then pictures."""
    left = [one for one in studios if one.left is not None and now - one.left > GONE_FOR]
    for one in sorted(left, key=lambda one: one.left or 0.0):
        yield from (partial(one.remove, run) for run in one.over())
        yield one.forget_pictures
    lists = [(one, sorted(one.over(), key=_seen)) for one in studios if one not in left]
    others = sorted(((one, run) for one, runs in lists for run in runs[:-1]), key=lambda pair: _seen(pair[1]))
    current = sorted((run for _, runs in lists for run in runs[-1:]), key=_seen)
    yield from (partial(_without_stages, run) for _, run in others)
    yield from (partial(_without_stages, run) for run in current)
    yield from (partial(_emptied, run) for _, run in others)
    yield from (partial(one.remove, run) for one, run in others)
    yield from (partial(_emptied, run) for run in current)
    yield from (one.forget_pictures for one in sorted(studios, key=lambda one: one.seen))


def _seen(run: Run) -> float:
    return run.seen


def _without_stages(run: Run) -> int:
    return _freed(run.job, run.job.forget_stages)


def _emptied(run: Run) -> int:
    return _freed(run.job, run.job.empty)


def _freed(job: AnyJob, let_go: Callable[[], None]) -> int:
    before = job.size()
    let_go()
    return before - job.size()
