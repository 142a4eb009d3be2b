"""Long work whose whole result is small: done once beside the pages, and kept for all visitors of this server."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from explainer.lru import Lru
from explainer.ui.frame.background import Background, background

T = TypeVar("T")


def long_work(
    key: str,
    identity: Hashable,
    produce: Callable[[], Iterator[T | None]],
    is_whole: Callable[[T], bool],
    kept: Lru[T],
) -> tuple[T | None, Background[T] | None]:
    """What ``produce`` has yielded last, None at first, and the work itself as long as it goes on or where it failed.

    ``key`` names this tab's work, ``identity`` what it computes. What ``is_whole`` is put into ``kept`` and is the
    answer from then on. Work that broke off, as where the tab was away for a while, begins anew.
    """

    def keeping() -> Iterator[T | None]:
        known = kept.get(identity)  # somebody else may have been faster
        for made in produce() if known is None else [known]:
            if made is not None and is_whole(made):
                kept.put(identity, made)
            yield made

    known = kept.get(identity)
    if known is not None:
        return known, None
    work = background(key, identity, keeping)
    return work.latest, work
