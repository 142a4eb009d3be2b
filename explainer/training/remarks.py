"""What to notice about a run at this moment: one sentence, computed from what the run has reported."""

from __future__ import annotations

import math
from collections.abc import Sequence

from explainer.networks.plan import key, layers, title
from explainer.training.config import RunConfig
from explainer.training.engine import FIRST, Place
from explainer.training.fair_queue import SHARE
from explainer.training.job import State
from explainer.training.snapshot import Divergence, Point
from explainer.words.book import Said

CLASSES = 10
CHANCE_LOSS = math.log(CLASSES)
COMMONEST = 0.1135  # of MNIST's test digits are ones: what a network gets that always says 1
SURE = 2  # standard errors, beyond which a difference is hardly chance
FAR_MORE = 1.5  # times as many errors on the test set as on the training set, which only overfitting makes

OF_COLOUR = {  # sentences of digits, and what they are of pictures in colour
    "remarks.apart": "remarks.colour.apart",
    "remarks.augmentation": "remarks.colour.augmentation",
    "remarks.dropout": "remarks.colour.dropout",
    "remarks.guesses": "remarks.colour.guesses",
    "remarks.no_overfitting": "remarks.colour.no_overfitting",
    "remarks.nothing_learned": "remarks.colour.nothing_learned",
    "remarks.overfits": "remarks.colour.overfits",
    "remarks.tested": "remarks.colour.tested",
    "remarks.untested": "remarks.colour.untested",
    "remarks.untrained": "remarks.colour.untrained",
}
RULE = Said("remarks.rule", seconds=SHARE)
RULE_OF_WHOLE_RUNS = Said("remarks.rule_of_whole_runs")


def remark(config: RunConfig, state: State, place: Place = FIRST) -> Said | str:
    """One sentence for the state that a run is in, at its ``place`` in the queue."""
    if state.status == "waiting":
        rule = RULE if place.is_shared else RULE_OF_WHOLE_RUNS
        return _queued("waiting", place, rule=rule) if place.ahead else Said("remarks.starting")
    if ended := _ended(config, state):
        return ended
    tested = last_test(state.points)
    trained = last_train([point for point in state.points if tested and point.step <= tested.step])
    if tested and tested.test_accuracy is not None and is_loaded(state):
        return _said(config, "remarks.tested", accuracy=tested.test_accuracy, digits=tested.test_digits)
    if tested is None or trained is None:
        return _untested(config, last_train(state.points))
    return _progress(config, tested, trained, _trained_on(config, state.points, trained))


def _said(config: RunConfig, key: str, **values: Said | float) -> Said:
    """The sentence of ``key``, which is of digits, or that of pictures in colour."""
    return Said(OF_COLOUR[key] if config.network.reads == "colour" else key, **values)


def _ended(config: RunConfig, state: State) -> Said | str:
    """Why there is nothing more to come, empty where it goes on or its results tell more."""
    if state.message:
        return state.message
    if state.divergence:
        return divergence(config, state.divergence)
    if state.status == "failed":
        return Said("remarks.failed")
    return Said("remarks.stopped") if state.status == "stopped" and not state.points else ""


def smoothing(config: RunConfig, state: State) -> Said | None:
    """What label smoothing adds to the training loss that is drawn; None without it, and before the first step."""
    share = config.recipe.label_smoothing
    trained = last_train(state.points)
    if not share or trained is None or trained.smoothed_loss is None or trained.train_loss is None:
        return None
    if not math.isfinite(trained.smoothed_loss) or not math.isfinite(trained.train_loss):
        return None
    values = {"smoothed": trained.smoothed_loss, "least": least_smoothed(share), "plain": trained.train_loss}
    return Said("remarks.smoothing", share=share, **values)


def least_smoothed(share: float, classes: int = 10) -> float:
    """The least cross-entropy with label smoothing: that of probabilities which are the smoothed labels themselves."""
    other = share / classes
    true = 1 - share + other
    return -true * math.log(true) - (classes - 1) * (other * math.log(other) if other else 0.0)


def ahead(place: Place) -> Said:
    """How many runs come before one that waits, and when its turn is, if that is known: "1 run ahead, about 20 s"."""
    return _queued("ahead", place)


def _queued(form: str, place: Place, **values: Said) -> Said:
    """The sentence of this ``form`` that tells the time as far as it is known."""
    if place.seconds is None:
        return Said(f"remarks.{form}", count=place.ahead, **values)
    if place.seconds < 55:
        return Said(
            f"remarks.{form}_seconds", count=place.ahead, time=max(5 * math.ceil(place.seconds / 5), 5), **values
        )
    return Said(f"remarks.{form}_minutes", count=place.ahead, time=math.ceil(place.seconds / 60), **values)


def is_loaded(state: State) -> bool:
    """Whether its weights were brought: it has a test result, and nothing that was trained here."""
    return state.status == "finished" and last_test(state.points) is not None and last_train(state.points) is None


def last_test(points: Sequence[Point]) -> Point | None:
    """The last point that measured the test set, of a trained network."""
    return next((point for point in reversed(points) if point.test_accuracy is not None and point.step), None)


def last_train(points: Sequence[Point]) -> Point | None:
    """The last point of the training curves."""
    return next((point for point in reversed(points) if point.train_accuracy is not None), None)


def _trained_on(config: RunConfig, points: Sequence[Point], trained: Point) -> int:
    """How many digits the training accuracy of the point ``trained`` is of: those since the point before it."""
    before = max((point.step for point in points if point.step < trained.step), default=0)
    return max(trained.step - before, 1) * config.recipe.batch_size


def divergence(config: RunConfig, what: Divergence) -> Said:
    """What broke, where and when, and what to try."""
    rate = config.recipe.learning_rate / 10
    if what.what == "loss":
        return Said("remarks.loss_diverged", step=what.step, rate=rate)
    known = {key(layer) for layer in layers(config.network)}
    layer = title(what.layer) if what.layer in known else what.layer.replace("_", " ")
    return Said(f"remarks.{what.what}_diverged", step=what.step, layer=layer, rate=rate)


def _standard_error(accuracy: float, digits: int) -> float:
    """Of an accuracy that was measured on so many digits, as a share."""
    return math.sqrt(accuracy * (1 - accuracy) / digits)


def _is_guess(tested: Point) -> bool:
    """Whether as many are right as chance, or always the same answer, can bring."""
    assert tested.test_accuracy is not None
    return tested.test_accuracy <= COMMONEST + SURE * _standard_error(1 / CLASSES, tested.test_digits)


def _untested(config: RunConfig, trained: Point | None) -> Said:
    if trained is None or trained.train_accuracy is None:
        return _said(config, "remarks.untrained")
    return _said(config, "remarks.untested", train=trained.train_accuracy)


def _epochs(epoch: float) -> Said:
    """To two digits, as many as a sentence wants."""
    return Said("remarks.epochs", count=float(f"{epoch:.2g}"))


def _wrong(tested: Point) -> int:
    assert tested.test_accuracy is not None
    return round((1 - tested.test_accuracy) * tested.test_digits)


def _not_learning(config: RunConfig, tested: Point, trained: Point) -> Said | None:
    """That it diverges or guesses, nothing where it has learned something."""
    assert tested.test_accuracy is not None
    assert tested.test_loss is not None
    if trained.train_loss is not None and trained.train_loss > 10 * CHANCE_LOSS:
        rate = config.recipe.learning_rate / 10
        return Said("remarks.loss_grown", loss=trained.train_loss, chance=CHANCE_LOSS, rate=rate)
    if not _is_guess(tested):
        return None
    if trained.epoch > 0.2 and abs(tested.test_loss - CHANCE_LOSS) < 0.1:
        return _said(config, "remarks.guesses", loss=tested.test_loss, chance=CHANCE_LOSS)
    return _said(config, "remarks.nothing_learned", test=tested.test_accuracy)


def _progress(config: RunConfig, tested: Point, trained: Point, seen: int) -> Said:
    """How many it misreads, and how far from those that it trains on, of which ``seen`` were measured."""
    assert tested.test_accuracy is not None
    assert trained.train_accuracy is not None
    if problem := _not_learning(config, tested, trained):
        return problem
    train, test = trained.train_accuracy, tested.test_accuracy
    counts: dict[str, Said | float] = {"wrong": _wrong(tested), "digits": tested.test_digits}
    counts |= {"epochs": _epochs(tested.epoch), "train": train, "test": test, "gap": 100 * abs(train - test)}
    if train - test < -0.003 and (config.network.dropout or config.network.spatial_dropout):
        return _said(config, "remarks.dropout", **counts)
    if train - test < -0.003 and (config.recipe.shift or config.recipe.rotate):
        return _said(config, "remarks.augmentation", **counts)
    error = math.hypot(_standard_error(test, tested.test_digits), _standard_error(train, seen))
    is_sure, is_far = train - test > SURE * error, 1 - test > FAR_MORE * (1 - train)
    is_wide = train - test > 0.01
    if is_sure and is_far and is_wide and tested.epoch >= 1:
        return _said(config, "remarks.overfits", **counts)
    is_apart = is_sure and (is_far or is_wide)
    return _said(config, "remarks.apart" if is_apart else "remarks.no_overfitting", **counts)
