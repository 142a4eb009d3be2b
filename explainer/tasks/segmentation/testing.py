"""A network in training, looked at from outside: how good it is, and what it says of the watched pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.tasks import overlap
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import Examples
from explainer.tasks.segmentation.reports import PictureResults, Results, SegmentationResults, SegmentationViews
from explainer.training.measure import evaluating

CHUNK = 20  # pictures
SMALLEST_ERROR = 1e-10  # of a mean square: 100 dB


def measured(network: nn.Module, config: UNetConfig, examples: Examples, count: int) -> Iterator[Results | None]:
    """Tests on the first ``count`` examples.

    Yields None after each chunk, and the results last. The network's mode is put back before every yield.
    """
    confusion = np.zeros((config.outputs, config.outputs), np.int64)
    errors, plain = [], []
    count = min(count, len(examples.inputs))
    for start in range(0, count, CHUNK):
        rows = slice(start, min(start + CHUNK, count))
        inputs, targets = examples.inputs[rows], examples.targets[rows]
        outputs = outputs_of(network, inputs)
        if config.task == "segment":
            confusion += overlap.confusion(targets.numpy(), outputs.argmax(dim=1).numpy(), config.outputs)
        else:
            errors.append(_errors(outputs.clamp(0, 1), targets))
            plain.append(_errors(inputs / 255, targets) if _is_comparable(config, inputs, targets) else None)
        yield None
    if config.task == "segment":
        yield SegmentationResults(confusion, count)
    else:
        known = [each for each in plain if each is not None]
        yield PictureResults(psnr(np.concatenate(errors)), psnr(np.concatenate(known)) if known else None)


def _is_comparable(config: UNetConfig, inputs: Tensor, targets: Tensor) -> bool:
    """A grey picture is an answer, too, where its real colours are asked for."""
    return inputs.shape == targets.shape or (config.data == "cutouts" and config.task == "colourize")


def psnr(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio in dB of mean squared errors of values in 0..1; 100 at most."""
    made: NDArray[np.float64] = -10 * np.log10(np.maximum(errors, SMALLEST_ERROR))
    return made


def _errors(pictures: Tensor, targets: Tensor) -> NDArray[np.float64]:
    """Mean squared errors (n,) of pictures in 0..1 against targets in 0..255."""
    return (pictures.double() - targets.double() / 255).square().mean(dim=(1, 2, 3)).numpy()


def views(network: nn.Module, config: UNetConfig, examples: Examples) -> SegmentationViews:
    """What the network says of the watched examples."""
    numbers = examples.watched
    outputs = outputs_of(network, examples.inputs[list(numbers)])
    if config.task != "segment":
        return SegmentationViews(numbers, output=_bytes(outputs.clamp(0, 1)))
    confidence, classes = outputs.softmax(dim=1).max(dim=1)
    return SegmentationViews(numbers, classes.to(torch.uint8).numpy(), _bytes(confidence))


def _bytes(values: Tensor) -> NDArray[np.uint8]:
    """0..1 as 0..255; 0 for what is not a number."""
    return (values.nan_to_num() * 255).round().to(torch.uint8).contiguous().numpy()


def outputs_of(network: nn.Module, pictures: Tensor) -> Tensor:
    """Outputs (n, outputs, h, w) on the CPU of pictures (n, channels, h, w) uint8, in evaluation mode."""
    device = next(network.parameters()).device
    with torch.inference_mode(), evaluating(network):
        made = network(pictures.to(device).float() / 255)
        return made.float().cpu().contiguous()  # type: ignore[no-any-return]
