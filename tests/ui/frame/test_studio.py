from __future__ import annotations

from collections.abc import Iterator

import pytest

from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.engine import Place
from explainer.training.job import Job, State
from explainer.training.messages import Change, Command
from explainer.training.pool import Pool
from explainer.training.shared_engine import SharedEngine
from explainer.training.shared_messages import ADDRESS_VARIABLE, KEY_VARIABLE
from explainer.ui.frame import studio
from explainer.ui.frame.studio import (
    AWAY,
    END_WHERE_OTHERS_WAIT,
    FORGET_AFTER,
    MAX_RUNS,
    MAX_WAITING,
    Studio,
    TooManyRunsError,
)

CONFIG = RunConfig(PRESETS["first-steps"])


class RecordingPool:
    """Takes runs and commands, and trains nothing; runs of other servers may wait there, too."""

    def __init__(self) -> None:
        self.commands: list[tuple[Job, Command | Change]] = []
        self.jobs: list[Job] = []

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def ahead(self, job: Job) -> Place:
        return Place(others_wait=any(each.status == "waiting" and each.owner != job.owner for each in self.jobs))

    def command(self, job: Job, what: Command | Change) -> None:
        self.commands.append((job, what))
        if what == Command("stop"):
            job.become("stopped")


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingPool]:
    recording = RecordingPool()
    monkeypatch.setattr(studio, "pool", lambda: recording)
    monkeypatch.setattr(studio, "_studios", {})
    return recording


def finished() -> Job:
    return Job(CONFIG, state=State("finished"))


def test_names_stay_apart(pool: RecordingPool) -> None:
    mine = Studio()
    names = [mine.keep("Wider", finished()).name for _ in range(3)]
    assert names == ["Wider", "Wider (2)", "Wider (3)"]


def test_the_oldest_run_that_is_over_makes_room(pool: RecordingPool) -> None:
    mine = Studio()
    mine.keep("going", Job(CONFIG))
    for number in range(MAX_RUNS + 3):
        mine.keep(f"run {number}", finished())
    assert len(mine.runs) == MAX_RUNS
    assert mine.runs[0].name == "going"
    assert mine.runs[-1].name == f"run {MAX_RUNS + 2}"


def test_the_queue_takes_only_so_many_of_one_visitor(pool: RecordingPool) -> None:
    mine = Studio()
    for _ in range(MAX_WAITING):
        mine.add("Wider", CONFIG)
    with pytest.raises(TooManyRunsError, match="are waiting already"):
        mine.add("Wider", CONFIG)
    mine.runs[0].job.become("running")
    mine.add("Wider", CONFIG)


def test_runs_of_a_visitor_who_left_end_after_a_quarter_of_an_hour_and_are_later_forgotten(pool: RecordingPool) -> None:
    mine = Studio("visitor", sessions={"tab"})
    run = mine.add("Wider", CONFIG)
    run.job.become("running")
    studio._studios["visitor"] = mine

    studio.look_for_sessions(lambda session: session == "tab", now=0.0)
    studio.look_for_sessions(lambda session: False, now=1000.0)
    studio.look_for_sessions(lambda session: False, now=1000.0 + 60 * AWAY - 1)
    assert run.job.going
    studio.look_for_sessions(lambda session: False, now=1000.0 + 60 * AWAY + 1)
    assert run.job.status == "stopped"
    assert str(run.why_ended).startswith("This run was ended: your last tab had been gone for 15 minutes.")
    assert studio._studios["visitor"] is mine
    studio.look_for_sessions(lambda session: False, now=1000.0 + FORGET_AFTER + 1)
    assert not studio._studios


def test_they_end_sooner_where_somebody_else_waits(pool: RecordingPool) -> None:
    mine, other = Studio("visitor", sessions={"tab"}), Studio("other", sessions={"other tab"})
    run, second = mine.add("Wider", CONFIG), mine.add("Wider", CONFIG)
    run.job.become("running")
    studio._studios |= {"visitor": mine, "other": other}

    def look(now: float) -> None:
        studio.look_for_sessions(lambda session: session == "other tab", now)

    look(1000.0)
    look(1000.0 + END_WHERE_OTHERS_WAIT + 1)
    assert run.job.going  # only a run of the same visitor waits
    other.add("Fast", CONFIG)
    look(1000.0 + END_WHERE_OTHERS_WAIT - 1)
    assert run.job.going
    look(1000.0 + END_WHERE_OTHERS_WAIT + 1)
    assert (run.job.status, second.job.status) == ("stopped", "stopped")
    assert str(run.why_ended).startswith(
        "This run was ended: others were waiting, and your last tab had been gone for 2 min"
    )
    assert other.runs[0].job.going


def test_they_end_sooner_also_where_a_visitor_of_another_server_waits(pool: RecordingPool) -> None:
    mine = Studio("visitor")
    run = mine.add("Wider", CONFIG)
    run.job.become("running")
    studio._studios["visitor"] = mine
    pool.submit(Job(CONFIG, owner="somebody there"))
    studio.look_for_sessions(lambda session: False, 1000.0)
    studio.look_for_sessions(lambda session: False, 1000.0 + END_WHERE_OTHERS_WAIT + 1)
    assert run.job.status == "stopped"


def test_a_visitor_who_reloads_in_time_keeps_the_run(pool: RecordingPool) -> None:
    mine = Studio(sessions={"old tab"})
    run = mine.add("Wider", CONFIG)
    studio._studios["visitor"] = mine
    studio.look_for_sessions(lambda session: False, now=1.0)
    mine.sessions.add("new tab")
    studio.look_for_sessions(lambda session: session == "new tab", now=60 * AWAY + 2)
    assert mine.left is None
    assert run.job.going


def test_the_queue_is_told_whose_run_it_is(pool: RecordingPool) -> None:
    assert Studio("visitor").add("Wider", CONFIG).job.owner == "visitor"


def test_the_pool_that_servers_share_trains_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "_pool", None)
    monkeypatch.setenv(ADDRESS_VARIABLE, "127.0.0.1:1")
    monkeypatch.setenv(KEY_VARIABLE, "00")
    shared = studio.pool()
    assert isinstance(shared, SharedEngine)
    assert studio.pool() is shared
    studio.close()
    monkeypatch.delenv(ADDRESS_VARIABLE)
    monkeypatch.delenv(KEY_VARIABLE)
    assert isinstance(studio.pool(), Pool)
    studio.close()


@pytest.mark.parametrize(("value", "minutes"), [("", AWAY), ("0", 0.0), ("2.5", 2.5), (" 90 ", 90.0)])
def test_how_long_runs_go_on_without_their_visitor_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, value: str, minutes: float
) -> None:
    monkeypatch.setenv(studio.AWAY_VARIABLE, value)
    assert studio.away_limit() == minutes


@pytest.mark.parametrize("value", ["soon", "-1", "1e9", "nan", "99999"])
def test_another_setting_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(studio.AWAY_VARIABLE, value)
    with pytest.raises(ValueError, match="EXPLAINER_AWAY is"):
        studio.away_limit()
