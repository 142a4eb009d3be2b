"""The table of four cases: its pictures, its cells against their parts, and its verdicts by hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.linear_model import LogisticRegression

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.transfer.cases_config import (
    CASES,
    METHODS,
    SIDE,
    CasesConfig,
    is_possible,
    learned,
    run_of,
    unseen,
)
from explainer.tasks.transfer.cases_data import as_photographs, case_examples
from explainer.tasks.transfer.cases_loop import case_features, filled
from explainer.tasks.transfer.loop import train
from explainer.tasks.transfer.verdicts import QUANTILES, verdict
from explainer.training.snapshot import Snapshot

CPU = torch.device("cpu")
TABLE = CasesConfig(small=2, splits=2, seed=3)
FEW, MANY = CASES[:2]


def test_what_few_are_is_a_part_of_what_many_are_and_both_have_the_same_test() -> None:
    for few, many in (CASES[:2], CASES[2:]):
        small, large = (case_examples(TABLE, case, 1) for case in (few, many))
        assert np.array_equal(small.tested, large.tested) and len(small.tested) == unseen(few) == unseen(many)
        rows = {each.tobytes() for each in large.learned}
        assert {each.tobytes() for each in small.learned} <= rows and len(small.learned) == learned(TABLE, few)
        assert not rows & {each.tobytes() for each in large.tested} and len(large.learned) == learned(TABLE, many)
        assert np.bincount(small.learned_labels).tolist() == [TABLE.small] * len(few.classes)


def test_another_split_is_other_pictures_and_the_same_one_the_same() -> None:
    first, again, other = (case_examples(TABLE, FEW, split) for split in (0, 0, 1))
    assert np.array_equal(first.learned, again.learned) and not np.array_equal(first.learned, other.learned)


def test_a_digit_is_enlarged_in_three_equal_channels() -> None:
    digit = np.zeros((1, 28, 28), np.uint8)
    digit[:, 10:18, 10:18] = 200
    made = as_photographs(digit)
    assert made.shape == (1, SIDE, SIDE, 3) and (made[..., 0] == made[..., 2]).all()
    assert made[0, SIDE // 2, SIDE // 2, 1] == 200 and made[0, 2, 2, 1] == 0


@pytest.fixture(scope="module")
def first_cell() -> Iterator[np.ndarray]:
    """The accuracy of the table once its first cell is known for the first split."""
    going = filled(TABLE, CPU)
    for item in going:
        if isinstance(item, Snapshot) and item.results and np.isfinite(item.results.accuracy[0, :, 0]).all():
            yield item.results.accuracy
            going.close()
            return


def test_a_new_last_layer_is_scikit_learns_logistic_regression(first_cell: np.ndarray) -> None:
    given = case_examples(TABLE, FEW, 0)
    for number, (own, other) in enumerate(zip(case_features(given.learned), case_features(given.tested), strict=True)):
        mean, scale = own.mean(axis=0), np.where(own.std(axis=0) > 0, own.std(axis=0), 1)
        model = LogisticRegression(C=0.01, tol=1e-8, max_iter=2_000).fit((own - mean) / scale, given.learned_labels)
        share = model.score((other - mean) / scale, given.tested_labels)
        assert first_cell[0, number, 0] == pytest.approx(share, abs=1 / unseen(FEW) + 1e-9)


def test_a_trained_cell_is_a_run_of_its_own_and_the_rest_is_not_known_yet(first_cell: np.ndarray) -> None:
    run = run_of(TABLE, FEW, "fine-tuned", 0)
    *_, last = train(run, device=CPU, source=case_examples(TABLE, FEW, 0))
    assert isinstance(last, Snapshot) and first_cell[0, METHODS.index("fine-tuned"), 0] == last.point.test_accuracy
    assert np.isfinite(first_cell).sum() == len(METHODS)


def test_the_steps_are_those_of_all_networks() -> None:
    alone = [run_of(TABLE, case, method, 0) for case in CASES for method in ("fine-tuned", "scratch")]
    assert TABLE.scenes == 2 * sum(run.scenes for run in alone)
    assert TABLE.rough_seconds() > 0


@pytest.mark.parametrize("wrong", [{"small": 0}, {"small": 11}, {"splits": 1}, {"seed": -1}])
def test_impossible_tables_say_so(wrong: dict[str, int]) -> None:
    config = CasesConfig(**wrong)
    assert not is_possible(config) and config.steps == 0 == config.rough_seconds()
    with pytest.raises(ImpossibleNetworkError, match="out of its range"):
        next(filled(config, CPU))


def of(*rows: list[float]) -> np.ndarray:
    """Accuracies of the four methods."""
    return np.array(rows)


def test_a_verdict_by_hand() -> None:
    accuracy = of([0.9, 0.8, 0.85], [0.5, 0.5, 0.5], [0.7, 0.62, 0.66], [0.4, 0.4, 0.4])
    found = verdict(FEW, accuracy)
    assert found is not None and (found.advised, found.other, found.judgement) == ("last", "fine-tuned", "agrees")
    leads = np.array([0.2, 0.18, 0.19])
    low, high = stats.t.interval(0.95, 2, leads.mean(), stats.sem(leads))
    assert found.lead == pytest.approx(0.19) and found.reach == pytest.approx((high - low) / 2, rel=1e-6)
    assert verdict(MANY, accuracy).judgement == "differs"  # type: ignore[union-attr]  where fine-tuning is advised
    assert verdict(MANY, accuracy).best == "last"  # type: ignore[union-attr]


def test_chance_decides_nothing_and_of_two_that_are_advised_the_better_counts() -> None:
    accuracy = of([0.9, 0.7, 0.8], [0.1] * 3, [0.8, 0.8, 0.75], [0.85, 0.7, 0.85])
    many_others = verdict(CASES[3], accuracy)
    assert many_others is not None and (many_others.advised, many_others.judgement) == ("scratch", "open")
    assert verdict(FEW, np.where(accuracy == 0.1, np.nan, accuracy)) is None


@pytest.mark.parametrize("splits", QUANTILES)
def test_the_quantiles_are_students(splits: int) -> None:
    assert QUANTILES[splits] == pytest.approx(stats.t.ppf(0.975, splits - 1), abs=1e-5)
