"""Two networks beside each other that differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from explainer.tasks.segmentation.config import UNetConfig

TwinName = Literal["none", "no-skips", "fcn", "transposed", "other-loss", "other-split"]
TWINS: tuple[TwinName, ...] = ("none", "no-skips", "fcn", "transposed", "other-loss", "other-split")
_FULL = (True, True, True)


def twin_of(config: UNetConfig, name: TwinName) -> UNetConfig | None:
    """The same run but for one thing; None where that is no difference."""
    twin = _changed(config, name)
    return None if twin == config else twin


def _changed(config: UNetConfig, name: TwinName) -> UNetConfig:
    if name == "no-skips":
        return replace(config, network="u-net", skips=(False, False, False))
    if name == "fcn":
        ways = "bilinear" if config.decoder == "unpooling" else config.decoder
        return replace(config, network="fcn", skips=_FULL, decoder=ways)
    if name == "transposed":
        return replace(config, decoder="transposed" if config.decoder == "bilinear" else "bilinear")
    if name == "other-loss" and config.task == "segment":
        return replace(config, loss="cross-entropy" if config.loss == "dice" else "dice")
    if name == "other-split" and config.data == "brain":
        return replace(config, split="random" if config.split == "blocks" else "blocks")
    return config
