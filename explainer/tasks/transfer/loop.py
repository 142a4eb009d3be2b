"""The training loop of transfer: a configuration in, snapshots out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainer.device import device as default_device
from explainer.tasks.scene_run import Cadence, Lesson, SceneRun
from explainer.tasks.transfer.config import TransferConfig
from explainer.tasks.transfer.examples import Examples, examples, varied
from explainer.tasks.transfer.features import standardized
from explainer.tasks.transfer.network import before, behind, build, groups
from explainer.tasks.transfer.reports import TransferPoint, TransferResults, TransferSnapshot, TransferViews
from explainer.tasks.transfer.weights import to_bytes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Moment, Step

CHUNK = 16  # pictures that are tested at once
TESTS = 10  # in a run
KEPT = 64_000_000  # bytes of what the weights that stay make of the pictures


def train(
    config: TransferConfig,
    controls: Controls | None = None,
    device: torch.device | None = None,
    *,
    source: Examples | None = None,
    measured: Cadence | None = None,
) -> Iterator[TransferSnapshot | Step]:
    """Trains, yielding after every step: see ``SceneRun.reports``.

    ``controls.changed`` knows "learning_rate". Every test is on all pictures that are not learned from. Seeds torch's
    global generator. Raises ImpossibleNetworkError for a configuration that is not possible.
    """
    run = _Run(config, controls or Controls(), device or default_device(), source)
    every = max(config.scenes // TESTS, config.batch_size)
    yield from run.reports(measured or Cadence(point=max(every // 2, 1), part=every))


class _Run(SceneRun[TransferPoint, TransferViews, TransferResults]):
    """A network being trained."""

    def __init__(
        self, config: TransferConfig, controls: Controls, device: torch.device, source: Examples | None
    ) -> None:
        torch.manual_seed(config.seed)
        network = build(config)
        super().__init__(config, network, controls, device, groups(network, config))
        self.config, self.source = config, source or examples(config)
        self.chance = torch.Generator().manual_seed(config.seed)
        self.order: list[int] = []
        self.labels = torch.from_numpy(self.source.learned_labels)
        self.fixed = before(self.network, config).eval()
        self.found = np.zeros(len(self.source.tested), np.uint8)
        self.known = None if config.augmented else self._known()

    def _known(self) -> Tensor | None:
        """What the weights that stay make of all pictures to learn from, once; None where that is much, or nothing."""
        if not len(self.fixed):
            return None
        pictures = self.source.learned
        first = self._fixed(self._pictures(np.arange(1)))
        if first.nbytes * len(pictures) > KEPT:
            return None
        chunks = np.array_split(np.arange(len(pictures)), -(-len(pictures) // CHUNK))
        return torch.cat([self._fixed(self._pictures(chunk)) for chunk in chunks])

    def _pictures(self, chosen: np.ndarray) -> Tensor:
        """Of those to learn from, (n, 3, side, side), 0..1, changed anew where that is asked for."""
        rgb = torch.from_numpy(self.source.learned[chosen]).permute(0, 3, 1, 2).to(self.device) / 255
        return varied(rgb, self.chance) if self.config.augmented else rgb

    def _fixed(self, pictures: Tensor) -> Tensor:
        with torch.no_grad():
            made: Tensor = self.fixed(standardized(pictures))
        return made

    def lesson(self, count: int) -> Lesson:
        """The loss on the next ``count`` pictures; every pass has another order."""
        while len(self.order) < count:
            self.order += torch.randperm(len(self.labels), generator=self.chance).tolist()
        chosen, self.order = np.array(self.order[:count]), self.order[count:]
        self.network.train()
        pictures = self._pictures(chosen)
        values = self._fixed(pictures) if self.known is None else self.known[chosen]
        scores = behind(self.network, self.config, values)
        loss = functional.cross_entropy(scores, self.labels[chosen].to(self.device))
        return Lesson(standardized(pictures), loss, loss[None])

    def tested(self, whole: bool) -> Iterator[TransferResults | None]:
        """Tests on all test pictures, ``whole`` or not: there are few."""
        del whole
        self.network.eval()
        made = []
        for start in range(0, len(self.source.tested), CHUNK):
            rgb = torch.from_numpy(self.source.tested[start : start + CHUNK]).permute(0, 3, 1, 2).to(self.device) / 255
            with torch.inference_mode():
                made.append(self.network(standardized(rgb)).softmax(dim=1).cpu().numpy())
            yield None
        shares = np.concatenate(made)
        self.found = shares.argmax(axis=1).astype(np.uint8)
        yield TransferResults(self.found.astype(np.int64), shares.max(axis=1), self.source.tested_labels)

    def point(
        self, moment: Moment, loss: float | None, parts: tuple[float, ...] | None, result: TransferResults | None
    ) -> TransferPoint:
        """The point of the curves at ``moment``."""
        del parts
        accuracy, tests = (result.accuracy, len(result.labels)) if result else (None, 0)
        return TransferPoint(**vars(moment), loss=loss, test_accuracy=accuracy, test_pictures=tests)

    def views(self) -> TransferViews:
        """What the test pictures were taken for at the latest test."""
        return TransferViews(self.found)

    def weights(self) -> bytes:
        """The network as a file."""
        return to_bytes(self.network, self.config)
