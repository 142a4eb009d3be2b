"""What the browser gets of a race, and what it may answer."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from explainer.training.race import Race, run
from explainer.training.surfaces import BEALE, RAVINE, heights
from pages.training.optimizers.race import (
    COLUMNS,
    ROWS,
    Racer,
    encode,
    place_in,
    race_view,
)

RACE = Race("ravine", (-4.0, 2.0), 0.04, 0.5, steps=20)


def racers(race: Race = RACE) -> list[Racer]:
    return [Racer(trace.optimizer, "#1070c8", trace) for trace in run(race)]


def unpacked(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def test_paths_and_losses_travel_in_single_precision() -> None:
    data = encode(RAVINE, racers(), 20)
    for sent, racer in zip(data["racers"], racers(), strict=True):
        np.testing.assert_allclose(unpacked(sent["path"], "<f4").reshape(-1, 2), racer.trace.path, rtol=1e-6)
        np.testing.assert_allclose(unpacked(sent["loss"], "<f4"), racer.trace.loss, rtol=1e-6)
        assert sent["arrival"] == racer.trace.arrival
    assert json.loads(json.dumps(data, allow_nan=False))["steps"] == 20


def test_the_levels_of_the_map() -> None:
    sent = unpacked(encode(BEALE, [], 5)["levels"], "<u2").reshape(ROWS, COLUMNS)
    levels = np.log1p(heights(BEALE, COLUMNS, ROWS) / 0.01)
    np.testing.assert_allclose(sent, levels / levels.max() * 65535, atol=0.5)


def test_a_racer_that_diverged_is_finite() -> None:
    gone = encode(RAVINE, racers(Race("ravine", (-4.0, 2.0), 10.0, 10.0, steps=20)), 20)["racers"][0]
    assert gone["diverged"] and gone["arrival"] is None
    assert np.isfinite(unpacked(gone["path"], "<f4")).all()
    assert np.isfinite(unpacked(gone["loss"], "<f4")).all()


def test_fewer_steps_than_a_racer_made_are_refused() -> None:
    with pytest.raises(ValueError, match="19 steps"):
        encode(RAVINE, racers(), 19)


def test_a_height_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="160 to 1000"):
        race_view(RAVINE, [], 5, "race", height=10)


def test_a_place_that_is_clicked() -> None:
    assert place_in(RAVINE, [1, -2.5]) == (1.0, -2.5)
    assert place_in(RAVINE, [99.0, -99.0]) == (5.0, -3.5)


@pytest.mark.parametrize("nonsense", [None, 3, [], [1], [1, 2, 3], "ab", ["1", 2], [float("nan"), 0], {"x": 1, "y": 2}])
def test_nonsense_is_no_place(nonsense: object) -> None:
    assert place_in(RAVINE, nonsense) is None
