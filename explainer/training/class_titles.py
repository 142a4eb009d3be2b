"""What people read of the classes of a data set."""

from __future__ import annotations

from explainer.data.catalogue import CLASS_NAMES, COLOUR, DatasetName
from explainer.words.book import ENGLISH, Said


def class_titles(dataset: DatasetName, language: str = ENGLISH) -> tuple[str, ...]:
    """Of its ten classes, in their order: words of ``language``, but digits and what has a name of its own."""
    names = CLASS_NAMES[dataset]
    return tuple(Said(f"datasets.cifar_10.{name}").text(language) for name in names) if dataset in COLOUR else names
