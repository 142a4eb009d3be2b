"""A plain and a residual network of one depth: their gradients, what each block adds, and what is lost without it.

Both are a stem, blocks of two 3x3 convolutions on maps of 14x14, and a classifier, and differ in their skips alone.
Sources: He, Zhang, Ren and Sun 2015, "Deep residual learning for image recognition", arXiv:1512.03385; He et al. 2016,
"Identity mappings in deep residual networks", arXiv:1603.05027; Veit, Wilber and Belongie 2016, "Residual networks
behave like ensembles of relatively shallow networks", arXiv:1605.06431, section 4: blocks taken out.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional

from explainer.data.digits import load
from explainer.networks.build import PlainBlock, PreactivationBlock, ResidualBlock, build, normalize
from explainer.networks.config import Block, NetworkConfig, Skips
from explainer.training.config import Recipe, RunConfig
from explainer.training.one_thread import one_thread

Floats = NDArray[np.float64]

LAYERS = (8, 14, 20, 32)
WIDTH = 8  # channels
DIGITS, EPOCHS = 10_000, 3
BATCH, TESTED = 128, 1_000  # digits that are measured: the first for training, and those for testing
_CHUNK = 100  # digits that are read at once with each block taken out
_BLOCKS = (PlainBlock, ResidualBlock, PreactivationBlock)


def run_config(layers: int, skips: Skips, *, batch_norm: bool, rate: float, seed: int) -> RunConfig:
    """A run of a network of ``layers`` layers with weights: the stem's, two in each block, and the classifier's.

    10,000 digits, 3 epochs, batches of 128, SGD with momentum 0.9.
    """
    stem = Block(WIDTH, stride=2, pairs=(layers - 2) // 2)
    network = NetworkConfig((stem,), batch_norm=batch_norm, skips=skips, global_pool=True)
    recipe = Recipe(optimizer="momentum", learning_rate=rate, epochs=EPOCHS)
    return RunConfig(network, recipe, subset=DIGITS, seed=seed)


def untrained(config: RunConfig) -> nn.Sequential:
    """The network as a run of ``config``, with PyTorch's own initialization, begins, without touching its generator."""
    with torch.device("meta"):
        network = build(config.network)
    network.to_empty(device="cpu")
    chance = Generator().manual_seed(config.seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            _draw(module, chance)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
    return network


def _draw(module: nn.Conv2d | nn.Linear, chance: Generator) -> None:
    """As ``reset_parameters`` of both does."""
    nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=chance)
    if module.bias is not None:
        most = 1 / math.sqrt(module.weight[0].numel())
        nn.init.uniform_(module.bias, -most, most, generator=chance)


@dataclass(frozen=True)
class BlockNorms:
    """Euclidean norms in a block that reads x and gives y = F(x) + x, or y = F(x) without a skip.

    A last activation comes after y. ``read``, ``branch`` and ``sum`` are those of x, F(x) and y, root mean squares
    over the digits. Of the gradient of the batch's mean loss, ``incoming`` is dL/dy, ``back`` what the branch makes of
    it, dL/dy dF/dx, and ``passed`` dL/dx.
    """

    read: float
    branch: float
    sum: float
    incoming: float
    back: float
    passed: float

    @property
    def share(self) -> float:
        """What the branch adds, ||F(x)|| / ||y||; 1 without a skip, and above 1 where F(x) and x cancel."""
        return self.branch / self.sum if self.sum else math.nan


@dataclass(frozen=True, eq=False)
class Measured:
    """What one batch measures: the loss in nats, the norm of its gradient in every layer (layers,), and the blocks.

    A layer's gradient is that with respect to its weights without biases, as a training step takes it.
    """

    loss: float
    gradients: Floats
    blocks: tuple[BlockNorms, ...]


@dataclass
class _Pass:
    """What the blocks read, what their branches make of it, and what comes before their last activation."""

    read: list[Tensor] = field(default_factory=list)
    branches: list[Tensor] = field(default_factory=list)
    sums: list[Tensor] = field(default_factory=list)


def measure(network: nn.Sequential) -> Measured:
    """The first 128 training digits forward in training mode, and their gradient back; ``network`` stays as it was."""
    with one_thread():
        return _measure(copy.deepcopy(network).train())


def _measure(network: nn.Sequential) -> Measured:
    weights = [parameter for parameter in network.parameters() if parameter.dim() > 1]
    images, labels = batch(training=True, count=BATCH)
    with torch.enable_grad():
        done = _Pass()
        logits = _forward(network, images.to(weights[0].dtype), done)
        loss = functional.cross_entropy(logits, labels)
        found = torch.autograd.grad(loss, [*weights, *done.read, *done.sums])
    count, blocks = len(weights), len(done.read)
    gradients = np.array([_norm(part) for part in found[:count]])
    passed, incoming = found[count : count + blocks], found[count + blocks :]
    has_skip = [not isinstance(module, PlainBlock) for module in network if isinstance(module, _BLOCKS)]
    flows = zip(done.read, done.branches, done.sums, incoming, passed, strict=True)
    norms = (_norms(flow, skip) for flow, skip in zip(flows, has_skip, strict=True))
    return Measured(float(loss.detach()), gradients, tuple(norms))


def batch(*, training: bool, count: int) -> tuple[Tensor, Tensor]:
    """The first digits of MNIST (count, 1, 28, 28) as the networks read them, and their labels (count,) int64."""
    digits = load("mnist")
    pictures, labels = (
        (digits.train_images, digits.train_labels) if training else (digits.test_images, digits.test_labels)
    )
    images = normalize(torch.from_numpy(pictures[:count].copy()).unsqueeze(1))
    return images, torch.from_numpy(labels[:count].astype(np.int64))


def _forward(network: nn.Sequential, values: Tensor, done: _Pass) -> Tensor:
    for module in network:
        values = _through_block(module, values, done) if isinstance(module, _BLOCKS) else module(values)
    return values


def _through_block(block: nn.Sequential, values: Tensor, done: _Pass) -> Tensor:
    """The same as ``block(values)``, noting what is on the way."""
    layers: Sequence[nn.Module] = list(block)
    branch, after = (layers, ()) if isinstance(block, PreactivationBlock) else (layers[:-1], layers[-1:])
    made = nn.Sequential(*branch)(values)
    total = made if isinstance(block, PlainBlock) else values + made
    done.read.append(values)
    done.branches.append(made)
    done.sums.append(total)
    result: Tensor = nn.Sequential(*after)(total)
    return result


def _norms(flow: tuple[Tensor, Tensor, Tensor, Tensor, Tensor], has_skip: bool) -> BlockNorms:
    """Of what a block reads, its branch's output, the sum, and the gradients of the sum and of what it reads."""
    *values, incoming, passed = flow
    digits = math.sqrt(len(passed))
    read, branch, total = (_norm(each) / digits for each in values)
    back = passed - incoming if has_skip else passed
    return BlockNorms(read, branch, total, _norm(incoming), _norm(back), _norm(passed))


def _norm(values: Tensor) -> float:
    return float(values.detach().double().norm())


@dataclass(frozen=True)
class TakenOut:
    """Of ``digits`` test digits, how many are read rightly by the ``whole`` network, and ``without`` each block."""

    digits: int
    whole: int
    without: tuple[int, ...]


def take_out(network: nn.Sequential) -> Iterator[TakenOut | None]:
    """Reads 1,000 test digits in evaluation mode with each block in turn replaced by the identity.

    Yields what is counted so far after every hundred digits, and None in between. ``network`` is put into evaluation
    mode and stays so.
    """
    network.eval()
    images, labels = batch(training=False, count=TESTED)
    counts = np.zeros(1 + sum(isinstance(module, _BLOCKS) for module in network), np.int64)
    for start in range(0, TESTED, _CHUNK):
        part = slice(start, start + _CHUNK)
        for number, values, rest in _shortened(network, images[part]):
            counts[number] += _count_right(rest, values, labels[part])
            yield None
        yield TakenOut(min(start + _CHUNK, TESTED), int(counts[0]), tuple(map(int, counts[1:])))


def _shortened(network: nn.Sequential, values: Tensor) -> Iterator[tuple[int, Tensor, nn.Sequential]]:
    """What is left to do, and on which values: of the whole network as number 0, then without block 1, 2, ..."""
    yield 0, values, network
    number = 0
    for place, module in enumerate(network):
        if isinstance(module, _BLOCKS):
            number += 1
            yield number, values, network[place + 1 :]
        with torch.inference_mode():
            values = module(values)


def _count_right(network: nn.Sequential, values: Tensor, labels: Tensor) -> int:
    with torch.inference_mode():
        return int((network(values).argmax(1) == labels).sum())
