"""The methods of attribution, all called alike: a map of the picture that says which of its pixels decided."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from explainer.inspection import gradients
from explainer.inspection.baselines import Fill, filled
from explainer.inspection.grad_cam import GradCam, grad_cam, guided_grad_cam
from explainer.inspection.gradients import Integrated
from explainer.inspection.occlusion import Occlusion, occlusion
from explainer.inspection.steps import SoFar, Steps, saying, whole
from explainer.inspection.target import Explained, Floats, Relu, class_of
from explainer.networks.graph import Network
from explainer.words.book import Said

Found: TypeAlias = Floats | GradCam | Integrated | Occlusion  # (channels, size, size), or what tells more than that
Finding: TypeAlias = Generator[SoFar[Found | None], None, Found]


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


Find = Callable[[Network, Floats, Explained, Settings], Finding]


@dataclass(frozen=True)
class Method:
    """A way to explain a target by the pixels of the input (1, channels, size, size).

    ``key`` is its identifier, ``title`` what people read. ``find`` computes a map in steps, and yields what is known
    of it so far. Where it ``is_signed`` positive values speak for the target and negative ones against it, and a
    pixel's colours add up; else only the size counts, and a pixel has that of its strongest colour. ``uses`` are the
    fields of ``Settings`` that it reads. ``shows`` says what one sees, ``source`` where it comes from, ``latex`` what
    it computes: a template with words of the book and numbers after a $; "" where a formula needs what was found.

    A method that ``is_slow`` runs the network many times. One that ``tells_all_classes`` finds out about all of them at
    once, and one that ``tells_units`` explains a unit of any layer as well as a class. ``relu`` is what runs in place
    of every ReLU, and one that ``needs_relu`` is the gradient without any.
    """

    key: str
    title: Said
    find: Find
    shows: Said
    source: str
    latex: str = ""
    uses: tuple[str, ...] = ()
    is_signed: bool = False
    is_slow: bool = False
    tells_all_classes: bool = False
    tells_units: bool = False
    relu: Relu | None = None
    needs_relu: bool = False

    def steps(self, network: Network, inputs: Floats, target: Explained, settings: Settings) -> Steps[Floats]:
        """The map (channels, size, size), or (1, size, size) of a method that knows no colours, in steps."""
        found = yield from saying(self.find(network, inputs, target, settings), lambda so_far: so_far.share)
        return values_of(found, target, inputs.shape[-1])

    def attribute(self, network: Network, inputs: Floats, target: Explained, settings: Settings) -> Floats:
        """What ``steps`` gives, in one go."""
        return whole(self.steps(network, inputs, target, settings))

    def heat(self, values: Floats) -> Floats:
        """The map (size, size) of what ``attribute`` gave."""
        result: Floats = values.sum(0) if self.is_signed else np.abs(values).max(0)
        return result

    def used(self, settings: Settings) -> Settings:
        """``settings`` with what does not concern this method at its default: equal where its map is the same."""
        return Settings(**{name: getattr(settings, name) for name in self.uses})


def values_of(found: Found, target: Explained, size: int) -> Floats:
    """The map (channels, size, size) of ``target`` in what a method found on a picture of ``size`` pixels."""
    match found:
        case Occlusion():
            return found.heat(class_of(target))[None]
        case Integrated():
            return found.values
        case GradCam():
            return found.enlarged(size)[None]
        case _:
            return found


def _at_once(compute: Callable[[Network, Floats, Explained, Settings], Found]) -> Find:
    """Of a method that runs the network but once or twice."""

    def find(network: Network, inputs: Floats, target: Explained, settings: Settings) -> Finding:
        yield _begun(0.0)
        return compute(network, inputs, target, settings)

    return find


def _begun(share: float) -> SoFar[Found | None]:
    return SoFar(None, share)


def _smooth_grad(network: Network, inputs: Floats, target: Explained, settings: Settings) -> Finding:
    steps = gradients.smooth_grad_steps(
        network, inputs, target, samples=settings.samples, noise=settings.noise, seed=settings.seed
    )
    return (yield from saying(steps, _begun))


def _integrated(network: Network, inputs: Floats, target: Explained, settings: Settings) -> Finding:
    baseline = filled(network.description.transform, inputs, settings.baseline)
    steps = gradients.integrated_gradients_steps(network, inputs, target, baseline, settings.steps)
    return (yield from saying(steps, _begun))


def _occlusion(network: Network, inputs: Floats, _: Explained, settings: Settings) -> Finding:
    fill = filled(network.description.transform, inputs, settings.fill)
    for found in occlusion(network, inputs, fill, patch=settings.patch, stride=settings.stride):
        yield SoFar(found, found.done / found.positions)
    return found


_GRAD_CAM = 'R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks", arXiv:1610.02391.'

_METHODS = (
    Method(
        "gradient",
        Said("methods.title.gradient"),
        _at_once(lambda network, inputs, target, _: gradients.gradient(network, inputs, target)),
        Said("methods.shows.gradient"),
        'K. Simonyan, A. Vedaldi, A. Zisserman, "Deep inside convolutional networks", arXiv:1312.6034.',
        r"M = \max_k \left| \frac{\partial S}{\partial x_k} \right|",
        tells_units=True,
    ),
    Method(
        "gradient-times-input",
        Said("methods.title.gradient_times_input"),
        _at_once(lambda network, inputs, target, _: gradients.gradient_times_input(network, inputs, target)),
        Said("methods.shows.gradient_times_input"),
        'A. Shrikumar et al., "Not just a black box", arXiv:1605.01713.',
        r"M = \sum_k x_k \, \frac{\partial S}{\partial x_k}",
        is_signed=True,
        tells_units=True,
    ),
    Method(
        "smoothgrad",
        Said("methods.title.smooth_grad"),
        _smooth_grad,
        Said("methods.shows.smooth_grad"),
        'D. Smilkov et al., "SmoothGrad: removing noise by adding noise", arXiv:1706.03825.',
        r"M = \max_k \left| \frac{1}{$samples} \sum_{i=1}^{$samples} \frac{\partial S}{\partial x_k}"
        r"(x + \varepsilon_i) \right|, \quad \varepsilon_i \sim N(0, $noise^2)",
        uses=("samples", "noise", "seed"),
        is_slow=True,
        tells_units=True,
    ),
    Method(
        "integrated-gradients",
        Said("methods.title.integrated_gradients"),
        _integrated,
        Said("methods.shows.integrated_gradients"),
        'M. Sundararajan, A. Taly, Q. Yan, "Axiomatic attribution for deep networks", ICML 2017, arXiv:1703.01365.',
        uses=("steps", "baseline"),
        is_signed=True,
        is_slow=True,
        tells_units=True,
    ),
    Method(
        "guided-backpropagation",
        Said("methods.title.guided_backpropagation"),
        _at_once(lambda network, inputs, target, _: gradients.guided_backpropagation(network, inputs, target)),
        Said("methods.shows.guided_backpropagation"),
        'J. Springenberg et al., "Striving for simplicity: the all convolutional net", arXiv:1412.6806.',
        r"R_{\text{$below}} = [a > 0] \cdot [R_{\text{$above}} > 0] \cdot R_{\text{$above}}, \quad M = \max_k |R_k|",
        relu=gradients.guided,
        needs_relu=True,
        tells_units=True,
    ),
    Method(
        "transposed-convolutions",
        Said("methods.title.transposed_convolutions"),
        _at_once(lambda network, inputs, target, _: gradients.transposed_network(network, inputs, target)),
        Said("methods.shows.transposed_convolutions"),
        'M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901.',
        r"R_{\text{$below}} = [R_{\text{$above}} > 0] \cdot R_{\text{$above}}, \quad M = \max_k |R_k|",
        relu=gradients.backward_only,
        needs_relu=True,
        tells_units=True,
    ),
    Method(
        "grad-cam",
        Said("methods.title.grad_cam"),
        _at_once(lambda network, inputs, target, settings: grad_cam(network, inputs, class_of(target), settings.layer)),
        Said("methods.shows.grad_cam"),
        _GRAD_CAM,
        uses=("layer",),
    ),
    Method(
        "guided-grad-cam",
        Said("methods.title.guided_grad_cam"),
        _at_once(
            lambda network, inputs, target, settings: guided_grad_cam(network, inputs, class_of(target), settings.layer)
        ),
        Said("methods.shows.guided_grad_cam"),
        _GRAD_CAM,
        r"M = \max_k |R_k| \cdot L, \quad L = \text{$grad_cam}, \quad R = \text{$guided_backpropagation}",
        uses=("layer",),
        relu=gradients.guided,
    ),
    Method(
        "occlusion",
        Said("methods.title.occlusion"),
        _occlusion,
        Said("methods.shows.occlusion"),
        'M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901, section 4.2.',
        uses=("patch", "stride", "fill"),
        is_signed=True,
        is_slow=True,
        tells_all_classes=True,
    ),
)
METHODS = {method.key: method for method in _METHODS}
