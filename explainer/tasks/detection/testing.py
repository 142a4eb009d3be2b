"""A detector in training, looked at from outside: how good it is, and what it says of the watched scenes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from explainer.tasks.detection.cells import Candidates, decode
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.detection.examples import WATCHED, Examples
from explainer.tasks.detection.measuring import detections, results
from explainer.tasks.detection.reports import MOST_BOXES, DetectionResults, DetectionViews
from explainer.training.measure import evaluating

CHUNK = 50  # scenes


def look_for_digits(
    network: nn.Module, config: DetectionConfig, examples: Examples, count: int
) -> Iterator[DetectionResults | None]:
    """Looks for the digits of the first ``count`` examples.

    Yields None after each chunk, and the results last. The network's mode is put back before every yield.
    """
    parts = []
    count = min(count, len(examples.classes))
    for start in range(0, count, CHUNK):
        outputs = outputs_of(network, examples.pictures[start : min(start + CHUNK, count)])
        parts.append(decode(config, outputs))
        yield None
    candidates = Candidates(*(torch.cat([getattr(part, name) for part in parts]) for name in _FIELDS))
    yield results(detections(candidates), examples.boxes[:count], examples.classes[:count], config.classes)


def views(network: nn.Module, config: DetectionConfig, examples: Examples) -> DetectionViews:
    """What the network says of the first six examples."""
    outputs = outputs_of(network, examples.pictures[:WATCHED])
    found = detections(decode(config, outputs))
    boxes = np.zeros((len(outputs), MOST_BOXES, 6), np.float32)
    rows = torch.cat([found.boxes, found.scores.unsqueeze(1), found.classes.unsqueeze(1)], dim=1).numpy()
    for scene in range(len(outputs)):
        own = rows[found.scene.numpy() == scene][:MOST_BOXES]
        boxes[scene, : len(own)] = own
    return DetectionViews(tuple(range(len(outputs))), outputs.numpy(), boxes)


def outputs_of(network: nn.Module, pictures: Tensor) -> Tensor:
    """Outputs (n, channels, 7, 7) on the CPU of pictures (n, 1 or 3, 112, 112) uint8, in evaluation mode."""
    device = next(network.parameters()).device
    with torch.inference_mode(), evaluating(network):
        made = network(pictures.to(device).float() / 255)
        return made.float().cpu().contiguous()  # type: ignore[no-any-return]


_FIELDS = ("boxes", "scores", "classes")
