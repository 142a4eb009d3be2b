"""A visitor's own pictures: cut to a square, once each, bounded, and held out by what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from own_pictures import collected, striped

from explainer.tasks.transfer import collection as own
from explainer.tasks.transfer.collection import Collection, FullError, OwnClass
from explainer.tasks.transfer.splits import held_out


def test_a_picture_becomes_the_square_in_its_middle() -> None:
    wide = np.full((100, 300, 3), 255, np.uint8)
    wide[:, 100:200] = (200, 30, 40)
    (back,) = own.unpacked([own.packed(wide)])
    assert back.shape == (224, 224, 3)
    assert np.abs(back.reshape(-1, 3).mean(axis=0) - (200, 30, 40)).max() < 4  # nothing of the white beside it


def test_a_smaller_side_is_the_same_picture() -> None:
    file = own.packed(np.full((50, 50, 3), 120, np.uint8))
    assert own.unpacked([file], 32).shape == (1, 32, 32, 3)
    assert abs(float(own.unpacked([file], 32).mean()) - 120) < 2
    assert own.unpacked([]).shape == (0, 224, 224, 3)


def test_a_picture_is_in_one_class_once() -> None:
    first = collected((1, 0))
    file = first.of("c1").pictures[0]
    assert own.with_picture(first, "c1", file) is first and own.with_picture(first, "c2", file) is first


def test_a_class_and_all_together_are_bounded() -> None:
    many = tuple(b"%d" % number for number in range(own.MOST))
    full = Collection((OwnClass("c1", pictures=many), OwnClass("c2")))
    with pytest.raises(FullError, match="60 pictures"):
        own.with_picture(full, "c1", b"another")
    with pytest.raises(FullError, match="no room"):
        own.with_picture(full, "c2", bytes(own.MOST_BYTES))
    assert own.with_picture(full, "c2", b"another").of("c2").pictures == (b"another",)


def test_pictures_and_classes_go_again() -> None:
    first = collected((2, 1, 3))
    gone = own.name_of(first.of("c3").pictures[1])
    after = own.without_picture(first, "c3", gone)
    assert after.of("c3").pictures == first.of("c3").pictures[::2]
    assert own.without_picture(first, "c1", gone) == first
    assert [each.key for each in own.with_classes(after, 2).classes] == ["c1", "c2"]
    assert [len(each.pictures) for each in own.with_classes(after, 99).classes] == [2, 1, 2, 0, 0, 0]
    assert own.emptied(own.renamed(first, "c2", "Mine")).of("c2") == OwnClass("c2", "Mine")
    assert own.emptied(first).size == 0 < first.size


def test_a_name_is_one_short_line_as_it_was_written() -> None:
    named = own.renamed(Collection(), "c1", "  **Ünsere**\nTasse " + "x" * 50)
    assert named.of("c1").name == ("**Ünsere** Tasse " + "x" * 50)[: own.MOST_NAME]
    with pytest.raises(KeyError):
        own.renamed(Collection(), "c9", "?")


def test_what_is_missing() -> None:
    assert own.missing(collected((1, 3, 0))) == {"c1": 2, "c3": 3}
    assert own.missing(collected((3, 4))) == {}


def test_a_third_of_each_class_is_held_out_and_never_learned_from() -> None:
    pictures = [each.pictures for each in collected((3, 7, 10)).classes]
    for seed in range(5):
        train, test = held_out(pictures, seed)
        assert sorted([*train, *test]) == list(range(20)) and not set(train) & set(test)
        assert np.bincount(np.repeat([0, 1, 2], [3, 7, 10])[test]).tolist() == [1, 2, 3]
    assert {tuple(held_out(pictures, seed)[1]) for seed in range(5)} != {tuple(held_out(pictures, 0)[1])}


def test_order_does_not_decide_what_is_held_out() -> None:
    pictures = [each.pictures for each in collected((6, 6)).classes]
    every = [each for of in pictures for each in of]
    backwards = [of[::-1] for of in pictures]
    turned = [each for of in backwards for each in of]
    assert {every[n] for n in held_out(pictures, 1)[1]} == {turned[n] for n in held_out(backwards, 1)[1]}
    with pytest.raises(ValueError, match="own"):
        held_out([pictures[0], pictures[1][:1]], 0)


def test_a_collection_is_never_changed() -> None:
    first = collected((1, 1))
    copy = replace(first)
    own.with_picture(first, "c1", own.packed(striped(2, 3)))
    own.renamed(first, "c1", "another")
    assert first == copy
