"""What a visitor has chosen, drawn and dragged, all of it in the address."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.networks.by_hand import ARTICLE, CLASSES, FEATURES, KERNEL, LISTED, Weights
from explainer.networks.xo_pictures import PICTURES, numbers_of, numbers_text, pixels_of, text_of
from explainer.ui.frame import address
from explainer.ui.frame.widget_values import value_of
from pages.networks.x_or_o.hand_network import made

PICTURE, DRAWN, FEATURE_WEIGHTS, VOTE_WEIGHTS = "xo_picture", "xo_pixels", "xo_features", "xo_votes"
NETWORK = "xo_network"  # the component
DRAWING = "drawing"
MOST_FEATURE, MOST_VOTE = 2.0, 1.0
_FIRST = {
    DRAWN: text_of(PICTURES["x"].pixels),
    FEATURE_WEIGHTS: numbers_text(ARTICLE.features),
    VOTE_WEIGHTS: numbers_text(ARTICLE.votes),
}


def pixels() -> NDArray[np.float64]:
    """The chosen picture (9, 9), or what is drawn. Raises PictureError for a link with another text."""
    text = _linked(DRAWN)
    name = value_of(PICTURE)
    return pixels_of(text) if name == DRAWING else PICTURES[name].pixels


def label() -> int | None:
    """What the chosen picture shows, 0 for X and 1 for O; None of a drawing."""
    name = value_of(PICTURE)
    return None if name == DRAWING else PICTURES[name].label


def weights() -> Weights:
    """The article's weights, or what they were dragged to. Raises PictureError for a link with another text."""
    features = numbers_of(_linked(FEATURE_WEIGHTS), FEATURES * KERNEL**2, MOST_FEATURE)
    votes = numbers_of(_linked(VOTE_WEIGHTS), CLASSES * LISTED, MOST_VOTE)
    return Weights(features.reshape(FEATURES, KERNEL, KERNEL), votes.reshape(CLASSES, LISTED))


def take_made() -> None:
    """The visitor has drawn or dragged: from now on that is what is chosen."""
    found = made(st.session_state.get(NETWORK, {}).get("made"))
    if found is None:
        return
    name = value_of(PICTURE)
    if name == DRAWING or text_of(PICTURES[name].pixels) != found.pixels:
        st.session_state[PICTURE] = DRAWING
        st.session_state[DRAWN] = found.pixels
    st.session_state[FEATURE_WEIGHTS] = found.features
    st.session_state[VOTE_WEIGHTS] = found.votes


def _linked(key: str) -> str:
    """A text that the address holds where it is not the first one."""
    first, said = _FIRST[key], address.said(key, key)
    if said.values or said.decides:
        st.session_state[key] = said.values[-1] if said.values else first
    text: str = st.session_state.setdefault(key, first)
    address.say(key, () if text == first else (text,))
    return text
