"""What a network says of one picture."""

from __future__ import annotations

import hashlib
import threading

import numpy as np
import torch
from cachetools import cached
from numpy.typing import NDArray
from torch import nn

from explainer.memory import bounds
from explainer.networks.build import normalize, planes
from explainer.networks.latest import latest_modules
from explainer.networks.weights import from_bytes


def probabilities(weights: bytes, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The ten probabilities (10,) that the network saved in ``weights`` gives ``picture``, on the CPU.

    ``picture`` is (28, 28), or (32, 32, 3) where the network reads colours.

    Raises WeightsError where ``weights`` is no file of this app.
    """
    with torch.inference_mode():
        logits = _network(weights)(normalize(planes(picture[None])))
    result: NDArray[np.float32] = logits.softmax(1)[0].numpy()
    return result


@cached(
    latest_modules(bounds().trained // 4),
    key=lambda weights: hashlib.sha256(weights).digest(),
    condition=threading.Condition(),
)
def _network(weights: bytes) -> nn.Sequential:
    return from_bytes(weights)[1]
