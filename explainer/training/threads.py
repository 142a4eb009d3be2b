"""How many threads a run should use, found by measuring: other runs and the page use the same cores.

Threads that wait for each other lose far more than their share when another process takes one of their cores,
so the best number cannot be read off the number of cores. The tuner tries half as many, or twice as many, for
a moment, and keeps what trains faster.
"""

from __future__ import annotations

from collections.abc import Callable

WINDOW = 0.4  # seconds of training over which a rate is measured
MIN_STEPS = 4
FIRST, LONGEST = 3, 30  # times as long as a trial, until the next one: doubled while nothing changes
CHANGE = 0.75  # a rate below this share of what it was, or above its inverse, calls for a trial at once
GAIN = 1.05  # a trial must be faster by this factor to be kept


class ThreadTuner:
    """Chooses a number of threads between 1 and ``limit``; ``set_threads`` is called whenever it changes."""

    def __init__(self, limit: int, set_threads: Callable[[int], None]) -> None:
        self._set_threads = set_threads
        self._limit = 0
        self.set_limit(limit)

    @property
    def threads(self) -> int:
        """The number in use now."""
        return self._threads

    def set_limit(self, limit: int) -> None:
        """Cores are given or taken away: start over with all that there are."""
        if limit != self._limit:
            self._limit = limit
            self._rate: float | None = None  # examples a second with the number of threads kept
            self._kept = self._use(limit)
            self._pause, self._since = FIRST, 0.0
            self._trial = WINDOW  # seconds that the last trial took
            self._upwards = False
            self._clear()

    def after_step(self, examples: int, seconds: float) -> None:
        """Takes note of one training step; may change the number of threads."""
        self._examples += examples
        self._seconds += seconds
        self._steps += 1
        self._since += seconds
        if self._limit > 1 and self._seconds >= WINDOW and self._steps >= MIN_STEPS:
            rate, window = self._examples / self._seconds, self._seconds
            self._clear()
            if self._threads == self._kept:
                self._watch(rate)
            else:
                self._judge(rate, window)

    def _watch(self, rate: float) -> None:
        changed = self._rate is not None and not CHANGE < rate / self._rate < 1 / CHANGE
        if changed:
            self._pause = FIRST
        self._rate = rate if changed or self._rate is None else 0.7 * self._rate + 0.3 * rate
        if changed or self._since >= self._pause * self._trial:
            self._upwards = self._kept == 1 or (self._kept < self._limit and not self._upwards)
            self._use(min(self._kept * 2, self._limit) if self._upwards else self._kept // 2)

    def _judge(self, rate: float, seconds: float) -> None:
        assert self._rate is not None
        if rate > self._rate * GAIN:
            self._kept, self._rate, self._pause = self._threads, rate, FIRST
        else:
            self._use(self._kept)
            self._pause = min(self._pause * 2, LONGEST)
        self._since, self._trial = 0.0, seconds

    def _use(self, threads: int) -> int:
        self._threads = threads
        self._set_threads(threads)
        return threads

    def _clear(self) -> None:
        self._examples, self._seconds, self._steps = 0, 0.0, 0
