"""The code of the page computes what it shows, and its formulas carry the numbers of the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch

from explainer.data.digits import load, subset_indices
from explainer.inspection import patches
from explainer.inspection.embedding import Projection, agreement, features, pca
from explainer.inspection.exemplars import joined, layers_of_units, peaks, rank
from explainer.inspection.exemplars_code import (
    OWN,
    digits_code,
    pca_code,
    pca_formula,
    peak_formula,
    squares_code,
    tsne_code,
    tsne_formula,
    weights_file,
)
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.weights import to_bytes


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def layer_of(network: Network, name: str) -> Layer:
    return next(layer for layer in layers_of_units(network) if layer.name == name)


@pytest.mark.parametrize(
    ("bundled", "name", "channel", "at"),
    [
        ("digits", "activation_3", 7, None),
        ("digits-bn", "batch_norm_2", 3, (4, 9)),
        ("digits", "logits", 9, None),
    ],
)
def test_the_strongest_digits(bundled: str, name: str, channel: int, at: tuple[int, int] | None) -> None:
    network, data = zoo.load(bundled), load("mnist")
    layer = layer_of(network, name)
    names = run(digits_code(weights_file(bundled), "mnist", layer, channel, at, most=20))
    found = rank(joined(peaks(network, name, data.test_images, at)))
    for key, hits in (("strongest", found.strongest_of(channel)), ("weakest", found.weakest_of(channel))):
        values = names["values"][names[key]].numpy()
        np.testing.assert_allclose(values, [hit.value for hit in hits][:20], rtol=0, atol=1e-5)
        if np.unique(values).size == 20:  # values that differ by rounding alone may change places
            assert names[key].tolist() == [hit.number for hit in hits][:20]
    labels = data.test_labels[found.strongest[channel, :20]]
    assert names["counts"].tolist() == np.bincount(labels, minlength=10).tolist()


@pytest.mark.parametrize("key", ["convolution-3", "sum-1", "sum-2", "activation-5", "logits"])
@pytest.mark.parametrize("skips", get_args(Skips))
def test_the_strongest_digits_of_a_layer_in_a_block(skips: Skips, key: str, tmp_path: Path) -> None:
    if skips == "plain" and key.startswith("sum"):
        return
    config = NetworkConfig((Block(4, stride=4, pairs=2),), batch_norm=True, skips=skips)
    torch.manual_seed(0)
    file, data = tmp_path / "weights.safetensors", load("mnist")
    file.write_bytes(to_bytes(build(config), config))
    network = zoo.trained(file.read_bytes(), "Mine")
    layer = next(each for each in layers_of_units(network) if each.key == key)
    names = run(digits_code(str(file), "mnist", layer, 3, None, most=20))
    found = rank(joined(peaks(network, layer.name, data.test_images)))
    values = names["values"][names["strongest"]].numpy()
    np.testing.assert_allclose(values, [hit.value for hit in found.strongest_of(3)][:20], rtol=0, atol=1e-5)


def test_the_strongest_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    network = zoo.load("squeezenet")
    few = patches.pictures(network.description.transform)[::20]
    monkeypatch.setattr(patches, "pictures", lambda _: few)
    layer = layer_of(network, "features_2")
    names = run(squares_code("squeezenet", layer, 5, None, most=4))
    found = rank(joined(peaks(network, layer.name, few)))
    assert names["strongest"].tolist() == [hit.number for hit in found.strongest_of(5)][:4]
    np.testing.assert_allclose(names["values"][names["weakest"]], found.weakest_values[5][:4], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [INPUT, "activation_fc_1"])
def test_the_principal_components(name: str) -> None:
    network, data = zoo.load("digits"), load("mnist")
    layer = Layer(INPUT, "", "other", (784,), (), is_maps=False) if name == INPUT else layer_of(network, name)
    names = run(pca_code(weights_file("digits"), "mnist", layer, 300))
    chosen = subset_indices(data.test_labels, 300, seed=0)
    found = pca(features(network, name, data.test_images[chosen]))
    np.testing.assert_allclose(names["points"].abs(), np.abs(found.points), rtol=0, atol=2e-3)
    np.testing.assert_allclose(names["explained"], found.explained, rtol=1e-5)


def test_t_sne() -> None:
    network, data = zoo.load("digits"), load("mnist")
    layer = layer_of(network, "activation_fc_1")
    points = run(tsne_code(weights_file("digits"), "mnist", layer, 300, 15, rounds=2))["points"]
    labels = data.test_labels[subset_indices(data.test_labels, 300, seed=0)]
    assert points.shape == (300, 2)
    assert agreement(points, labels, 5) > 0.9


def test_a_network_of_the_visitor_is_read_from_its_file() -> None:
    assert weights_file(None) == OWN and f'Path("{OWN}")' in digits_code(
        OWN, "kmnist", Layer("a", "", "activation", (5,), (), is_maps=False, path="x"), 3, None, most=1
    )


def test_formulas_carry_their_numbers() -> None:
    maps = Layer("m", "Map", "activation", (4, 7, 7), (), is_maps=True)
    unit = Layer("u", "Unit", "activation", (4,), (), is_maps=False)
    assert peak_formula(maps, 3, (2, 5), 1.25, fixed=False).endswith(r"= y_{3,\,2,\,5} = 1.25")
    assert r"\max" in peak_formula(maps, 3, None, 0.0, fixed=False)
    assert peak_formula(maps, 3, (2, 5), 1.25, fixed=True) == r"a = y_{3,\,2,\,5} = 1.25"
    assert peak_formula(unit, 3, None, -2.0, fixed=False) == r"a = y_{3} = -2"
    found = Projection(np.zeros((2, 2), np.float32), np.array([0.25, 0.125]))
    assert r"25.0\,\% + 12.5\,\% = 37.5\,\%" in pca_formula(found)
    assert "= 30" in tsne_formula(30)
