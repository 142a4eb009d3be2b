"""What is measured of a network in training: test results, mistakes, and the pictures of the live views."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from explainer.networks.build import normalize
from explainer.training.snapshot import Divergence, Mistakes, Views

CHUNK = 500


@dataclass(frozen=True)
class TestResult:
    """Mean cross-entropy and accuracy (0..1), with every digit's label read and its probability."""

    loss: float
    accuracy: float
    predicted: NDArray[np.uint8]
    confidence: NDArray[np.float32]


def test(network: nn.Module, images: Tensor, labels: Tensor) -> Iterator[TestResult | None]:
    """Reads ``images`` (n, channels, height, width) uint8 in evaluation mode.

    Yields None after each chunk, and the result last. The network's mode is put back before every yield, so that
    the caller may do anything in between.
    """
    parts = []
    for start in range(0, len(images), CHUNK):
        with torch.inference_mode(), evaluating(network):
            logits = network(normalize(images[start : start + CHUNK])).float()
            losses = functional.cross_entropy(logits, labels[start : start + CHUNK], reduction="none")
            confidence, predicted = logits.softmax(1).amax(1), logits.argmax(1)
        parts.append((losses, predicted, confidence))
        yield None
    losses, predicted, confidence = (torch.cat(column) for column in zip(*parts, strict=True))
    accuracy = (predicted == labels).float().mean()
    yield TestResult(
        float(losses.double().mean()),
        float(accuracy),
        predicted.to(torch.uint8).cpu().numpy(),
        confidence.float().cpu().numpy(),
    )


def mistakes(result: TestResult, labels: NDArray[np.uint8], every: int = 1) -> Mistakes:
    """The digits that ``result`` read wrongly, most confident first, and the confusion matrix.

    ``labels`` are those of the whole test set, of which ``result`` holds digit 0, ``every``, 2 ``every``, ...
    """
    labels = labels[::every]
    wrong = np.flatnonzero(result.predicted != labels)
    wrong = wrong[np.argsort(-result.confidence[wrong], kind="stable")]
    confusion = np.zeros((10, 10), np.int64)
    np.add.at(confusion, (labels, result.predicted), 1)
    return Mistakes(every * wrong, result.predicted[wrong], result.confidence[wrong], confusion)


def views(network: nn.Sequential, digit: Tensor, probe: int) -> Views:
    """First-layer kernels, and for ``digit`` uint8 the maps after each activation and building block.

    ``digit`` is (1, channels, height, width). A network without convolutions shows the weights of its first layer as
    pictures of that size, and no maps.
    """
    maps, after, convolutions = [], [], 0
    with torch.inference_mode(), evaluating(network):
        values = normalize(digit)
        for name, module in network.named_children():
            values = module(values)
            convolutions += sum(isinstance(part, nn.Conv2d) for part in module.modules())
            if name.startswith(("activation", "block")) and values.dim() == 4:
                maps.append(values[0].float().cpu().numpy())
                after.append(convolutions)
    return Views(_filters(network, digit), tuple(maps), probe, tuple(after))


def find_divergence(network: nn.Module, images: Tensor, step: int, *, whole_names: bool = False) -> Divergence:
    """Which layer broke first: one whose weights are no longer finite, else one whose output is not.

    With ``whole_names`` a layer within others is called with their names before its own.
    """
    name = ""
    with torch.inference_mode():
        for name, layer, made in _run(network, images, whole_names):
            if not all(bool(parameter.isfinite().all()) for parameter in layer.parameters()):
                return Divergence(step, name, "gradient")
            if not bool(made.isfinite().all()):
                return Divergence(step, name, "activation")
    return Divergence(step, name, "loss")


def _run(network: nn.Module, images: Tensor, whole_names: bool) -> list[tuple[str, nn.Module, Tensor]]:
    """The layers in the order in which they compute, those of blocks too, with their names and what they make."""
    paths = {layer: path for path, layer in network.named_modules() if not any(layer.children())}
    names = paths if whole_names else {layer: path.rpartition(".")[2] for layer, path in paths.items()}
    done: list[tuple[str, nn.Module, Tensor]] = []

    def note(layer: nn.Module, _: object, made: Tensor) -> None:
        done.append((names[layer], layer, made))

    hooks = [layer.register_forward_hook(note) for layer in names]
    try:
        network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return done


class evaluating:  # noqa: N801 - reads as a statement: `with evaluating(network):`
    """Puts a network into evaluation mode, and its own mode back afterwards."""

    def __init__(self, network: nn.Module) -> None:
        self._network, self._training = network, network.training

    def __enter__(self) -> None:
        self._network.eval()

    def __exit__(self, *_: object) -> None:
        self._network.train(self._training)


def _filters(network: nn.Sequential, digit: Tensor) -> NDArray[np.float32]:
    """Of the first layer with weights: (n, height, width), with the three channels last where pictures have colours."""
    channels = digit.shape[1]
    for module in network.children():
        if isinstance(module, nn.Conv2d | nn.Linear):
            side = (
                module.kernel_size[0] if isinstance(module, nn.Conv2d) else math.isqrt(module.in_features // channels)
            )
            kernels = module.weight.detach().float().cpu().numpy().reshape(-1, channels, side, side)
            return (kernels[:, 0] if channels == 1 else kernels.transpose(0, 2, 3, 1)).copy()
    raise ValueError("A network has at least its logits.")
