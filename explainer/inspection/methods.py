"""The methods of attribution, all called alike: a map of the picture that says which of its pixels decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explainer.inspection import gradients
from explainer.inspection.baselines import Fill, filled
from explainer.inspection.grad_cam import grad_cam, guided_grad_cam
from explainer.inspection.occlusion import Occlusion, occlusion
from explainer.inspection.steps import Steps, whole
from explainer.inspection.target import Floats, Target
from explainer.networks.graph import Network
from explainer.words.book import Said


@dataclass(frozen=True)
class Settings:
    """The settings of the methods; each takes what concerns it.

    ``layer`` is that of Grad-CAM; ``samples``, ``noise`` and ``seed`` SmoothGrad's; ``steps`` and ``baseline`` those of
    integrated gradients; ``patch`` and ``stride``, in pixels, and ``fill`` those of occlusion.
    """

    layer: str = ""
    samples: int = 24
    noise: float = 0.15
    seed: int = 0
    steps: int = 64
    baseline: Fill = "black"
    patch: int = 7
    stride: int = 2
    fill: Fill = "mean"


Attribute = Callable[[Network, Floats, Target, Settings], Steps[Floats]]


@dataclass(frozen=True)
class Method:
    """A way to explain a target by the pixels of the input (1, channels, size, size).

    ``steps`` gives (channels, size, size) or, for methods that know no colours, (1, size, size). Where it
    ``is_signed`` positive values speak for the target and negative ones against it, and a pixel's colours add up; else
    only the size counts, and a pixel has that of its strongest colour. ``uses`` are the fields of ``Settings`` that it
    reads. ``shows`` says what one sees, ``source`` where it comes from.
    """

    title: str
    steps: Attribute
    shows: Said
    is_signed: bool
    uses: tuple[str, ...]
    source: str

    def attribute(self, network: Network, inputs: Floats, target: Target, settings: Settings) -> Floats:
        """What ``steps`` gives, in one go."""
        return whole(self.steps(network, inputs, target, settings))

    def heat(self, values: Floats) -> Floats:
        """The map (size, size) of what ``attribute`` gave."""
        result: Floats = values.sum(0) if self.is_signed else np.abs(values).max(0)
        return result

    def used(self, settings: Settings) -> Settings:
        """``settings`` with what does not concern this method at its default: equal where its map is the same."""
        return Settings(**{name: getattr(settings, name) for name in self.uses})


def _at_once(attribute: Callable[[Network, Floats, Target, Settings], Floats]) -> Attribute:
    """Of a method that runs the network but once or twice."""

    def steps(network: Network, inputs: Floats, target: Target, settings: Settings) -> Steps[Floats]:
        yield 0.0
        return attribute(network, inputs, target, settings)

    return steps


def _grad_cam(network: Network, inputs: Floats, target: Target, settings: Settings) -> Floats:
    return grad_cam(network, inputs, target, settings.layer).enlarged(inputs.shape[-1])[None]


def _smooth_grad(network: Network, inputs: Floats, target: Target, settings: Settings) -> Steps[Floats]:
    return gradients.smooth_grad_steps(
        network, inputs, target, samples=settings.samples, noise=settings.noise, seed=settings.seed
    )


def _integrated(network: Network, inputs: Floats, target: Target, settings: Settings) -> Steps[Floats]:
    baseline = filled(network.description.transform, inputs, settings.baseline)
    found = yield from gradients.integrated_gradients_steps(network, inputs, target, baseline, settings.steps)
    return found.values


def _occlusion(network: Network, inputs: Floats, target: Target, settings: Settings) -> Steps[Floats]:
    fill = filled(network.description.transform, inputs, settings.fill)
    for found in occlusion(network, inputs, fill, patch=settings.patch, stride=settings.stride):
        yield found.done / found.positions
    return found.heat(target)[None]


def covered(network: Network, inputs: Floats, settings: Settings) -> Occlusion:
    """The whole of ``occlusion`` with these settings."""
    fill = filled(network.description.transform, inputs, settings.fill)
    *_, last = occlusion(network, inputs, fill, patch=settings.patch, stride=settings.stride)
    return last


_METHODS = (
    Method(
        "Gradient",
        _at_once(lambda network, inputs, target, _: gradients.gradient(network, inputs, target)),
        Said("methods.shows.gradient"),
        is_signed=False,
        uses=(),
        source='K. Simonyan, A. Vedaldi, A. Zisserman, "Deep inside convolutional networks", arXiv:1312.6034.',
    ),
    Method(
        "Gradient x input",
        _at_once(lambda network, inputs, target, _: gradients.gradient_times_input(network, inputs, target)),
        Said("methods.shows.gradient_times_input"),
        is_signed=True,
        uses=(),
        source='A. Shrikumar et al., "Not just a black box", arXiv:1605.01713.',
    ),
    Method(
        "SmoothGrad",
        _smooth_grad,
        Said("methods.shows.smooth_grad"),
        is_signed=False,
        uses=("samples", "noise", "seed"),
        source='D. Smilkov et al., "SmoothGrad: removing noise by adding noise", arXiv:1706.03825.',
    ),
    Method(
        "Integrated gradients",
        _integrated,
        Said("methods.shows.integrated_gradients"),
        is_signed=True,
        uses=("steps", "baseline"),
        source='M. Sundararajan, A. Taly, Q. Yan, "Axiomatic attribution for deep networks", ICML 2017, '
        "arXiv:1703.01365.",
    ),
    Method(
        "Guided backpropagation",
        _at_once(lambda network, inputs, target, _: gradients.guided_backpropagation(network, inputs, target)),
        Said("methods.shows.guided_backpropagation"),
        is_signed=False,
        uses=(),
        source='J. Springenberg et al., "Striving for simplicity: the all convolutional net", arXiv:1412.6806.',
    ),
    Method(
        "Transposed convolutions",
        _at_once(lambda network, inputs, target, _: gradients.transposed_network(network, inputs, target)),
        Said("methods.shows.transposed_convolutions"),
        is_signed=False,
        uses=(),
        source='M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901.',
    ),
    Method(
        "Grad-CAM",
        _at_once(_grad_cam),
        Said("methods.shows.grad_cam"),
        is_signed=False,
        uses=("layer",),
        source='R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks", arXiv:1610.02391.',
    ),
    Method(
        "Guided Grad-CAM",
        _at_once(lambda network, inputs, target, settings: guided_grad_cam(network, inputs, target, settings.layer)),
        Said("methods.shows.guided_grad_cam"),
        is_signed=False,
        uses=("layer",),
        source='R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks", arXiv:1610.02391.',
    ),
    Method(
        "Occlusion",
        _occlusion,
        Said("methods.shows.occlusion"),
        is_signed=True,
        uses=("patch", "stride", "fill"),
        source='M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901, '
        "section 4.2.",
    ),
)
METHODS = {method.title: method for method in _METHODS}
