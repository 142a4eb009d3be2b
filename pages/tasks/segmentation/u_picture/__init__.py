"""A U-Net drawn as a U in the browser, to scale, with skips that can be pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from explainer.tasks.segmentation.stages import Stage
from explainer.ui.components.kit import ELEMENTS, component, words
from explainer.ui.language import say

_mount = component(__file__, ELEMENTS, "model.js", "index.js")


def u_picture(
    stages: Sequence[Stage], inputs: tuple[int, int, int], skips: Sequence[bool], key: str, on_skips: Callable[[], None]
) -> None:
    """Draw the ``stages`` of a network whose pictures are ``inputs``: channels, height and width.

    ``skips`` are those of the levels, the finest first, as they are; none for a network that has no place for them.
    ``on_skips`` is called when one is pressed.
    """
    data = {
        "stages": [{**asdict(stage), "told": _told(stage)} for stage in stages],
        "inputs": list(inputs),
        "skips": list(skips),
        "words": words("u_picture"),
    }
    _mount(key=key, data=data, on_skips_change=on_skips)


def pressed(skips: object) -> list[str] | None:
    """The levels, as "1", whose skips are to be there; None for what no picture would send."""
    if not (isinstance(skips, list) and all(isinstance(each, int) and 1 <= each <= 3 for each in skips)):
        return None
    return [str(each) for each in sorted(set(skips))]


def _told(stage: Stage) -> str:
    return say("segmentation.stage", name=stage.name, count=stage.parameters)
