"""What visitors keep is bounded in bytes: who left goes first, then what was not looked at for longest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer import memory
from explainer.data.images import picture_from_rgb
from explainer.memory import Bounds
from explainer.networks import weights
from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.job import GOING, Job, State, Status
from explainer.training.snapshot import Point, Views
from explainer.training.stages import Stage
from explainer.ui.frame import studio
from explainer.ui.frame.room import GONE_FOR, make_room
from explainer.ui.frame.studio import Brought, Run, Studio

CONFIG = RunConfig(PRESETS["first-steps"])
VIEWS = Views(np.zeros((1, 2, 2), np.float32), (), 0)
POINTS = tuple(Point(step, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) for step in range(5))
MB = 1_000_000
NOW = 10_000.0


def run(name: str, size: int, seen: float, status: Status = "finished", points: tuple[Point, ...] = POINTS) -> Run:
    return Run(name, Job(CONFIG, state=State(status, points, VIEWS, weights=bytes(size))), seen=seen)


def limits(visitors: int, visitor: int = 1000 * MB) -> Bounds:
    return Bounds(visitors, visitor, uploads=0, tab=0, trained=0, fetched=0, results=0)


def kept(one: Studio) -> dict[str, bool]:
    """The runs that are left, and whether their weights are."""
    return {run.name: run.job.state().weights is not None for run in one.runs}


def test_what_was_not_looked_at_for_longest_loses_its_weights_first() -> None:
    mine = Studio(runs=(run("first", MB, 3), run("second", MB, 1), run("third", MB, 2), run("fourth", MB, 4)))
    make_room([mine], limits(100 * MB, visitor=3 * MB), NOW)
    assert kept(mine) == {"first": True, "second": False, "third": False, "fourth": True}
    state = mine.runs[1].job.state()
    assert (state.is_emptied, state.views, state.film, state.points) == (True, None, (), POINTS)
    assert mine.size() <= 3 * MB


def test_weights_of_earlier_moments_go_before_the_last_ones_the_oldest_run_s_first() -> None:
    stages = (Stage(0, 0.0, bytes(MB)), Stage(9, 1.0, bytes(MB)))
    runs = tuple(
        Run(name, Job(CONFIG, state=State("finished", POINTS, VIEWS, weights=bytes(MB), stages=stages)), seen=number)
        for number, name in enumerate(("old", "new", "newest"))
    )
    mine, steps = Studio(runs=runs), [(7, [0, 2, 2]), (5, [0, 0, 2]), (3.2, [0, 0, 0])]
    for most, left in steps:
        make_room([mine], limits(100 * MB, visitor=int(most * MB) + 20_000), NOW)
        assert [len(run.job.state().stages) for run in mine.runs] == left
        assert all(kept(mine).values())
    make_room([mine], limits(int(2.2 * MB)), NOW)
    assert kept(mine) == {"old": False, "new": True, "newest": True}


def test_runs_go_altogether_where_their_curves_are_too_much_and_are_counted() -> None:
    curves = POINTS * 400
    mine = Studio(runs=tuple(run(str(number), MB, number, points=curves) for number in range(5)))
    make_room([mine], limits(100 * MB, visitor=4 * MB), NOW)
    assert kept(mine) == {"3": False, "4": True}
    assert mine.size() <= 4 * MB
    assert mine.removed == 3


@pytest.mark.parametrize("status", sorted(GOING))
def test_a_run_that_is_going_loses_nothing(status: Status) -> None:
    mine = Studio(runs=(run("going", MB, 0, status), run("over", MB, 1)))
    make_room([mine], limits(0, visitor=0), NOW)
    assert kept(mine) == {"going": True, "over": False}


def test_who_left_longest_ago_makes_room_for_all_others() -> None:
    long_gone = Studio(
        runs=(run("a", MB, 50),),
        left=100.0,
        brought=Brought(picture_from_rgb(np.zeros((500, 500, 3), np.uint8)), "a tab"),
    )
    gone = Studio(runs=(run("b", MB, 40),), left=200.0)
    blinked = Studio(runs=(run("c", MB, 30),), left=NOW - GONE_FOR / 2)
    here = Studio(runs=(run("d", MB, 10), run("e", MB, 20)))
    everybody = [here, blinked, gone, long_gone]
    make_room(everybody, limits(4 * MB + 100_000), NOW)
    assert long_gone.size() == 0
    assert [kept(one) for one in (gone, blinked, here)] == [{"b": True}, {"c": True}, {"d": True, "e": True}]
    make_room(everybody, limits(2 * MB + 100_000), NOW)
    assert [kept(one) for one in (gone, blinked, here)] == [{}, {"c": True}, {"d": False, "e": True}]


def test_what_each_looks_at_goes_last_and_pictures_after_it() -> None:
    brought = Brought(picture_from_rgb(np.zeros((100, 100, 3), np.uint8)), "a tab")
    one = Studio(runs=(run("old", MB, 1), run("on the screen", MB, 2)), brought=brought, seen=1)
    other = Studio(runs=(run("newer", MB, 3), run("also on a screen", MB, 4)), brought=brought, seen=2)
    make_room([one, other], limits(2 * MB + 200_000), NOW)
    assert kept(one) == {"old": False, "on the screen": True}
    assert kept(other) == {"newer": False, "also on a screen": True}
    make_room([one, other], limits(50_000), NOW)
    assert not any([*kept(one).values(), *kept(other).values()])
    assert (one.brought, other.brought) == (None, brought)


@given(
    sizes=st.lists(st.lists(st.integers(0, 3 * MB), max_size=4), max_size=5),
    left=st.lists(st.none() | st.floats(0, NOW), min_size=5, max_size=5),
    most=st.integers(100_000, 6 * MB),
)
def test_whatever_there_is_it_comes_within_the_bound(
    sizes: list[list[int]], left: list[float | None], most: int
) -> None:
    everybody = [
        Studio(runs=tuple(run(str(n), size, n) for n, size in enumerate(mine)), left=when)
        for mine, when in zip(sizes, left, strict=False)
    ]
    before = sum(one.size() for one in everybody)
    make_room(everybody, limits(most, visitor=most // 2), NOW)
    assert sum(one.size() for one in everybody) <= most
    assert all(one.size() <= most // 2 for one in everybody)
    if before <= most // 2:
        assert all(run.job.state().weights is not None for one in everybody for run in one.runs)


def test_a_new_run_makes_room_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(memory.VARIABLE, str(memory.LEAST))
    mine = Studio("visitor")
    monkeypatch.setattr(studio, "_studios", {"visitor": mine})
    for number in range(4):
        mine.keep(f"run {number}", run("", 12 * MB, 0).job)
    assert mine.size() <= memory.bounds().visitor
    assert kept(mine) == {"run 0": False, "run 1": False, "run 2": True, "run 3": True}


def test_bounds_follow_from_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(memory.VARIABLE, raising=False)
    usual = memory.bounds()
    monkeypatch.setenv(memory.VARIABLE, str(4 * memory.DEFAULT))
    assert memory.bounds().visitors == 4 * usual.visitors
    assert memory.LARGEST_FILE == weights.MAX_BYTES
    assert usual.visitor >= 2 * memory.LARGEST_FILE


@pytest.mark.parametrize("value", ["no", "0", "-5", "1.5", "127", "99999999"])
def test_a_setting_that_cannot_be_met_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(memory.VARIABLE, value)
    with pytest.raises(ValueError, match=r"EXPLAINER_MEMORY is .*; set it to a number of megabytes from 128 to"):
        memory.bounds()
