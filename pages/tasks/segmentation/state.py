"""The network of the page "Segmentation": what was chosen, the runs of it and of its twin, and the pixel looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.segmentation.config import SIZES, TASKS, DataName, TaskName, UNetConfig, recommended
from explainer.tasks.segmentation.data import WatchedPictures, watched
from explainer.tasks.segmentation.looking import first_views, views_of
from explainer.tasks.segmentation.reports import Results, SegmentationPoint, SegmentationViews
from explainer.training.job import Job, State
from explainer.ui.controls.choice import choice, pills, segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner, one
from explainer.ui.controls.moments import looked_at
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from pages.tasks.segmentation import u_picture
from pages.tasks.segmentation.pixel_tiles import pressed
from pages.tasks.segmentation.slots import WATCHED
from pages.tasks.segmentation.twins import TWINS, twin_of

UNetRun: TypeAlias = Run[Job[UNetConfig, SegmentationPoint, SegmentationViews, Results]]
UNetState: TypeAlias = State[SegmentationPoint, SegmentationViews, Results]

DATA, TASK, NETWORK, SKIPS, DECODER = "sg_data", "sg_task", "sg_net", "sg_skips", "sg_up"
LOSS, SPLIT, SCANNER, SEED, LENGTH, TWIN = "sg_loss", "sg_split", "sg_scanner", "sg_seed", "sg_length", "sg_twin"
LAYER, PICTURE, ROW, COLUMN = "sg_layer", "sg_picture", "sg_row", "sg_col"
MOMENT = "sg_moment"
STAGE, U = "sg_stage", "sg_u"  # the components
DATAS: tuple[DataName, ...] = ("digits", "brain", "cutouts")
LEVELS = ("1", "2", "3")  # the skips, the finest first
LENGTHS = {"0.2": "⅕", "0.5": "½", "1": "1", "2": "2"}  # times the recommended number of pictures
LAYERS = ("classes", "truth", "errors", "overlap", "input")
# The picture, row and column, from 1 on
FIRST_PIXEL = {"digits": (1, 50, 46), "brain": (1, 56, 34), "cutouts": (1, 48, 48)}
MOST_SEED = 20


@dataclass(frozen=True, eq=False)
class Shown:
    """A network: its run, None before there is one, and what it says of the watched pictures.

    ``state`` is that of the moment that is looked at, ``latest`` that of now: the same where no earlier one is chosen.
    """

    config: UNetConfig
    run: UNetRun | None
    state: UNetState | None
    views: SegmentationViews
    latest: UNetState | None

    @property
    def points(self) -> tuple[SegmentationPoint, ...]:
        """Until the moment that is looked at."""
        return self.state.points if self.state else ()

    @property
    def curve(self) -> tuple[SegmentationPoint, ...]:
        """Of the whole run."""
        return self.latest.points if self.latest else ()

    @property
    def is_earlier(self) -> bool:
        """Whether the moment is over."""
        return self.state is not self.latest

    @property
    def results(self) -> Results | None:
        """Of the latest test until then."""
        return self.state.results if self.state else None


def controls(place: DeltaGenerator) -> None:
    """What is trained, and how."""
    with place:
        data = segmented(say("segmentation.controls.data"), labels("segmentation.data.{}", DATAS), DATA, wrap=True)
        task = choice(say("segmentation.controls.task"), labels(f"segmentation.tasks.{data}.{{}}", TASKS), TASK)
        network = segmented(say("segmentation.controls.network"), labels("segmentation.networks.{}", NETWORKS), NETWORK)
        if network == "u-net":
            pills(say("segmentation.controls.skips"), labels("segmentation.skips.{}", LEVELS), SKIPS, first=LEVELS)
        ways = DECODERS if network == "u-net" else DECODERS[:2]
        choice(say("segmentation.controls.decoder"), labels("segmentation.decoders.{}", ways), DECODER)
        if task == "segment":
            segmented(say("segmentation.controls.loss"), labels("segmentation.losses.{}", LOSSES), LOSS, wrap=True)
        if data == "brain":
            segmented(say("segmentation.controls.scanner"), labels("segmentation.scanners.{}", SCANNERS), SCANNER)
            about = say("segmentation.controls.split_help")
            segmented(say("segmentation.controls.split"), labels("segmentation.splits.{}", SPLITS), SPLIT, help=about)
        choice(say("segmentation.controls.twin"), labels("segmentation.twins.{}", TWINS), TWIN)
        left, right = page.side_by_side("sg_length")
        length = say("segmentation.controls.length")
        stepped(length, LENGTHS, LENGTH, first="1", place=left, help=say("segmentation.controls.length_help"))
        right.number_input(say("segmentation.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


NETWORKS, DECODERS = ("u-net", "fcn"), ("bilinear", "transposed", "unpooling")
LOSSES, SPLITS, SCANNERS = ("cross-entropy", "dice", "both"), ("blocks", "random"), ("clean", "poor")


def looking(place: DeltaGenerator) -> None:
    """What is drawn of the pictures, and which pixel is looked at."""
    data = value_of(DATA)
    height, width = SIZES[data]
    first = FIRST_PIXEL[data]
    with place:
        if value_of(TASK) == "segment":
            segmented(say("segmentation.controls.layer"), labels("segmentation.layers.{}", LAYERS), LAYER, wrap=True)
        st.number_input(say("segmentation.controls.picture"), 1, WATCHED, first[0], key=PICTURE, bind=LINK)
        for key, most in ((ROW, height), (COLUMN, width)):
            if st.session_state.get(key, 1) > most:  # the other pictures are larger
                st.session_state[key] = most
        left, right = page.side_by_side("sg_pixel")
        left.number_input(say("segmentation.controls.row"), 1, height, first[1], key=ROW, bind=LINK)
        right.number_input(say("segmentation.controls.column"), 1, width, first[2], key=COLUMN, bind=LINK)


def config() -> UNetConfig:
    """What the controls hold; what they do not offer is as it is recommended."""
    data: DataName = value_of(DATA)
    task: TaskName = value_of(TASK)
    best = recommended(data, task)
    made = replace(
        best,
        network=value_of(NETWORK),
        decoder=value_of(DECODER),
        scenes=round(best.scenes * float(value_of(LENGTH))),
        seed=int(value_of(SEED)),
    )
    if made.network == "u-net":
        chosen = value_of(SKIPS)
        made = replace(made, skips=cast("tuple[bool, bool, bool]", tuple(level in chosen for level in LEVELS)))
    if task == "segment":
        made = replace(made, loss=value_of(LOSS))
    return replace(made, split=value_of(SPLIT), scanner=value_of(SCANNER)) if data == "brain" else made


def twin(wanted: UNetConfig) -> UNetConfig | None:
    """The network beside it, where one was asked for that differs."""
    return twin_of(wanted, value_of(TWIN))


def pixel(wanted: UNetConfig) -> tuple[int, int, int]:
    """The picture, the row and the column that is looked at, from 0 on."""
    height, width = SIZES[wanted.data]
    found = (int(value_of(key)) - 1 for key in (PICTURE, ROW, COLUMN))
    picture, row, column = (min(at, most - 1) for at, most in zip(found, (WATCHED, height, width), strict=True))
    return picture, row, column


def take_pressed() -> None:
    """The visitor has pressed a pixel: from now on it is looked at."""
    found = pressed(st.session_state.get(STAGE, {}).get("pixel"))
    if found is None:
        return
    for key, value, most in zip((PICTURE, ROW, COLUMN), found, (WATCHED, *SIZES[value_of(DATA)]), strict=True):
        st.session_state[key] = min(max(value + 1, 1), most)


def take_skips() -> None:
    """The visitor has pressed a skip in the picture of the network."""
    found = u_picture.pressed(st.session_state.get(U, {}).get("skips"))
    if found is not None:
        st.session_state[SKIPS] = found


def _name(wanted: UNetConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    task = labels(f"segmentation.tasks.{wanted.data}.{{}}", (wanted.task,))[wanted.task]
    if wanted.network == "fcn":
        return say("segmentation.run.fcn", task=task, pictures=wanted.scenes)
    if all(wanted.skips):
        return say("segmentation.run.unet", task=task, pictures=wanted.scenes)
    return say("segmentation.run.skips", task=task, pictures=wanted.scenes, count=sum(wanted.skips))


LEARNER = Learner("sg", UNetConfig, config, _name, beside=one(twin), moment=MOMENT)


def shown(wanted: UNetConfig) -> Shown:
    """The network at the moment that is looked at.

    Raises DatasetError where the data is not there, WeightsError for weights that are no numbers any more.
    """
    run: UNetRun | None = LEARNER.chosen(wanted)
    latest = run.look().job.state() if run else None
    state = looked_at(latest, MOMENT, views_of) if latest else None
    views = (state.views if state else None) or _first_views(wanted)
    return Shown(wanted, run, state, views, latest)


def _first_views(of: UNetConfig) -> SegmentationViews:
    """Only what an untrained network and its pictures depend on counts."""
    same = UNetConfig()
    return _untrained(replace(of, scenes=same.scenes, loss=same.loss, batch_size=same.batch_size))


@st.cache_data(max_entries=48, show_spinner=False)
def _untrained(of: UNetConfig) -> SegmentationViews:
    return first_views(of)


def watched_of(of: UNetConfig) -> WatchedPictures:
    """The watched pictures. Raises DatasetError."""
    return _watched(UNetConfig(data=of.data, task=of.task, split=of.split, scanner=of.scanner))


@st.cache_data(max_entries=24, show_spinner=False)
def _watched(of: UNetConfig) -> WatchedPictures:
    return watched(of)
