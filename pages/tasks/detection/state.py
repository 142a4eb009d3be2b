"""The detector of the page "Detection": what was chosen, the run of it, and the cell that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.detection.cell_view import first_views, views_of
from explainer.tasks.detection.config import (
    CLASSES,
    GRID,
    PARTS,
    DetectionConfig,
    LossName,
    SceneKind,
    part_weights,
)
from explainer.tasks.detection.examples import WATCHED, WatchedScenes, watched
from explainer.tasks.detection.reports import DetectionPoint, DetectionResults, DetectionViews
from explainer.training.job import Job, State
from explainer.ui.controls.choice import choice, segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner, one
from explainer.ui.controls.moments import looked_at
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.tasks.detection.scene_boxes import addresses, pressed
from pages.tasks.detection.twins import TWINS, twin_of

DetectorRun: TypeAlias = Run[Job[DetectionConfig, DetectionPoint, DetectionViews, DetectionResults]]
DetectorState: TypeAlias = State[DetectionPoint, DetectionViews, DetectionResults]

KIND = "dt_of"
LOSS, BOXES, COORD, NOOBJ, ROOTS = "dt_loss", "dt_boxes", "dt_coord", "dt_noobj", "dt_roots"
SCENES, CLUTTER, SEED, LEAST = "dt_scenes", "dt_clutter", "dt_seed", "dt_least"
TWIN, MOMENT = "dt_twin", "dt_moment"
SCENE, ROW, COLUMN = "dt_scene", "dt_row", "dt_col"
STAGE = "dt_stage"  # the component
COUNTS = {f"{count}": f"{count:,}" for count in (3_200, 6_400, 12_800)}
COORDS = {each: each for each in ("0", "0.5", "1", "2", "5", "7", "10", "20")}
NOOBJS = {each: each for each in ("0", "0.1", "0.25", "0.5", "1", "2", "5")}
LEASTS = {each: each for each in ("0.01", "0.02", "0.05", "0.1", "0.2", "0.3", "0.5", "0.7")}
FIRST = {BOXES: "2", COORD: "5", NOOBJ: "0.5", ROOTS: True}  # of what YOLO v1 alone has
FIRST_LEAST, FIRST_CELL = "0.1", (1, 3, 5)  # the scene, row and column of a digit, from 1 on
MOST_SEED = 20


@dataclass(frozen=True, eq=False)
class Shown:
    """The chosen detector: its run, None before there is one, and what it says of the watched scenes.

    ``state`` is that of the moment that is looked at, ``latest`` that of now: the same where no earlier one is chosen.
    ``weights`` are what the parts of its loss are multiplied by at that moment.
    """

    config: DetectionConfig
    state: DetectorState | None
    views: DetectionViews
    truth: WatchedScenes
    weights: tuple[float, ...]
    latest: DetectorState | None

    @property
    def points(self) -> tuple[DetectionPoint, ...]:
        """Until the moment that is looked at."""
        return self.state.points if self.state else ()

    @property
    def curve(self) -> tuple[DetectionPoint, ...]:
        """Of the whole run."""
        return self.latest.points if self.latest else ()

    @property
    def is_earlier(self) -> bool:
        """Whether the moment is over."""
        return self.state is not self.latest


def controls(place: DeltaGenerator) -> None:
    """What is trained, and how."""
    with place:
        kind = segmented(say("detection.controls.of"), labels("detection.kinds.{}", CLASSES), KIND, wrap=True)
        loss = segmented(say("detection.controls.loss"), labels("detection.losses.{}", PARTS), LOSS, wrap=True)
        if loss == "yolo-v1":
            _v1_controls()
        stepped(say("detection.controls.scenes"), COUNTS, SCENES, first="12800")
        if kind == "digits":
            stepped(say("detection.controls.clutter"), {str(each): str(each) for each in range(7)}, CLUTTER)
        choice(say("detection.controls.twin"), labels("detection.twins.{}", TWINS), TWIN)
        st.number_input(say("detection.controls.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def _v1_controls() -> None:
    segmented(say("detection.controls.boxes"), {"1": "1", "2": "2"}, BOXES, first="2")
    help_ = say("detection.controls.weight_help")
    stepped(say("detection.controls.coord"), COORDS, COORD, first="5", help=help_)
    stepped(say("detection.controls.noobj"), NOOBJS, NOOBJ, first="0.5", help=help_)
    st.toggle(say("detection.controls.roots"), value=True, key=ROOTS, bind=LINK)


def looking(place: DeltaGenerator) -> None:
    """What is seen of the scenes, and which cell."""
    with place:
        about = say("detection.controls.least_help")
        stepped(say("detection.controls.least"), LEASTS, LEAST, first=FIRST_LEAST, help=about)
        first, most = FIRST_CELL, (WATCHED, GRID, GRID)
        st.number_input(say("detection.controls.scene"), 1, most[0], first[0], key=SCENE, bind=LINK)
        left, right = page.side_by_side("dt_cell")
        left.number_input(say("detection.controls.row"), 1, most[1], first[1], key=ROW, bind=LINK)
        right.number_input(say("detection.controls.column"), 1, most[2], first[2], key=COLUMN, bind=LINK)


def config() -> DetectionConfig:
    """What the controls hold; the modern loss has nothing of YOLO v1's own, and cut-outs have no clutter."""
    loss: LossName = value_of(LOSS)
    kind: SceneKind = value_of(KIND)
    clutter = int(value_of(CLUTTER)) if kind == "digits" else 0
    seed = int(value_of(SEED))
    chosen = DetectionConfig(loss=loss, scenes=int(value_of(SCENES)), clutter=clutter, seed=seed, kind=kind)
    if loss == "modern":
        return chosen
    own = {key: value_of(key) for key in FIRST}
    return replace(
        chosen,
        boxes=int(own[BOXES]),
        lambda_coord=float(own[COORD]),
        lambda_noobj=float(own[NOOBJ]),
        square_roots=bool(own[ROOTS]),
    )


def twin(wanted: DetectionConfig) -> DetectionConfig | None:
    """The detector beside it, where one was asked for that differs."""
    return twin_of(wanted, value_of(TWIN))


def least() -> float:
    """The score that a box needs to be drawn."""
    return float(value_of(LEAST))


def cell() -> tuple[int, int, int]:
    """The scene, the row and the column that is looked at, from 0 on."""
    return int(value_of(SCENE)) - 1, int(value_of(ROW)) - 1, int(value_of(COLUMN)) - 1


def take_pressed() -> None:
    """The visitor has pressed a cell: from now on it is looked at."""
    found = pressed(st.session_state.get(STAGE, {}).get("cell"))
    if found is None:
        return
    for key, value, most in zip((SCENE, ROW, COLUMN), found, (WATCHED, GRID, GRID), strict=True):
        st.session_state[key] = min(max(value + 1, 1), most)


def _lambdas(of: DetectionConfig) -> dict[str, float]:
    """What may be moved while a run goes."""
    if of.loss == "modern":
        return {}
    return {"lambda_coord": of.lambda_coord, "lambda_noobj": of.lambda_noobj}


def _is_of(run: DetectorRun, wanted: DetectionConfig) -> bool:
    """While a run goes its lambdas may differ."""
    own = run.job.config
    alike = replace(own, lambda_coord=wanted.lambda_coord, lambda_noobj=wanted.lambda_noobj) == wanted
    return alike and (run.job.going or weights_of(own, run.job.state()) == part_weights(wanted))


def _name(wanted: DetectionConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    if wanted.loss == "modern":
        run = Said("detection.run.modern", scenes=wanted.scenes)
    else:
        run = Said("detection.run.yolo_v1", scenes=wanted.scenes, boxes=wanted.boxes)
        if not wanted.square_roots:
            run = Said("detection.run.no_roots", run=run)
    return say(run if wanted.kind == "digits" else Said("detection.run.cutouts", run=run))


LEARNER = Learner("dt", DetectionConfig, config, _name, _lambdas, _is_of, one(twin), MOMENT)


def weights_of(of: DetectionConfig, state: DetectorState | None) -> tuple[float, ...]:
    """What the parts of a run's loss are multiplied by now, after all that was changed while it went."""
    changed = {each.change.what: each.change.value for each in state.changes} if state else {}
    return part_weights(of, changed)


def shown(wanted: DetectionConfig, run: DetectorRun | None) -> Shown:
    """The detector at the moment that is looked at.

    Raises DatasetError where MNIST is not there, WeightsError for weights that are no numbers any more.
    """
    latest = run.look().job.state() if run else None
    state = looked_at(latest, MOMENT, views_of) if latest else None
    own = run.job.config if run else wanted
    views = (state.views if state else None) or _first_views(own)
    return Shown(own, state, views, scenes_of(own.clutter, own.kind), weights_of(own, state), latest)


def _first_views(of: DetectionConfig) -> DetectionViews:
    """Only what an untrained network depends on counts."""
    same = DetectionConfig()
    return _untrained(replace(of, scenes=same.scenes, lambda_coord=same.lambda_coord, lambda_noobj=same.lambda_noobj))


@st.cache_data(max_entries=64, show_spinner=False)
def _untrained(of: DetectionConfig) -> DetectionViews:
    return first_views(of)


@st.cache_data(max_entries=8, show_spinner=False)
def scenes_of(clutter: int, kind: SceneKind) -> WatchedScenes:
    """The watched scenes. Raises DatasetError."""
    return watched(clutter, kind)


@st.cache_data(max_entries=8, show_spinner=False)
def pictures_of(clutter: int, kind: SceneKind) -> tuple[str, ...]:
    """The same as the browser gets them."""
    return addresses(scenes_of(clutter, kind))
