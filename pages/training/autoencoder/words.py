"""What the page "Autoencoder" says in numbers of a network that is trained."""

from __future__ import annotations

from explainer.ui.controls.following import seen_of
from explainer.words.book import Said
from pages.training.autoencoder.state import Shown


def tested(shown: Shown) -> tuple[int, float] | None:
    """After how many digits the network was tested last, and its error then; None before it had learned anything."""
    points = [point for point in shown.points if point.test_error is not None and point.step]
    if not points or points[-1].test_error is None:
        return None
    return min(points[-1].step * shown.config.batch_size, shown.config.scenes), points[-1].test_error


def notice(shown: Shown) -> Said:
    """How far off the digits are that come back, beside the best that a linear map can do."""
    config, known, found = shown.config, shown.known, tested(shown)
    if shown.state is not None and shown.state.status == "diverged":
        return Said("autoencoder.notice.diverged", digits=seen_of(shown.state, config))
    if found is None:
        return _before(shown)
    digits, error = found
    ratio = error / known.linear
    values = {
        "digits": digits,
        "error": error,
        "linear": known.linear,
        "code": config.code,
        "difference": abs(1 - ratio),
    }
    if config.noise:
        return Said("autoencoder.notice.below_noise" if ratio < 1 else "autoencoder.notice.above_noise", **values)
    if config.network == "linear":
        return Said("autoencoder.notice.below_linear" if ratio < 1 else "autoencoder.notice.linear", **values)
    return Said("autoencoder.notice.below" if ratio < 1 else "autoencoder.notice.above", **values)


def _before(shown: Shown) -> Said:
    """What is known before the first test of a network that has learned from anything."""
    is_going, digits = shown.state is not None and shown.state.going, seen_of(shown.state, shown.config)
    if digits and not is_going:
        return Said("autoencoder.notice.untested", digits=digits)
    values = {"mean": shown.known.mean_digit, "linear": shown.known.linear, "code": shown.config.code}
    if is_going:
        return Said("autoencoder.notice.begun", **values)
    return Said("autoencoder.notice.untrained", **values)
