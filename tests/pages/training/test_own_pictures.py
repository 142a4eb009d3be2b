"""A visitor's own pictures on the page "Transfer learning": what arrives, what is refused, and what is said."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from opening import data_of, notice_of, opened, said
from own_pictures import collected, striped
from PIL import Image
from streamlit.runtime.context import ContextProxy

from explainer.tasks.transfer import own_study
from explainer.tasks.transfer.collection import emptied, renamed
from explainer.tasks.transfer.own_study import Shelf
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Studio
from pages.training.transfer import own_camera, own_state, picture_shelf

PAGE, VISITOR = "training/transfer", "the visitor of this test"
OWN = {"tl_source": "own", "tl_classes": "3"}
PATIENCE = 120.0  # seconds


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """The pictures of the visitor whom the page meets."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr(studio, "visitor", lambda: VISITOR)
    monkeypatch.setattr(own_state, "studio", lambda: studio._studios[VISITOR])
    monkeypatch.setattr(studio, "_studios", {VISITOR: Studio(VISITOR)})
    yield studio._studios[VISITOR].collection("transfer", Shelf)
    studio.close()


def finished(at: Any) -> Any:
    end = time.monotonic() + PATIENCE
    while not any(":material/visibility:" in each.value for each in at.markdown) and time.monotonic() < end:
        time.sleep(0.2)
        at.run()
    return at


def jpeg(rgb: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG")
    return file.getvalue()


def test_without_pictures_it_says_how_many_are_missing(mine: Shelf) -> None:
    at = opened(PAGE, OWN)
    assert "“Class 1” lacks 3 pictures, all classes together 9: each needs 3" in said(at)
    mine.put(collected((3, 2, 3)))
    assert "“Class 2” lacks one picture: each class needs 3, two to learn from and one for the test" in said(at.run())


def test_it_says_what_own_pictures_teach(mine: Shelf) -> None:
    mine.put(renamed(collected((4, 5, 6)), "c2", "**b** <i>"))
    at = finished(opened(PAGE, OWN))
    assert "10 pictures learned from, cut after Fire 9: " in notice_of(at)
    assert "% of 5 held-out pictures are right" in notice_of(at).replace("\u00a0", " ").replace("**", "")
    rows = data_of(at, "picture_shelf")["rows"]
    assert [row["count"] for row in rows] == ["4", "5", "6"] and rows[1]["shown"] == "**b** <i>"
    assert [sum(each["test"] for each in row["all"]) for row in rows] == [1, 2, 2]
    assert not any("<i>" in each.value for each in at.markdown)


def test_the_map_by_t_sne(mine: Shelf) -> None:
    mine.put(collected((4, 4, 4)))
    at = finished(opened(PAGE, {**OWN, "tl_layout": "t-sne"}))
    end = time.monotonic() + PATIENCE
    while not mine.layouts.taken and time.monotonic() < end:
        time.sleep(0.2)
        at.run()
    assert not at.exception and mine.layouts.taken == 1


def test_fewer_classes_let_the_last_ones_go(mine: Shelf) -> None:
    mine.put(collected((3, 3, 3)))
    at = opened(PAGE, OWN)
    at.select_slider(key="tl_classes").set_value("2").run()
    assert [each.key for each in mine.collection.classes] == ["c1", "c2"]


def test_all_pictures_go_at_a_press(mine: Shelf) -> None:
    mine.put(renamed(collected((3, 3, 3)), "c1", "Mine"))
    at = opened(PAGE, OWN)
    at.button(key="tl_empty").click().run()
    assert mine.size() == 0 and mine.collection.of("c1").name == "Mine"


def test_what_is_no_picture_is_refused_and_what_is_there_is_not_added_again(mine: Shelf) -> None:
    assert own_state._added("c1", jpeg(striped(0, 1)), "a.jpg") == []
    (twice,) = own_state._added("c2", jpeg(striped(0, 1)), "a.jpg")
    (broken,) = own_state._added("c1", b"no picture", "b.jpg")
    assert "a.jpg is there already" in twice and "b.jpg" in broken
    assert own_state._added("c9", jpeg(striped(0, 2)), "a.jpg") == []
    assert [len(each.pictures) for each in mine.collection.classes] == [1, 0]


def test_a_visitors_pictures_count_and_are_forgotten(mine: Shelf) -> None:
    mine.put(collected((3, 3)))
    one = studio._studios[VISITOR]
    assert one.size() == mine.size() > 0
    assert one.forget_pictures() > 0 and one.size() == 0
    assert one.collection("transfer", Shelf).collection.size == 0


def test_a_picture_of_no_class_is_tried_and_never_learned_from(mine: Shelf) -> None:
    mine.put(collected((5, 5, 5)))
    before = mine.collection
    assert own_state._added(own_state.TRY, jpeg(striped(1, 11)), "a.jpg") == []
    assert mine.collection is before and mine.tried is not None
    at = finished(opened(PAGE, OWN))
    kept = mine.studies.get(own_study.config_of(before).digest)
    assert kept is not None and kept.study is not None
    found = kept.study
    shares = own_study.told(found, 8, mine.tried, mine.features)
    assert shares.sum() == pytest.approx(1) and shares.argmax() == 1  # bars lie down
    assert any("live_chart" in each.proto.component_name for each in at.main if each.type == "bidi_component")
    mine.put(emptied(before))
    assert mine.tried is None


def test_only_what_a_camera_sends_is_taken() -> None:
    text = "data:image/jpeg;base64," + base64.b64encode(b"abc").decode()
    good = {"number": 2, "of": "c1", "picture": text}
    assert own_camera.taken([good, {**good, "number": 3}], 2) == [own_camera.Taken(3, "c1", b"abc")]
    for wrong in (
        None,
        "x",
        [None],
        [{**good, "number": "2"}],
        [{**good, "of": 1}],
        [{**good, "picture": "data:image/png;base64,abcd"}],
        [{**good, "picture": text + "A" * 300_000}],
        [{**good, "picture": "data:image/jpeg;base64,?"}],
    ):
        assert own_camera.taken(wrong, 0) == []
    assert len(own_camera.taken([{**good, "number": number} for number in range(1, 99)], 0)) == own_camera.MOST
    assert picture_shelf.pair(["c1", "x"]) == ("c1", "x")
    assert [picture_shelf.pair(wrong) for wrong in (None, ["c1"], ["c1", 2], "c1")] == [None] * 4
