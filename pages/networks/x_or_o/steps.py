"""The view "Two steps of backpropagation" of the page "X or O"."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.delta_generator import DeltaGenerator

from explainer.networks import by_hand
from explainer.networks.by_hand import Floats, Step
from explainer.networks.by_hand_code import steps_code, steps_formula
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.frame import page
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.networks.x_or_o import network, state
from pages.networks.x_or_o.two_steps import two_steps

RATE, TRUTH = "xo_rate", "xo_truth"
RATES = {each: each for each in ("0.01", "0.05", "0.1", "0.2", "0.5", "1", "2")}
FIRST_RATE = "0.1"
COUNT = 2
TRUTHS = ("x", "o")


def controls(place: DeltaGenerator) -> None:
    with place:
        stepped(say("x_or_o.controls.rate"), RATES, RATE, first=FIRST_RATE)
        network.choose_picture()
        if value_of(state.PICTURE) == state.DRAWING:
            segmented(say("x_or_o.controls.truth"), labels("x_or_o.classes.{}", TRUTHS), TRUTH)


def picture(place: DeltaGenerator) -> str:
    """Draws two steps and says what they change; returns the code for them. Raises PictureError."""
    pixels, weights, rate = state.pixels(), state.weights(), float(value_of(RATE))
    label = state.label()
    if label is None:
        label = TRUTHS.index(value_of(TRUTH))
    made = by_hand.steps(pixels, label, weights, rate, COUNT)
    after = by_hand.steps(pixels, label, made[-1].after, rate, 1)[0]
    with place:
        two_steps(pixels, label, made, rate, "xo_steps")
        page.notice(notice(made, after.error, label))
        page.formula(*steps_formula(made[0], rate))
    return steps_code(pixels, label, weights, rate, COUNT)


def notice(made: Sequence[Step], after: float, label: int) -> Said:
    """What the error does in these steps, and how few places hand the gradient on."""
    gradient: Floats = made[0].gradient.maps[0]
    key = "x_or_o.falls" if after < made[0].error else "x_or_o.rises"
    return Said(
        key,
        before=made[0].error,
        after=after,
        truth=network.CLASSES[label],
        places=int((gradient != 0).sum()),
        all=gradient.size,
    )
