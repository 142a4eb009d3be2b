"""The page "Transfer learning": what it says of what it computed, and what it says where nothing can be learned."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from opening import notice_of, opened, said

from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.study import REDUCED, Study, StudyConfig, study
from pages.training.transfer import cutout_state
from pages.training.transfer.page import TRY_THIS

PAGE = "training/transfer"
PATIENCE = 300.0  # seconds


@pytest.fixture(scope="module")
def done() -> Study[StudyConfig]:
    found = list(study(StudyConfig(cutout_state.FIRST, 10)))[-1].study
    assert found is not None
    return found


def finished(query: dict[str, str] | None = None) -> Any:
    """The page once its work is over."""
    at, end = opened(PAGE, query), time.monotonic() + PATIENCE
    while not any(":material/visibility:" in each.value for each in at.markdown) and time.monotonic() < end:
        time.sleep(0.2)
        at.run()
    return at


def test_it_says_what_ten_pictures_a_class_are_worth(done: Study[StudyConfig]) -> None:
    at = finished()
    own, tests = 100 * done.accuracy[-1], len(done.test)
    text = notice_of(at).replace("\u00a0", " ")
    assert f"10 pictures a class, cut after Fire 9: **{own.mean():.1f} %** of {tests} other pictures" in text
    assert f"± {own.std():.1f}" in text
    right = int((done.found[-1] == done.labels[done.test]).sum())
    assert rf"\frac{{{right}}}{{{tests}}}" in said(at)
    assert f"{tests - right} test pictures are wrong in this draw" in said(at)


def test_an_earlier_cut_is_another_figure(done: Study[StudyConfig]) -> None:
    at = finished({"tl_cut": "3"})
    mean = 100 * done.accuracy[CUTS.index("3")].mean()
    assert f"cut after Fire 2: **{mean:.1f} %**" in notice_of(at).replace("\u00a0", " ")
    assert mean < 100 * done.accuracy[-1].mean()


def test_all_blurred_alike_says_what_the_hint_and_the_detail_were_worth(done: Study[StudyConfig]) -> None:
    text = said(finished({"tl_reduce": "true"}))
    blurred = list(study(StudyConfig(cutout_state.FIRST, 10, reduced=REDUCED)))[-1].study
    assert blurred is not None
    before, after = (100 * each.accuracy[-1].mean() for each in (done, blurred))
    assert f"With all their detail **{before:.1f} %** are right, with 32 pixels **{after:.1f} %**" in text
    is_fruit = done.labels[done.test] == 2
    found = [int((each.found[-1][is_fruit] == 2).sum()) for each in (done, blurred)]
    assert f"Of the {is_fruit.sum()} fruit of the first draw {found[0]} were found, and now {found[1]}." in text


@pytest.mark.parametrize("query", [dict(preset.query) for preset in TRY_THIS])
def test_every_link_opens(query: dict[str, str]) -> None:
    assert not opened(PAGE, query).exception


def test_one_class_is_nothing_to_tell_apart() -> None:
    assert "takes two classes at least" in said(opened(PAGE, {"tl_of": "fish"}))


def test_a_class_without_a_picture_left_says_so() -> None:
    at = opened(PAGE)
    at.button_group(key="tl_of").set_value(["fish", "insects"]).run()
    assert "Of “insects” there are 6 pictures. Choose fewer than 10" in said(at)


@pytest.mark.parametrize(
    "query", [{"tl_of": "?", "tl_count": "99", "tl_cut": "2"}, {"tl_learned": "blue", "tl_tested": "", "tl_draw": "-1"}]
)
def test_nonsense_is_what_it_is_at_first(query: dict[str, str]) -> None:
    at = opened(PAGE, query)
    assert not at.exception and not at.warning


def test_classes_keep_the_order_of_the_index(done: Study[StudyConfig]) -> None:
    assert done.config.classes == cutout_state.FIRST
    assert np.bincount(done.labels).tolist() == [64, 34, 17, 24, 15]
