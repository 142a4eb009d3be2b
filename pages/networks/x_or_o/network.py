"""The view "Forward" of the page "X or O": the whole network, and what it answers."""

from __future__ import annotations

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from explainer.networks import by_hand
from explainer.networks.by_hand import Floats, Forward, cut
from explainer.networks.by_hand_code import network_code, network_formula
from explainer.networks.xo_pictures import PICTURES, X
from explainer.ui.controls.choice import radio
from explainer.ui.frame import page
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.networks.x_or_o import state
from pages.networks.x_or_o.hand_network import hand_network

ALIKE = 1e-9  # votes that differ by less are a tie
CLASSES = (Said("x_or_o.classes.x"), Said("x_or_o.classes.o"))


def controls(place: DeltaGenerator) -> None:
    with place:
        choose_picture()


def choose_picture() -> None:
    """The pictures, and what the visitor draws."""
    names = labels("x_or_o.pictures.{}", [*PICTURES, state.DRAWING])
    radio(say("x_or_o.controls.picture"), names, state.PICTURE, horizontal=False)


def picture(place: DeltaGenerator) -> str:
    """Draws the network and says what it answers; returns the code for it. Raises PictureError."""
    pixels, weights = state.pixels(), state.weights()
    computed = by_hand.forward(pixels[None], weights)
    with place:
        hand_network(pixels, weights, state.NETWORK, state.take_made)
        page.notice(notice(computed, state.label()))
        page.formula(*network_formula(computed))
    return network_code(pixels, weights)


def notice(computed: Forward, label: int | None) -> Said:
    """Both votes, the answer, and whether it is true of a picture that shows ``label``."""
    votes: Floats = computed.votes[0]
    if abs(votes[0] - votes[1]) < ALIKE:
        return Said("x_or_o.tie", both=cut(float(votes[0])))
    told = {"x": cut(float(votes[0])), "o": cut(float(votes[1]))}
    answer = int(np.argmax(votes))
    if label is None:
        return Said("x_or_o.drawn", **told, answer=CLASSES[answer])
    if answer != label:
        return Said("x_or_o.wrong", **told, answer=CLASSES[answer], truth=CLASSES[label])
    exact = int((computed.listed[0] > 1 - ALIKE).sum())
    if not exact:
        return Said("x_or_o.plain_x" if label == X else "x_or_o.plain_o", **told)
    return Said("x_or_o.right_x" if label == X else "x_or_o.right_o", **told, exact=exact)
