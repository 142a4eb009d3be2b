"""The training loop of a U-Net: a configuration in, snapshots out."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from explainer.device import device as default_device
from explainer.tasks.scene_run import Cadence, Lesson, SceneRun, paced
from explainer.tasks.segmentation.build import build
from explainer.tasks.segmentation.config import UNetConfig, background_weight, pictures_a_second
from explainer.tasks.segmentation.data import PART, TESTED, Examples, Lessons, lessons, unseen_examples
from explainer.tasks.segmentation.losses import loss_parts
from explainer.tasks.segmentation.reports import (
    PictureResults,
    Results,
    SegmentationPoint,
    SegmentationResults,
    SegmentationSnapshot,
    SegmentationViews,
)
from explainer.tasks.segmentation.testing import measured, views
from explainer.tasks.segmentation.weights import to_bytes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Moment, Step


def cadence(config: UNetConfig, device: torch.device) -> Cadence:
    """When a run of ``config`` reports where nothing else is asked for."""
    return paced(config.scenes, pictures_a_second(config), device)


def train(
    config: UNetConfig,
    controls: Controls | None = None,
    device: torch.device | None = None,
    *,
    source: Lessons | None = None,
    tests: Examples | None = None,
    measured: Cadence | None = None,
) -> Iterator[SegmentationSnapshot | Step]:
    """Trains on pictures that are made as it goes, yielding after every step: see ``SceneRun.reports``.

    The pictures depend on data, task and seed alone. ``controls.changed`` knows "learning_rate" and
    "background_weight". ``source`` and ``tests`` are those of the data where not given. Seeds torch's global generator.

    Raises ImpossibleNetworkError for a configuration that is not possible, DatasetError where the data are not there.
    """
    run = _Run(config, controls or Controls(), device or default_device(), source, tests)
    yield from run.reports(measured or cadence(config, run.device))


class _Run(SceneRun[SegmentationPoint, SegmentationViews, Results]):
    """A network being trained."""

    def __init__(
        self,
        config: UNetConfig,
        controls: Controls,
        device: torch.device,
        source: Lessons | None,
        tests: Examples | None,
    ) -> None:
        torch.manual_seed(config.seed)
        super().__init__(config, build(config), controls, device)
        self.config = config
        self.source, self.tests = source or lessons(config), tests or unseen_examples(config)

    def lesson(self, count: int) -> Lesson:
        """The loss on ``count`` new pictures."""
        inputs, targets = (each.to(self.device) for each in self.source.draw(count))
        start = self.controls.changed.get("background_weight")
        background = background_weight(self.config, self.done / self.steps, start)
        parts = loss_parts(self.config.parts, self.network(inputs), targets, background)
        return Lesson(inputs, parts.sum(), parts)

    def tested(self, whole: bool) -> Iterator[Results | None]:
        """Tests on the test pictures."""
        return measured(self.network, self.config, self.tests, TESTED if whole else PART)

    def point(
        self, moment: Moment, loss: float | None, parts: tuple[float, ...] | None, result: Results | None
    ) -> SegmentationPoint:
        """The point of the curves at ``moment``."""
        return SegmentationPoint(
            **vars(moment),
            loss=loss,
            parts=parts,
            mean_iou=result.mean_iou if isinstance(result, SegmentationResults) else None,
            psnr=result.mean_psnr if isinstance(result, PictureResults) else None,
            test_pictures=result.pictures if result else 0,
        )

    def views(self) -> SegmentationViews:
        """The watched pictures."""
        return views(self.network, self.config, self.tests)

    def weights(self) -> bytes:
        """The network as a file."""
        return to_bytes(self.network, self.config)
