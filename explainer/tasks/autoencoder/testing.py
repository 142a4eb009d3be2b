"""An autoencoder looked at from outside: what comes back of digits, and how far off that is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.tasks.autoencoder.data import UnseenDigits
from explainer.tasks.autoencoder.reports import AutoencoderResults, AutoencoderViews
from explainer.training.measure import evaluating

CHUNK = 500  # digits


def measured(network: nn.Module, digits: UnseenDigits) -> Iterator[AutoencoderResults | None]:
    """Tests on all of ``digits``: None after each chunk, and the results last."""
    errors = []
    for start in range(0, len(digits.inputs), CHUNK):
        rows = slice(start, start + CHUNK)
        made = outputs_of(network, digits.inputs[rows])
        errors.append((made - digits.targets[rows]).square().mean(dim=(1, 2, 3)).numpy())
        yield None
    yield AutoencoderResults(np.concatenate(errors))


def views(network: nn.Module, digits: UnseenDigits) -> AutoencoderViews:
    """The watched digits as they come back."""
    return AutoencoderViews(as_bytes(outputs_of(network, digits.inputs[list(digits.watched)])))


def outputs_of(network: nn.Module, given: Tensor) -> Tensor:
    """What a network, or a part of one, in evaluation mode makes of ``given``, on the CPU."""
    device = next(network.parameters()).device
    with torch.inference_mode(), evaluating(network):
        made: Tensor = network(given.to(device))
        return made.float().cpu().contiguous()


def as_bytes(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures (n, 1, h, w), 0..1, as (n, h, w) of 0..255; 0 for what is not a number."""
    made: NDArray[np.uint8] = (pictures[:, 0].nan_to_num().clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return made
