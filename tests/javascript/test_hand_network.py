"""The network by hand computes the same in the browser as in Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explainer.networks import by_hand
from explainer.networks.by_hand import ARTICLE, Weights, cut
from explainer.networks.xo_pictures import PICTURES, numbers_text, text_of
from pages.networks.x_or_o.hand_network import encode


def test_all_numbers_are_those_of_python(served: Path, node: Callable[..., str], tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    dragged = Weights(np.round(random.uniform(-2, 2, (3, 3, 3)), 1), np.round(random.uniform(-1, 1, (2, 12)), 2))
    cases = [(each.pixels, weights) for each in PICTURES.values() for weights in (ARTICLE, dragged)]
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([encode(*case) for case in cases]), encoding="utf-8")
    said = json.loads(node(str(Path(__file__).parent / "hand_network_all.mjs"), str(file), SERVED=str(served)))
    assert len(said) == 24
    for found, (pixels, weights) in zip(said, cases, strict=True):
        expected = by_hand.forward(pixels[None], weights)
        for layer in ("maps", "rectified", "pooled", "stacked", "listed", "votes"):
            values = getattr(expected, layer)[0]
            np.testing.assert_allclose(np.ravel(found[layer]), values.ravel(), atol=1e-12)
        assert found["cut"] == [cut(float(value)) for value in expected.maps[0].ravel()]
        assert found["pixels"] == text_of(pixels)
        assert found["weights"] == numbers_text(weights.features)
