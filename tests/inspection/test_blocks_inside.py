"""A network of building blocks from the inside, in closed form: Grad-CAM at its end, a sum and what flows back."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import torch

from explainer.inspection.grad_cam import grad_cam, usual_layer
from explainer.inspection.target import Target
from explainer.networks import zoo
from explainer.networks.build import build
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.networks.graph import Network, device_of, forward
from explainer.networks.weights import to_bytes


def _network(skips: Skips) -> Network:
    config = NetworkConfig((Block(4, stride=2, pairs=2),), batch_norm=True, skips=skips, global_pool=True)
    torch.manual_seed(0)
    return zoo.trained(to_bytes(build(config), config), "Mine")


def _inputs() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(1, 1, 28, 28)).astype(np.float32)


@pytest.mark.parametrize("skips", get_args(Skips))
def test_before_global_pooling_grad_cam_is_the_class_activation_map(skips: Skips) -> None:
    """Zhou et al. 2016: the logit is the mean of the maps times the weights of the class, whose gradient these are."""
    network = _network(skips)
    layer = usual_layer(network)
    assert layer == ("activation_5" if skips == "pre-activation" else "block_2_activation_5")
    found = grad_cam(network, _inputs(), Target(3), layer)
    module = network.module("logits")
    assert isinstance(module, torch.nn.Linear)
    weights = module.weight[3].cpu().numpy()
    maps = forward(network, torch.from_numpy(_inputs()).to(device_of(network)), until=layer)[layer][0].cpu().numpy()
    np.testing.assert_allclose(found.weights, weights / (14 * 14), rtol=1e-5)
    np.testing.assert_allclose(found.sums, np.tensordot(weights, maps, 1) / (14 * 14), rtol=1e-4, atol=1e-7)


def test_the_gradient_before_a_preactivation_block_is_that_behind_it_and_what_the_branch_adds() -> None:
    network = _network("pre-activation")
    inputs = torch.from_numpy(_inputs()).to(device_of(network))
    made = forward(network, inputs, keep=("add", "block_2_convolution_5", "add_1"), cut="add")
    logit = made["logits"][0, 3]
    before, behind = torch.autograd.grad(logit, (made["add"], made["add_1"]), retain_graph=True)
    (through_branch,) = torch.autograd.grad(made["block_2_convolution_5"], made["add"], behind)
    torch.testing.assert_close(before, behind + through_branch)
