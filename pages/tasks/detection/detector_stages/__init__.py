"""Four detectors in the browser, stage by stage: what each computes once a picture, and what once a region."""

from __future__ import annotations

from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "index.js")


def detector_stages(key: str) -> None:
    """Draw R-CNN, Fast R-CNN, Faster R-CNN and Mask R-CNN."""
    _mount(key=key, data={"words": words("detector_stages")})
