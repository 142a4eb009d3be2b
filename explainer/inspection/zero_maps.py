"""Why a map of attributions is zero everywhere, in words: a blank map is a finding, not a failure."""

from __future__ import annotations

import numpy as np
import torch

from explainer.inspection.baselines import filled
from explainer.inspection.grad_cam import grad_cam
from explainer.inspection.gradients import backward_only
from explainer.inspection.methods import Method, Settings
from explainer.inspection.target import Explained, Floats, Relu, Target, Unit, class_of, explained_in, tensor
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network, forward
from explainer.words.book import Said

_OFF = ("methods.zero.off", "methods.zero.silent")  # what does not stop a way back that asks for no ReLU's being on


def why_zero(network: Network, inputs: Floats, target: Explained, method: Method, settings: Settings) -> Said | None:
    """Why ``method``'s map of ``inputs`` (1, channels, size, size) is 0 everywhere, None where none is known."""
    if method.tells_all_classes:
        return Said("methods.zero.no_patch")
    if method.key in ("smoothgrad", "integrated-gradients"):
        return _of_a_mean(network, inputs, method, settings)
    reason = _no_gradient(network, inputs, target)
    if method.relu is backward_only and reason is not None and reason.key in _OFF:
        return _cut_alone(network, inputs, target) or reason
    if reason is None and "layer" in method.uses:
        reason = _no_places(network, inputs, class_of(target), settings.layer)
    if reason is not None:
        return reason
    if method.relu is None:
        return Said("methods.zero.zero_input") if method.key == "gradient-times-input" else None
    return _cut_or_apart(network, inputs, target, method)


def _of_a_mean(network: Network, inputs: Floats, method: Method, settings: Settings) -> Said:
    """Why a mean of many gradients, or what it is multiplied by, is 0."""
    if method.key == "smoothgrad":
        return Said("methods.zero.noisy", count=settings.samples)
    baseline = filled(network.description.transform, inputs, settings.baseline)
    if (inputs == baseline).all():
        return Said("methods.zero.same")
    return Said("methods.zero.way", count=settings.steps)


def _cut_or_apart(network: Network, inputs: Floats, target: Explained, method: Method) -> Said | None:
    """Why what a ReLU lets through on its way back, or its product with Grad-CAM, is 0."""
    if off := _last_off(network, inputs, target, method.relu):
        return Said("methods.zero.cut", layer=_title(off))
    alive, _ = _alive(network, inputs, target, method.relu)
    return Said("methods.zero.apart") if "layer" in method.uses and alive[INPUT] else None


def _cut_alone(network: Network, inputs: Floats, target: Explained) -> Said | None:
    """Why the deconvnet is 0 where the gradient is, too, for a reason of its own; nothing where none is known."""
    off = _last_off(network, inputs, target, backward_only)
    return Said("methods.zero.cut_alone", layer=_title(off)) if off else None


def _no_places(network: Network, inputs: Floats, target: Target, layer: str) -> Said | None:
    """Why Grad-CAM at ``layer`` is 0, or nothing where it is not."""
    found = grad_cam(network, inputs, target, layer)
    if found.positive.any():
        return None
    lowest = float(found.sums.min())
    return Said("methods.zero.negative", lowest=lowest) if lowest < 0 else Said("methods.zero.flat")


def _no_gradient(network: Network, inputs: Floats, target: Explained) -> Said | None:
    """Why no gradient reaches the input, or nothing where one does."""
    alive, value = _alive(network, inputs, target, None)
    if alive[INPUT]:
        return None
    if isinstance(target, Unit) and value == 0:
        return Said("methods.zero.silent")
    if isinstance(target, Target) and target.of == "probability" and not alive[network.description.layers[-1].name]:
        return Said("methods.zero.saturated", probability=value)
    off = _last_off(network, inputs, target, None)
    if off is None:
        return Said("methods.zero.stops", layer=_title(network.description.layers[0]))
    return Said("methods.zero.off", layer=_title(off))


def _last_off(network: Network, inputs: Floats, target: Explained, relu: Relu | None) -> Layer | None:
    """The last layer that no gradient comes back to, None where one comes back to all of them."""
    alive, _ = _alive(network, inputs, target, relu)
    layers = reversed(network.description.layers)
    return next((layer for layer in layers if not alive.get(layer.name, True)), None)


def _alive(network: Network, inputs: Floats, target: Explained, relu: Relu | None) -> tuple[dict[str, bool], float]:
    """For every layer that the target reads, and the input, whether a gradient comes back to it; and the target."""
    last = target.layer if isinstance(target, Unit) else network.description.layers[-1].name
    names = [INPUT, *_read_by(network, last)]
    pictures = tensor(network, inputs).requires_grad_()
    values = forward(network, pictures, keep=names, until=last, relu=relu)
    total = explained_in(values[last], target).sum()
    found = torch.autograd.grad(total, [values[name] for name in names], allow_unused=True)
    alive = {name: part is not None and bool(part.any()) for name, part in zip(names, found, strict=True)}
    return alive, float(total.detach())


def _read_by(network: Network, last: str) -> list[str]:
    """The names of the layers that the one called ``last`` comes of, itself among them."""
    read = {last}
    for layer in reversed(network.description.layers):
        if layer.name in read:
            read.update(layer.reads)
    return [layer.name for layer in network.description.layers if layer.name in read]


def _title(layer: Layer) -> str:
    return f"{layer.title} ({layer.block})" if layer.block else layer.title


def is_zero(heat: Floats) -> bool:
    """Whether a map (size, size) has nothing to show; what is NaN was not computed yet."""
    return bool(np.isfinite(heat).any()) and not np.nan_to_num(heat).any()
