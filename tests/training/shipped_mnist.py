"""MNIST as the project ships it, for code that would have torchvision download it."""

from __future__ import annotations

import numpy as np
import torch

from explainer.data.digits import load


class Shipped:
    """In the place of torchvision's data set, which would be downloaded."""

    def __init__(self, _root: str, train: bool = True, download: bool = False) -> None:
        digits = load("mnist")
        images, labels = (
            (digits.train_images, digits.train_labels) if train else (digits.test_images, digits.test_labels)
        )
        self.data, self.targets = torch.tensor(images), torch.tensor(labels.astype(np.int64))
