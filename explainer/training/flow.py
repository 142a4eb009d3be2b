"""One batch through a deep fully connected network and its gradient back, with what is left of both in every layer.

The batch is the first digits of MNIST, each divided by the root of its mean square, so that E[x^2] = 1 for each of
them. There are no biases. The loss is the mean cross-entropy of ten logits.
Source of LSUV: Mishkin and Matas 2016, "All you need is a good init", arXiv:1511.06422.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from explainer.data import digits
from explainer.lru import Lru
from explainer.training import clipping
from explainer.training.initialization import Scheme, draw, weight_variance
from explainer.training.one_thread import one_thread

Floats = NDArray[np.float64]
ActivationName = Literal["tanh", "logistic", "relu", "selu", "identity"]
Start = Literal[Scheme, "lsuv", "own"]
Clipping = Literal["none", "norm", "value"]

BATCH, PIXELS, CLASSES = 128, 784, 10
EPSILON = 1e-5  # of batch normalization
ACTIVATIONS: dict[ActivationName, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "relu": torch.relu,
    "selu": functional.selu,
    "identity": lambda sums: sums * 1.0,
}

MOST_KEPT = 16_000_000  # numbers: the deepest and widest network has 13.5 million
_KEPT: Lru[tuple[Tensor, Tensor]] = Lru(MOST_KEPT, lambda kept: kept[0].numel())
_TURN = threading.Lock()  # the largest network at once for all visitors would fill the memory


@dataclass(frozen=True)
class Flow:
    """A network and how it starts: ``depth`` hidden layers of ``width`` neurons.

    ``gain`` is n Var(w) for ``start`` "own", with n the inputs of a layer. ``shortcut`` is how many layers a residual
    connection skips: 0 (none), 1 or 2. ``threshold`` > 0 is the norm or the value at which gradients are clipped.
    """

    start: Start = "he"
    activation: ActivationName = "relu"
    depth: int = 20
    width: int = 128
    gain: float = 2.0
    batch_norm: bool = False
    shortcut: int = 0
    clipping: Clipping = "none"
    threshold: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.depth < 1 or self.width < 1 or self.shortcut not in (0, 1, 2):
            raise ValueError("A network has 1 layer and 1 neuron or more, and its shortcuts skip 1 or 2 layers.")
        if self.activation not in ACTIVATIONS or self.start not in (*get_args(Scheme), "lsuv", "own"):
            raise ValueError(f"Nothing is known of {self.activation} and {self.start}.")

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Outputs and inputs of every layer; the last one gives the logits."""
        return [(self.width, PIXELS), *[(self.width, self.width)] * (self.depth - 1), (CLASSES, self.width)]

    def variance(self, outputs: int, inputs: int, square: float = 1.0) -> float:
        """The variance of the weights of a layer; ``square`` is E[x^2] of its input, which only LSUV asks for."""
        if self.start == "own":
            return self.gain / inputs
        if self.start == "lsuv":
            return 1 / (inputs * square) if square else 0.0
        return weight_variance(self.start, inputs, outputs)

    def skips_from(self, layer: int) -> bool:
        """Whether a shortcut that ends within the network begins at the input of hidden layer ``layer`` (from 1)."""
        return bool(self.shortcut) and layer > 1 and (layer - 2) % self.shortcut == 0 and self.skip_end(layer) > 0

    def skip_end(self, layer: int) -> int:
        """The layer after which the shortcut from the input of ``layer`` is added, or 0 beyond the last one."""
        end = layer + self.shortcut - 1
        return end if end <= self.depth else 0


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured in every hidden layer, (depth,) each, as standard deviations over batch and neurons.

    ``sums`` are those that enter the activation, ``outputs`` those of the layer, after a residual connection.
    ``gradients`` are those with respect to the outputs, ``weight_gradients`` with respect to the weights, ``clipped``
    the same after clipping. ``squares`` (depth + 1,) is E[x^2], that of the input first. ``norm`` is the length of
    the gradient of all weights. What is beyond float32 is inf or NaN.
    """

    sums: Floats
    outputs: Floats
    gradients: Floats
    weight_gradients: Floats
    clipped: Floats
    squares: Floats
    norm: float
    loss: float


@dataclass(frozen=True, eq=False)
class _Pass:
    """A forward pass: weights of every layer, sums and outputs of the hidden ones, logits."""

    weights: list[Tensor]
    sums: list[Tensor]
    outputs: list[Tensor]
    logits: Tensor


@functools.cache
def batch() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The first 128 digits of MNIST (128, 784), each with a mean square of 1, and their labels; read-only."""
    mnist = digits.load("mnist")
    pixels = mnist.train_images[:BATCH].reshape(BATCH, PIXELS).astype(np.float32)
    pixels /= np.sqrt((pixels**2).mean(1, keepdims=True))
    labels = mnist.train_labels[:BATCH].astype(np.int64)
    pixels.flags.writeable = labels.flags.writeable = False
    return pixels, labels


def run(flow: Flow) -> Measured:
    """The batch forward and its gradient back, on the CPU in float32."""
    pixels, labels = (torch.from_numpy(part.copy()) for part in batch())
    with torch.enable_grad(), _TURN, one_thread():
        done = _forward(flow, pixels)
        loss = functional.cross_entropy(done.logits, labels)
        found = torch.autograd.grad(loss, [*done.outputs, *done.weights])
        gradients, weights = found[: flow.depth], list(found[flow.depth :])
        clipped = clip(flow, weights)
        deviations = _deviations(weights[:-1])
        return Measured(
            sums=_deviations(done.sums),
            outputs=_deviations(done.outputs),
            gradients=_deviations(gradients),
            weight_gradients=deviations,
            clipped=deviations if clipped is weights else _deviations(clipped[:-1]),
            squares=np.array([_square(values) for values in (pixels, *done.outputs)]),
            norm=clipping.norm(weights),
            loss=float(loss.detach()),
        )


def outputs(flow: Flow, layers: Sequence[int]) -> list[NDArray[np.float32]]:
    """What the hidden ``layers`` (from 1) give out for the batch, (128, width) each."""
    with torch.no_grad(), _TURN, one_thread():
        done = _forward(flow, torch.from_numpy(batch()[0].copy()))
    return [done.outputs[layer - 1].numpy() for layer in layers]


def clip(flow: Flow, gradients: list[Tensor]) -> list[Tensor]:
    """The gradients of all weights after the clipping of ``flow``."""
    match flow.clipping:
        case "norm":
            return clipping.clip_by_norm(gradients, flow.threshold)
        case "value":
            return clipping.clip_by_value(gradients, flow.threshold)
        case "none":
            return gradients


def _forward(flow: Flow, pixels: Tensor) -> _Pass:
    """Weights are made layer by layer, since LSUV needs to know what comes in."""
    chance = torch.Generator().manual_seed(flow.seed)
    values, before = pixels, pixels  # before: the input of the open shortcut
    weights: list[Tensor] = []
    sums: list[Tensor] = []
    results: list[Tensor] = []
    end = 0
    for layer, size in enumerate(flow.sizes, 1):
        weights.append(_weight(flow, torch.empty(size), values, chance).requires_grad_())
        if layer > flow.depth:
            return _Pass(weights, sums, results, values @ weights[-1].T)
        if flow.skips_from(layer):
            before, end = values, flow.skip_end(layer)
        total = values @ weights[-1].T
        if flow.batch_norm:
            total = functional.batch_norm(total, None, None, training=True, eps=EPSILON)
        values = ACTIVATIONS[flow.activation](total)
        if layer == end:
            values = before + values
        sums.append(total)
        results.append(values)
    raise AssertionError("the last layer gives the logits")


def _weight(flow: Flow, weight: Tensor, inputs: Tensor, chance: torch.Generator) -> Tensor:
    if flow.start == "own":
        return weight.normal_(std=math.sqrt(flow.gain / weight.shape[1]), generator=chance)
    if flow.start != "lsuv":
        return draw(weight, flow.start, chance)
    with torch.no_grad():
        weight = _orthonormal(tuple(weight.shape), chance)
        deviation = (inputs @ weight.T).std(correction=0)
        return weight / deviation if deviation > 0 else weight.clone()


def _orthonormal(shape: tuple[int, ...], chance: torch.Generator) -> Tensor:
    """What ``draw`` gives, which nobody may change: kept, since it takes most of the time of a wide network.

    ``chance`` is left as a draw would leave it.
    """
    key = shape, chance.get_state().numpy().tobytes()
    known = _KEPT.get(key)
    if known is not None:
        chance.set_state(known[1])
        return known[0]
    weight = draw(torch.empty(shape), "orthonormal", chance)
    _KEPT.put(key, (weight, chance.get_state()))
    return weight


def _deviations(layers: Sequence[Tensor]) -> Floats:
    return np.array([_deviation(values.detach()) for values in layers])


def _deviation(values: Tensor) -> float:
    """In float64: squares of what float32 can just hold are beyond it."""
    found = float(values.double().std(correction=0))
    return found if math.isfinite(found) or bool(values.isnan().any()) else math.inf


def _square(values: Tensor) -> float:
    return float(values.detach().double().square().mean())
