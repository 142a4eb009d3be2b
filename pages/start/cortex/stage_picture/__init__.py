"""The stages of a network side by side in the browser: its maps drawn to scale, with their numbers."""

from __future__ import annotations

from explainer.figures import theme
from explainer.networks.milestones import Milestone
from explainer.ui.components.kit import ELEMENTS, component, words

_QUALITATIVE = theme.QUALITATIVE
_KINDS = {
    "input": _QUALITATIVE[9],
    "convolution": _QUALITATIVE[1],
    "pooling": _QUALITATIVE[2],
    "connected": _QUALITATIVE[4],
}
_mount = component(__file__, ELEMENTS, "index.js")


def stage_picture(milestone: Milestone, key: str) -> None:
    """Draws the stages of ``milestone`` from the input on the left, heights to scale within the network."""
    stages = [
        {"name": stage.name, "kind": stage.kind, "maps": stage.maps, "side": stage.side} for stage in milestone.stages
    ]
    _mount(key=key, data={"stages": stages, "kinds": _KINDS, "words": words("stage_picture")})
