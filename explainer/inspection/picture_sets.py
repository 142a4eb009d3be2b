"""Among which pictures a network's units choose: the test digits, or squares of the sample photographs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.data.catalogue import CLASS_NAMES, TITLES, DatasetName, is_available
from explainer.data.digits import load
from explainer.data.samples import PHOTOGRAPHS
from explainer.inspection import patches
from explainer.inspection.exemplars import STRONGEST, readings
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.words.book import percent

FIRST_SQUARES = 20  # of the squares, whose photographs are counted: there are few in all
SHORT_CLASSES = {"airplane": "plane", "automobile": "car"}
SHORT = {"cat": "cat", "photographer": "person", "astronaut": "astro-<br>naut", "coffee": "cup", "rocket": "rocket"}


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a network's units choose among: the test digits of ``dataset``, or squares of photographs where it is None.

    ``what`` is what people call them; the groups of the first ``most`` are counted.
    """

    network: Network
    dataset: DatasetName | None

    @property
    def what(self) -> str:
        """In the middle of a sentence."""
        if self.dataset is None:
            return "crops of the sample photographs"
        return "test digits" if self.dataset == "mnist" else f"test pictures of {TITLES[self.dataset]}"

    @property
    def most(self) -> int:
        """How many of the strongest are counted."""
        return FIRST_SQUARES if self.dataset is None else STRONGEST

    @property
    def names(self) -> tuple[str, ...]:
        """Of the groups: classes or photographs."""
        return tuple(photo.title for photo in PHOTOGRAPHS) if self.dataset is None else CLASS_NAMES[self.dataset]

    @property
    def short_names(self) -> tuple[str, ...]:
        """As they fit below a bar."""
        if self.dataset is not None:
            return tuple(SHORT_CLASSES.get(name, name) for name in self.names)
        return tuple(SHORT.get(photo.name, photo.name) for photo in PHOTOGRAPHS)

    @property
    def groups(self) -> NDArray[np.int64]:
        """Of which group each picture is."""
        if self.dataset is None:
            return np.array([square.photo for square in patches.squares()])
        return load(self.dataset).test_labels.astype(np.int64)

    def all_pixels(self) -> NDArray[np.uint8]:
        """All pictures as the network is shown them."""
        if self.dataset is None:
            return patches.pictures(self.network.description.transform)
        return load(self.dataset).test_images

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """One of them."""
        chosen: NDArray[np.uint8] = self.all_pixels()[number]
        return chosen

    def title(self, number: int) -> str:
        """What people call one of them."""
        if self.dataset is None:
            square = patches.squares()[number]
            return f"{self.names[square.photo]}, a crop of {square.side} × {square.side} pixels"
        return f"test digit {number:,}" if self.dataset == "mnist" else f"test picture {number:,}"

    def told(self, numbers: list[int]) -> list[str]:
        """What is told of each, with the class that the network gives it where that is soon found out."""
        titles = [self.title(number)[0].upper() + self.title(number)[1:] for number in numbers]
        if self.dataset is None:
            return titles
        answers, shares = readings(self.network, self.all_pixels()[numbers])
        classes = self.network.description.classes
        return [
            f"{title}: {self.names[self.groups[number]]}, read as {classes[answer]} ({percent(float(share), '#.1p')})"
            for title, number, answer, share in zip(titles, numbers, answers, shares, strict=True)
        ]

    def groups_of(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float64], tuple[str, ...]]:
        """How many of the first ``most`` of ``numbers`` are of each group, how many there would be by chance, and the
        groups' names."""
        counted = numbers[: self.most]
        counts = np.bincount(self.groups[counted], minlength=len(self.names))
        shares = np.bincount(self.groups, minlength=len(self.names)) / len(self.groups)
        return counts, shares * len(counted), self.names


def pictures_for(network: Network) -> Pictures:
    """The test digits of the data set whose classes the network tells apart, for one that reads single digits.

    Those of CIFAR-10 for a network of such pictures, where that is on this computer.
    """
    transform = network.description.transform
    if transform == zoo.COLOUR and is_available("cifar-10"):
        return Pictures(network, "cifar-10")
    if (transform.channels, transform.size) != (1, 28):
        return Pictures(network, None)
    known = (name for name, names in CLASS_NAMES.items() if names == network.description.classes)
    return Pictures(network, next((name for name in known if is_available(name)), "mnist"))
