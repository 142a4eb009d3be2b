"""The training loop of an autoencoder: a configuration in, snapshots out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch.nn import functional

from explainer.device import device as default_device
from explainer.tasks.autoencoder.build import build
from explainer.tasks.autoencoder.config import AutoencoderConfig, digits_a_second
from explainer.tasks.autoencoder.data import Lessons, UnseenDigits, training_images, unseen_digits
from explainer.tasks.autoencoder.reports import (
    AutoencoderPoint,
    AutoencoderResults,
    AutoencoderSnapshot,
    AutoencoderViews,
)
from explainer.tasks.autoencoder.testing import measured, views
from explainer.tasks.autoencoder.weights import to_bytes
from explainer.tasks.scene_run import Cadence, Lesson, SceneRun, paced
from explainer.training.configuration import Controls
from explainer.training.snapshot import Moment, Step


def cadence(config: AutoencoderConfig, device: torch.device) -> Cadence:
    """When a run of ``config`` reports where nothing else is asked for."""
    made = paced(config.scenes, digits_a_second(config), device)
    return replace(made, point=min(made.point, max(config.scenes // 40, 1)))


def train(
    config: AutoencoderConfig,
    controls: Controls | None = None,
    device: torch.device | None = None,
    *,
    source: Lessons | None = None,
    tests: UnseenDigits | None = None,
    measured: Cadence | None = None,
) -> Iterator[AutoencoderSnapshot | Step]:
    """Trains on training digits, yielding after every step: see ``SceneRun.reports``.

    The digits and their order depend on the seed alone. ``controls.changed`` knows "learning_rate". ``source`` and
    ``tests`` are MNIST's where not given. Seeds torch's global generator.

    Raises ImpossibleNetworkError for a configuration that is not possible, DatasetError where the digits are not there.
    """
    run = _Run(config, controls or Controls(), device or default_device(), source, tests)
    yield from run.reports(measured or cadence(config, run.device))


class _Run(SceneRun[AutoencoderPoint, AutoencoderViews, AutoencoderResults]):
    """A network being trained."""

    def __init__(
        self,
        config: AutoencoderConfig,
        controls: Controls,
        device: torch.device,
        source: Lessons | None,
        tests: UnseenDigits | None,
    ) -> None:
        torch.manual_seed(config.seed)
        super().__init__(config, build(config), controls, device)
        self.config = config
        self.source = source or Lessons(training_images(), config.seed, config.noise)
        self.tests = tests or unseen_digits(config.noise)

    def lesson(self, count: int) -> Lesson:
        """The mean squared error of ``count`` training digits."""
        inputs, targets = (each.to(self.device) for each in self.source.draw(count))
        loss = functional.mse_loss(self.network(inputs), targets)
        return Lesson(inputs, loss, loss.unsqueeze(0))

    def tested(self, whole: bool) -> Iterator[AutoencoderResults | None]:  # noqa: ARG002  all of them, every time
        """Tests on the test digits."""
        return measured(self.network, self.tests)

    def point(
        self, moment: Moment, loss: float | None, parts: tuple[float, ...] | None, result: AutoencoderResults | None
    ) -> AutoencoderPoint:
        """The point of the curves at ``moment``."""
        return AutoencoderPoint(
            **vars(moment),
            loss=loss,
            parts=parts,
            test_error=result.mean if result else None,
            test_pictures=len(result.errors) if result else 0,
        )

    def views(self) -> AutoencoderViews:
        """The watched digits."""
        return views(self.network, self.tests)

    def weights(self) -> bytes:
        """The network as a file."""
        return to_bytes(self.network, self.config)
