"""What the classes of the page "Detection" are called: digits by themselves, cut-outs by words of the book."""

from __future__ import annotations

from explainer.tasks.detection.config import CLASSES, SceneKind
from explainer.words.book import Said

_CUTOUTS = {
    "mammals": Said("detection.classes.mammals"),
    "birds": Said("detection.classes.birds"),
    "flowers": Said("detection.classes.flowers"),
    "food": Said("detection.classes.food"),
    "vehicles": Said("detection.classes.vehicles"),
}


def class_name(kind: SceneKind, number: int) -> Said | int:
    """The name of one class, to be filled into a sentence."""
    return number if kind == "digits" else _CUTOUTS[CLASSES[kind][number]]


def class_texts(kind: SceneKind, language: str) -> tuple[str, ...]:
    """The names of all classes in a language."""
    names = (class_name(kind, number) for number in range(len(CLASSES[kind])))
    return tuple(name.text(language) if isinstance(name, Said) else str(name) for name in names)
