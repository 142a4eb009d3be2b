"""The code that the page on filters shows computes what the page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from explainer.inspection import filters, filters_code
from explainer.inspection.filters import Order
from explainer.networks.zoo import load

ROOT = Path(__file__).parents[2]


def run(code: str, **names: Any) -> dict[str, Any]:
    names = {"torch": torch, **names}
    exec(code, names)
    return names


@pytest.mark.parametrize("by", ["number", "norm", "orientation", "similarity", "colour"])
@pytest.mark.parametrize("shape", [(96, 3, 7, 7), (6, 1, 6, 6), (20, 4, 3, 5)])
def test_the_order_the_kernel_and_its_spectrum(by: Order, shape: tuple[int, ...]) -> None:
    weight = np.random.default_rng(5).normal(0, 1, shape).astype(np.float32)
    names = run(filters_code.order_code(by, 3), weight=torch.from_numpy(weight))
    if by != "colour" or shape[1] == 3:  # the page offers colour where there are three planes
        assert names["order"].tolist() == filters.order(weight, by).tolist()
    np.testing.assert_array_equal(names["kernel"].numpy(), weight[3])
    np.testing.assert_allclose(names["spectrum"].numpy(), filters.spectrum(weight)[3], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("by", ["norm", "orientation", "similarity", "colour"])
def test_the_order_of_a_trained_network_from_its_file(by: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = filters_code.weight_code("", "features.0", "assets/squeezenet/weights.safetensors")
    names = run(f"{code}\n{filters_code.order_code(by, 35)}")
    weight = filters.kernels(load("squeezenet"), "features_0").weights
    np.testing.assert_array_equal(names["weight"].numpy(), weight)
    assert names["order"].tolist() == filters.order(weight, by).tolist()


def test_the_weights_of_torchvision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from torchvision import models

    torch.manual_seed(0)
    module = models.squeezenet1_0()
    monkeypatch.setattr(models, "squeezenet1_0", lambda weights: module if weights == "IMAGENET1K_V1" else None)
    names = run(filters_code.weight_code("squeezenet1_0", "features.3.squeeze"))
    assert torch.equal(names["weight"], module.features[3].squeeze.weight.detach())  # type: ignore[union-attr]


def test_weights_that_a_visitor_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    weight = torch.randn(4, 1, 5, 5)
    safetensors.torch.save_file({"convolution_1.weight": weight}, "my_network.safetensors")
    names = run(filters_code.weight_code("", "convolution_1", "my_network.safetensors"))
    assert torch.equal(names["weight"], weight)


@pytest.mark.parametrize("seed", [0, 12])
def test_fresh_filters(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    names = run(filters_code.fresh_code(seed), weight=torch.ones(6, 3, 5, 4))
    np.testing.assert_array_equal(names["fresh"].numpy(), filters.fresh((6, 3, 5, 4), seed))
    assert f"{names['fresh'].std(correction=0):.4f}" in capsys.readouterr().out


def test_slices() -> None:
    weight = torch.arange(6 * 5 * 2 * 2.0).reshape(6, 5, 2, 2)
    names = run(filters_code.slices_code(range(2, 4), range(1, 5)), weight=weight)
    assert torch.equal(names["slices"], weight[[2, 3]][:, [1, 2, 3, 4]])


def test_the_film_of_ones_own_loop() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 36, 2))
    start = network[0].weight.detach().clone()
    batches = [(torch.randn(4, 1, 8, 8), torch.randint(0, 2, (4,))) for _ in range(25)]
    optimizer = torch.optim.SGD(network.parameters(), 0.5)
    names = run(filters_code.FILM_CODE, network=network, optimizer=optimizer, batches=batches)
    assert names["film"].shape == (3, 3, 1, 3, 3)
    assert torch.equal(names["film"][0], start)
    assert names["moved"][0] == 0
    expected = (names["film"][2] - start).norm() / start.norm()
    assert names["moved"][2] == pytest.approx(float(expected), rel=1e-6)
    assert names["moved"][2] > 0.001
