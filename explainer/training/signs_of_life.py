"""Whether a process still does anything: it answers, or at least its processor time grows.

A worker answers between two steps of the training loop, and a step of a large network takes seconds, of a very large
batch minutes; a heartbeat from a thread of its own would come from a hanging worker too. So a worker that is silent is
asked, and is given up only where it does not answer and computes nothing meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import psutil

ASK_AFTER = 2.0  # seconds of silence
STILL = 5.0  # seconds without an answer or any computing, after which a worker has stopped responding
STARTING_STILL = 30.0  # the same while it imports, perhaps from a slow disk
BUSY = 900.0  # seconds of silence in which it only computes: longer than any step
LONGEST_LOOK = 0.5  # seconds between two looks that count: more passes only where the server itself stood still

Verdict = Literal["well", "ask", "gone"]


class SignsOfLife:
    """What is known of one worker; ``computed`` tells its seconds of processor time, None where they are unknown."""

    def __init__(self, computed: Callable[[], float | None]) -> None:
        self._computed = computed
        self._silence = self._stillness = 0.0
        self._asked = False
        self._before: float | None = None

    def heard(self) -> None:
        """The worker has said something."""
        self._silence = self._stillness = 0.0
        self._asked = False

    def look(self, seconds: float, ready: bool) -> Verdict:
        """What to do after ``seconds`` more; ``ready`` where the worker has started and can be asked."""
        passed = min(seconds, LONGEST_LOOK)
        self._silence += passed
        if self._silence < ASK_AFTER:
            return "well"
        now = self._computed()
        grown, self._before = now is None or now != self._before, now
        self._stillness = 0.0 if grown else self._stillness + passed
        if self._stillness >= (STILL if ready else STARTING_STILL) or self._silence >= BUSY:
            return "gone"
        if ready and not self._asked:
            self._asked = True
            return "ask"
        return "well"


def computed(pid: int) -> float | None:
    """Seconds of processor time that the process ``pid`` has used; None where that cannot be known."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)
