"""The objects that torchvision's trained detectors find in a photograph, with the categories of COCO.

SSDLite: M. Sandler et al. 2018, arXiv:1801.04381, section 6.2. Faster R-CNN: S. Ren et al. 2015, arXiv:1506.01497.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from explainer.device import device
from explainer.networks.fetched import fetched
from explainer.networks.pretrained import weights


@dataclass(frozen=True, eq=False)
class Objects:
    """What a detector finds, the best first, after its own suppression.

    ``boxes`` (n, 4) are left, top, right and bottom in pixels of the photograph, ``scores`` (n,) are 0 to 1, ``names``
    (n,) what each box shows.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    names: tuple[str, ...]

    def above(self, least: float) -> int:
        """How many boxes, the first ones, score more."""
        return int((self.scores > least).sum())


def objects(name: str, rgb: NDArray[np.uint8]) -> Objects:
    """What the detector called ``name``, one of ``DETECTORS``, finds in a photograph (height, width, 3).

    Raises PretrainedError where its weights are not on this computer, or are damaged.
    """
    entry, network = weights(name), fetched(name)
    inputs = entry.transforms()(Image.fromarray(rgb)).to(device())
    with torch.inference_mode():
        found = {key: values.cpu().numpy() for key, values in network([inputs])[0].items()}
    order = np.argsort(-found["scores"], kind="stable")
    categories = entry.meta["categories"]
    names = tuple(categories[label] for label in found["labels"][order])
    return Objects(found["boxes"][order], found["scores"][order], names)
