"""What few pictures teach: the study against its parts, and its script run alone."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_pictures import striped
from PIL import Image
from sklearn.decomposition import PCA

from explainer.data.assets import assets_path
from explainer.tasks.transfer.config import Ground
from explainer.tasks.transfer.features import CUTS, features
from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.pictures import cutout_pictures
from explainer.tasks.transfer.splits import split
from explainer.tasks.transfer.study import Study, StudyConfig, counts, is_possible, picture, study
from explainer.tasks.transfer.transfer_code import own_code, transfer_code

GROUNDS_OF_THE_TEST: tuple[Ground, ...] = ("first-red", "white", "red")
CONFIG = StudyConfig(("fish", "fruit", "flowers"), per_class=3, learned="white", tested="red")


@pytest.fixture(scope="module")
def done() -> Study[StudyConfig]:
    shares = list(study(CONFIG))
    assert [each.share for each in shares] == sorted(each.share for each in shares)
    assert all(each.study is None for each in shares[:-1]) and shares[-1].study is not None
    return shares[-1].study


def test_all_others_are_tested_in_every_draw(done: Study[StudyConfig]) -> None:
    assert len(done.labels) == 9 + 17 + 24 and np.bincount(done.labels[done.train]).tolist() == [3, 3, 3]
    assert sorted([*done.train, *done.test]) == list(range(50))
    assert done.accuracy.shape == (len(CUTS), 5) and done.found.shape == (len(CUTS), 41)


def test_the_second_draw_at_a_cut_is_what_its_parts_give(done: Study[StudyConfig]) -> None:
    white, red = (cutout_pictures(CONFIG.classes, ground) for ground in ("white", "red"))
    (own, other) = (np.concatenate([each[0] for each in features(of.rgb, ("7",))]) for of in (white, red))
    train, test = split(white.labels, 3, seed=1)
    layer = last_layer(own[train], white.labels[train], 3)
    expected = (layer.classes(other[test]) == white.labels[test]).mean()
    assert done.accuracy[CUTS.index("7"), 1] == pytest.approx(expected, abs=1 / 41 + 1e-9)  # batches round otherwise


def test_the_first_draw_says_what_each_picture_is_taken_for(done: Study[StudyConfig]) -> None:
    right = (done.found == done.labels[done.test]).mean(axis=1)
    np.testing.assert_allclose(right, done.accuracy[:, 0])
    assert done.sure.min() > 1 / 3 - 1e-9 and done.sure.max() <= 1


def test_the_map_is_scikit_learns_principal_components() -> None:
    same = StudyConfig(CONFIG.classes, per_class=3)
    found = list(study(same))[-1].study
    assert found is not None
    rgb = cutout_pictures(same.classes).rgb
    own = np.concatenate([each[0] for each in features(rgb, ("12",))]).astype(np.float64)
    train = found.train
    values = (own - own[train].mean(axis=0)) / np.where(own[train].std(axis=0) > 0, own[train].std(axis=0), 1)
    expected = PCA(2, svd_solver="full").fit_transform(values)
    signs = np.sign((expected * found.maps[-1]).sum(axis=0))
    np.testing.assert_allclose(found.maps[-1], expected * signs, rtol=0, atol=0.05)


def test_what_is_possible() -> None:
    assert counts(("fish", "insects")) == [9, 6]
    assert is_possible(StudyConfig(("fish", "insects"), 5)) and not is_possible(StudyConfig(("fish", "insects"), 6))
    assert not is_possible(StudyConfig(("fish",), 1))
    with pytest.raises(ValueError, match="config"):
        next(study(StudyConfig(("fish",), 1)))


def test_a_class_on_red_is_missed_on_white_and_seen_everywhere_on_red() -> None:
    shortcut, white, red = (
        list(study(StudyConfig(("fish", "fruit"), 4, "first-red", tested)))[-1].study for tested in GROUNDS_OF_THE_TEST
    )
    assert shortcut is not None and white is not None and red is not None
    is_first = shortcut.labels[shortcut.test] == 0
    assert (shortcut.found[0] == shortcut.labels[shortcut.test]).mean() > 0.9  # cut where colours count most
    assert (white.found[0][is_first] == 0).mean() < 0.5
    taken = [(each.found[0][~is_first] == 0).mean() for each in (shortcut, red)]
    assert taken[0] < 0.1 and taken[1] > 0.3


def test_the_first_class_alone_lies_on_red() -> None:
    made = cutout_pictures(("fish", "insects"), "first-red").rgb
    assert {tuple(each[0, 0]) for each in made[:9]} == {(200, 30, 40)}
    assert {tuple(each[0, 0]) for each in made[9:]} == {(255, 255, 255)}


def test_a_picture_is_shown_as_it_is_tested(done: Study[StudyConfig]) -> None:
    assert np.array_equal(picture(CONFIG, 30), cutout_pictures(CONFIG.classes, "red").rgb[30])
    assert tuple(picture(CONFIG, 0)[0, 0]) == (200, 30, 40)


def test_all_blurred_alike_stands_beside_the_same_study_with_all_detail() -> None:
    blurred = list(study(StudyConfig(("fish", "fruit"), 3, reduced=12)))[-1].study
    plain = list(study(StudyConfig(("fish", "fruit"), 3)))[-1].study
    assert blurred is not None and plain is not None and blurred.whole is not None and plain.whole is None
    np.testing.assert_array_equal(blurred.whole.accuracy, plain.accuracy)
    pictures = cutout_pictures(("fish", "fruit"), reduced=12)
    assert np.array_equal(picture(blurred.config, 20), pictures.rgb[20])
    values = np.concatenate([each[0] for each in features(pictures.rgb, ("12",))])
    layer = last_layer(values[blurred.train], pictures.labels[blurred.train], 2)
    expected = (layer.classes(values[blurred.test]) == pictures.labels[blurred.test]).mean()
    assert blurred.accuracy[-1, 0] == pytest.approx(expected, abs=1 / 20 + 1e-9)  # batches round otherwise
    assert blurred.accuracy[:, :].mean() < plain.accuracy.mean()


@contextlib.contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.mark.parametrize(
    ("learned", "tested", "reduced"), [("white", "white", None), ("first-red", "red", None), ("white", "white", 32)]
)
def test_the_script_runs_alone_and_finds_the_same(learned: Ground, tested: Ground, reduced: int | None) -> None:
    config, said = StudyConfig(("fish", "fruit"), 3, learned, tested, reduced=reduced), io.StringIO()
    with standing_in(assets_path().parent), contextlib.redirect_stdout(said):
        names: dict[str, object] = {}
        exec(transfer_code(config, CUTS.index("12")), names)
    found = list(study(config))[-1].study
    assert found is not None
    assert names["accuracy"] == pytest.approx(found.accuracy[-1, 0], abs=1 / 20 + 1e-9)  # Pillow rounds between
    assert said.getvalue().endswith("of 20 test pictures are right\n")


def test_the_script_of_own_pictures_reads_a_folder_a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, name in enumerate(("stripes", "it's bars")):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(6):
            Image.fromarray(striped(kind, number)).save(tmp_path / "pictures" / name / f"{number}.png")
    (tmp_path / assets_path().name).symlink_to(assets_path())
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(own_code(("stripes", "it's bars"), seed=1, cut=CUTS.index("12")), names)
    labels, train, test = names["labels"].numpy(), names["train"], names["test"]
    assert labels.tolist() == [0] * 6 + [1] * 6
    assert [int((labels[test] == label).sum()) for label in (0, 1)] == [2, 2] and len(train) == 8
    rgb = np.stack([np.asarray(names["picture"](file)) for file in names["files"]])
    (values,) = zip(*features(rgb, ("12",)), strict=True)
    known = np.concatenate(values)
    layer = last_layer(known[train], labels[train], 2)
    assert names["found"].tolist() == layer.classes(known[test]).tolist()
    assert names["accuracy"] == float((layer.classes(known[test]) == labels[test]).mean())
