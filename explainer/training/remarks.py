"""What to notice about a run at this moment: one sentence, computed from what the run has reported."""

from __future__ import annotations

import math
from collections.abc import Sequence

from explainer.networks.plan import key, layers
from explainer.training.config import RunConfig
from explainer.training.engine import FIRST, Place
from explainer.training.fair_queue import SHARE
from explainer.training.job import State
from explainer.training.snapshot import Divergence, Point

CHANCE_LOSS = math.log(10)

RULE = (
    f"Everybody's first run comes before anybody's second, and after {SHARE:.0f} s a run makes room for those that "
    "wait; it goes on after them."
)
RULE_OF_WHOLE_RUNS = "Everybody's first run comes before anybody's second."


def remark(config: RunConfig, state: State, place: Place = FIRST) -> str:
    """One sentence for the state that a run is in, at its ``place`` in the queue."""
    if state.status == "waiting":
        rule = RULE if place.is_shared else RULE_OF_WHOLE_RUNS
        return f"{ahead(place)} of yours{soon(place)}. {rule}" if place.ahead else "Starting."
    if state.message:
        return state.message
    if state.divergence:
        return divergence(config, state.divergence)
    tested = last_test(state.points)
    trained = last_train([point for point in state.points if tested and point.step <= tested.step])
    if tested is None or trained is None:
        return "The untrained network guesses: about one digit in ten is right."
    return _progress(config, tested, trained)


def ahead(place: Place) -> str:
    """How many runs come before one that waits: "1 run ahead"."""
    return "1 run ahead" if place.ahead == 1 else f"{place.ahead} runs ahead"


def soon(place: Place) -> str:
    """When its turn is, with a comma before: ", about 20 s"; nothing where that is not known."""
    if place.seconds is None:
        return ""
    if place.seconds < 55:
        return f", about {max(5 * math.ceil(place.seconds / 5), 5)} s"
    return f", about {math.ceil(place.seconds / 60)} min"


def last_test(points: Sequence[Point]) -> Point | None:
    """The last point that measured the test set, of a trained network."""
    return next((point for point in reversed(points) if point.test_accuracy is not None and point.step), None)


def last_train(points: Sequence[Point]) -> Point | None:
    """The last point of the training curves."""
    return next((point for point in reversed(points) if point.train_accuracy is not None), None)


def divergence(config: RunConfig, what: Divergence) -> str:
    """What broke, where and when, and what to try."""
    names = {key(layer): layer.name for layer in layers(config.network)}
    layer = names.get(what.layer, what.layer.replace("_", " "))
    seen = {
        "gradient": f"the weights of {layer} are no longer numbers",
        "activation": f"the output of {layer} has grown beyond what a number can hold",
        "loss": "the loss is no longer a number",
    }[what.what]
    lower = config.recipe.learning_rate / 10
    return (
        f"The run diverged at step {what.step}: {seen}. The steps were too large for this network: try a learning "
        f"rate of {lower:.1g}, batch normalization, or another initialization."
    )


def _standard_error(accuracy: float, digits: int) -> float:
    """Of an accuracy that was measured on so many digits, as a share."""
    return math.sqrt(accuracy * (1 - accuracy) / digits)


def _progress(config: RunConfig, tested: Point, trained: Point) -> str:
    assert tested.test_accuracy is not None
    assert tested.test_loss is not None
    assert trained.train_accuracy is not None
    if trained.train_loss is not None and trained.train_loss > 10 * CHANCE_LOSS:
        return (
            f"Its loss has grown to {trained.train_loss:.3g}, where guessing costs only {CHANCE_LOSS:.2f}: every step "
            f"overshoots. Try a learning rate of {config.recipe.learning_rate / 10:.1g}."
        )
    if trained.epoch > 0.2 and tested.test_accuracy < 0.2 and abs(tested.test_loss - CHANCE_LOSS) < 0.1:
        return (
            f"It still guesses: its loss stays at {tested.test_loss:.2f}, and guessing among ten digits costs "
            f"ln 10 = {CHANCE_LOSS:.2f}. Try another learning rate or initialization."
        )
    wrong = round((1 - tested.test_accuracy) * tested.test_digits)
    result = f"After {tested.epoch:.2g} epochs it misreads {wrong} of {tested.test_digits:,} test digits"
    gap = 100 * (trained.train_accuracy - tested.test_accuracy)
    if gap > max(1.0, 200 * _standard_error(tested.test_accuracy, tested.test_digits)) and tested.epoch >= 1:
        return f"{result}, but far fewer training digits: {gap:.1f} points apart, it overfits."
    if gap < -0.3 and (config.network.dropout or config.network.spatial_dropout):
        return f"{result}; it does worse on the training digits, because dropout is on only while it trains."
    if gap < -0.3 and (config.recipe.shift or config.recipe.rotate):
        return f"{result}; it does worse on the training digits, because only those are moved and turned."
    return f"{result}, and does no better on those it trains on: no overfitting yet."
