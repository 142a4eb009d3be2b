"""The second view of "Architectures": SqueezeNet's scores for every place of a photograph, of any size."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.images import fit
from explainer.data.samples import original_size, photograph
from explainer.inspection.score_map import LEAST_SIDE, ScoreMap, score_map
from explainer.inspection.score_map_code import score_formula, score_map_code
from explainer.networks import zoo
from explainer.networks.description import class_keys
from explainer.ui.controls.choice import choice, stepped
from explainer.ui.controls.inputs import FILE, NAMES, PHOTOS, UPLOAD, NoInputError, offer_upload, uploaded
from explainer.ui.frame import page
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import message_of, say
from explainer.words.book import Said
from pages.networks.architectures.score_picture import score_picture

PHOTO, SIDE, CLASS = "ar_photo", "ar_side", "ar_class"
NETWORK = "squeezenet"
SIDES = [str(side) for side in range(128, 513, 32)]
FIRST_PHOTO, FIRST_SIDE = "coffee", "512"


def controls(place: DeltaGenerator) -> None:
    """The photograph, its size, and the class."""
    with place:
        photos = {name: say(NAMES[name]) for name in (*PHOTOS, UPLOAD)}
        photo = choice(say("architectures.scores.photo"), photos, PHOTO, first=FIRST_PHOTO)
        if photo == UPLOAD:
            offer_upload(int(SIDES[-1]))
        stepped(say("architectures.scores.side"), {side: side for side in SIDES}, SIDE, first=FIRST_SIDE)
        try:
            found = _scores(pixels())
        except NoInputError:
            return
        choice(say("architectures.scores.class"), _offered(found), CLASS)


def picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    """The photograph and the map, what they say, and the script that makes the map."""
    try:
        shown = pixels()
    except NoInputError as problem:
        place.info(verbatim(message_of(problem)))
        return
    found = _scores(shown)
    offered = list(_offered(found))
    number = offered.index(chosen) if (chosen := value_of(CLASS)) in offered else 0
    with place:
        score_picture(shown, found, number, _classes(), "ar_scores")
        page.notice(notice(found, shown))
        page.formula(score_formula(found, number, say("architectures.scores.score")))
        st.markdown(say(share(found, number)))
    with below:
        page.pytorch_snippet(_code(shown, found.classes[number]))


def pixels() -> NDArray[np.uint8]:
    """The chosen picture (height, width, 3). Raises NoInputError where none was uploaded, or it is too narrow."""
    photo, side = value_of(PHOTO), int(value_of(SIDE))
    shown: NDArray[np.uint8] = fit(uploaded(), side).rgb if photo == UPLOAD else photograph(photo, side).rgb
    if min(shown.shape[:2]) < LEAST_SIDE:
        raise NoInputError(Said("architectures.scores.too_narrow", least=LEAST_SIDE))
    return shown


def notice(found: ScoreMap, shown: NDArray[np.uint8]) -> Said:
    """How many scores the picture has, and what their means say."""
    height, width = shown.shape[:2]
    rows, columns = found.maps.shape[1:]
    sizes = {"height": height, "width": width, "rows": rows, "columns": columns}
    best = _classes()[found.classes[0]]
    return Said("architectures.scores.notice", **sizes, best=best, score=float(found.scores[0]))


def share(found: ScoreMap, number: int) -> Said:
    """At how many places the class has the highest score of all, and where it is highest."""
    rows, columns = found.maps.shape[1:]
    row, column = divmod(int(found.maps[number].argmax()), columns)
    wins = int((found.best == found.classes[number]).sum())
    at = {"row": row, "column": column, "places": rows * columns}
    name = _classes()[found.classes[number]]
    return Said("architectures.scores.share", count=wins, name=name, top=float(found.maps[number].max()), **at)


def _offered(found: ScoreMap) -> dict[str, str]:
    """The five classes, best first, by their identifiers."""
    keys = class_keys(_classes())
    return {keys[each]: _classes()[each] for each in found.classes}


def _classes() -> tuple[str, ...]:
    return zoo.load(NETWORK).description.classes


def _code(shown: NDArray[np.uint8], number: int) -> str:
    photo = value_of(PHOTO)
    if photo == UPLOAD:
        return score_map_code(FILE, None, number)
    size = None if shown.shape[:2] == original_size(photo) else (shown.shape[0], shown.shape[1])
    return score_map_code(f"assets/images/{PHOTOS[photo].file}", size, number)


def _scores(shown: NDArray[np.uint8]) -> ScoreMap:
    return _computed(shown.tobytes(), shown.shape[:2], shown)


@st.cache_data(max_entries=32, show_spinner=False)
def _computed(pixels: bytes, size: tuple[int, ...], _shown: NDArray[np.uint8]) -> ScoreMap:  # noqa: ARG001
    return score_map(zoo.load(NETWORK), _shown)
