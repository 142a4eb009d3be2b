"""Small sets of boxes to look at, written by hand: photographs with one object, scored boxes, and ranked detections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explainer.tasks.average_precision import Detections, Truths
from explainer.tasks.boxes import Box

PERSON, HORSE = 0, 1
KINDS = ("person", "horse")  # by class


@dataclass(frozen=True)
class Framed:
    """A photograph by its name, shrunk to ``side`` pixels: the truth about one object, and a detection to drag."""

    photograph: str
    truth: Box
    detection: Box
    side: int = 320


@dataclass(frozen=True)
class Sketch:
    """A drawn picture ``width`` x ``height``: where its objects are, and of which classes."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    classes: tuple[int, ...]

    @property
    def truths(self) -> Truths:
        """The objects."""
        return Truths(self.boxes, self.classes)


@dataclass(frozen=True)
class Scored:
    """Boxes that a detector puts on a sketch, best first, their scores and classes."""

    sketch: Sketch
    boxes: tuple[Box, ...]
    scores: tuple[float, ...]
    classes: tuple[int, ...]

    @property
    def detections(self) -> Detections:
        """All of them."""
        return Detections(self.boxes, self.scores, self.classes)


FRAMED: Mapping[str, Framed] = {
    "face": Framed("astronaut", (96, 9, 189, 118), (122, 32, 222, 146)),
    "cup": Framed("coffee", (91, 9, 221, 161), (70, 44, 204, 172)),
    "eye": Framed("cat", (96, 61, 149, 105), (76, 40, 190, 122)),
}

SCORED: Mapping[str, Scored] = {
    "crowd": Scored(
        Sketch(320, 210, ((118, 22, 202, 196),), (PERSON,)),
        (
            (114, 20, 204, 198),
            (124, 28, 210, 200),
            (106, 14, 196, 190),
            (120, 60, 200, 196),
            (92, 24, 186, 204),
            (118, 20, 200, 98),
            (236, 118, 300, 200),
        ),
        (0.92, 0.84, 0.77, 0.63, 0.51, 0.42, 0.23),
        (PERSON,) * 7,
    ),
    "neighbours": Scored(
        Sketch(320, 210, ((100, 24, 190, 196), (122, 20, 214, 200)), (PERSON, PERSON)),
        (
            (99, 22, 190, 198),
            (123, 19, 214, 200),
            (92, 28, 182, 200),
            (116, 26, 214, 204),
            (90, 14, 228, 206),
            (108, 20, 180, 112),
        ),
        (0.95, 0.88, 0.71, 0.66, 0.48, 0.28),
        (PERSON,) * 6,
    ),
    "two-classes": Scored(
        Sketch(320, 210, ((100, 10, 206, 180), (84, 44, 232, 196)), (PERSON, HORSE)),
        (
            (98, 9, 206, 181),
            (83, 46, 231, 197),
            (92, 52, 240, 200),
            (106, 16, 212, 186),
            (90, 6, 196, 170),
            (74, 38, 222, 188),
        ),
        (0.93, 0.90, 0.74, 0.69, 0.52, 0.35),
        (PERSON, HORSE, HORSE, PERSON, PERSON, HORSE),
    ),
}

_PICTURES = (
    Sketch(160, 120, ((18, 30, 58, 112), (92, 22, 136, 114)), (PERSON, PERSON)),
    Sketch(160, 120, ((54, 18, 102, 112),), (PERSON,)),
    Sketch(160, 120, ((10, 40, 44, 114), (62, 34, 100, 114), (114, 44, 148, 114)), (PERSON,) * 3),
)

TESTED: Mapping[str, tuple[Scored, ...]] = {
    "hasty": (
        Scored(
            _PICTURES[0],
            ((12, 24, 62, 118), (22, 38, 66, 116), (60, 10, 100, 70), (86, 14, 132, 100)),
            (0.94, 0.91, 0.83, 0.52),
            (PERSON,) * 4,
        ),
        Scored(_PICTURES[1], ((44, 12, 96, 104), (62, 30, 112, 118)), (0.88, 0.77), (PERSON,) * 2),
        Scored(
            _PICTURES[2],
            ((56, 28, 108, 112), (116, 3, 152, 38), (66, 60, 104, 118), (108, 34, 144, 118)),
            (0.80, 0.71, 0.63, 0.35),
            (PERSON,) * 4,
        ),
    ),
    "careful": (
        Scored(_PICTURES[0], ((17, 31, 59, 113), (90, 26, 139, 117)), (0.96, 0.81), (PERSON,) * 2),
        Scored(_PICTURES[1], ((56, 21, 102, 114), (46, 8, 96, 100)), (0.91, 0.58), (PERSON,) * 2),
        Scored(
            _PICTURES[2],
            ((63, 36, 102, 116), (6, 48, 46, 118), (82, 6, 120, 60), (118, 54, 152, 118)),
            (0.87, 0.74, 0.66, 0.42),
            (PERSON,) * 4,
        ),
    ),
}
"""Three pictures with six people, as two detectors see them."""
