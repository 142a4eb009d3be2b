"""Short runs for the tests of training: excerpts of MNIST, a tiny network, and what a run reported."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from explainer.data.digits import Digits, load
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import from_bytes
from explainer.training.config import RunConfig
from explainer.training.configuration import Controls
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Snapshot

CPU = torch.device("cpu")
TINY = NetworkConfig((Block(3, 5, 2), Block(4, 3, 2)), hidden=(12,))
EVERY_STEP = Cadence(point=1, part=10**9, full=10**9)


def excerpt(train: int = 96, test: int = 60) -> Digits:
    """MNIST cut to its first ``train`` training digits and ``test`` test digits."""
    mnist = load("mnist")
    return replace(
        mnist,
        train_images=mnist.train_images[:train],
        train_labels=mnist.train_labels[:train],
        test_images=mnist.test_images[:test],
        test_labels=mnist.test_labels[:test],
    )


def snapshots_of(
    config: RunConfig, digits: Digits, controls: Controls | None = None, every: Cadence = EVERY_STEP
) -> list[Snapshot]:
    """All that a run reports, with a point after every step unless told otherwise."""
    return [item for item in train(config, digits, controls, CPU, every) if isinstance(item, Snapshot)]


def network_of(snapshot: Snapshot) -> nn.Sequential:
    """The network that was saved, in evaluation mode."""
    assert snapshot.weights is not None
    return from_bytes(snapshot.weights)[1]


def parameters_of(snapshot: Snapshot) -> Tensor:
    """All trainable numbers (n,) of the network that was saved."""
    return torch.cat([parameter.detach().flatten() for parameter in network_of(snapshot).parameters()])
