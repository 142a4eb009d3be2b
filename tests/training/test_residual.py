"""Gradients, shares and blocks taken out of plain and residual networks, against autograd, hooks and closed forms."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from training_runs import excerpt, parameters_of, snapshots_of

from explainer.networks.build import PreactivationBlock
from explainer.networks.config import NetworkConfig, Skips
from explainer.training.config import RunConfig
from explainer.training.residual import BATCH, LAYERS, TESTED, batch, measure, run_config, take_out, untrained

KINDS: list[tuple[Skips, bool]] = list(product(("plain", "residual", "pre-activation"), (True, False)))
every_kind = pytest.mark.parametrize(("skips", "batch_norm"), KINDS)


def small(skips: Skips, batch_norm: bool, seed: int = 3) -> RunConfig:
    return run_config(8, skips, batch_norm=batch_norm, rate=0.1, seed=seed)


def blocks_of(network: nn.Sequential) -> list[nn.Sequential]:
    return [module for name, module in network.named_children() if name.startswith("block_")]


def convolutions_of(block: nn.Sequential) -> list[nn.Conv2d]:
    return [module for module in block.modules() if isinstance(module, nn.Conv2d)]


@pytest.mark.parametrize("layers", LAYERS)
def test_a_network_has_as_many_layers_with_weights_as_it_says(layers: int) -> None:
    network = untrained(run_config(layers, "residual", batch_norm=True, rate=0.1, seed=0))
    assert sum(isinstance(module, nn.Conv2d | nn.Linear) for module in network.modules()) == layers
    assert len(measure(network).gradients) == layers


@every_kind
def test_an_untrained_network_is_the_one_that_the_run_begins_with(skips: Skips, batch_norm: bool) -> None:
    config = small(skips, batch_norm)
    short = replace(config, recipe=replace(config.recipe, epochs=0), subset=96)
    begun = parameters_of(snapshots_of(short, excerpt())[0])
    before = torch.get_rng_state()
    mine = torch.cat([parameter.detach().flatten() for parameter in untrained(config).parameters()])
    assert torch.equal(mine, begun)
    assert torch.equal(torch.get_rng_state(), before)


@every_kind
def test_gradients_are_those_of_backward(skips: Skips, batch_norm: bool) -> None:
    network = untrained(small(skips, batch_norm)).double()
    before = [value.clone() for value in network.state_dict().values()]
    measured = measure(network)
    assert all(torch.equal(old, new) for old, new in zip(before, network.state_dict().values(), strict=True))
    images, labels = batch(training=True, count=BATCH)
    loss = functional.cross_entropy(network(images.double()), labels)
    loss.backward()
    norms = [
        float(module.weight.grad.norm()) for module in network.modules() if isinstance(module, nn.Conv2d | nn.Linear)
    ]
    np.testing.assert_allclose(measured.gradients, norms, rtol=1e-9)
    assert measured.loss == pytest.approx(float(loss.detach()), rel=1e-12)


@every_kind
def test_a_blocks_norms_are_those_that_hooks_and_the_chain_rule_give(skips: Skips, batch_norm: bool) -> None:
    network = untrained(small(skips, batch_norm)).double()
    measured = measure(network)
    read: dict[int, Tensor] = {}
    gave: dict[int, Tensor] = {}
    for number, block in enumerate(blocks_of(network)):
        block.register_forward_hook(_note(read, gave, number))
    images, labels = batch(training=True, count=BATCH)
    loss = functional.cross_entropy(network(images.double()), labels)
    from_above = torch.autograd.grad(loss, [gave[number] for number in range(3)])
    for number, (block, norms) in enumerate(zip(blocks_of(network), measured.blocks, strict=True)):
        x = read[number].detach().requires_grad_()
        branch = block if isinstance(block, PreactivationBlock) else block[:-1]
        f = nn.Sequential(*branch)(x)
        y = f if skips == "plain" else f + x
        incoming = from_above[number] if skips == "pre-activation" else from_above[number] * (y > 0)
        (back,) = torch.autograd.grad(f, x, incoming)
        passed = back if skips == "plain" else incoming + back
        wanted = [float(each.detach().norm()) for each in (x, f, y, incoming, back, passed)]
        wanted[:3] = [each / BATCH**0.5 for each in wanted[:3]]
        found = [norms.read, norms.branch, norms.sum, norms.incoming, norms.back, norms.passed]
        np.testing.assert_allclose(found, wanted, rtol=1e-8)
        assert norms.share == pytest.approx(1.0 if skips == "plain" else wanted[1] / wanted[2])


def _note(read: dict[int, Tensor], gave: dict[int, Tensor], number: int):
    def hook(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        read[number], gave[number] = inputs[0], output

    return hook


def test_a_branch_of_zeros_adds_nothing_and_one_that_copies_half() -> None:
    network = untrained(small("residual", False)).double()
    zero, copying, _ = blocks_of(network)
    with torch.no_grad():
        for module in (*convolutions_of(zero), *convolutions_of(copying)):
            module.weight.zero_()
            module.bias.zero_()  # type: ignore[union-attr]
        for module in convolutions_of(copying):
            nn.init.dirac_(module.weight)
    nothing, half, _ = measure(network).blocks
    assert (nothing.branch, nothing.share, nothing.back) == (0, 0, 0)
    assert nothing.passed == nothing.incoming > 0
    assert half.share == pytest.approx(0.5)
    assert half.sum == pytest.approx(2 * half.read)


@every_kind
def test_a_block_that_is_taken_out_is_the_identity(skips: Skips, batch_norm: bool) -> None:
    config = small(skips, batch_norm)
    steps = [each for each in take_out(untrained(config)) if each is not None]
    assert [each.digits for each in steps] == list(range(100, TESTED + 1, 100))
    images, labels = batch(training=False, count=TESTED)
    wanted = []
    for name in ("", "block_1", "block_2", "block_3"):
        network = untrained(config).eval()
        if name:
            network.set_submodule(name, nn.Identity())
        with torch.no_grad():
            wanted.append(int((network(images).argmax(1) == labels).sum()))
    assert (steps[-1].whole, *steps[-1].without) == tuple(wanted)


def test_the_description_is_a_run_as_the_page_says() -> None:
    config = run_config(20, "plain", batch_norm=True, rate=0.05, seed=4)
    assert isinstance(config.network, NetworkConfig)
    assert (config.network.blocks[0].pairs, config.network.skips, config.network.batch_norm) == (9, "plain", True)
    recipe = config.recipe
    assert (recipe.optimizer, recipe.momentum, recipe.learning_rate, recipe.batch_size) == ("momentum", 0.9, 0.05, 128)
    assert (config.subset, recipe.epochs, config.seed) == (10_000, 3, 4)
