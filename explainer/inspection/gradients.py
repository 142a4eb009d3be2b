"""Which pixels decided, by gradients of the target, a class or a unit, with respect to the network's input.

All take one picture, ``inputs`` (1, channels, size, size) in a network's own numbers, and return (channels, size,
size) of the same type: how much each number of the input counts. The network is left as it is: a gradient is computed
with respect to a copy of the input, and the weights are frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explainer.inspection.steps import Steps, whole
from explainer.inspection.target import Explained, Floats, Relu, array, at_once, explained_of, tensor
from explainer.networks.graph import Network, logits


def predict(network: Network, inputs: Floats) -> Floats:
    """The logits (classes,) of one picture."""
    with torch.no_grad():
        return array(logits(network, tensor(network, inputs))[0])


def gradient(network: Network, inputs: Floats, target: Explained) -> Floats:
    """How fast the target rises with each number of the input. Simonyan et al. 2013, arXiv:1312.6034."""
    return array(_gradients(network, tensor(network, inputs), target)[0])


def gradient_times_input(network: Network, inputs: Floats, target: Explained) -> Floats:
    """The gradient times the input, in the network's numbers. Shrikumar et al. 2016, arXiv:1605.01713."""
    values: Floats = gradient(network, inputs, target) * inputs[0]
    return values


def smooth_grad(
    network: Network, inputs: Floats, target: Explained, *, samples: int = 24, noise: float = 0.15, seed: int = 0
) -> Floats:
    """The mean of the gradients at ``samples`` noisy copies of the input. Smilkov et al. 2017, arXiv:1706.03825.

    The noise is normal, its standard deviation the share ``noise`` of the input's range; ``seed`` begins a generator
    of its own, on the CPU, so that it is the same noise on every device.
    """
    return whole(smooth_grad_steps(network, inputs, target, samples=samples, noise=noise, seed=seed))


def smooth_grad_steps(
    network: Network, inputs: Floats, target: Explained, *, samples: int = 24, noise: float = 0.15, seed: int = 0
) -> Steps[Floats]:
    """``smooth_grad``, a few copies at a time."""
    picture, generator = torch.tensor(inputs), torch.Generator().manual_seed(seed)
    scale = noise * float(inputs.max() - inputs.min())
    noises = torch.randn((samples, *picture.shape[1:]), generator=generator, dtype=picture.dtype)
    pictures = picture + scale * noises
    sums: list[Tensor] = []
    for number, chunk in enumerate(chunks := torch.split(pictures, at_once(inputs))):
        if number:
            yield number / len(chunks)
        sums.append(_gradients(network, tensor(network, chunk.numpy()), target).sum(0))
    return array(torch.stack(sums).sum(0) / samples)


@dataclass(frozen=True, eq=False)
class Integrated:
    """Integrated gradients: ``values`` (channels, size, size), and the target at the baseline and at the picture.

    They are complete: with enough steps ``total``, the sum of the values, is ``rise``, how far the target rises on the
    way from the baseline to the picture.
    """

    values: Floats
    at_baseline: float
    at_picture: float

    @property
    def total(self) -> float:
        """The sum of all attributions."""
        return float(self.values.sum(dtype="float64"))

    @property
    def rise(self) -> float:
        """What they should add up to."""
        return self.at_picture - self.at_baseline

    def __sub__(self, other: Integrated) -> Integrated:
        """Those of the difference of two targets."""
        ends = self.at_baseline - other.at_baseline, self.at_picture - other.at_picture
        return Integrated(self.values - other.values, *ends)


def integrated_gradients(
    network: Network, inputs: Floats, target: Explained, baseline: Floats, steps: int = 64
) -> Integrated:
    """The gradients along the straight way from ``baseline``, shaped as ``inputs``, to the picture, times that way.

    M. Sundararajan et al. 2017, arXiv:1703.01365. The integral is the midpoint rule's with ``steps`` gradients.
    """
    return whole(integrated_gradients_steps(network, inputs, target, baseline, steps))


def integrated_gradients_steps(
    network: Network, inputs: Floats, target: Explained, baseline: Floats, steps: int = 64
) -> Steps[Integrated]:
    """``integrated_gradients``, a few gradients at a time."""
    start, picture = tensor(network, baseline), tensor(network, inputs)
    way = picture - start
    shares = ((torch.arange(steps, dtype=torch.float64) + 0.5) / steps).to(picture)
    total = torch.zeros(picture.shape[1:], dtype=torch.float64, device=picture.device)
    for number, chunk in enumerate(chunks := torch.split(shares, at_once(inputs))):
        if number:
            yield number / len(chunks)
        total += _gradients(network, start + chunk[:, None, None, None] * way, target).sum(0, dtype=torch.float64)
    yield 1.0
    with torch.no_grad():
        ends = explained_of(network, torch.cat([start, picture]), target).tolist()
    return Integrated(array((total / steps).to(picture) * way[0]), *ends)


def guided_backpropagation(network: Network, inputs: Floats, target: Explained) -> Floats:
    """A gradient that passes a ReLU only where both what came in and what comes back are positive.

    J. Springenberg et al. 2014, arXiv:1412.6806.
    """
    return array(_gradients(network, tensor(network, inputs), target, guided)[0])


def transposed_network(network: Network, inputs: Floats, target: Explained) -> Floats:
    """The layers backwards, transposed: max pooling by its switches, and a ReLU on what comes back alone.

    M. Zeiler and R. Fergus 2013, arXiv:1311.2901. Max pooling's own gradient is what the switches do.
    """
    return array(_gradients(network, tensor(network, inputs), target, backward_only)[0])


def has_relu(network: Network) -> bool:
    """Whether the network has a ReLU at all: without one guided backpropagation is the gradient."""
    size, channels = network.description.transform.size, network.description.transform.channels
    found: list[bool] = []

    def relu(values: Tensor) -> Tensor:
        found.append(True)
        return values.relu()

    with torch.no_grad():
        logits(network, tensor(network, torch.zeros(1, channels, size, size).numpy()), relu=relu)
    return bool(found)


def _gradients(network: Network, pictures: Tensor, target: Explained, relu: Relu | None = None) -> Tensor:
    """The gradients (n, channels, size, size) of n pictures, each of its own target."""
    pictures = pictures.detach().requires_grad_()
    total = explained_of(network, pictures, target, relu).sum()
    (found,) = torch.autograd.grad(total, pictures)
    return found


class _Guided(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values)
        return values.relu()

    @staticmethod
    def backward(ctx: Any, back: Tensor) -> Tensor:
        (values,) = ctx.saved_tensors
        passed: Tensor = back.relu() * (values > 0)
        return passed


class _BackwardOnly(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:  # noqa: ARG004  torch's own signature
        return values.relu()

    @staticmethod
    def backward(ctx: Any, back: Tensor) -> Tensor:  # noqa: ARG004
        return back.relu()


def guided(values: Tensor) -> Tensor:
    """A ReLU with guided backpropagation's way back."""
    result: Tensor = _Guided.apply(values)
    return result


def backward_only(values: Tensor) -> Tensor:
    """A ReLU that on the way back is a ReLU, too."""
    result: Tensor = _BackwardOnly.apply(values)
    return result
