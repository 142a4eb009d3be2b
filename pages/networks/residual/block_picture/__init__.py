"""One block of both networks drawn: what flows through it in forward direction, and its gradient on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explainer.figures.residual import COLORS
from explainer.training.residual import BlockNorms
from explainer.ui.components.kit import ELEMENTS, component
from explainer.ui.language import say
from explainer.words.numbers import readable

_mount = component(__file__, ELEMENTS, "index.js")


@dataclass(frozen=True)
class DrawnBlock:
    """A block under its ``title``: the layers of its branch in order, and what is measured in it."""

    title: str
    layers: Sequence[str]
    norms: BlockNorms
    has_skip: bool
    last: str


def block_picture(blocks: tuple[DrawnBlock, DrawnBlock], alt: str, key: str) -> None:
    """Draw the blocks, side by side where there is room; called again under ``key`` it changes in place.

    ``alt`` says in words what is shown.
    """
    drawn = [encode(block, color) for block, color in zip(blocks, COLORS, strict=True)]
    _mount(key=key, data={"alt": alt, "blocks": drawn, "unchanged": say("residual.block.unchanged")})


def encode(block: DrawnBlock, color: str) -> dict[str, Any]:
    """What the browser gets: texts, and the widths of the two ways as parts of what leaves the block, at most 1."""
    norms, whole = block.norms, max(block.norms.sum, block.norms.branch, block.norms.read) or 1.0
    return {
        "title": block.title,
        "color": color,
        "layers": list(block.layers),
        "skip": block.has_skip,
        "last": block.last,
        "widths": {"read": norms.read / whole, "branch": norms.branch / whole, "sum": norms.sum / whole},
        "texts": {
            "read": say("residual.block.read", value=norms.read),
            "branch": say("residual.block.branch", value=norms.branch),
            "sum": say("residual.block.sum", value=norms.sum),
            "incoming": say("residual.block.incoming", value=readable(norms.incoming)),
            "back": say("residual.block.back", value=readable(norms.back)),
            "passed": say("residual.block.passed", value=readable(norms.passed)),
        },
    }
