"""The visitor's classes and pictures, above what was learned from them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL import Image

from explainer.figures import theme
from explainer.figures.probabilities import probability_bars
from explainer.lru import Lru
from explainer.tasks.transfer.collection import MOST_NAME, OwnClass, missing, name_of, unpacked
from explainer.tasks.transfer.own_study import config_of, splits, told
from explainer.tasks.transfer.study import AnyStudy
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import language, say
from pages.training.transfer import own_state
from pages.training.transfer.picture_shelf import ShelfPicture, ShelfRow, picture_shelf

_SIDE, _QUALITY = 48, 70  # of a small picture
_TRIED, _BAR, _AXIS = 130, 26, 60  # pixels: of a picture that is tried, of a bar, and of their axis


def pictures(seed: int) -> None:
    """A row a class; those that the first draw holds out are marked."""
    value_of(own_state.CLASSES)  # as many classes as were asked for
    shelf = own_state.shelf()
    held = _held_out(shelf.collection.classes, seed) if not missing(shelf.collection) else frozenset[bytes]()
    rows = [_row(own, held, number, shelf.thumbs) for number, own in enumerate(shelf.collection.classes)]
    picture_shelf(
        rows,
        own_state.chosen(),
        own_state.SHELF,
        longest=MOST_NAME,
        on_chosen=own_state.take_chosen,
        on_named=own_state.take_name,
        on_removed=own_state.take_removed,
    )
    if held:
        st.caption(say("transfer.own.held_out", count=len(held)))


def _held_out(classes: tuple[OwnClass, ...], seed: int) -> frozenset[bytes]:
    collection = own_state.shelf().collection
    _, test = splits(config_of(collection, seed))[0]
    every = [picture for own in classes for picture in own.pictures]
    return frozenset(every[number] for number in test)


def _row(own: OwnClass, held: frozenset[bytes], number: int, thumbs: Lru[str]) -> ShelfRow:
    return ShelfRow(
        own.key,
        own_state.title_of(own.key),
        own_state.name_of(own.key),
        theme.QUALITATIVE[number],
        say("transfer.own.pictures", count=len(own.pictures)),
        [_picture(each, each in held, thumbs) for each in own.pictures],
    )


def _picture(picture: bytes, is_held: bool, thumbs: Lru[str]) -> ShelfPicture:
    name = name_of(picture)
    return ShelfPicture(name, thumbs.get_or_put(name, lambda: _small(picture)), is_held)


def _small(picture: bytes) -> str:
    """As the browser shows it: the address of its data."""
    file = io.BytesIO()
    pixels: np.ndarray = unpacked([picture], _SIDE)[0]
    Image.fromarray(pixels).save(file, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def tried(study: AnyStudy, cut: int, names: Sequence[str]) -> None:
    """What the new layer says of a picture of no class, where there is one."""
    shelf = own_state.shelf()
    if shelf.tried is None:
        return
    shares = told(study, cut, shelf.tried, shelf.features)
    left, right = st.columns((1, 4), vertical_alignment="center")
    left.image(unpacked([shelf.tried])[0], say("transfer.own.tried"), width=_TRIED)
    with right:
        height = _BAR * len(names) + _AXIS
        figure = drawn(probability_bars, shares, names, page.is_dark(), height, language())
        live_chart(figure, say("transfer.own.tried_alt"), "tl_tried")
