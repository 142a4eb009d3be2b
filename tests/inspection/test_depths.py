"""What excites maps at several depths: in one pass the same as layer by layer."""

from __future__ import annotations

import numpy as np

from explainer.inspection.depths import choosiest, depths, hits, layers_of_depths, strongest
from explainer.inspection.exemplars import Ranking, joined, peaks, rank, side_seen
from explainer.networks import zoo


def test_one_pass_gives_what_each_layer_alone_does() -> None:
    network = zoo.load("squeezenet")
    layers = layers_of_depths(network)
    assert [layer.key for layer in layers[:1]] == ["activation-1"] and layers[-1].channels == 1000
    sides = [side_seen(network, layer) for layer in layers]
    assert sides == sorted(sides) and (sides[0], sides[-1], len(sides)) == (7, 155, 6)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 224, 224, 3), np.uint8)
    *_, found = depths(network, layers, pixels)
    assert found.is_whole and found.total == 5
    for number in (0, 3):
        alone = rank(joined(peaks(network, layers[number].name, pixels)), 4, 4)
        np.testing.assert_array_equal(found.rankings[number].strongest, alone.strongest)
        np.testing.assert_array_equal(found.rankings[number].strongest_places, alone.strongest_places)


def test_the_choosiest_maps_stand_out_and_answer_strongly() -> None:
    values = np.array([[9, 8, 7], [10, 2, 1], [0.1, 0, 0], [0, 0, 0], [12, 6, 3]], np.float32)
    numbers = np.tile(np.arange(3, dtype=np.int32), (5, 1))
    ranking = Ranking(3, numbers, values, numbers, numbers, values, numbers, (values > 0).sum(1).astype(np.int32))
    assert choosiest(ranking, 3) == (1, 4, 0)  # by 0.9, 0.75 and 0.22; the others are weaker than half of all
    assert [hit.value for hit in hits(ranking, 1)] == [10, 2, 1] and hits(ranking, 3) == ()


def test_the_strongest_maps_are_of_different_pictures() -> None:
    values = np.array([[9, 1], [12, 1], [5, 1]], np.float32)
    numbers = np.array([[4, 0], [4, 0], [2, 0]], np.int32)
    ranking = Ranking(5, numbers, values, numbers, numbers, values, numbers, np.array([2, 2, 2], np.int32))
    assert strongest(ranking, 2) == (1, 2)
