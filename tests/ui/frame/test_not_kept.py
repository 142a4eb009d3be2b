"""A run whose weights had to make room: every page that would show them says so, and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opening import opened as open_page
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.data.assets import assets_path
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.transfer.collection import Collection, with_classes, with_picture
from explainer.tasks.transfer.own_study import Shelf
from explainer.training.job import Job, State
from explainer.training.loaded import loaded_run
from explainer.training.recorded_film import recorded_film
from explainer.training.search.search import Search, SearchConfig
from explainer.ui.frame import studio
from explainer.ui.frame.menu import what_is_gone
from explainer.ui.frame.studio import NOT_KEPT, NOT_KEPT_NOR_LOADED, Run, Studio

ROOT = Path(__file__).resolve().parents[3]
VISITOR = "the visitor of this test"


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A visitor with one run, whose weights are no longer kept, and two that are gone altogether."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr(studio, "visitor", lambda: VISITOR)
    monkeypatch.chdir(ROOT)
    job = loaded_run((assets_path() / "readers" / "plain.safetensors").read_bytes())
    job.empty()
    one = Studio(VISITOR, runs=(Run("Mine", job, key="run-3"),), removed=2)
    monkeypatch.setattr(studio, "_studios", {VISITOR: one})
    yield one
    studio.close()


def opened(page: str, **query: str) -> AppTest:
    at = open_page(page, query)
    assert not at.exception, [box.message for box in at.exception]
    return at


def infos(at: AppTest) -> list[str]:
    return [box.value for box in (*at.info, *at.warning)]


@pytest.mark.parametrize("page", ["feature_maps", "filters", "maximization", "exemplars", "attribution"])
def test_pages_that_look_inside_say_so(mine: Studio, page: str) -> None:
    at = opened(f"inspection/{page}", i_net="run-3")
    assert str(NOT_KEPT) in infos(at)
    assert at.selectbox(key="i_net").value == "run-3"  # the visitor's choice is not changed behind their back


def test_take_it_home_says_so_and_still_offers_the_rest(mine: Studio) -> None:
    at = opened("training/train", view="take-home")
    assert str(NOT_KEPT) in infos(at)
    assert [button.disabled for button in at.get("download_button")] == [True, False, False]


def test_watch_says_so_below_the_curves_that_are_left(mine: Studio) -> None:
    at = opened("training/train", view="watch")
    assert any(str(NOT_KEPT) in each.proto.json for each in at.main if each.type == "bidi_component")


def test_the_other_views_go_on(mine: Studio) -> None:
    assert "2 older runs are no longer kept" in opened("training/train", view="compare").caption[-1].value
    for view in ("mistakes", "draw"):
        opened("training/train", view=view)


def test_the_film_says_so(mine: Studio) -> None:
    recorded = recorded_film().state()
    job = Job(recorded_film().config, state=recorded)
    job.empty()
    assert not job.state().film
    mine.runs = (Run("Filmed", job, key="run-4"),)
    at = opened("inspection/filters", fi_view="training", fi_run="run-4")
    assert str(NOT_KEPT) in infos(at)


def test_why_a_run_was_ended_is_said_where_its_result_is(mine: Studio) -> None:
    job = Job(mine.runs[0].job.config)
    job.become("stopped")
    mine.runs = (Run("Left alone", job, why_ended=studio.left(15)),)
    at = opened("training/train", view="watch")
    assert any(str(studio.left(15)) in each.proto.json for each in at.main if each.type == "bidi_component")


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ({"runs": 1}, ["Your run went with it: train it again."]),
        ({"runs": 2, "saved": 1}, ["Your 2 runs went with it", "Weights of **Train a CNN** that you saved"]),
        ({"searches": 1}, ["Your search went with it"]),
        ({"pictures": 1}, ["The pictures that you brought went with it"]),
    ],
)
def test_what_another_server_does_not_know_is_said(gone: dict[str, int], says: list[str]) -> None:
    first, *others = map(str, what_is_gone(gone))
    assert first.startswith("The server was started anew.")
    assert [told.startswith(said) for told, said in zip(others, says, strict=True)] == [True] * len(says)


def test_what_the_visitor_has_is_counted(mine: Studio) -> None:
    assert studio.counts() == {"runs": 1, "saved": 1, "searches": 0, "pictures": 0}
    mine.collection("transfer", Shelf).put(with_picture(with_classes(Collection(), 2), "c1", b"packed"))
    mine.runs = (*mine.runs, Run("A detector", Job(DetectionConfig()), key="run-4"))
    mine.searches = (Search(SearchConfig(), VISITOR, lambda job: None, lambda job, command: None),)
    assert studio.counts() == {"runs": 2, "saved": 1, "searches": 1, "pictures": 1}


def test_of_a_run_whose_file_no_page_reads_no_file_is_asked_for(mine: Studio) -> None:
    job = Job(DetectionConfig(), state=State(status="finished", weights=b"its weights"))
    job.empty()
    assert Run("A detector", job).not_kept == NOT_KEPT_NOR_LOADED
    assert mine.runs[0].not_kept == NOT_KEPT
