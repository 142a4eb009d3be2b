"""Maps of scores against torchvision's own network, and the place of their units against receptive fields."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from explainer.data.samples import original_size, photograph
from explainer.inspection import receptive_field
from explainer.inspection.score_map import last_maps, score_map
from explainer.inspection.score_map_code import score_formula, score_map_code
from explainer.networks import zoo
from explainer.networks.graph import logits
from explainer.networks.reading import to_input


@pytest.mark.parametrize(("name", "side"), [("coffee", 512), ("cat", 300), ("engine", 32)])
def test_the_script_makes_the_same_map(name: str, side: int) -> None:
    pixels = photograph(name, side).rgb
    found = score_map(zoo.load("squeezenet"), pixels)
    file = {"coffee": "coffee.png", "cat": "chelsea.png", "engine": "fire-engine.png"}[name]
    size = None if pixels.shape[:2] == original_size(name) else pixels.shape[:2]
    values: dict[str, Any] = {}
    exec(score_map_code(f"assets/images/{file}", size, found.classes[0]), values)
    # float32 sums of another order, as with another number of threads
    assert values["map"].numpy() == pytest.approx(found.maps[0], rel=1e-5, abs=5e-4)
    assert float(values["score"]) == pytest.approx(found.scores[0], abs=1e-4)
    assert values["maps"].mean((1, 2)).topk(5).indices.tolist() == list(found.classes)
    assert torch.equal(values["maps"].max(0).indices, torch.tensor(found.best))
    assert values["maps"].max(0).values.numpy() == pytest.approx(found.highest, rel=1e-5, abs=5e-4)


def test_the_means_are_the_networks_logits_on_the_larger_picture() -> None:
    network, pixels = zoo.load("squeezenet"), photograph("coffee", 512).rgb
    found = score_map(network, pixels)
    with torch.no_grad():
        whole = logits(network, to_input(network.description.transform, pixels))[0]
    assert whole.topk(5).values.numpy() == pytest.approx(found.scores, abs=1e-4)
    assert found.maps.mean((1, 2)) == pytest.approx(found.scores, abs=1e-4)
    assert found.maps.shape == (5, 21, 31)  # of 341 × 512 pixels
    assert network.description.classes[found.classes[0]] == "soup bowl"


def test_units_are_centred_on_their_receptive_fields() -> None:
    network = zoo.load("squeezenet")
    found = score_map(network, photograph("cat", 128).rgb)
    first, jump = found.first, found.jump
    rows = receptive_field.fields(network, last_maps(network)).rows[0]
    inside = [at for at, (start, end) in enumerate(rows) if start > 0 and end < 208]  # clear of the edges
    assert jump == 16 and len(inside) > 3
    assert [first + jump * at for at in inside] == [(rows[at][0] + rows[at][1] - 1) / 2 for at in inside]


def test_the_formula_has_the_sum_and_the_mean() -> None:
    found = score_map(zoo.load("squeezenet"), photograph("cat", 128).rgb)
    rows, columns = found.maps.shape[1:]
    formula = score_formula(found, 1)
    assert rf"\frac{{1}}{{{rows} \cdot {columns}}}" in formula
    assert formula.endswith(f"= {found.scores[1]:.3f}")


def test_what_has_no_map_of_scores_is_refused() -> None:
    with pytest.raises(ValueError, match="Digit reader"):
        last_maps(zoo.load("digits"))
    with pytest.raises(ValueError, match="31"):
        score_map(zoo.load("squeezenet"), np.zeros((31, 64, 3), np.uint8))
