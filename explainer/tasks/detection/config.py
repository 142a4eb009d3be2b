"""A run that learns to find digits or cut-outs: the network, the loss, how much it is trained, and a seed, frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from explainer.data.cutouts import KINDS
from explainer.training.configuration import Controls
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.detection.reports import DetectionSnapshot

SIDE, CELL = 112, 16  # pixels of a scene and of a cell, along a side
GRID = SIDE // CELL
NUMBERS = 5  # of a box: where it is, how large, and whether it is there

SceneKind = Literal["digits", "cutouts"]
CLASSES: dict[SceneKind, tuple[str, ...]] = {"digits": tuple("0123456789"), "cutouts": tuple(KINDS)}
COLOURS: dict[SceneKind, int] = {"digits": 1, "cutouts": 3}  # of a picture
LossName = Literal["yolo-v1", "modern"]
PARTS: dict[LossName, tuple[str, ...]] = {
    "yolo-v1": ("centre", "size", "object", "no-object", "class"),
    "modern": ("presence", "box", "class"),
}


@dataclass(frozen=True)
class DetectionConfig:
    """One run of a detector on made scenes, each of them seen once.

    ``width`` is the number of maps of the first layer, of which the others have multiples. ``loss`` is that of YOLO v1,
    five sums of squares, or a modern one of three parts: whether there is a digit, its box, its class. ``boxes`` of a
    cell, ``lambda_coord``, ``lambda_noobj`` and ``square_roots`` (of widths and heights) belong to the first,
    ``box_weight`` and ``digit_weight`` to the second, whose cells have one box. ``learning_rate`` is the peak of the
    schedule, ``clutter`` the number of pieces of digits in a scene that are no digits. ``kind`` says what the scenes
    show: grey digits, or cut-outs in colour, which have no clutter. Whatever is said of a digit holds for a cut-out.
    """

    width: int = 16
    loss: LossName = "modern"
    boxes: int = 1
    lambda_coord: float = 5.0
    lambda_noobj: float = 0.5
    square_roots: bool = True
    box_weight: float = 1.0
    digit_weight: float = 2.0
    scenes: int = 12_800
    batch_size: int = 16
    learning_rate: float = 4e-3
    clutter: int = 0
    seed: int = 0
    kind: SceneKind = "digits"

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; the last one may have fewer scenes. 0 where there is no batch."""
        return -(-self.scenes // self.batch_size) if self.batch_size > 0 else 0

    @property
    def boxes_of_a_cell(self) -> int:
        """How many boxes the network predicts in each cell."""
        return self.boxes if self.loss == "yolo-v1" else 1

    @property
    def channels(self) -> int:
        """How many numbers the network gives for each cell."""
        return NUMBERS * self.boxes_of_a_cell + self.classes

    @property
    def classes(self) -> int:
        """How many classes there are: of a digit, its value."""
        return len(CLASSES[self.kind])

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""
        return self.scenes / scenes_a_second(self.width) if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[DetectionSnapshot | Step]:
        """Trains on scenes of MNIST's training digits, or of the cut-outs to train with; see ``loop.train``.

        Raises ImpossibleNetworkError for a description that is not possible, DatasetError without MNIST.
        """
        from explainer.tasks.detection.loop import train  # noqa: PLC0415  the server describes runs without torch

        return train(self, controls, device)


def scenes_a_second(width: int) -> float:
    """Training scenes a second on about two CPU cores, roughly: drawn, learned from, and measured now and then."""
    return 1e3 / (0.6 + 0.0025 * width**2)


def part_weights(config: DetectionConfig, changed: Mapping[str, float] | None = None) -> tuple[float, ...]:
    """What each of the loss's parts is multiplied by, where ``changed`` says what differs from the description."""
    now = {"lambda_coord": config.lambda_coord, "lambda_noobj": config.lambda_noobj}
    now |= {"box_weight": config.box_weight, "digit_weight": config.digit_weight}
    now |= changed or {}
    if config.loss == "yolo-v1":
        return now["lambda_coord"], now["lambda_coord"], 1.0, now["lambda_noobj"], 1.0
    return 1.0, now["box_weight"], now["digit_weight"]


def is_possible(config: DetectionConfig) -> bool:
    """Whether every number is one that a run can be trained with: for descriptions from outside, of the right types."""
    is_known = config.loss in PARTS and config.kind in CLASSES
    return is_known and all(low <= value <= high for low, value, high in _ranges(config))


def _ranges(config: DetectionConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    yield 1, config.width, 64
    yield 1, config.boxes, 2
    for weight in (config.lambda_coord, config.lambda_noobj, config.box_weight, config.digit_weight):
        yield 0, weight, 1_000
    yield 0, config.scenes, 10_000_000
    yield 1, config.batch_size, 64  # of the widest network with most clutter: half a GB more than by default
    yield 1e-30, config.learning_rate, 1e30
    yield 0, config.clutter, 20 if config.kind == "digits" else 0
    yield 0, config.seed, 2**32 - 1
