"""A search for good hyperparameters: its methods side by side, each with the same number of short runs."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.job import Job, Status
from explainer.training.messages import Command
from explainer.training.presets import recipe
from explainer.training.search.axes import AXES, AxisName, with_values
from explainer.training.search.places import METHODS, Chooser, Method, Place, chooser
from explainer.training.search.trial import HELD_OUT, TrialConfig
from explainer.words.book import Said

PRESET = "fast"  # whose network and recipe every trial has, but for the two hyperparameters
BUDGETS = (9, 16, 25)
MOST_WAITING = 3  # trials in the queue: so many that no worker is without one
AT_ONCE = {"tpe": 2}  # trials of a method that learns from them, while others train
Pass = Callable[[Job[TrialConfig], Command], None]


@dataclass(frozen=True)
class SearchConfig:
    """``budget`` trials for each of ``methods`` over two different axes, each on ``digits`` digits for ``epochs``."""

    horizontal: AxisName = "learning-rate"
    vertical: AxisName = "weight-decay"
    budget: int = 9
    methods: tuple[Method, ...] = METHODS
    digits: int = 5_000
    epochs: int = 2
    seed: int = 0

    @property
    def runs(self) -> int:
        """Trials of all methods together."""
        return self.budget * len(self.methods)

    def run(self, place: Place) -> RunConfig:
        """What is trained at a place."""
        names = (self.horizontal, self.vertical)
        values = {name: AXES[name].value(along) for name, along in zip(names, place, strict=True)}
        how = replace(recipe(PRESET), epochs=self.epochs)
        return with_values(RunConfig(PRESETS[PRESET], how, subset=self.digits, seed=self.seed), values)

    def values(self, place: Place) -> tuple[float, float]:
        """The two hyperparameters at a place, as they are trained with."""
        return AXES[self.horizontal].value(place[0]), AXES[self.vertical].value(place[1])


@dataclass(frozen=True, eq=False)
class Trial:
    """One run of a search: the ``number``-th of its method, from 0, at a ``place`` with the ``values`` there."""

    method: Method
    number: int
    place: Place
    values: tuple[float, float]
    job: Job[TrialConfig]

    @property
    def key(self) -> str:
        """Its own among those of its search."""
        return f"{self.method}-{self.number + 1}"

    @property
    def status(self) -> Status:
        """What its run is doing."""
        return self.job.status

    @property
    def accuracy(self) -> float | None:
        """On all held-out digits after its last step, 0..1; None before, and where it broke off."""
        state = self.job.state()
        last = state.points[-1] if state.points and state.status == "finished" else None
        return last.test_accuracy if last and last.test_digits == HELD_OUT else None


class Search:
    """The trials of one visitor's search, made as workers become free. Any thread may call its methods.

    ``submit`` takes a run for training, ``command`` tells one to stop; runs belong to ``owner``.
    """

    def __init__(self, config: SearchConfig, owner: str, submit: Callable[[Job[TrialConfig]], None], command: Pass):
        self.config = config
        self.why_ended: Said | None = None
        self._owner, self._submit, self._command = owner, submit, command
        self._lock = threading.RLock()
        self._choosers: dict[Method, Chooser] = {}
        self._trials: tuple[Trial, ...] = ()
        self._told: set[str] = set()
        self._is_stopped = False

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All that were begun, in their order."""
        return self._trials

    @property
    def going(self) -> bool:
        """Whether a trial trains, waits, or is yet to be made."""
        is_whole = len(self._trials) == self.config.runs
        return any(trial.job.going for trial in self._trials) or not (is_whole or self._is_stopped)

    def of(self, method: Method) -> list[Trial]:
        """The trials of one method."""
        return [trial for trial in self._trials if trial.method == method]

    def advance(self) -> None:
        """Learns from the trials that are over, and submits the next ones as long as few wait."""
        with self._lock:
            self._learn()
            while not self._is_stopped and self._waiting() < MOST_WAITING and (method := self._next()):
                self._begin(method)

    def stop(self, why: Said | None = None) -> None:
        """Makes no more trials, and stops those that are not over; ``why`` is a sentence where we ended it."""
        with self._lock:
            if self.going:
                self._is_stopped, self.why_ended = True, why
            going = [trial.job for trial in self._trials if trial.job.going]
        for job in going:
            self._command(job, Command("stop"))

    def size(self) -> int:
        """Bytes of all records."""
        return sum(trial.job.size() for trial in self._trials)

    def _learn(self) -> None:
        """Tells the choosers what came out; only the best of each method keeps its weights."""
        for trial in self._trials:
            if not trial.job.going and trial.key not in self._told:
                self._told.add(trial.key)
                if trial.status != "stopped":
                    self._choosers[trial.method].tell(trial.number, trial.accuracy or 0.0)
                for other in self.of(trial.method):
                    if not other.job.going and other is not best(self.of(trial.method)):
                        other.job.empty()

    def _waiting(self) -> int:
        return sum(trial.status == "waiting" for trial in self._trials)

    def _next(self) -> Method | None:
        """The method that has tried least of those that may begin a trial now."""
        free = [method for method in self.config.methods if self._may_begin(self.of(method), method)]
        return min(free, key=lambda method: len(self.of(method)), default=None)

    def _may_begin(self, trials: Sequence[Trial], method: Method) -> bool:
        going = sum(trial.job.going for trial in trials)
        return len(trials) < self.config.budget and going < AT_ONCE.get(method, math.inf)

    def _begin(self, method: Method) -> None:
        config = self.config
        if method not in self._choosers:
            self._choosers[method] = chooser(method, config.budget, config.seed)
        place = self._choosers[method].ask()
        job = Job(TrialConfig(config.run(place)), owner=self._owner, goes_back=False)
        self._trials += (Trial(method, len(self.of(method)), place, config.values(place), job),)
        self._submit(job)


def best(trials: Sequence[Trial]) -> Trial | None:
    """The trial with the highest accuracy, the first of several; None where none has any."""
    measured = [(accuracy, trial) for trial in trials if (accuracy := trial.accuracy) is not None]
    return max(measured, key=lambda pair: pair[0])[1] if measured else None
