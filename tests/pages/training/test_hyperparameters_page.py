"""The page "Hyperparameter search": what a search finds stands there, and its best run goes on in Train a CNN."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from opening import data_of, opened, said
from waiting_engine import Waiting

from explainer.training.job import Job, Status
from explainer.training.messages import Command
from explainer.training.search.search import Search, SearchConfig
from explainer.training.search.trial import HELD_OUT
from explainer.training.snapshot import Point, Snapshot
from explainer.ui.controls.training_settings import OWN
from explainer.ui.frame import studio as studios
from explainer.ui.frame.studio import Studio
from pages.training.hyperparameters import going_on, views, words

PAGE = "training/hyperparameters"


def finished(config: SearchConfig, accuracy: Any = lambda x, y: x) -> Search:
    """A search whose trials have all ended, each with the ``accuracy`` of its place."""
    search = Search(config, "me", lambda _: None, lambda job, _: job.become("stopped"))
    while search.going:
        search.advance()
        for trial in search.trials:
            if trial.job.going:
                point = Point(1, 1.0, 0.1, 10.0, 0.01, 0.5, 0.5, 0.4, accuracy(*trial.place), HELD_OUT)
                trial.job.take(Snapshot(point))
                trial.job.become("finished")
        search.advance()
    return search


def test_without_a_search_the_page_says_how_many_runs_there_will_be(mine: Studio) -> None:
    at = opened(PAGE)
    assert "27 short runs will be trained" in said(at)
    assert [panel["trials"] for panel in data_of(at, "search_maps")["panels"]] == [[], [], []]


def test_the_same_axis_twice_is_explained(mine: Studio) -> None:
    at = opened(PAGE, {"hs_x": "dropout", "hs_y": "dropout"})
    assert not at.exception and "Choose two different hyperparameters" in at.warning[0].value


def test_no_method_is_explained(mine: Studio) -> None:
    at = opened(PAGE, {"hs_methods": ""})
    assert not at.exception and "Choose at least one method" in at.warning[0].value


def test_the_best_of_a_search_is_said_with_its_numbers(mine: Studio) -> None:
    mine.searches = (finished(SearchConfig(methods=("grid",)), lambda x, y: 0.9 if x > 0.8 and y > 0.8 else 0.5),)
    at = opened(PAGE, {"hs_methods": "grid"})
    text = said(at)
    assert "The best: Grid search, **90.00 %**" in text and "learning rate 0.215 and weight decay 0.215" in text
    assert "between 50.0 % and 63.3 %" in text  # means of the columns, and of the rows: 0.5 and (0.5 + 0.5 + 0.9) / 3
    (panel,) = data_of(at, "search_maps")["panels"]
    assert [trial["is_best"] for trial in panel["trials"]] == [False] * 8 + [True]


def broken(status: Status) -> Search:
    """A search of which every run ended so."""
    search = Search(SearchConfig(methods=("grid",)), "me", lambda _: None, lambda job, _: job.become("stopped"))
    search.advance()
    while search.going:
        for trial in search.trials:
            if trial.job.going:
                trial.job.become(status)
        search.advance()
    return search


def test_a_search_without_a_result_says_why() -> None:
    search = Search(SearchConfig(methods=("grid",)), "me", lambda _: None, lambda job, _: job.become("stopped"))
    assert str(words.notice(search)) == "No run is over yet."
    search.advance()
    search.trials[0].job.become("diverged")
    assert str(words.notice(search)).startswith("One run is over, without a result")
    assert str(words.notice(broken("diverged"))).startswith("The search is over without a result")


@pytest.mark.parametrize("status", ["stopped", "diverged"])
def test_a_run_that_was_stopped_is_no_run_of_0_percent(status: Status) -> None:
    search = finished(SearchConfig(methods=("grid",)), lambda x, y: 0.5)
    trials = search.of("grid")
    last = replace(trials[-1], job=Job(trials[-1].job.config))
    last.job.become(status)
    found, said = views._accuracies([*trials[:-1], last]), words.which_matters([*trials[:-1], last], search.config)
    if status == "stopped":
        assert (found.tolist(), said) == ([0.5] * 8, None)
    else:
        assert found[:-1].tolist() == [0.5] * 8 and np.isnan(found[-1])
        assert "between 33.3 % and 50.0 %" in str(said) and str(said).endswith("a run that diverged counts as 0 %.")


def test_another_search_does_not_stand_for_this_one(mine: Studio) -> None:
    mine.searches = (finished(SearchConfig(methods=("grid",), seed=1)),)
    at = opened(PAGE, {"hs_methods": "grid"})
    assert "short runs will be trained" in said(at)


def test_two_accuracies_are_apart_where_their_difference_exceeds_two_standard_errors() -> None:
    # Of 10,000 digits each, 90 % right: sqrt(2 * 0.9 * 0.1 / 10000) = 0.00424
    assert words.margin(0.9) == pytest.approx(1.96 * 0.0042426, rel=1e-4)
    assert words.chance(SearchConfig(budget=9)) == pytest.approx(0.3698, abs=1e-4)


def test_the_table_has_a_row_a_trial() -> None:
    search = finished(SearchConfig())
    rows = list(csv.reader(io.StringIO(views.table(search))))
    assert rows[0] == ["method", "run", "learning rate", "weight decay", "validation accuracy"]
    assert len(rows) == 28 and {row[0] for row in rows[1:]} == {"Grid search", "Random search", "TPE"}
    first = search.trials[0]
    assert [float(value) for value in rows[1][2:]] == [*first.values, pytest.approx(first.accuracy, abs=1e-4)]


def test_going_on_takes_the_nearest_settings_that_train_a_cnn_offers() -> None:
    config = SearchConfig(horizontal="learning-rate", vertical="dropout")
    found = going_on.query(config.run((0.63, 0.51)))
    assert (found["lr"], found["dropout"], found["preset"]) == ("0.03", "0.4", OWN) and "digits" not in found
    wide = going_on.query(SearchConfig(vertical="width").run((0.5, 1.0)))
    assert (wide["c1"], wide["c2"], wide["h1"]) == ("16", "48", "64")
    assert not {"k1", "smooth", "seed"} & wide.keys()  # as they are by default


def test_a_search_that_its_visitor_left_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Any, Command]] = []
    search = Search(SearchConfig(), "me", lambda _: None, lambda job, what: told.append((job, what)))
    search.advance()
    own = studios.Studio("me", searches=(search,), left=1.0)
    monkeypatch.setattr(studios, "_studios", {"me": own})
    monkeypatch.setattr(studios, "pool", Waiting)
    studios.look_for_sessions(lambda _: False, 60 * studios.AWAY + 2)
    assert search.why_ended == studios.left(studios.AWAY)
    assert [what for _, what in told] == [Command("stop")] * 3
