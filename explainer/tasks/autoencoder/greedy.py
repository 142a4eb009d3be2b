"""A deep network that begins layer by layer, each an autoencoder of the one below, against a random start.

Sources: G. Hinton, R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313, 2006;
Y. Bengio, P. Lamblin, D. Popovici, H. Larochelle, "Greedy layer-wise training of deep networks", NIPS 2006 (2007);
D. Erhan et al., "Why does unsupervised pre-training help deep learning?", JMLR 11, 2010.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explainer.data.digits import load, subset_indices
from explainer.tasks.autoencoder.data import unseen_digits

UnitName = Literal["tanh", "relu"]
StartName = Literal["random", "greedy"]
UNITS: tuple[UnitName, ...] = ("tanh", "relu")
STARTS: tuple[StartName, ...] = ("random", "greedy")
LABELS = (100, 300, 1_000)
SEEDS = 3
UNLABELLED, EPOCHS, BATCH, GREEDY_RATE = 10_000, 6, 100, 1e-3  # of each layer as an autoencoder; Adam
STEPS, FEW, MOMENTUM = 1_200, 20, 0.9  # of the fine-tuning by SGD; digits in a step
RATES: dict[UnitName, float] = {"tanh": 0.01, "relu": 0.01}
TESTS = (0, 25, 50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1_000, 1_100, 1_200)  # after so many steps


@dataclass(frozen=True)
class GreedyConfig:
    """A network of so many hidden ``layers`` of ``width`` units, fine-tuned with so many ``labels``.

    "tanh" begins as was usual then, uniformly within 1 / sqrt(inputs) of 0. "relu" begins as He et al. advise and has
    batch normalization.
    """

    units: UnitName = "tanh"
    layers: int = 6
    labels: int = 300
    width: int = 150
    steps: int = STEPS
    unlabelled: int = UNLABELLED


@dataclass(frozen=True)
class Greedy:
    """What is known so far. ``share`` of the work is done, 0..1; it is ``whole`` at the end.

    ``errors``: of each start and each of its seeds, the share of wrong test digits after the steps ``TESTS``, as far as
    they went. ``layer_errors`` of each seed: how much of the variance of its inputs each layer, as an autoencoder, did
    not give back, 0..1. ``doing`` is the seed, from 0 on, and the layer that is trained, None for fine-tuning.
    """

    config: GreedyConfig
    errors: dict[StartName, tuple[tuple[float, ...], ...]]
    layer_errors: tuple[tuple[float, ...], ...] = ()
    doing: tuple[int, int | None] = (0, 0)
    share: float = 0.0
    whole: bool = False


@dataclass(frozen=True)
class Difference:
    """Final test errors: the means of both starts, and how much lower the greedy one is, by pairs of one seed.

    ``low`` and ``high`` are the ends of the 95 % t-interval of the difference.
    """

    random: float
    greedy: float
    low: float
    high: float

    @property
    def mean(self) -> float:
        """How much lower the error of the greedy start is."""
        return self.random - self.greedy


def difference(found: Greedy) -> Difference:
    """Of a whole result. Raises ValueError for one that is not."""
    if not found.whole:
        raise ValueError(f"share={found.share}")
    random, greedy = (np.array([curve[-1] for curve in found.errors[start]]) for start in STARTS)
    lower = random - greedy
    quantile = 4.302653  # of Student's t with SEEDS - 1 = 2 degrees of freedom, at 97.5 %
    reach = quantile * lower.std(ddof=1) / sqrt(len(lower))
    return Difference(
        float(random.mean()), float(greedy.mean()), float(lower.mean() - reach), float(lower.mean() + reach)
    )


def layer(config: GreedyConfig, inputs: int, chance: Generator) -> nn.Sequential:
    """One hidden layer as it begins."""
    linear = linear_layer(inputs, config.width)
    if config.units == "tanh":
        uniform(linear, chance)
        return nn.Sequential(linear, nn.Tanh())
    nn.init.kaiming_normal_(linear.weight, nonlinearity="relu", generator=chance)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(linear, nn.BatchNorm1d(config.width), nn.ReLU())


def deep(config: GreedyConfig, seed: int) -> nn.Sequential:
    """The whole network at its random start, on pixels (n, 784): hidden layers, and ten scores."""
    chance = Generator().manual_seed(seed)
    inputs = (784, *[config.width] * (config.layers - 1))
    hidden = [layer(config, each, chance) for each in inputs]
    scores = linear_layer(config.width, 10)
    uniform(scores, chance)
    return nn.Sequential(*hidden, scores)


def linear_layer(inputs: int, outputs: int) -> nn.Linear:
    """Without numbers of torch's global generator."""
    with torch.device("meta"):
        made = nn.Linear(inputs, outputs)
    return made.to_empty(device="cpu")


def uniform(linear: nn.Linear, chance: Generator) -> None:
    """New weights within 1 / sqrt(inputs) of 0, as was usual."""
    bound = 1 / sqrt(linear.in_features)
    nn.init.uniform_(linear.weight, -bound, bound, generator=chance)
    nn.init.uniform_(linear.bias, -bound, bound, generator=chance)


def greedy_stage(network: nn.Sequential, number: int, pixels: Tensor, chance: Generator) -> Iterator[float]:
    """Trains the hidden layer ``number`` alone as an autoencoder of what the layers below make of ``pixels`` (n, 784).

    A linear decoder gives its inputs back, and is thrown away. Yields after each pass the share of the inputs' variance
    that does not come back. Layers below are not changed.
    """
    network.eval()
    with torch.no_grad():
        below = network[:number](pixels)
    own = network[number]
    with torch.no_grad():
        width = own(below[:1]).shape[1]
    decoder = linear_layer(width, below.shape[1])
    uniform(decoder, chance)
    parameters = [*own.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, GREEDY_RATE, fused=True)
    variance = float(below.var(dim=0, correction=0).mean())
    own.train()
    for _ in range(EPOCHS):
        losses = []
        for chosen in torch.split(torch.randperm(len(below), generator=chance), BATCH):
            loss = functional.mse_loss(decoder(own(below[chosen])), below[chosen])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.detach())
        yield float(torch.stack(losses).mean()) / max(variance, 1e-12)
    network.eval()


@dataclass(frozen=True, eq=False)
class Lessons:
    """What both twins of a seed learn from: ``pixels`` (n, 784), ``labels`` (n,), and the digits of each step."""

    pixels: Tensor
    labels: Tensor
    order: tuple[Tensor, ...]


@dataclass(frozen=True, eq=False)
class Unseen:
    """What all are tested on: ``pixels`` (n, 784) and ``labels`` (n,)."""

    pixels: Tensor
    labels: Tensor


def unseen() -> Unseen:
    """Test digits. Raises DatasetError."""
    digits = unseen_digits()
    return Unseen(digits.targets.flatten(1), torch.from_numpy(digits.labels).long())


def lessons(config: GreedyConfig, seed: int) -> Lessons:
    """The same for both starts. Raises DatasetError."""
    mnist = load("mnist")
    chosen = subset_indices(mnist.train_labels, config.labels, seed)
    pixels, labels = _pixels(mnist.train_images[chosen]), torch.from_numpy(mnist.train_labels[chosen]).long()
    return Lessons(pixels, labels, steps_of(config, seed))


def steps_of(config: GreedyConfig, seed: int) -> tuple[Tensor, ...]:
    """Which of the digits with labels each step takes."""
    chance, order, left = Generator().manual_seed(seed + 100), [], torch.empty(0, dtype=torch.long)
    for _ in range(config.steps):
        if len(left) < FEW:
            left = torch.randperm(config.labels, generator=chance)
        order.append(left[:FEW])
        left = left[FEW:]
    return tuple(order)


def fine_tune(network: nn.Sequential, config: GreedyConfig, given: Lessons, tests: Unseen) -> Iterator[float | None]:
    """Trains all layers with labels: yields None often, and after the steps ``TESTS`` the share of wrong digits."""
    optimizer = torch.optim.SGD(network.parameters(), RATES[config.units], momentum=MOMENTUM)
    yield wrong(network, tests)
    network.train()
    for step, chosen in enumerate(given.order, start=1):
        loss = functional.cross_entropy(network(given.pixels[chosen]), given.labels[chosen])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step in TESTS or step == config.steps:
            yield wrong(network, tests)
        elif step % 10 == 0:
            yield None


def compared(config: GreedyConfig) -> Iterator[Greedy | None]:
    """Both starts for all seeds, one after the other; what is known so far, whenever there is something new.

    Raises DatasetError.
    """
    found = Greedy(config, dict.fromkeys(STARTS, ()))
    pixels, tests = _pixels(load("mnist").train_images[: config.unlabelled]), unseen()
    for seed in range(SEEDS):
        network = deep(config, seed)
        starts = {"random": copy.deepcopy(network), "greedy": network}
        for so_far in _pretrained(found, network, pixels, seed):
            yield so_far
            found = so_far
        given = lessons(config, seed)
        for start in STARTS:
            for errors in _tuned(starts[start], config, given, tests):
                if errors is not None:
                    found = _with_errors(found, start, seed, errors)
                yield None if errors is None else found
    yield replace(found, share=1.0, whole=True)


def _pretrained(found: Greedy, network: nn.Sequential, pixels: Tensor, seed: int) -> Iterator[Greedy]:
    """What is known after each pass of each layer."""
    chance, whole = Generator().manual_seed(seed + 200), found.layer_errors
    for number in range(found.config.layers):
        share = _part(found.config, number) / EPOCHS
        layers = whole[seed] if len(whole) > seed else ()
        for error in greedy_stage(network, number, pixels, chance):
            now = (*whole[:seed], (*layers, error))
            found = replace(found, layer_errors=now, doing=(seed, number), share=found.share + share)
            yield found
        whole = found.layer_errors


def _tuned(
    network: nn.Sequential, config: GreedyConfig, given: Lessons, tests: Unseen
) -> Iterator[tuple[float, ...] | None]:
    """All test errors so far, whenever there is a new one, and None now and then between them."""
    errors: tuple[float, ...] = ()
    for error in fine_tune(network, config, given, tests):
        errors = errors if error is None else (*errors, error)
        yield None if error is None else errors


def _part(config: GreedyConfig, number: int | None) -> float:
    """What a layer's stage, or one fine-tuning, is of the whole work, roughly: the first layer has the most weights."""
    first, later, tuning = 3.0, 1.0, 3.0
    whole = SEEDS * (first + later * (config.layers - 1) + 2 * tuning)
    return (tuning if number is None else first if number == 0 else later) / whole


def _with_errors(found: Greedy, start: StartName, seed: int, errors: tuple[float, ...]) -> Greedy:
    all_errors = {**found.errors, start: (*found.errors[start][:seed], errors)}
    share = found.share + _part(found.config, None) / len(TESTS)
    return replace(found, errors=all_errors, doing=(seed, None), share=min(share, 1.0))


def wrong(network: nn.Sequential, tests: Unseen) -> float:
    """The share of wrong digits in evaluation mode; the mode is as before."""
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        found = float((network(tests.pixels).argmax(dim=1) != tests.labels).double().mean())
    network.train(was_training)
    return found


def _pixels(images: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(images)).flatten(1).float() / 255
