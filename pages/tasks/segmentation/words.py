"""What the page "Segmentation" says in numbers."""

from __future__ import annotations

import numpy as np

from explainer.data.cutouts import KINDS
from explainer.tasks.segmentation.baselines import baselines
from explainer.tasks.segmentation.config import CLASSES, UNetConfig, background_weight
from explainer.tasks.segmentation.questions import PALETTE
from explainer.tasks.segmentation.reports import PictureResults, SegmentationResults
from explainer.training.stages import Stage
from explainer.ui.controls.following import seen_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.segmentation.pixel_tiles import Classes
from pages.tasks.segmentation.slots import Slot
from pages.tasks.segmentation.state import Shown

_BLACK = "#000000"  # of the background, which is drawn as the picture is
_MATTER = ("#1098d8", "#f0a030", "#e01060")  # grey, white, other

_OBJECTS = ("#e6194b", "#3cb44b", "#ffe119", "#0082c8", "#f032e6")  # in the order of their kinds


def classes(config: UNetConfig) -> Classes:
    """The names and the colours of a network's classes."""
    if config.data == "brain":
        names = labels("segmentation.matter.{}", ("background", "grey", "white", "other"))
        return Classes(tuple(names.values()), (_BLACK, *_MATTER))
    if config.data == "cutouts":
        names = labels("segmentation.matter.{}", ("background", *KINDS))
        return Classes(tuple(names.values()), (_BLACK, *_OBJECTS))
    digits = tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in PALETTE)
    return Classes((say("segmentation.matter.background"), *map(str, range(CLASSES["digits"] - 1))), (_BLACK, *digits))


def moment(stage: Stage, *, is_latest: bool = False) -> Said:
    """What a moment of a run is called: the pictures that it had learned from, and how good it was then."""
    pictures, results, key = round(1_000 * stage.epoch), stage.results, "latest" if is_latest else "then"
    if isinstance(results, SegmentationResults):
        return Said(f"segmentation.moments.{key}_iou", pictures=pictures, iou=results.mean_iou)
    if isinstance(results, PictureResults):
        return Said(f"segmentation.moments.{key}_psnr", pictures=pictures, psnr=results.mean_psnr)
    return Said(f"segmentation.moments.{key}", pictures=pictures)


def caption(slot: Slot, *, has_twin: bool) -> str:
    """Below a view of a picture."""
    what = labels("segmentation.slots.{}", (slot.kind,))[slot.kind]
    if not has_twin or slot.kind in ("input", "truth"):
        return say("segmentation.caption.own", what=what, number=slot.picture + 1)
    if slot.is_twin:
        return say("segmentation.caption.twin", what=what, number=slot.picture + 1)
    return say("segmentation.caption.chosen", what=what, number=slot.picture + 1)


def own_name(*, is_twin: bool) -> str:
    """Of a curve."""
    return say("segmentation.chart.twin") if is_twin else say("segmentation.chart.own")


def background_now(shown: Shown) -> float:
    """The background's weight in the loss at the present step."""
    share = seen_of(shown.state, shown.config) / max(shown.config.scenes, 1)
    return background_weight(shown.config, share)


def tested_after(shown: Shown) -> int:
    """Pictures that the network had learned from at its latest test; the curves may have gone on since."""
    tested = [point.step for point in shown.points if point.test_pictures]
    return min(tested[-1] * shown.config.batch_size, shown.config.scenes) if tested else 0


def notice(own: Shown, twin: Shown | None) -> Said:
    """How good the network is, beside what is had without one, and beside its twin."""
    if own.state is not None and own.state.status == "diverged":
        return Said("segmentation.notice.diverged", pictures=seen_of(own.state, own.config))
    pictures = tested_after(own)
    if not pictures or own.results is None:
        return _before(own)
    told = _told(own, pictures)
    after = tested_after(twin) if twin is not None else 0
    other = twin.results if twin is not None and after else None
    if other is None or type(other) is not type(own.results):
        return told
    if isinstance(other, SegmentationResults):
        return Said("segmentation.notice.twin", told=told, iou=other.mean_iou, after=after)
    return Said("segmentation.notice.twin_psnr", told=told, psnr=other.mean_psnr, after=after)


def _before(own: Shown) -> Said:
    """What is known before the first test of a network that has learned from anything."""
    is_going, pictures = own.state is not None and own.state.going, seen_of(own.state, own.config)
    if pictures and not is_going:
        return Said("segmentation.notice.untested", pictures=pictures)
    known = baselines(own.config)
    if known is not None:
        values = {"neighbour": known.neighbour, "table": known.table}
        if is_going:
            return Said("segmentation.notice.brain_begun", **values)
        return Said("segmentation.notice.brain_untrained", **values)
    return Said("segmentation.notice.begun") if is_going else Said("segmentation.notice.untrained")


def _told(own: Shown, pictures: int) -> Said:
    results = own.results
    if isinstance(results, PictureResults):
        plain = results.mean_input_psnr
        if plain is None:
            return Said("segmentation.notice.psnr", pictures=pictures, psnr=results.mean_psnr, tests=results.pictures)
        return Said(
            "segmentation.notice.psnr_input",
            pictures=pictures,
            psnr=results.mean_psnr,
            plain=plain,
            tests=results.pictures,
        )
    assert results is not None
    known = baselines(own.config)
    values = {"pictures": pictures, "iou": results.mean_iou, "tests": results.pictures}
    if known is not None:
        return Said("segmentation.notice.brain", **values, neighbour=known.neighbour, table=known.table)
    empty = float(results.confusion[0].sum() / max(results.confusion.sum(), 1))
    return Said("segmentation.notice.digits", **values, right=results.pixel_accuracy, empty=empty)


def worst(results: SegmentationResults) -> tuple[int, float]:
    """The class with the lowest IoU, and that."""
    at = int(np.nanargmin(results.iou))
    return at, float(results.iou[at])
