"""The view "Four cases": what it says before, while and after the table fills, and that its run waits its turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from opening import notice_of, opened, said

from explainer.tasks.transfer.cases_config import CASES, METHODS, CasesConfig
from explainer.tasks.transfer.cases_reports import CasesResults
from explainer.training.job import Job, State
from explainer.training.snapshot import Moment
from explainer.ui.frame.studio import Run, Studio
from pages.training.transfer import cases_state, cases_view

PAGE, VIEW = "training/transfer", {"tl_view": "cases"}
CONFIG = CasesConfig()


def accuracy() -> np.ndarray:
    """In the first case the advice holds, in the second it does not, in the others chance decides."""
    made = np.tile(np.array([0.4, 0.5, 0.6])[None, None], (4, 4, 1))
    made[0, METHODS.index("last")] += 0.3
    made[1, METHODS.index("early")] += 0.35
    return made


def with_table(mine: Studio, values: np.ndarray, status: Any = "finished") -> None:
    point = Moment(100, 1.0, 60.0, 200.0, 0.0)
    job: Any = Job(CONFIG, state=State(status, (point,), None, CasesResults(values)))
    mine.runs = (Run("table", job, key="run-1"),)


def test_before_there_is_a_table_it_says_what_train_does(mine: Studio) -> None:
    at = opened(PAGE, VIEW)
    assert "Few or many pictures" in notice_of(at) and "on 3 splits" in notice_of(at)
    assert r"\bar d \pm t" in said(at) and "the advice" not in said(at)
    assert {each.key for each in at.button if each.key and each.key.startswith("tlc")} == {
        "tlc_train",
        "tlc_pause",
        "tlc_stop",
    }
    assert not at.get("download_button")


def test_train_puts_one_run_into_the_queue(mine: Studio) -> None:
    at = opened(PAGE, {**VIEW, "tl_few": "2", "tl_splits": "5", "tl_table_seed": "4"})
    at.button(key="tlc_train").click().run()
    assert [run.job.config for run in mine.runs] == [CasesConfig(2, 5, 4)]
    at.button(key="tlc_stop").click().run()
    assert mine.runs[0].job.status == "stopped"


def test_before_the_first_result_it_does_not_ask_to_train(mine: Studio) -> None:
    at = opened(PAGE, VIEW)
    at.button(key="tlc_train").click().run()
    assert "none is tested yet" in notice_of(at) and "**Train**" not in notice_of(at)
    at.button(key="tlc_stop").click().run()
    assert "**Train** fills the table" in notice_of(at)


def test_a_table_that_fills_says_how_much_is_known(mine: Studio) -> None:
    values = accuracy()
    values[1:, :, 1:] = np.nan
    with_table(mine, values, "running")
    at = opened(PAGE, VIEW)
    assert f"{12 + 3 * 4} of 48 results are known" in notice_of(at)
    assert "Few pictures, similar task: the advice, new last layer, holds." in said(at)
    assert "Many pictures, similar task: the advice" not in said(at)


def test_a_whole_table_is_held_against_the_textbooks(mine: Studio) -> None:
    with_table(mine, accuracy())
    at = opened(PAGE, VIEW)
    assert "ahead in **1**, behind in **1**, and in **2** too near" in notice_of(at)
    text = said(at)
    assert "**new last layer** is right in **80.0 %**, the best other, earlier features, in 50.0 %: 30.0 points" in text
    assert "does not hold. **earlier features** is right in **85.0 %**, fine-tuned in 50.0 %: 35.0 points less" in text
    assert "the advice, fine-tuned or from scratch, is neither shown nor refuted" in text
    assert r"= 30.0 \pm" in text


def test_the_table_as_a_file_has_a_row_for_each_known_result(mine: Studio) -> None:
    values = accuracy()
    values[3] = np.nan
    rows = cases_view.csv_of(cases_state.Table(CONFIG, values)).splitlines()
    assert rows[0] == "case,way,advised,split,accuracy" and len(rows) == 1 + 3 * 4 * 3
    assert rows[1] == '"Few pictures, similar task",new last layer,1,1,0.7000'


@pytest.mark.parametrize("query", [{"tl_few": "99", "tl_splits": "1", "tl_table_seed": "-3"}, {"tl_source": "own"}])
def test_nonsense_is_what_it_is_at_first(mine: Studio, query: dict[str, str]) -> None:
    at = opened(PAGE, {**VIEW, **query})
    assert not at.exception and not at.warning and cases_state.FEW in at.session_state


def test_cases_are_four() -> None:
    assert [case.key for case in CASES] == ["small-similar", "large-similar", "small-different", "large-different"]
