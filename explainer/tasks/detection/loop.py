"""The training loop of a detector: a configuration in, snapshots out."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Generator

from explainer.device import device as default_device
from explainer.tasks.detection.cells import encode
from explainer.tasks.detection.config import DetectionConfig, part_weights, scenes_a_second
from explainer.tasks.detection.examples import (
    TEST_SCENES,
    Examples,
    Source,
    scenes_of,
    source_of,
    training_settings,
    unseen_examples,
)
from explainer.tasks.detection.losses import loss_parts
from explainer.tasks.detection.network import build
from explainer.tasks.detection.reports import DetectionPoint, DetectionResults, DetectionSnapshot, DetectionViews
from explainer.tasks.detection.testing import look_for_digits, views
from explainer.tasks.detection.weights import to_bytes
from explainer.tasks.scene_run import Cadence, Lesson, SceneRun, paced
from explainer.training.configuration import Controls
from explainer.training.snapshot import Moment, Step

PART = 200  # test scenes that are measured on the way


def cadence(config: DetectionConfig, device: torch.device) -> Cadence:
    """When a run of ``config`` reports where nothing else is asked for."""
    return paced(config.scenes, scenes_a_second(config.width), device)


def train(
    config: DetectionConfig,
    controls: Controls | None = None,
    device: torch.device | None = None,
    *,
    source: Source | None = None,
    tests: Examples | None = None,
    measured: Cadence | None = None,
) -> Iterator[DetectionSnapshot | Step]:
    """Trains a detector on scenes that are drawn as it goes, yielding after every step: see ``SceneRun.reports``.

    The scenes depend on the kind, the seed and the clutter alone. ``controls.changed`` knows the names of
    ``part_weights`` and "learning_rate". ``source`` and ``tests`` are those of the kind where not given. Seeds torch's
    global generator.

    Raises ImpossibleNetworkError for a configuration that is not possible, DatasetError where MNIST is not there.
    """
    run = _Run(config, controls or Controls(), device or default_device(), source, tests)
    yield from run.reports(measured or cadence(config, run.device))


class _Run(SceneRun[DetectionPoint, DetectionViews, DetectionResults]):
    """A detector being trained."""

    def __init__(
        self,
        config: DetectionConfig,
        controls: Controls,
        device: torch.device,
        source: Source | None,
        tests: Examples | None,
    ) -> None:
        torch.manual_seed(config.seed)
        super().__init__(config, build(config), controls, device)
        self.config = config
        self.source = source or source_of(config.kind, training=True)
        self.tests = tests or unseen_examples(config.clutter, kind=config.kind)
        self.settings = training_settings(config.clutter, config.kind)
        self.chance = Generator().manual_seed(config.seed)

    def lesson(self, count: int) -> Lesson:
        """The loss on ``count`` new scenes."""
        scenes = scenes_of(self.source, self.settings, count, self.chance)
        truth = encode(scenes.boxes.to(self.device), scenes.classes.to(self.device))
        pictures = scenes.pictures.to(self.device)
        parts = loss_parts(self.config, self.network(pictures), truth)
        loss = parts @ torch.tensor(part_weights(self.config, self.controls.changed), device=self.device)
        return Lesson(pictures, loss, parts)

    def tested(self, whole: bool) -> Iterator[DetectionResults | None]:
        """Looks for the digits of the test scenes."""
        return look_for_digits(self.network, self.config, self.tests, TEST_SCENES if whole else PART)

    def point(
        self, moment: Moment, loss: float | None, parts: tuple[float, ...] | None, result: DetectionResults | None
    ) -> DetectionPoint:
        """The point of the curves at ``moment``."""
        return DetectionPoint(
            **vars(moment),
            loss=loss,
            parts=parts,
            mean_average_precision=result.mean if result else None,
            test_scenes=result.scenes if result else 0,
        )

    def views(self) -> DetectionViews:
        """The boxes in the watched scenes."""
        return views(self.network, self.config, self.tests)

    def weights(self) -> bytes:
        """The detector as a file."""
        return to_bytes(self.network, self.config)
