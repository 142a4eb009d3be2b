"""A run that learns to say something of every pixel: data, question, network, loss, and how much it is trained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from explainer.training.configuration import Controls
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.segmentation.reports import SegmentationSnapshot

DataName = Literal["digits", "brain", "cutouts"]
TaskName = Literal["segment", "denoise", "inpaint", "super-resolve", "colourize"]
NetworkName = Literal["u-net", "fcn"]
DecoderName = Literal["bilinear", "transposed", "unpooling"]
LossName = Literal["cross-entropy", "dice", "both"]
SplitName = Literal["blocks", "random"]
ScannerName = Literal["clean", "poor"]

TASKS: tuple[TaskName, ...] = ("segment", "denoise", "inpaint", "super-resolve", "colourize")
SIZES: dict[DataName, tuple[int, int]] = {"digits": (96, 96), "brain": (112, 96), "cutouts": (96, 96)}  # rows, columns
INPUTS: dict[DataName, int] = {"digits": 1, "brain": 1, "cutouts": 3}  # channels of a picture
CLASSES: dict[DataName, int] = {"digits": 11, "brain": 4, "cutouts": 6}  # the background is class 0
# What "colourize" gives: red, green and blue, or the probabilities of grey and white matter
COLOURS: dict[DataName, int] = {"digits": 3, "brain": 2, "cutouts": 3}
PARTS: dict[LossName, tuple[str, ...]] = {
    "cross-entropy": ("cross-entropy",),
    "dice": ("dice",),
    "both": ("cross-entropy", "dice"),
}
DOWN, UP = (3, 5, 6, 7), (2, 3, 4)  # maps of the levels on the way down and up, the finest first, as multiples


@dataclass(frozen=True)
class UNetConfig:
    """One run of a network that gives a value, or scores of classes, for every pixel.

    ``skips`` are those of the finest level first; they and the ``votes`` of coarser levels belong to the U-Net. The
    ``decoder`` says how maps become larger. ``width`` is the number that all numbers of maps are multiples of.
    ``loss`` and ``background_weight`` belong to "segment": the weight of the background's pixels in the cross-entropy
    grows in a line from there to 1. Other tasks minimize the mean squared error. ``scenes`` is the number of training
    pictures seen: scenes of digits or of cut-outs, none twice, or slices of a brain, in passes. ``learning_rate`` is
    the peak of the schedule. ``split`` (test slices together, or scattered) and ``scanner`` belong to the brain.
    """

    data: DataName = "digits"
    task: TaskName = "segment"
    network: NetworkName = "u-net"
    skips: tuple[bool, bool, bool] = (True, True, True)
    decoder: DecoderName = "bilinear"
    votes: bool = True
    width: int = 8
    loss: LossName = "cross-entropy"
    background_weight: float = 0.3
    scenes: int = 8_000
    batch_size: int = 8
    learning_rate: float = 8e-3
    seed: int = 0
    split: SplitName = "blocks"
    scanner: ScannerName = "clean"

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; the last one may have fewer pictures. 0 where there is no batch."""
        return -(-self.scenes // self.batch_size) if self.batch_size > 0 else 0

    @property
    def inputs(self) -> int:
        """Channels of a picture that the network is given: where its colours are asked for, it is grey."""
        return 1 if self.task == "colourize" else INPUTS[self.data]

    @property
    def outputs(self) -> int:
        """How many numbers the network gives for each pixel: scores of the classes, or channels of a picture."""
        if self.task == "segment":
            return CLASSES[self.data]
        return COLOURS[self.data] if self.task == "colourize" else self.inputs

    @property
    def parts(self) -> tuple[str, ...]:
        """What the loss is the sum of."""
        return PARTS[self.loss] if self.task == "segment" else ("squared-error",)

    @property
    def parameters(self) -> int:
        """How many weights the network learns, from its shape alone."""
        return parameter_count(self)

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""
        return self.scenes / pictures_a_second(self) if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[SegmentationSnapshot | Step]:
        """Trains on MNIST's training digits, slices of a brain, or cut-outs; see ``loop.train``.

        Raises ImpossibleNetworkError for a description that is not possible, DatasetError without the data.
        """
        from explainer.tasks.segmentation.loop import train  # noqa: PLC0415  the server describes runs without torch

        return train(self, controls, device)


def recommended(data: DataName, task: TaskName = "segment") -> UNetConfig:
    """The best recipe that was measured."""
    if data == "brain":
        return replace(
            UNetConfig(), data=data, task=task, background_weight=1.0, scenes=1_680, batch_size=4, learning_rate=0.01
        )
    return replace(UNetConfig(), data=data, task=task)


def pictures_a_second(config: UNetConfig) -> float:
    """Training pictures a second on about two CPU cores, roughly: made, learned from, and measured now and then."""
    height, width = SIZES[config.data]
    return 1e3 / ((2.6 + 0.028 * config.width**2) * height * width / 96**2)


def background_weight(config: UNetConfig, share: float, start: float | None = None) -> float:
    """The background's weight after a ``share`` of the steps, 0..1; ``start`` where it was changed."""
    first = config.background_weight if start is None else start
    return first + (1 - first) * share


def parameter_count(config: UNetConfig) -> int:
    """The number of weights of ``network.build(config)``."""
    first, second, third, deepest = (multiple * config.width for multiple in DOWN)
    count = _block(4 * config.inputs, first) + _block(first, second) + _block(second, third)
    count += 2 * _block(third, third) + _block(third, deepest)
    if config.network == "fcn":
        kernels = 32 * 32 * config.outputs if config.decoder == "transposed" else 0
        return count + (deepest + 1) * config.outputs + kernels
    up = [multiple * config.width for multiple in UP]
    for place, (deep, level) in enumerate(zip((up[1], up[2], deepest), (first, second, third), strict=True)):
        into = {"bilinear": deep * up[place], "transposed": 4 * deep * up[place]}
        count += into.get(config.decoder, deep * level + level * up[place])
        count += 2 * up[place] + _block(up[place], up[place]) + config.skips[place] * level * up[place]
    votes = (up[1] + up[2] + 2) * config.outputs if config.votes else 0
    return count + votes + (up[0] + 1) * 4 * config.outputs


def _block(inputs: int, outputs: int) -> int:
    """Weights of a convolution of 3 x 3 without biases, and two for each map of its normalization."""
    return 9 * inputs * outputs + 2 * outputs


def is_possible(config: UNetConfig) -> bool:
    """Whether every number is one that a run can be trained with: for descriptions from outside, of the right types."""
    if config.network == "fcn" and config.decoder == "unpooling":
        return False
    return all(low <= value <= high for low, value, high in _ranges(config))


def _ranges(config: UNetConfig) -> Iterator[tuple[float, float, float]]:
    """The lowest and the highest value allowed on both sides of every number."""
    yield 1, config.width, 32
    yield 0, config.background_weight, 1
    yield 0, config.scenes, 10_000_000
    yield 1, config.batch_size, 64
    yield 1e-30, config.learning_rate, 1e30
    yield 0, config.seed, 2**32 - 1
