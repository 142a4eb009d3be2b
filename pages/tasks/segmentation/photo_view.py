"""The view "On photographs" of the page "Segmentation": one of torchvision's trained networks, and what it sees."""

from __future__ import annotations

import colorsys

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.detection import class_figure
from explainer.networks.pretrained import SEGMENTERS
from explainer.tasks.segmentation.photographs import Segmented, place_of, read_side, thinned
from explainer.tasks.segmentation.photographs_code import photographs_code
from explainer.tasks.segmentation.segmentation_formula import pixel_formula
from explainer.ui.controls.asked import instead
from explainer.ui.controls.inputs import NoInputError
from explainer.ui.controls.photographs import file_of, offer_file
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.segmentation import photo_state
from pages.tasks.segmentation.photo_state import Photograph
from pages.tasks.segmentation.pixel_tiles import ChosenPixel, Classes, PixelTile, pixel_tiles

controls = photo_state.controls
HEIGHT, MOST = 230, 4  # of the bars, in pixels; classes of a pixel
_TOLD = 3  # classes that a pixel tells of where one points at it
_RATIO = (1.9, 1.0)  # of the pictures and of what they say
_GOLDEN = 0.381966  # of a turn of the hues: neighbours differ most


def picture(place: DeltaGenerator, _row: DeltaGenerator) -> str | None:
    """Draws the photograph and its classes; returns the code, None without a photograph."""
    try:
        shown = photo_state.photograph()
    except NoInputError as problem:
        with place:
            page.impossible(problem)
        return None
    with place:
        left, right = st.columns(_RATIO, gap="medium")
        with left:
            _tiles(shown)
        with right:
            _beside(shown)
        offer_file(photo_state.PHOTO, shown.picture, "sg_photo_picture")
    size = shown.picture.size
    row, column = place_of(shown.row, shown.column, *size)
    path = file_of(photo_state.PHOTO)
    return photographs_code(shown.name, path, side=read_side(*size), row=row, column=column)


def classes(found: Segmented) -> Classes:
    """Their names, and a colour for each."""
    names = (say("segmentation.photographs.background"), *found.names[1:])
    return Classes(names, tuple(map(_color, range(len(names)))))


def notice(found: Segmented, title: str) -> Said:
    """How many classes a network finds, and which of them has most pixels."""
    if not found.found:
        return Said("segmentation.photographs.nothing", title=title)
    first, share = found.names[found.found[0]], float(found.shares[found.found[0]])
    return Said("segmentation.photographs.found", title=title, count=len(found.found), name=first, share=share)


def _tiles(shown: Photograph) -> None:
    pixels, found = thinned(shown.picture.rgb), shown.asked.answer
    tiles = [PixelTile(0, say("segmentation.photographs.input"), pixels)]
    if found is not None:
        order, shares = found.likeliest(_TOLD)
        told = np.stack([order, np.rint(100 * shares).astype(np.uint8)], axis=-1).reshape(*order.shape[:2], -1)
        tiles.append(PixelTile(0, say("segmentation.photographs.classes"), pixels, order[..., 0], likely=told))
    pixel_tiles(
        tiles,
        classes(found) if found is not None else Classes((), ()),
        ChosenPixel(0, shown.row, shown.column),
        photo_state.STAGE,
        columns=2,
        on_pixel=photo_state.take_pressed,
    )
    if found is not None:
        logits = found.logits[:, shown.row, shown.column]
        page.formula(pixel_formula(classes(found).names[int(logits.argmax())], logits))


def _beside(shown: Photograph) -> None:
    entry, found = SEGMENTERS[shown.name], shown.asked.answer
    if found is None:
        what = say(f"segmentation.photographs.about.{shown.name}")
        about = Said("segmentation.photographs.offered", title=entry.title, what=what)
        cost = {"download": entry.megabytes, "memory": entry.memory, "iou": entry.quality}
        instead(shown.asked, shown.name, entry, about, say("segmentation.photographs.cost", **cost), key="sg_photo")
        return
    page.notice(notice(found, entry.title))
    _pixel(shown, found)
    _shares(found)
    st.caption(say("segmentation.photographs.stated", title=entry.title, iou=entry.quality))


def _pixel(shown: Photograph, found: Segmented) -> None:
    order, shares = found.likeliest(MOST)
    numbers = order[shown.row, shown.column].tolist()
    values = shares[shown.row, shown.column].astype(np.float64)
    names = [classes(found).names[number] for number in numbers]
    told = {"row": shown.row + 1, "column": shown.column + 1, "name": names[0], "share": float(values[0])}
    st.markdown(say("segmentation.photographs.pixel", **told))
    figure = drawn(class_figure, values, None, page.is_dark(), height=HEIGHT, names=names)
    page.chart_below(figure, Said("segmentation.photographs.alt"), "sg_photo_pixel_classes")


def _shares(found: Segmented) -> None:
    numbers = [*found.found, 0]
    names = [classes(found).names[number] for number in numbers]
    shares = [say("segmentation.photographs.percent", value=float(found.shares[number])) for number in numbers]
    columns = {say("segmentation.photographs.class"): names, say("segmentation.photographs.share"): shares}
    st.table(columns, hide_index=True, border="horizontal")


def _color(number: int) -> str:
    """Black for the background, which is drawn as the picture is; hues for the others."""
    if number == 0:
        return "#000000"
    channels = colorsys.hls_to_rgb(number * _GOLDEN % 1, 0.45 if number % 2 else 0.6, 0.85)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
