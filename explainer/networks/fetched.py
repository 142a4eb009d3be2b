"""torchvision's networks for tasks other than classification, once their weights are on this computer."""

from __future__ import annotations

import threading

from cachetools import cached
from torch import nn

from explainer.device import device
from explainer.lru import latest
from explainer.memory import bounds
from explainer.networks import pretrained
from explainer.networks.latest import size


@cached(latest(bounds().trained, size), condition=threading.Condition())
def fetched(name: str) -> nn.Module:
    """The network called ``name``, of ``pretrained.SEGMENTERS`` or ``DETECTORS``, in evaluation mode on ``device()``.

    The same object as long as it stays in memory, which the latest always does. Raises PretrainedError, a sentence,
    where its weights are not on this computer, or are damaged.
    """
    return pretrained.build(name).to(device()).eval()
