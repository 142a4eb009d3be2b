"""Two detectors beside each other that differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from explainer.tasks.detection.config import DetectionConfig

TwinName = Literal["none", "other-roots", "other-loss", "other-boxes"]
TWINS: tuple[TwinName, ...] = ("none", "other-roots", "other-loss", "other-boxes")
V1 = DetectionConfig(loss="yolo-v1", boxes=2)


def twin_of(config: DetectionConfig, name: TwinName) -> DetectionConfig | None:
    """The same run but for one thing; None where that is no difference.

    YOLO v1 beside another loss is as it is recommended: what only one of both has cannot be the same.
    """
    twin = _changed(config, name)
    return None if twin == config else twin


def _changed(config: DetectionConfig, name: TwinName) -> DetectionConfig:
    is_v1 = config.loss == "yolo-v1"
    if name == "other-loss":
        other = DetectionConfig() if is_v1 else V1
        return replace(other, scenes=config.scenes, clutter=config.clutter, seed=config.seed, kind=config.kind)
    if name == "other-roots" and is_v1:
        return replace(config, square_roots=not config.square_roots)
    if name == "other-boxes" and is_v1:
        return replace(config, boxes=3 - config.boxes)
    return config
