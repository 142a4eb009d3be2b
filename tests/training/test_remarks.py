from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from explainer.networks.presets import PRESETS
from explainer.training import remarks
from explainer.training.config import Recipe, RunConfig
from explainer.training.engine import FIRST, Place
from explainer.training.job import State
from explainer.training.snapshot import Divergence, Point


def remark(config: RunConfig, state: State, place: Place = FIRST) -> str:
    """In English."""
    return str(remarks.remark(config, state, place))


CONFIG = RunConfig(PRESETS["first-steps"], Recipe(learning_rate=0.5))


def point(train: float, test: float, loss: float = 0.1, epoch: float = 2.0) -> Point:
    return Point(
        step=938,
        epoch=epoch,
        seconds=9.0,
        examples_per_second=13_000.0,
        learning_rate=0.5,
        train_loss=loss,
        train_accuracy=train,
        test_loss=loss,
        test_accuracy=test,
        test_digits=10_000,
    )


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(1), "1 run ahead of yours. Everybody's first run comes before anybody's second, and after 30 s"),
        (Place(3, 18.0), "3 runs ahead of yours, about 20 s. Everybody's first run"),
        (Place(1, 0.0), "1 run ahead of yours, about 5 s. "),
        (Place(2, 54.0), "2 runs ahead of yours, about 55 s. "),
        (Place(2, 58.0), "2 runs ahead of yours, about 1 min. "),
        (Place(99, 601.0), "99 runs ahead of yours, about 11 min. "),
    ],
)
def test_a_waiting_run_says_how_many_are_ahead_how_long_and_by_which_rule(place: Place, said: str) -> None:
    assert remark(CONFIG, State("waiting"), place).startswith(said)


def test_a_run_that_nobody_is_ahead_of_starts() -> None:
    assert remark(CONFIG, State("waiting"), Place(0, 0.0)) == "Starting."


@pytest.mark.parametrize("points", [(), (replace(point(0, 0.1), step=0, train_accuracy=None),), (point(0.9, 0.9),)])
def test_a_run_that_failed_and_does_not_say_why_is_no_network_that_guesses(points: tuple[Point, ...]) -> None:
    assert remark(CONFIG, State("failed", points)) == "The run broke off, and nothing tells why. Train it again."


def test_a_run_that_was_stopped_before_its_first_report_has_nothing_to_see() -> None:
    assert remark(CONFIG, State("stopped")) == "The run was stopped before its first step: there is nothing to see."


def test_a_failed_run_says_why() -> None:
    assert remark(CONFIG, State("failed", (point(0.9, 0.9),), message="The disk is full.")) == "The disk is full."


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("gradient", "the weights of Convolution 2 are no longer numbers"),
        ("activation", "the output of Convolution 2 has grown beyond what a number can hold"),
        ("loss", "the loss is no longer a number"),
    ],
)
def test_a_diverged_run_names_the_layer_the_step_and_a_smaller_rate(what: str, said: str) -> None:
    text = remark(CONFIG, State("diverged", divergence=Divergence(17, "convolution_2", what)))
    assert "at step 17" in text
    assert said in text
    assert "a learning rate of 0.05," in text


@pytest.mark.parametrize(("rate", "said"), [(100.0, "10"), (0.3, "0.03"), (1e-4, "0.00001"), (5e-5, "0.000005")])
def test_a_smaller_rate_is_written_out(rate: float, said: str) -> None:
    config = replace(CONFIG, recipe=Recipe(learning_rate=rate))
    diverged = remark(config, State("diverged", divergence=Divergence(17, "convolution_2", "loss")))
    assert f"try a learning rate of {said}," in diverged
    grown = remark(config, State("running", (point(0.1, 0.1, loss=1000.0),)))
    assert grown.endswith(f"Try a learning rate of {said}.")


def test_counts_the_mistakes() -> None:
    text = remark(CONFIG, State("running", (point(0.9852, 0.9841),)))
    assert text.startswith("After 2 epochs it misreads 159 of 10,000 test digits")
    assert "no overfitting yet" in text


@pytest.mark.parametrize(
    ("epoch", "said"), [(1.0, "1 epoch"), (0.5, "0.5 epochs"), (12.34, "12 epochs"), (100.0, "100 epochs")]
)
def test_epochs_are_counted_as_people_do(epoch: float, said: str) -> None:
    assert remark(CONFIG, State("running", (point(0.98, 0.98, epoch=epoch),))).startswith(f"After {said} it misreads")


def test_names_overfitting_by_its_gap() -> None:
    text = remark(CONFIG, State("running", (point(1.0, 0.975),)))
    assert "misreads 250 of 10,000 test digits, but far fewer of those that it trains on" in text
    assert text.endswith("100.00 % of these and 97.50 % of the test digits, 2.5 points apart. It overfits.")


@pytest.mark.parametrize(
    ("train", "test"), [(0.3, 0.285), (0.62, 0.6), (0.215, 0.2), (0.9957, 0.9903)], ids=lambda share: f"{share:.2%}"
)
def test_a_gap_that_is_small_beside_the_errors_or_in_points_is_told_and_not_judged(train: float, test: float) -> None:
    for network in (PRESETS["first-steps"], replace(PRESETS["first-steps"], reads="colour")):
        text = remark(replace(CONFIG, network=network), State("running", (point(train, test),)))
        assert text.endswith(f"{100 * (train - test):.2f} points apart.") and "fewer" not in text
        assert f"misreads {round(10_000 * (1 - test)):,} of 10,000" in text


def test_a_training_accuracy_of_few_digits_may_be_high_by_chance() -> None:
    # the last point of the curves is of 128 digits: two standard errors of 90 % are 5 points
    before = replace(point(0.85, 0.0), step=937, test_accuracy=None, test_loss=None, test_digits=0)
    assert "overfit" not in remark(CONFIG, State("running", (before, point(0.90, 0.85)))).replace("no overfitting", "")
    assert "It overfits." in remark(CONFIG, State("running", (point(0.90, 0.85),)))


@pytest.mark.parametrize(
    ("test", "digits", "is_learned"),
    [(0.19, 10_000, True), (0.1135, 10_000, False), (0.13, 1_000, False), (0.16, 1_000, True)],
)
def test_more_than_chance_brings_is_learned(test: float, digits: int, is_learned: bool) -> None:
    """11.35 % of the test digits are ones: who always says 1 has learned nothing."""
    tested = replace(point(test, test, loss=9.0), test_digits=digits)
    assert ("nothing is learned" not in remark(CONFIG, State("running", (tested,)))) == is_learned


def test_compares_with_what_it_did_on_training_digits_when_it_was_tested() -> None:
    tested = point(0.97, 0.965)
    later = replace(point(1.0, 0.0), step=1126, epoch=2.4, test_accuracy=None, test_loss=None, test_digits=0)
    assert "no overfitting yet" in remark(CONFIG, State("running", (tested, later)))


def test_a_gap_that_a_small_test_may_show_by_chance_is_no_overfitting() -> None:
    # two standard errors of 97 % on 1,000 digits are 1.1 points
    small = replace(point(0.9805, 0.97), test_digits=1_000)
    assert "no overfitting yet" in remark(CONFIG, State("running", (small,)))
    assert "It overfits" in remark(CONFIG, State("running", (replace(small, test_digits=10_000),)))


def test_a_network_that_has_not_seen_all_digits_does_not_overfit() -> None:
    # its training digits of the moment were read by weights that are newer on average
    text = remark(CONFIG, State("running", (point(0.9, 0.86, epoch=0.33),)))
    assert text.endswith("4.00 points apart.")
    assert "overfit" not in text


def test_explains_why_training_digits_can_do_worse() -> None:
    state = State("running", (point(0.95, 0.98),))
    dropout = replace(CONFIG, network=replace(CONFIG.network, dropout=0.5))
    shifted = replace(CONFIG, recipe=Recipe(shift=2))
    said = remark(dropout, state)
    assert (
        "95.00 % of the digits it trains on and 98.00 % of the test digits, 3.00 points more, because dropout" in said
    )
    assert "dropout is on only while it trains" in said
    assert "only those are moved and turned" in remark(shifted, state)


def test_notices_a_network_that_only_guesses() -> None:
    text = remark(CONFIG, State("running", (point(0.1, 0.1, math.log(10)),)))
    assert text.startswith("It still guesses: its loss stays at 2.30")


def test_an_untrained_network_guesses() -> None:
    untrained = replace(point(0, 0.1), step=0, train_accuracy=None)
    assert "about one digit in ten" in remark(CONFIG, State("running", (untrained,)))


def test_notices_a_loss_that_grows() -> None:
    exploded = replace(point(0.1, 0.1), train_loss=3.5e10)
    text = remark(CONFIG, State("running", (exploded,)))
    assert text.startswith("Its loss has grown to 3.5e+10")
    assert "a learning rate of 0.05." in text


def test_where_runs_keep_their_places_nobody_is_promised_room() -> None:
    said = remark(CONFIG, State("waiting"), Place(2, 20.0, is_shared=False))
    assert said == "2 runs ahead of yours, about 20 s. Everybody's first run comes before anybody's second."


def test_a_gap_is_told_in_numbers() -> None:
    text = remark(CONFIG, State("running", (point(0.9927, 0.9903),)))
    assert (
        "99.27 % of the digits it trains on and 99.03 % of the test digits, 0.24 points apart: no overfitting" in text
    )


def test_at_chance_level_nothing_is_learned_and_nothing_overfits() -> None:
    text = remark(CONFIG, State("running", (point(0.12, 0.1, loss=9.0),)))
    assert "10.0 % of the test digits" in text and "nothing is learned yet" in text and "overfit" not in text


def test_before_the_first_test_it_tells_what_it_reads_of_its_training_digits() -> None:
    early = replace(point(0.8, 0), test_accuracy=None, test_loss=None, test_digits=0)
    assert remark(CONFIG, State("running", (early,))).startswith("It reads 80.0 % of the digits it trains on")


def test_loaded_weights_are_a_test_result_and_no_run() -> None:
    loaded = replace(point(0, 0.991), step=1, train_accuracy=None, train_loss=None)
    assert remark(CONFIG, State("finished", (loaded,))).startswith(
        "These weights have a test accuracy of 99.10 % on 10,000 digits."
    )


def test_a_rate_is_written_as_people_write_it() -> None:
    fast = replace(CONFIG, recipe=Recipe(learning_rate=100.0))
    assert "a learning rate of 10," in remark(fast, State("diverged", divergence=Divergence(3, "logits", "loss")))


def test_what_label_smoothing_adds_is_told_in_numbers() -> None:
    config = replace(CONFIG, recipe=Recipe(label_smoothing=0.1))
    state = State("running", (replace(point(0.99, 0.98, loss=0.05), smoothed_loss=0.5437),))
    said = str(remarks.smoothing(config, state))
    assert "With label smoothing of 0.1" in said
    assert "0.544 where the curve has 0.05, and never below 0.5," in said
    assert remarks.smoothing(CONFIG, State("running", (point(0.99, 0.98),))) is None
    assert remarks.smoothing(config, State("running")) is None
    broken = replace(point(0.1, 0.1), train_loss=math.inf, smoothed_loss=math.inf)
    assert remarks.smoothing(config, State("diverged", (broken,))) is None


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.3])
def test_no_reader_has_a_smaller_smoothed_loss_than_the_least(share: float) -> None:
    """As PyTorch has the loss: at the smoothed labels themselves it is the least, and a bit beside them more."""
    label = torch.tensor([3])
    labels = (1 - share) * functional.one_hot(label, 10) + share / 10
    least = remarks.least_smoothed(share)
    at_labels = functional.cross_entropy(labels.double().clamp(min=1e-12).log(), label, label_smoothing=share)
    assert at_labels.item() == pytest.approx(least, abs=1e-8)
    for beside in torch.randn(50, 1, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64):
        logits = labels.double().clamp(min=1e-12).log() + 0.1 * beside
        assert functional.cross_entropy(logits, label, label_smoothing=share).item() >= least - 1e-8
