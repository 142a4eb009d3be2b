"""What the page "Segmentation" shows of its networks: the watched pictures beside the curves, and how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures.learning import Baseline, Curve, Titles, run_figure
from explainer.tasks.segmentation.baselines import baselines
from explainer.tasks.segmentation.config import SIZES, UNetConfig
from explainer.tasks.segmentation.data import WatchedPictures
from explainer.tasks.segmentation.looking import field_of
from explainer.tasks.segmentation.reports import PictureResults, SegmentationPoint, SegmentationViews
from explainer.tasks.segmentation.segmentation_formula import loss_formula, psnr_formula
from explainer.tasks.segmentation.stages import stages
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.moments import choose_moment
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import labels, language, say
from pages.tasks.segmentation import slots, state, words
from pages.tasks.segmentation.pixel_tiles import ChosenPixel, PixelTile, encode, pixel_tiles
from pages.tasks.segmentation.slots import Slot
from pages.tasks.segmentation.state import Shown
from pages.tasks.segmentation.u_picture import u_picture

HEIGHT = 400  # of the curves, in pixels
TILES = "segmentation-tiles"  # the name of the feed
# Of the pictures and of the curves: slices are taller
_RATIOS = {"digits": (1.3, 1.0), "brain": (1.0, 1.0), "cutouts": (1.3, 1.0)}


def pictures(own: Shown, twin: Shown | None, drawn_slots: Sequence[Slot], columns: int, layer: str) -> None:
    """The watched pictures, and the curves beside them; below them the sentence and the formula."""
    truth, chosen = state.watched_of(own.config), state.pixel(own.config)
    left, right = st.columns(_RATIOS[own.config.data], gap="small")
    with left:
        pixel_tiles(
            [_tile(truth, slot, own, twin) for slot in drawn_slots],
            words.classes(own.config),
            ChosenPixel(*chosen, field_of(own.config, *chosen[1:])),
            state.STAGE,
            columns=columns,
            mode="errors" if layer == "errors" else "overlap" if layer == "overlap" else "classes",
            of=_looked_at(own, truth, chosen),
            feed=TILES,
            on_pixel=state.take_pressed,
        )
        if own.run is not None:
            choose_moment(own.run, language(), key=state.MOMENT, title=words.moment)
    with right:
        _curves(own, twin)
    page.notice(words.notice(own, twin))
    page.formula(*_formulas(own))


def _looked_at(own: Shown, truth: WatchedPictures, pixel: tuple[int, int, int]) -> int:
    """The class whose overlap is drawn: the true one of the pixel, or the one it is called where that is nothing."""
    if own.views.classes is None:
        return 0
    return int(truth.targets[pixel]) or int(own.views.classes[pixel])


def network(own: Shown) -> None:
    """The network as a U, with its skips to press."""
    config = own.config
    is_unet = config.network == "u-net"
    title = "segmentation.network.title" if is_unet else "segmentation.network.fcn"
    st.markdown(say(title, count=config.parameters))
    inputs = (config.inputs, *SIZES[config.data])
    u_picture(stages(config), inputs, config.skips if is_unet else (), state.U, state.take_skips)


def tiles_news(
    truth: WatchedPictures, drawn_slots: Sequence[Slot], is_twin: bool, views: SegmentationViews
) -> dict[str, dict[str, Any]]:
    """What the pictures get while a run goes."""
    return {TILES: encode(slots.news(truth, drawn_slots, views, is_twin=is_twin))}


def _tile(truth: WatchedPictures, slot: Slot, own: Shown, twin: Shown | None) -> PixelTile:
    of = twin if slot.is_twin and twin else own
    caption = words.caption(slot, has_twin=twin is not None)
    pixels = slots.under(truth, slot, of.views)
    if of.config.task != "segment":
        return PixelTile(slot.picture, caption, pixels)
    right = truth.targets[slot.picture]
    if slot.kind == "input":
        return PixelTile(slot.picture, caption, pixels)
    return PixelTile(
        slot.picture, caption, pixels, right if slot.kind == "truth" else slots.changed(truth, slot, of.views), right
    )


def _formulas(own: Shown) -> list[str]:
    last = own.points[-1] if own.points else None
    made = [loss_formula(own.config, words.background_now(own), last.parts if last else None)]
    if isinstance(own.results, PictureResults):
        made.append(psnr_formula(own.results.mean_psnr))
    return made


def _curves(own: Shown, twin: Shown | None) -> None:
    both = [(own, False), *([(twin, True)] if twin else [])]
    parts = [curve for shown, is_twin in both for curve in _parts(shown, is_twin)]
    is_told = own.config.task == "segment"
    quality = [_quality(shown, is_twin) for shown, is_twin in both]
    titles = Titles(
        say("segmentation.chart.losses"),
        say("segmentation.chart.iou") if is_told else say("segmentation.chart.psnr"),
        say("segmentation.chart.pictures"),
    )
    figure = drawn(
        run_figure,
        parts,
        quality,
        titles,
        end=max(shown.config.scenes for shown, _ in both),
        limits=(0, 1.03) if is_told else _limits(quality, own),
        dark=page.is_dark(),
        height=HEIGHT,
        baselines=_levels(own),
        looked_at=float(_seen(own.points, own.config)[-1]) if own.is_earlier else None,
        panes=((0.66, 1.0), (0.0, 0.42)),
    )
    live_chart(figure, say("segmentation.chart.alt"), "sg_curves")


def _parts(shown: Shown, is_twin: bool) -> list[Curve]:
    names = labels("segmentation.parts.{}", shown.config.parts).values()
    return [
        Curve(
            name,
            _seen(shown.curve, shown.config),
            _column([point.parts[at] if point.parts else None for point in shown.curve]),
            is_twin,
        )
        for at, name in enumerate(names)
    ]


def _quality(shown: Shown, is_twin: bool) -> Curve:
    is_told = shown.config.task == "segment"
    values = [point.mean_iou if is_told else point.psnr for point in shown.curve]
    return Curve(words.own_name(is_twin=is_twin), _seen(shown.curve, shown.config), _column(values), is_twin)


def _levels(own: Shown) -> list[Baseline]:
    if (known := baselines(own.config)) is not None:
        named = (say("segmentation.chart.neighbour"), known.neighbour), (say("segmentation.chart.table"), known.table)
        return [Baseline(name, value) for name, value in named]
    plain = own.results.mean_input_psnr if isinstance(own.results, PictureResults) else None
    return [] if plain is None else [Baseline(say("segmentation.chart.input"), plain)]


def _limits(quality: Sequence[Curve], own: Shown) -> tuple[float, float]:
    """In dB, with all that is known in sight."""
    values = np.concatenate([curve.values for curve in quality] + [[level.value for level in _levels(own)]])
    known = values[np.isfinite(values)]
    return (float(known.min()) - 2, float(known.max()) + 3) if known.size else (0.0, 40.0)


def _seen(points: Sequence[SegmentationPoint], of: UNetConfig) -> NDArray[np.float64]:
    return np.array([min(point.step * of.batch_size, of.scenes) for point in points], dtype=np.float64)


def _column(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
