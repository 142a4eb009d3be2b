"""The welcome page's picture: a trained network reading a digit, drawn and explored in the browser."""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.data import forward_pass
from explainer.data.forward_pass import Part
from explainer.ui.components.kit import ELEMENTS, NUMBERS, component
from explainer.ui.language import language
from explainer.words import book
from explainer.words.numbers import written

LEVELS = 65535  # values travel as 16-bit fractions of the part's largest

_mount = component(__file__, ELEMENTS, NUMBERS, "index.js", "drawing.js")


def network_picture(pages: Mapping[str, tuple[str, str]], key: str) -> str | None:
    """Draws the picture; ``pages`` are title and path of those that explain parts, by the name of the part.

    Returns the part whose page the visitor asks for, else None. Parts: ``explainer.data.forward_pass.PARTS``.
    """
    links = {part: {"title": title, "path": path} for part, (title, path) in pages.items()}
    result = _mount(key=key, data={**picture(language()), "pages": links}, on_open_change=lambda: None)
    return str(result.open) if result.open else None


@functools.cache
def picture(language: str) -> dict[str, Any]:
    """Everything that the browser draws from: the words, and every part's numbers."""
    said = book.words("network_picture", language)
    recording = forward_pass.load()
    parameters = written(recording.parameters, ",", language)
    accuracy = written(100 * recording.accuracy, ".1f", language)
    intro = said["intro"].format(parameters=parameters, accuracy=accuracy)
    fields = receptive_fields(recording.parts)
    parts = [_part(part, fields[part.name], said["parts"][part.name]) for part in recording.parts]
    return {**said, "intro": intro, "parts": parts}


def receptive_fields(parts: tuple[Part, ...]) -> dict[str, int]:
    """How many pixels of the digit, along one side, a value of each part depends on (0 where it is all of them).

    Source: Dumoulin and Visin 2016, arXiv:1603.07285; Araujo, Norris and Sim 2019, "Computing receptive fields of
    convolutional neural networks", equation 2.
    """
    fields: dict[str, int] = {}
    size, jump = 1, 1
    for part in parts:
        if part.values.ndim == 2:
            fields[part.name] = 0
            continue
        size += max(part.kernel - 1, 0) * jump
        jump *= part.stride
        fields[part.name] = size
    return fields


def _part(part: Part, field: int, words: Mapping[str, str]) -> dict[str, Any]:
    channels, height, width = (*part.values.shape[1:], 1, 1)[:3]
    numbers = {"channels": channels, "height": height, "width": width, "kernel": part.kernel, "field": field}
    sizes = {**numbers, "stride": part.stride, "padding": part.padding, "name": part.name}
    return {
        **sizes,
        "title": words["title"],
        "detail": words["detail"].format(**numbers),
        "story": words["story"].format(**numbers),
        "readout": words["readout"],
        "largest": float(part.values.max()),
        "values": [_encoded(digit, float(part.values.max())) for digit in part.values],
    }


def _encoded(values: NDArray[np.float32], largest: float) -> str:
    levels = np.maximum(np.round(values / largest * LEVELS), values > 0).astype("<u2")  # 0 stands for 0 alone
    return base64.b64encode(levels.tobytes()).decode("ascii")
