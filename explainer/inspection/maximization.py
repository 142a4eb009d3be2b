"""Activation maximization: climbs from noise to a picture that excites a unit, a channel or a class as much as it can.

D. Erhan et al. 2009, "Visualizing higher-layer features of a deep network"; K. Simonyan, A. Vedaldi, A. Zisserman 2013,
arXiv:1312.6034 (L2); J. Yosinski et al. 2015, arXiv:1506.06579 (blur); C. Olah et al. 2017, "Feature Visualization",
Distill. The steps are those of Adam, D. Kingma and J. Ba 2014, arXiv:1412.6980.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.inspection.parameterization import Canvas, Parameterization
from explainer.inspection.transformations import Move, Transformations, draw, moved
from explainer.networks.graph import Network, device_of, forward
from explainer.training.one_thread import one_thread

MOST_STEPS = 512
BLUR_EVERY = 4  # steps
_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8  # Adam's own

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Target:
    """What is to be excited: ``units`` of ``layer``, a picture each.

    A unit is a channel where the layer gives maps: its mean over the map, or only the cell in the map's ``middle``.
    Elsewhere it is a feature, as the logit of a class. Pictures have ``side`` x ``side`` pixels.
    """

    layer: str
    units: tuple[int, ...]
    side: int
    middle: bool = False


@dataclass(frozen=True)
class Settings:
    """How to climb. ``rate`` is the size of a step.

    ``blur`` pixels is the Gaussian that blurs the picture after every fourth step, 0 for none. ``l2`` and
    ``variation`` weigh what ``penalties`` computes, against the activation divided by the ``scale`` of ``ascend``.
    """

    steps: int = 128
    rate: float = 0.05
    seed: int = 0
    parameterization: Parameterization = field(default_factory=Parameterization)
    transformations: Transformations = field(default_factory=Transformations)
    blur: float = 0.0
    l2: float = 0.0
    variation: float = 0.0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """How far an ascent has come after ``step`` steps.

    ``pictures`` (n, side, side, channels), 0 to 1, clipped; ``low`` and ``high`` what they reach from and to before
    that. ``seen`` (n, step): the activation in each step, of the picture as it was moved. Once it is over ``reached``,
    ``l2`` and ``variation`` (n,) are the activation and the penalties of the pictures as they are, else None.
    """

    step: int
    pictures: Floats
    low: float
    high: float
    seen: Floats
    reached: Floats | None = None
    l2: Floats | None = None
    variation: Floats | None = None


def ascend(network: Network, target: Target, settings: Settings, scale: float = 1.0) -> Iterator[Snapshot]:
    """Climbs, and yields how far it has come: before the first step, after each, and once more when it is over.

    All units are one batch: they start from the same noise and are moved alike, and do not know of each other. The
    network runs only as far as the target's layer and stays as it is. The same arguments give the same pictures.

    Args:
        network: what to excite.
        target: its units.
        settings: how to climb.
        scale: the activation that counts as 1 beside the penalties, above 0.

    Raises:
        KeyError: there is no such layer.
        IndexError: nor such a unit.
        RuntimeError: the network cannot read pictures of the target's side; ask ``fits`` before.
    """
    job = _Job(network, target, settings, scale, _canvas(network, target, settings))
    climb = _Climb(job.canvas.start(settings.seed, len(target.units)), settings.rate)
    generator = torch.Generator().manual_seed(settings.seed + 1)
    seen = np.zeros((len(target.units), settings.steps), np.float32)
    for step in range(settings.steps):
        move = draw(settings.transformations, generator)
        with one_thread():
            pictures, excited = _step(job, climb, move)
        yield _snapshot(step, pictures, seen)
        seen[:, step] = excited.cpu().numpy()
        if settings.blur and step % BLUR_EVERY == BLUR_EVERY - 1:
            climb.parameters = job.canvas.blurred(climb.parameters, settings.blur)
    with one_thread():
        last = _last(job, climb.parameters, seen)
    yield last


def activations(network: Network, target: Target, inputs: Tensor) -> Tensor:
    """The activation of each unit of ``target`` by the picture of its own, of ``inputs`` (n, channels, side, side)."""
    output = forward(network, inputs, until=target.layer)[target.layer]
    rows = torch.arange(len(target.units), device=output.device)
    units = torch.tensor(target.units, device=output.device)
    return _each(output[rows, units], target.middle)


def all_activations(network: Network, target: Target, inputs: Tensor) -> Tensor:
    """The activations (n, units) of all units of the target's layer by ``inputs`` (n, channels, side, side)."""
    return _each(forward(network, inputs, until=target.layer)[target.layer], target.middle)


def l2(inputs: Tensor) -> Tensor:
    """The mean square (n,) of what the network reads of each picture: 0 for the mean colour."""
    return inputs.square().mean((1, 2, 3))


def variation(pictures: Tensor) -> Tensor:
    """Total variation (n,): the mean difference of neighbours across, plus that of neighbours down."""
    across, down = pictures.diff(dim=3), pictures.diff(dim=2)
    return across.abs().mean((1, 2, 3)) + down.abs().mean((1, 2, 3))


def penalties(pictures: Tensor, inputs: Tensor, settings: Settings) -> Tensor | float:
    """What is taken from the activation (n,): 0 where nothing is weighed."""
    total: Tensor | float = 0.0
    if settings.l2:
        total = total + settings.l2 * l2(inputs)
    if settings.variation:
        total = total + settings.variation * variation(pictures)
    return total


def fits(network: Network, layer: str, side: int) -> bool:
    """Whether the network can read pictures of ``side`` x ``side`` pixels as far as ``layer``."""
    channels = network.description.transform.channels
    try:
        with torch.no_grad(), one_thread():
            forward(network, torch.zeros(1, channels, side, side, device=device_of(network)), until=layer)
    except (RuntimeError, AssertionError):  # a vision transformer asserts the size that its positions were learned at
        return False
    return True


@dataclass(frozen=True, eq=False)
class _Job:
    """What does not change during an ascent."""

    network: Network
    target: Target
    settings: Settings
    scale: float
    canvas: Canvas


class _Climb:
    """Adam's ascent: ``parameters`` and the running means of their gradient and of its square."""

    def __init__(self, parameters: Tensor, rate: float) -> None:
        self.parameters, self._rate, self._steps = parameters, rate, 0
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)

    def up(self, gradient: Tensor) -> None:
        """One step along ``gradient``."""
        self._steps += 1
        self._mean.mul_(_BETA1).add_(gradient, alpha=1 - _BETA1)
        self._square.mul_(_BETA2).addcmul_(gradient, gradient, value=1 - _BETA2)
        spread = (self._square / (1 - _BETA2**self._steps)).sqrt_().add_(_EPSILON)
        self.parameters = self.parameters.addcdiv(self._mean, spread, value=self._rate / (1 - _BETA1**self._steps))


def _canvas(network: Network, target: Target, settings: Settings) -> Canvas:
    layer = network.description.layer(target.layer)
    if not all(0 <= unit < layer.channels for unit in target.units):
        raise IndexError(f"{layer.title} has the units 0 to {layer.channels - 1}.")
    return Canvas(settings.parameterization, network.description.transform, target.side, device_of(network))


def _step(job: _Job, climb: _Climb, move: Move) -> tuple[Tensor, Tensor]:
    """One step up; the pictures before it, and the activations (n,) of these as they were moved."""
    with torch.enable_grad():  # not around a yield: it belongs to the thread
        parameters = climb.parameters.detach().requires_grad_()
        pictures = job.canvas.paint(parameters)
        excited = activations(job.network, job.target, job.canvas.read(moved(pictures, move)))
        worth = excited / job.scale
        if job.settings.l2 or job.settings.variation:
            worth = worth - penalties(pictures, job.canvas.read(pictures), job.settings)
        (gradient,) = torch.autograd.grad(worth.sum(), parameters)
    with torch.no_grad():
        climb.up(gradient)
    return pictures.detach(), excited.detach()


def _last(job: _Job, parameters: Tensor, seen: Floats) -> Snapshot:
    with torch.no_grad():
        pictures = job.canvas.paint(parameters)
        inputs = job.canvas.read(pictures)
        numbers = (activations(job.network, job.target, inputs), l2(inputs), variation(pictures))
    return _snapshot(job.settings.steps, pictures, seen, *(each.cpu().numpy() for each in numbers))


def _snapshot(step: int, pictures: Tensor, seen: Floats, *reached: Floats) -> Snapshot:
    low, high = (float(end) for end in pictures.aminmax())
    clipped: Floats = pictures.clamp(0, 1).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return Snapshot(step, clipped, low, high, seen[:, :step], *reached)


def _each(output: Tensor, middle: bool) -> Tensor:
    """A number a channel of maps (..., height, width); features as they are."""
    if output.dim() < 3:
        return output
    if middle:
        return output[..., output.shape[-2] // 2, output.shape[-1] // 2]
    return output.mean((-2, -1))
