"""Which places of a layer's maps speak for a class: Grad-CAM. R. Selvaraju et al. 2016, arXiv:1610.02391.

With a head of global average pooling and one fully connected layer it is CAM, but for a factor: B. Zhou et al. 2015,
arXiv:1512.04150.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from explainer.inspection.gradients import guided_backpropagation
from explainer.inspection.target import Floats, Target, array, score, tensor
from explainer.networks.description import Description, Layer
from explainer.networks.graph import Network, forward


@dataclass(frozen=True, eq=False)
class GradCam:
    """The weight of each map, ``weights`` (maps,), and the ``sums`` (height, width) of all maps times their weights."""

    weights: Floats
    sums: Floats

    @property
    def positive(self) -> Floats:
        """The sums after the ReLU, (height, width): what speaks against the class is left out."""
        return np.maximum(self.sums, 0)

    def enlarged(self, size: int) -> Floats:
        """``positive``, bilinearly enlarged to the picture, (size, size)."""
        values = torch.from_numpy(self.positive)[None, None]
        return array(functional.interpolate(values, size=(size, size), mode="bilinear", align_corners=False)[0, 0])


def grad_cam(network: Network, inputs: Floats, target: Target, layer: str) -> GradCam:
    """Grad-CAM at the layer called ``layer``, one that gives maps, of ``inputs`` (1, channels, size, size).

    A map's weight is the mean of the target's gradient over the map. Raises KeyError for an unknown layer, ValueError
    for one without maps.
    """
    if not network.description.layer(layer).is_maps:
        raise ValueError(f"{layer} gives no maps.")
    values = forward(network, tensor(network, inputs), cut=layer)
    total = score(values[network.description.layers[-1].name], target).sum()
    (gradient,) = torch.autograd.grad(total, values[layer])
    weights = gradient[0].mean((1, 2))
    return GradCam(array(weights), array((weights[:, None, None] * values[layer][0]).sum(0)))


def guided_grad_cam(network: Network, inputs: Floats, target: Target, layer: str) -> Floats:
    """Guided backpropagation times Grad-CAM at ``layer``, (channels, size, size). Raises as ``grad_cam`` does."""
    places = grad_cam(network, inputs, target, layer).enlarged(inputs.shape[-1])
    return guided_backpropagation(network, inputs, target) * places


def usual_layer(network: Network) -> str:
    """Where Grad-CAM is taken as a rule: the last layer of features that still have a height and a width.

    The maps of the classes, one a class before a global average, are the answer and no feature: only one of them has a
    weight. Raises ValueError for a network without such a layer.
    """
    features = _features(network.description)
    found = [layer for layer in layers_of_places(network) if layer in features and layer.kind != "dropout"]
    if not found:
        raise ValueError("No layer of this network has maps.")
    return found[-1].name


def layers_of_places(network: Network) -> tuple[Layer, ...]:
    """The layers that Grad-CAM can be taken at: their maps have a height and a width, and the logits read them."""
    last, layers = last_attention(network), network.description.layers
    end = layers.index(last) if last else len(layers)
    return tuple(layer for layer in layers[:end] if layer in network.description.maps and layer.shape[1] > 1)


def last_attention(network: Network) -> Layer | None:
    """Where the logits are read off a class token: the last layer that it learns of the places in. None elsewhere."""
    found = [layer for layer in network.description.layers if layer.kind == "attention" and layer.extra]
    return found[-1] if found else None


def _features(description: Description) -> tuple[Layer, ...]:
    """The layers of maps, without the logits and the maps of the classes that they are the means of."""
    *before, last = description.layers
    weighted = [number for number, layer in enumerate(before) if layer.kind in ("convolution", "fully connected")]
    if weighted and last.kind not in ("convolution", "fully connected"):
        before = before[: weighted[-1]]
    return tuple(layer for layer in before if layer.is_maps)
