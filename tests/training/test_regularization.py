"""Early stopping and shares against plain counting; the recorded runs are what the page says, and can be made again."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from training_runs import excerpt, network_of, snapshots_of

from explainer.data.digits import load, subset_indices
from explainer.networks.plan import parameter_count
from explainer.training.optimizers import schedule
from explainer.training.regularization import (
    DIGITS,
    EDGES,
    EPOCHS,
    NETWORK,
    REMEDIES,
    SEEDS,
    VALIDATION,
    Curves,
    EarlyStop,
    Remedy,
    config,
    early_stopping,
    histogram,
    l1_term,
    l2_term,
    near_zero,
    rate_after,
    record_of,
    recording,
)
from explainer.training.regularization_runs import augmented, held_out, measured, weights_of

WEIGHTS = parameter_count(NETWORK) - 8 - 16 - 500 - 10  # without biases
losses = st.lists(st.floats(0, 3), min_size=1, max_size=30)


@given(losses, st.integers(1, 20))
def test_early_stopping_looks_at_the_past_only(values: list[float], patience: int) -> None:
    """Against its definition, word by word: epoch t ends it when the last ``patience`` losses brought no new low."""
    ends = [t for t in range(patience, len(values)) if min(values[: t - patience + 1]) <= min(values[: t + 1])]
    last = min(ends, default=len(values) - 1)
    best = int(np.argmin(values[: last + 1]))
    assert early_stopping(values, patience) == EarlyStop(best, last, waited=bool(ends))


@given(losses)
def test_more_patience_never_keeps_worse_weights(values: list[float]) -> None:
    stops = [early_stopping(values, patience) for patience in range(1, 21)]
    for less, more in itertools.pairwise(stops):
        assert values[more.best] <= values[less.best]
        assert more.last >= less.last


def test_early_stopping_by_hand() -> None:
    values = [3, 2, 2.5, 1, 1.5, 1.2, 0.5]
    assert early_stopping(values, 1) == EarlyStop(1, 2, waited=True)
    assert early_stopping(values, 2) == EarlyStop(3, 5, waited=True)
    assert early_stopping(values, 3) == EarlyStop(6, 6, waited=False)
    assert early_stopping([1, 1, 1], 2) == EarlyStop(0, 2, waited=True)  # equal is no better
    for wrong in (([], 1), ([1.0], 0)):
        with pytest.raises(ValueError, match="at least"):
            early_stopping(*wrong)


@given(arrays(np.float32, st.integers(1, 50), elements=st.floats(-1, 1, width=32)))
def test_shares_and_histograms_count_every_weight_once(weights: np.ndarray) -> None:
    counts = histogram(weights)
    assert sum(counts) == len(weights)
    for bin_, count in list(enumerate(counts))[1:-1]:
        assert count == sum(EDGES[bin_] <= float(weight) < EDGES[bin_ + 1] for weight in weights)
    assert near_zero(weights) == pytest.approx(sum(abs(float(weight)) < 0.001 for weight in weights) / len(weights))


def test_the_terms_have_the_gradients_that_the_optimizer_takes() -> None:
    weights = torch.tensor([0.5, -2.0, 0.25], dtype=torch.float64, requires_grad=True)
    (l2,) = torch.autograd.grad(0.03 / 2 * weights.square().sum(), weights)
    (l1,) = torch.autograd.grad(0.001 * weights.abs().sum(), weights)
    np.testing.assert_allclose(l2, 0.03 * weights.detach(), rtol=1e-12)
    np.testing.assert_allclose(l1, 0.001 * weights.detach().sign(), rtol=1e-12)
    assert l2_term(0.03, 4.3125) == pytest.approx(0.03 / 2 * (0.25 + 4 + 0.0625))
    assert l1_term(0.001, 2.75) == pytest.approx(0.00275)


@pytest.mark.parametrize("remedy", REMEDIES)
def test_the_recorded_runs_are_what_the_page_says(remedy: Remedy) -> None:
    found = recording(remedy)
    assert found.remedy == remedy
    assert {"python", "torch", "numpy", "machine", "threads"} <= set(found.made_with)
    assert all(found.made_with.values())
    assert [run.config for run in found.runs] == [config(remedy, seed) for seed in SEEDS]
    for run in found.runs:
        columns = {field.name: np.array(getattr(run.curves, field.name)) for field in fields(Curves)}
        assert {len(values) for values in columns.values()} == {EPOCHS + 1}
        assert all(np.isfinite(values).all() and (values >= 0).all() for values in columns.values())
        shares = [values for name, values in columns.items() if name.endswith("accuracy") or name == "near_zero"]
        assert all((values <= 1).all() for values in shares)
        right = columns["train_accuracy"] * DIGITS, columns["validation_accuracy"] * VALIDATION
        assert all(np.allclose(values, np.rint(values), atol=0.01) for values in right)
        assert sum(run.histogram) == WEIGHTS == 400_400
        assert run.histogram[len(run.histogram) // 2] >= run.curves.near_zero[-1] * WEIGHTS - 1


def test_what_the_prose_says_of_the_recorded_runs() -> None:
    def mean(remedy: Remedy, column: str) -> float:
        return float(np.mean([getattr(run.curves, column)[-1] for run in recording(remedy).runs]))

    for run in recording("none").runs:
        assert run.curves.train_accuracy[-1] == 1
        assert run.curves.train_loss[-1] < 0.01
        assert run.curves.test_loss[-1] > 1.05 * min(run.curves.test_loss)  # it falls, then rises again
    for remedy in REMEDIES[1:]:
        assert mean(remedy, "test_loss") < mean("none", "test_loss")
        more = mean(remedy, "test_accuracy") > mean("none", "test_accuracy")
        assert more == (remedy not in ("l2", "l1"))  # the penalties make it less sure, and not more often right
    single = {remedy: mean(remedy, "test_accuracy") for remedy in REMEDIES if remedy != "all"}
    assert max(single, key=single.__getitem__) == "augmentation"
    assert mean("l1", "near_zero") > 0.7
    assert mean("l2", "near_zero") < 0.2
    assert mean("l2", "squares") < mean("none", "squares") / 3


def test_a_recorded_run_can_be_made_again() -> None:
    """The first two epochs of the run with every remedy, to a tolerance for other processors' rounding."""
    again = [row for row, _ in itertools.islice(measured(config("all", 1), load("mnist")), 3)]
    for column, values in zip(fields(Curves), zip(*again, strict=True), strict=True):
        recorded = getattr(record_of("all", 1).curves, column.name)[:3]
        tolerance = 0.02 if column.name.endswith("accuracy") else 0
        np.testing.assert_allclose(values, recorded, rtol=0.02, atol=tolerance, err_msg=column.name)


def test_measuring_changes_nothing_of_the_run() -> None:
    """The dropout that follows is the one that a run without measurements between its epochs has."""
    few = excerpt(96, 20)
    run = replace(config("all", 3), subset=64)
    run = replace(run, recipe=replace(run.recipe, epochs=3, batch_size=32))
    *_, (_, weights) = measured(run, few)
    np.testing.assert_array_equal(weights, weights_of(network_of(snapshots_of(run, few)[-1])))


def test_validation_digits_are_no_training_digits() -> None:
    labels = load("mnist").train_labels
    for seed in SEEDS:
        other = held_out(labels, DIGITS, seed)
        assert len(np.unique(other)) == VALIDATION
        assert not np.isin(other, subset_indices(labels, DIGITS, seed)).any()


def test_the_rate_after_an_epoch_is_the_loops() -> None:
    run = config("none", 0)
    steps = -(-DIGITS // run.recipe.batch_size)
    rate = schedule("cosine", steps * EPOCHS)
    for epoch in (0, 1, 17, 39):
        assert rate_after(run, epoch) == pytest.approx(run.recipe.learning_rate * rate(steps * epoch), rel=1e-12)


def test_augmented_digits_are_shifted_copies() -> None:
    image = load("mnist").train_images[:1]
    np.testing.assert_array_equal(augmented(image, 0, 0.0, 5), image)
    framed = np.pad(image[0], 2)
    places = {framed[y : y + 28, x : x + 28].tobytes() for y in range(5) for x in range(5)}
    copies = augmented(np.repeat(image, 40, axis=0), 2, 0.0, 5)
    made = {copy.astype(np.uint8).tobytes() for copy in copies}
    assert made <= places
    assert len(made) > 5
    np.testing.assert_array_equal(copies, augmented(np.repeat(image, 40, axis=0), 2, 0.0, 5))


def test_weights_are_those_of_layers_without_biases() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(4, 5))
    weights = weights_of(network)
    assert len(weights) == 2 * 9 + 4 * 5
    np.testing.assert_array_equal(weights[:18], network[0].weight.detach().numpy().ravel())  # type: ignore[operator]
