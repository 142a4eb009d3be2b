"""One pixel of a picture: its classes, what it looked at, and the maps that it was made from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.detection import class_figure
from explainer.tasks.segmentation.data import WatchedPictures
from explainer.tasks.segmentation.looking import Floats, PixelView, field_of, watched_pixel
from explainer.ui.components.tiles import Scale, Tile, TileRow, tiles
from explainer.ui.controls.following import seen_of
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.segmentation import state, words
from pages.tasks.segmentation.slots import as_picture
from pages.tasks.segmentation.state import Shown

HEIGHT, MOST = 230, 5  # of the bars, in pixels; maps of a stage
_SIZE, _LARGE = 64, 150  # of the maps and of the gradient, in pixels
_ENCODER = ("down1", "down2", "down3", "down4")


def one_pixel(own: Shown, truth: WatchedPictures) -> None:
    """Of the pixel that is looked at, as the network of the latest measurement sees it."""
    picture, row, column = state.pixel(own.config)
    view = watched_pixel(own.config, own.state.weights if own.state else None, picture, row, column)
    at = {"picture": picture + 1, "row": row + 1, "column": column + 1}
    after = words.tested_after(own)
    is_latest = after == seen_of(own.state, own.config)
    earlier = Said("segmentation.pixel.earlier", **at, after=after)
    st.markdown(say("segmentation.pixel.title", **at) if is_latest else say(earlier))
    left, right = st.columns((1.2, 1), gap="medium")
    with left:
        _answer(own, truth, view)
    with right:
        _looked_at(own, truth, view)
    st.markdown(say(_stages_said(own)))
    _stages(view)


def _stages(view: PixelView) -> None:
    """The way down at the left, the way up at the right, the finest first on both sides."""
    down = [_stage(name, maps) for name, maps in view.maps if name in _ENCODER]
    up = [_stage(name, maps) for name, maps in view.maps if name.startswith(("up", "skip"))]
    left, right = st.columns(2, gap="medium")
    with left:
        tiles(down, "sg_maps_down")
    with right:
        tiles(up[::-1], "sg_maps_up")


def _answer(own: Shown, truth: WatchedPictures, view: PixelView) -> None:
    picture, row, column = state.pixel(own.config)
    if view.probabilities is None:
        target = truth.targets[picture, :, row, column]
        for channel, value in enumerate(view.logits):
            st.markdown(
                say(
                    "segmentation.pixel.value",
                    channel=channel + 1,
                    value=255 * float(np.clip(value, 0, 1)),
                    truth=int(target[channel]),
                )
            )
        return
    names = words.classes(own.config).names
    right = int(truth.targets[picture, row, column])
    share = float(view.probabilities[view.chosen])
    st.markdown(say("segmentation.pixel.chosen", name=names[view.chosen], share=share, truth=names[right]))
    values = view.probabilities.astype(np.float64)
    figure = drawn(class_figure, values, right, page.is_dark(), height=HEIGHT, names=names)
    page.chart_below(figure, Said("segmentation.pixel.alt"), "sg_classes")


def _looked_at(own: Shown, truth: WatchedPictures, view: PixelView) -> None:
    picture, row, column = state.pixel(own.config)
    left, top, right, bottom = field_of(own.config, row, column)
    height, width = truth.inputs.shape[2:]
    said = {"rows": bottom - top, "columns": right - left}
    is_all = (left, top, right, bottom) == (0, 0, width, height)
    st.markdown(say("segmentation.pixel.all", **said) if is_all else say("segmentation.pixel.field", **said))
    grey = as_picture(truth.inputs[picture])
    shown = grey if grey.ndim == 2 else grey.mean(axis=2)
    looked = [
        TileRow(say("segmentation.pixel.input"), (Tile(shown.astype(np.float32)),), "grey", 255.0, _LARGE),
        TileRow(say("segmentation.pixel.gradient"), (Tile(view.gradient),), "sequential", None, _LARGE),
    ]
    for place, each, key in zip(st.columns(2), looked, ("sg_seen", "sg_gradient"), strict=True):
        with place:
            tiles([each], key)


def _stages_said(own: Shown) -> Said:
    skips = sum(own.config.skips) if own.config.network == "u-net" else 0
    return Said("segmentation.pixel.stages", skips=skips) if skips else Said("segmentation.pixel.no_skips")


def _stage(name: str, maps: Floats) -> TileRow:
    count, height, width = maps.shape
    strongest = np.argsort(-np.abs(maps).mean(axis=(1, 2)), kind="stable")[:MOST]
    is_way_down = name in _ENCODER
    size = {"count": count, "height": height, "width": width, "name": name}
    title = say("segmentation.pixel.down", **size) if is_way_down else say("segmentation.pixel.up", **size)
    scale: Scale = "sequential" if maps.min() >= 0 else "diverging"
    return TileRow(title, tuple(Tile(maps[at], f"{at}") for at in sorted(strongest)), scale, None, _SIZE)
