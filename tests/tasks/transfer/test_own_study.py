"""The study on a visitor's own pictures, against its parts; what it keeps; and how little it computes anew."""

from __future__ import annotations

import numpy as np
import pytest
from own_pictures import collected, striped

from explainer.tasks.transfer import own_study
from explainer.tasks.transfer.collection import emptied, packed, unpacked, with_picture
from explainer.tasks.transfer.features import CUTS, Floats, features
from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.own_study import OwnStudyConfig, Shelf, config_of, own_features, own_picture
from explainer.tasks.transfer.study import Study


def done(config: OwnStudyConfig, shelf: Shelf) -> Study[OwnStudyConfig]:
    shares = list(own_study.own_study(config, shelf.features))
    assert [each.share for each in shares] == sorted(each.share for each in shares)
    found = shares[-1].study
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    made = Shelf()
    made.put(collected((4, 5, 6)))
    return made


def test_it_is_what_its_parts_give(shelf: Shelf) -> None:
    config = config_of(shelf.collection)
    found, cut = done(config, shelf), CUTS.index("5")
    assert found.accuracy.shape == (len(CUTS), 5) and len(found.test) == 1 + 2 + 2
    rgb = unpacked([each for own in config.pictures for each in own])
    (own,) = [np.concatenate(column) for column in zip(*features(rgb, ("5",)), strict=True)]
    train, test = own_study.splits(config)[0]
    layer = last_layer(own[train], found.labels[train], 3)
    np.testing.assert_allclose(found.layers[cut].weights, layer.weights, atol=1e-4)
    assert (layer.classes(own[test]) == found.found[cut]).all()
    np.testing.assert_allclose(own_features(found, cut, shelf.features), (own - layer.mean) / layer.scale, atol=1e-3)
    assert np.array_equal(own_picture(config, 4), rgb[4])


def test_what_a_child_tells_apart_is_told_apart(shelf: Shelf) -> None:
    assert done(config_of(shelf.collection), shelf).accuracy.max() == 1.0


def test_a_new_picture_adds_only_its_own_features(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    done(config_of(shelf.collection), shelf)
    asked: list[int] = []

    def counting(rgb: np.ndarray) -> object:
        asked.append(len(rgb))
        return features(rgb)

    monkeypatch.setattr(own_study, "features", counting)
    more = with_picture(shelf.collection, "c1", packed(striped(0, 15)))
    found = done(config_of(more), shelf)
    assert asked == [1] and len(found.labels) == 16


def test_what_tells_studies_apart_holds_no_picture(shelf: Shelf) -> None:
    config = config_of(shelf.collection)
    moved = OwnStudyConfig(
        (config.pictures[0][:-1], config.pictures[0][-1:] + config.pictures[1], *config.pictures[2:])
    )
    digests = {config.digest, moved.digest, config_of(shelf.collection, 1).digest}
    assert len(digests) == 3 and all(len(each) == 64 for each in digests)
    assert config_of(shelf.collection).digest == config.digest


def test_emptied_pictures_leave_nothing_behind() -> None:
    shelf, values = Shelf(), (np.ones(3, np.float32),)
    kept: tuple[Floats, ...] = values
    shelf.put(collected((1, 1)))
    shelf.features.put("a", kept)
    shelf.thumbs.put("a", "data:")
    assert shelf.size() == shelf.collection.size + own_study.FEATURE_BYTES + own_study.THUMB_BYTES
    shelf.put(emptied(shelf.collection))
    assert shelf.size() == 0 and shelf.features.get("a") is None


def test_too_few_pictures_are_no_study() -> None:
    with pytest.raises(ValueError, match="lacking"):
        config_of(collected((3, 2)))


def test_the_bytes_that_are_counted_are_those_that_are_there(shelf: Shelf) -> None:
    done(config_of(shelf.collection), shelf)
    row = shelf.features.get(own_study._digest(shelf.collection.of("c1").pictures[0]))
    assert row is not None and sum(each.nbytes for each in row) <= own_study.FEATURE_BYTES
