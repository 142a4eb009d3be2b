"""Where a search tries: the grid covers every combination, chance the whole square, TPE comes closer to the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.training.search.axes import AXES, Axis, with_values
from explainer.training.search.places import Parzen, at_random, chooser, grid, random_first
from explainer.training.search.search import SearchConfig


def test_a_grid_of_nine_has_three_values_of_each() -> None:
    places = grid(9)
    assert len(set(places)) == 9
    assert sorted({x for x, _ in places}) == sorted({y for _, y in places}) == pytest.approx([1 / 6, 1 / 2, 5 / 6])


def test_a_grid_of_ten_is_none() -> None:
    with pytest.raises(ValueError, match="budget=10"):
        grid(10)


def test_nine_random_places_have_nine_values_of_each_and_the_same_seed_the_same_ones() -> None:
    places = at_random(9, seed=3)
    assert len({x for x, _ in places}) == len({y for _, y in places}) == 9
    assert places == at_random(9, seed=3) != at_random(9, seed=4)


def test_random_places_fill_the_square_evenly() -> None:
    x, y = np.array(at_random(20_000, seed=0)).T
    counts, *_ = np.histogram2d(x, y, bins=4, range=[[0, 1], [0, 1]])
    assert abs(counts - 20_000 / 16).max() < 5 * np.sqrt(20_000 / 16)


def test_tpe_comes_closer_to_the_best_place_than_chance() -> None:
    def accuracy(x: float, y: float) -> float:
        return 1 - abs(x - 0.7)

    asked = Parzen(random_first(25), seed=1)
    found = []
    for number in range(25):
        place = asked.ask()
        found.append(accuracy(*place))
        asked.tell(number, found[-1])
    assert np.mean(found[15:]) > np.mean([accuracy(*place) for place in at_random(200, seed=1)]) + 0.1


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_every_method_gives_as_many_places_as_asked_for(method) -> None:
    asked = chooser(method, 9, seed=0)
    places = []
    for number in range(9):
        places.append(asked.ask())
        asked.tell(number, 0.5)
    assert len(set(places)) == 9 and all(0 <= along <= 1 for place in places for along in place)


@pytest.mark.parametrize("axis", AXES.values(), ids=str)
def test_an_axis_goes_from_one_bound_to_the_other(axis: Axis) -> None:
    assert axis.value(0) == axis.low and axis.value(1) == axis.high
    assert all(0 <= axis.place(tick) <= 1 for tick in axis.ticks)


@given(st.sampled_from([axis for axis in AXES.values() if not axis.is_whole]), st.floats(0, 1))
def test_a_value_leads_back_to_its_place(axis: Axis, place: float) -> None:
    value = axis.value(place)
    if value > 0:
        assert axis.place(value) == pytest.approx(place, abs=0.01)


def test_the_middle_of_a_logarithmic_axis_is_the_geometric_mean() -> None:
    assert AXES["learning-rate"].value(0.5) == 0.01
    assert AXES["dropout"].value(0.5) == 0.4
    assert AXES["batch-size"].value(0.5) == 128


def test_the_values_reach_the_run() -> None:
    run = SearchConfig(horizontal="batch-size", vertical="width", digits=500, epochs=2, seed=7).run((0.5, 1.0))
    assert (run.recipe.batch_size, run.recipe.epochs, run.subset, run.seed) == (128, 2, 500, 7)
    assert [block.channels for block in run.network.blocks] == [16, 48] and run.network.hidden == (64,)
    both = with_values(run, {"learning-rate": 0.3, "weight-decay": 0.2, "dropout": 0.1})
    assert (both.recipe.learning_rate, both.recipe.weight_decay, both.network.dropout) == (0.3, 0.2, 0.1)
