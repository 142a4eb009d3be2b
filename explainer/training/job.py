"""One run as the server sees it: its configuration, what it is doing, and all that it has reported."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, cast

from typing_extensions import TypeVar

from explainer.training.config import RunConfig
from explainer.training.configuration import Configuration
from explainer.training.film import Film, Frame, frame
from explainer.training.messages import Changed
from explainer.training.snapshot import Divergence, PointT, ResultsT, Snapshot, ViewsT
from explainer.training.spread import Spread, Spreads
from explainer.training.stages import Stage, Stages

Status = Literal["waiting", "running", "paused", "finished", "stopped", "diverged", "failed"]
GOING: frozenset[Status] = frozenset({"waiting", "running", "paused"})
POINT_BYTES, CHANGE_BYTES = 600, 400  # of one in memory, with the numbers that it holds
ConfigT = TypeVar("ConfigT", bound=Configuration, default=RunConfig)


@dataclass(frozen=True)
class State(Generic[PointT, ViewsT, ResultsT]):
    """A run at one moment, consistent in itself: what a page draws.

    A run that is "waiting" and has points has made room for others, and goes on after them. ``weights`` is the latest
    safetensors file, of step ``weights_step``; ``film`` has what the views showed from the start to the latest report,
    thinned; ``stages`` has its weights at moments before, thinned too, each with what its test showed; ``spreads``
    tells how its weights were spread from the start to the latest report, thinned. ``message`` is a sentence where the
    run ended for a reason that its outcome does not tell. ``is_emptied`` where weights, views and film were there and
    are no longer kept.
    """

    status: Status = "waiting"
    points: tuple[PointT, ...] = ()
    views: ViewsT | None = None
    results: ResultsT | None = None
    weights: bytes | None = None
    weights_step: int = 0
    changes: tuple[Changed, ...] = ()
    divergence: Divergence | None = None
    message: str = ""
    film: tuple[Frame, ...] = ()
    stages: tuple[Stage, ...] = ()
    spreads: tuple[Spread, ...] = ()
    is_emptied: bool = False

    @property
    def going(self) -> bool:
        """Whether the run was not over."""
        return self.status in GOING


def at_stage(
    state: State[PointT, ViewsT, ResultsT], stage: Stage, views: ViewsT | None
) -> State[PointT, ViewsT, ResultsT]:
    """The run as it was at a ``stage`` of it, when its network showed ``views``, as if it had been stopped there.

    Film, stages and spreads are those of the whole run.
    """
    return replace(
        state,
        status="stopped",
        points=tuple(point for point in state.points if point.step <= stage.step),
        views=views,
        results=cast("ResultsT | None", stage.results),
        weights=stage.weights,
        weights_step=stage.step,
        changes=tuple(each for each in state.changes if each.step < stage.step),
        divergence=None,
        message="",
    )


class Job(Generic[ConfigT, PointT, ViewsT, ResultsT]):
    """A run's record. The engine writes it, any thread may read it; compared and hashed by identity.

    ``single_step`` makes the run pause after its first step; ``state`` is what a run loaded from a file has; runs of
    one ``owner`` wait for each other before anybody else waits for them. ``goes_back`` says whether it keeps stages and
    spreads.
    """

    def __init__(
        self,
        config: ConfigT,
        single_step: bool = False,
        state: State[PointT, ViewsT, ResultsT] | None = None,
        owner: str = "",
        goes_back: bool = True,
    ) -> None:
        self.config, self.single_step, self.owner, self._goes_back = config, single_step, owner, goes_back
        self._lock = threading.Lock()
        self._reported = threading.Event()
        self._state: State[PointT, ViewsT, ResultsT] = state or State()
        self._points = list(self._state.points)
        self._film = Film(self._state.film)
        self._stages, self._spreads = Stages(self._state.stages), Spreads(self._state.spreads)

    @property
    def status(self) -> Status:
        """What the run is doing."""
        return self._state.status

    def wait_for_report(self, seconds: float) -> bool:
        """Waits until the run has reported for the first time, at most so many seconds; whether it has."""
        return self._reported.wait(seconds)

    @property
    def going(self) -> bool:
        """Whether the run is not over."""
        return self._state.going

    @property
    def held(self) -> bool:
        """Whether the run has begun and is not over: it can be paused, stepped and changed, also while it waits."""
        state = self._state
        return state.status in ("running", "paused") or (state.status == "waiting" and bool(self._points))

    @property
    def reported_step(self) -> int:
        """The step of the latest report, 0 before the first."""
        with self._lock:
            return self._points[-1].step if self._points else 0

    def state(self) -> State[PointT, ViewsT, ResultsT]:
        """All that is known now."""
        with self._lock:
            return replace(
                self._state,
                points=tuple(self._points),
                film=self._film.frames,
                stages=self._stages.kept,
                spreads=self._spreads.kept,
            )

    def size(self) -> int:
        """Bytes that the record takes, and the pictures that its configuration carries, if any."""
        with self._lock:
            state = self._state
            shown = sum(each.size for each in (state.views, state.results) if each)
            shown += self._film.size + self._stages.size + self._spreads.size
            told = POINT_BYTES * len(self._points) + CHANGE_BYTES * len(state.changes)
            return len(state.weights or b"") + shown + told + getattr(self.config, "carried", 0)

    def forget_stages(self) -> None:
        """Lets go of the weights of a run that is over at all moments but its last."""
        with self._lock:
            if not self._state.going:
                self._stages = Stages()

    def empty(self) -> None:
        """Lets go of the weights, the views and the film of a run that is over; what is told of it stays."""
        self.forget_stages()
        with self._lock:
            state = self._state
            if not state.going and (state.weights or state.views or self._film.frames):
                self._film = Film()
                self._state = replace(state, views=None, weights=None, film=(), stages=(), is_emptied=True)

    def become(self, status: Status, message: str = "") -> None:
        """Notes what the run is doing now; what is over stays over."""
        with self._lock:
            if self._state.going:
                self._state = replace(self._state, status=status, message=message)

    def take(self, report: Snapshot[PointT, ViewsT, ResultsT] | Changed) -> None:
        """Adds what the run reported."""
        with self._lock:
            old = self._state
            if isinstance(report, Changed):
                self._state = replace(old, changes=(*old.changes, report))
                return
            self._points.append(report.point)
            if report.views:
                self._film.add(frame(report.point, report.views))
            if report.spread and self._goes_back:
                self._spreads.add(report.spread)
            if report.weights and self._goes_back:
                self._stages.add(Stage(report.point.step, report.point.epoch, report.weights, report.results))
            self._reported.set()
            self._state = replace(
                old,
                views=report.views or old.views,
                results=report.results or old.results,
                weights=report.weights or old.weights,
                weights_step=report.point.step if report.weights else old.weights_step,
                divergence=report.divergence or old.divergence,
            )


AnyJob = Job[Any, Any, Any, Any]
