"""A search submits as few trials as keep all workers busy, learns from what comes back, and keeps the best."""

from __future__ import annotations

from typing import Any

import pytest

from explainer.training.job import Job
from explainer.training.messages import Command
from explainer.training.search.search import MOST_WAITING, Search, SearchConfig, best
from explainer.training.search.trial import HELD_OUT, TrialConfig
from explainer.training.snapshot import Point, Snapshot
from explainer.words.book import Said


class Workers:
    """Takes runs, and trains none until it is told to; "stop" ends one at once."""

    def __init__(self) -> None:
        self.jobs: list[Job[Any, Any, Any, Any]] = []

    def submit(self, job: Job[Any, Any, Any, Any]) -> None:
        self.jobs.append(job)

    def command(self, job: Job[Any, Any, Any, Any], what: Command) -> None:
        assert what == Command("stop")
        job.become("stopped")

    def finish(self, accuracy: float) -> None:
        """The oldest run that is not over ends with this accuracy."""
        job = next(job for job in self.jobs if job.going)
        point = Point(1, 1.0, 0.1, 10.0, 0.01, 0.5, 0.5, 0.4, accuracy, HELD_OUT)
        job.take(Snapshot(point, weights=b"weights"))
        job.become("finished")


def search_of(workers: Workers, **changed: Any) -> Search:
    return Search(SearchConfig(**changed), "me", workers.submit, workers.command)


def run_through(search: Search, workers: Workers, accuracy: Any) -> None:
    for number in range(search.config.budget * len(search.config.methods)):
        search.advance()
        workers.finish(accuracy(number))
    search.advance()


def test_few_trials_wait_and_every_method_has_its_turn() -> None:
    workers = Workers()
    search = search_of(workers)
    search.advance()
    search.advance()
    assert [trial.key for trial in search.trials] == ["grid-1", "random-1", "tpe-1"] and MOST_WAITING == 3
    for job in workers.jobs:
        job.become("running")
    search.advance()
    assert [trial.key for trial in search.trials[3:]] == ["grid-2", "random-2", "tpe-2"]
    for job in workers.jobs:
        job.become("running")
    search.advance()
    assert [trial.method for trial in search.trials[6:]] == ["grid", "random", "grid"]  # TPE waits for what it learns


def test_a_whole_search_has_its_budget_and_keeps_the_weights_of_the_best() -> None:
    workers = Workers()
    search = search_of(workers)
    run_through(search, workers, lambda number: (number * 7 % 27) / 27)
    assert not search.going and len(search.trials) == 27
    for method in search.config.methods:
        trials = search.of(method)
        assert [trial.number for trial in trials] == list(range(9))
        first = best(trials)
        assert first is not None and first.accuracy == max(trial.accuracy or 0 for trial in trials)
        assert [trial for trial in trials if trial.job.state().weights] == [first]
    assert all(trial.job.owner == "me" for trial in search.trials)


def test_the_first_of_equal_trials_is_the_best() -> None:
    workers = Workers()
    search = search_of(workers, methods=("grid",))
    run_through(search, workers, lambda _: 0.5)
    assert best(search.trials) is search.trials[0]


def test_a_trial_that_diverged_has_no_accuracy_and_the_search_goes_on() -> None:
    workers = Workers()
    search = search_of(workers, methods=("tpe",))
    search.advance()
    workers.jobs[0].become("diverged")
    search.advance()
    assert search.trials[0].accuracy is None and best(search.trials) is None
    run_through(search_of(workers := Workers(), methods=("tpe",)), workers, lambda _: 0.3)


def test_stopping_ends_all_and_begins_no_more() -> None:
    workers = Workers()
    search = search_of(workers)
    search.advance()
    workers.finish(0.9)
    search.stop(Said("hyperparameters.broken"))
    search.advance()
    assert not search.going and len(search.trials) == 3 and search.why_ended == Said("hyperparameters.broken")
    assert [trial.status for trial in search.trials] == ["finished", "stopped", "stopped"]


def test_what_is_over_cannot_be_stopped_anymore() -> None:
    workers = Workers()
    search = search_of(workers, methods=("random",))
    run_through(search, workers, lambda _: 0.5)
    search.stop(Said("hyperparameters.broken"))
    assert search.why_ended is None


def test_one_configuration_is_one_run() -> None:
    config = SearchConfig()
    assert TrialConfig(config.run((0.5, 0.5))) == TrialConfig(config.run((0.5, 0.5)))
    assert config.values((0.5, 0.5)) == pytest.approx((0.01, 0.01))
