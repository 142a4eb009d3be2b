"""Memory of training and of inference in the browser: a bar each, of its parts, on one scale."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.figures import theme
from explainer.networks.memory import Memory
from explainer.ui.components.kit import ELEMENTS, component, words

_QUALITATIVE = theme.QUALITATIVE
PARTS = {
    "weights": _QUALITATIVE[1],
    "gradients": _QUALITATIVE[3],
    "optimizer": _QUALITATIVE[4],
    "activations": _QUALITATIVE[2],
}
_mount = component(__file__, ELEMENTS, "index.js")


def memory_bars(bars: Mapping[str, Memory], names: Mapping[str, str], parts: Mapping[str, str], key: str) -> None:
    """Draws the ``bars`` by their ``names``; ``parts`` are what the parts of each are called."""
    data = {
        "bars": [
            {"label": names[name], "bytes": _bytes(memory), "total": memory.total} for name, memory in bars.items()
        ],
        "parts": [{"label": parts[part], "colour": colour} for part, colour in PARTS.items()],
        "words": words("architecture_memory"),
    }
    _mount(key=key, data=data)


def _bytes(memory: Memory) -> list[int]:
    return [getattr(memory, part) for part in PARTS]
