"""The view "Digits": what it says before and after the networks have learned, and which networks can be begun with."""

from __future__ import annotations

from typing import Any

import numpy as np
from opening import notice_of, opened, said

from explainer.networks import zoo
from explainer.networks.presets import PRESETS
from explainer.tasks.transfer.halves_config import HalvesConfig
from explainer.tasks.transfer.halves_reports import HalvesResults
from explainer.training.config import RunConfig
from explainer.training.job import Job, State
from explainer.training.snapshot import Moment
from explainer.ui.frame.studio import Run, Studio
from pages.training.transfer.digits_view import worth

PAGE, VIEW = "training/transfer", {"tl_view": "digits"}


def results(scratch_at_last: float = 0.9) -> HalvesResults:
    """With five pictures: 70 %, 80 % and 40 %, each with one seed above and one below."""
    rows = [[0.6, 0.7, 0.75, 0.85], [0.5, 0.8, 0.85, 0.95], [0.3, 0.4, 0.6, scratch_at_last]]
    return HalvesResults(np.array(rows)[..., None] + np.array([-0.01, 0.0, 0.01]), first=0.987)


def job_of(config: HalvesConfig, found: HalvesResults) -> Any:
    return Job(config, state=State("finished", (Moment(9, 1.0, 60.0, 200.0, 0.0),), None, found))


def test_before_the_first_digits_it_says_what_train_does(mine: Studio) -> None:
    at = opened(PAGE, VIEW)
    assert "A network learns to read 0–4" in notice_of(at) and "for 3 seeds" in notice_of(at)
    at.button(key="tld_train").click().run()
    assert [run.job.config for run in mine.runs] == [HalvesConfig()]


def test_what_came_out_is_said_with_its_spread(mine: Studio) -> None:
    mine.runs = (Run("digits", job_of(HalvesConfig(), results()), key="run-1"),)
    at = opened(PAGE, VIEW)
    text = notice_of(at).replace("\u00a0", " ")
    assert "**70.0 %** (± 1.0) with a new last layer only, **80.0 %** (± 1.0) fine-tuned, **40.0 %**" in text
    assert r"\Delta_{5} = \bar a_\text{old} - \bar a_\text{new} = 0.800 - 0.400 = 0.400" in said(at)
    assert "after 5 pictures, from scratch takes 50 of each" in said(at)
    assert "reads **98.7 %** of the test digits 0–4" in said(at)


def test_what_fifty_do_not_reach_is_said() -> None:
    assert "50 pictures of each are not enough" in str(worth(results(scratch_at_last=0.7)))
    at_once = results()
    at_once.accuracy[2] = 0.99
    assert "takes one picture of each" in str(worth(at_once))


def test_a_network_of_the_visitors_can_be_begun_with(mine: Studio) -> None:
    weights = zoo.reader("digits")
    trained: Any = Job(RunConfig(PRESETS["fast"]), state=State("finished", weights=weights))
    mine.runs = (Run("mine", trained, key="run-1"),)
    at = opened(PAGE, {**VIEW, "tl_origin": "run-1", "tl_seeds": "5"})
    at.button(key="tld_train").click().run()
    assert mine.runs[-1].job.config == HalvesConfig(seeds=5, weights=weights)
    assert "has learned all ten digits" in said(at)


def test_nonsense_is_what_it_is_at_first(mine: Studio) -> None:
    at = opened(PAGE, {**VIEW, "tl_origin": "run-99", "tl_seeds": "?", "tl_digit_seed": "-1"})
    assert "for 3 seeds" in notice_of(at) and not at.warning
