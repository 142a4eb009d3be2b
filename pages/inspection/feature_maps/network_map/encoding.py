"""A recording of a network as bytes for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.columns import plane_shape
from explainer.inspection.feature_maps import LayerMaps, Recording
from explainer.inspection.receptive_field import Fields
from explainer.inspection.silent_maps import Health
from explainer.networks.description import INPUT, Description, Layer
from pages.inspection.feature_maps.network_map.packing import Kind, pack

Scale = Literal["shared", "layer", "map"]
TOP = 5
EXACT = 120_000  # numbers in all pictures together up to which they travel as two bytes, else as one
_BYTE, _SHORT = 127, 32_767

_SHORT_TITLES = {
    "Convolution": "Conv",
    "Fully connected": "Full",
    "Concatenation": "Concat",
    "Batch norm": "Norm",
    "Normalization": "Norm",
    "Activation": "Act",
}


@dataclass(frozen=True)
class Chosen:
    """The map whose sum is shown below, and, where one was chosen, its unit."""

    layer: str
    channel: int
    unit: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Shown:
    """All that the map of a network draws. ``pixels`` are uint8, (side, side) or (side, side, 3).

    ``health`` is None until it was counted over the ``pictures`` that are named so.
    """

    description: Description
    recording: Recording
    fields: Mapping[str, Fields]
    pixels: NDArray[np.uint8]
    title: str
    health: Mapping[str, Health] | None
    pictures: str
    scale: Scale
    chosen: Chosen
    whole: str = ""


def encode(shown: Shown, extra: Mapping[str, Any]) -> bytes:
    """All that the browser gets; ``extra`` is added to the header."""
    recording = shown.recording
    numbers = {layer.layer.name: at for at, layer in enumerate(recording.layers)} | {INPUT: -1}
    kind: Kind = "i2" if sum(layer.pictures.size for layer in recording.layers) <= EXACT else "i1"
    arrays: dict[str, tuple[Kind, NDArray[Any]]] = {"input": ("u1", shown.pixels)}
    for at, layer in enumerate(recording.layers):
        arrays |= {
            f"{at}.{name}": value for name, value in _arrays(layer, shown.fields[layer.layer.name], kind).items()
        }
    best = np.argsort(-recording.logits, kind="stable")[:TOP]
    arrays["scores.links"] = ("i1", np.rint(recording.links[best] * _BYTE))
    header = {
        "network": shown.description.key,
        "layers": [_layer(layer, shown, numbers) for layer in recording.layers],
        "reads": [numbers[name] for name in recording.reads],
        "last": shown.description.layers[-1].name,
        "scores": [_score(shown, int(channel)) for channel in best],
        "input": {
            "side": shown.pixels.shape[0],
            "channels": 3 if shown.pixels.ndim == 3 else 1,
            "title": shown.title,
        },
        "scale": shown.scale,
        "chosen": _chosen(shown.chosen),
        "pictures": shown.pictures,
    }
    return pack({**header, **extra}, arrays)


def short_title(layer: Layer) -> str:
    """A title with room above one column: "Conv 3", "ReLU 3", "Max pool 1"."""
    words, _, number = layer.title.rpartition(" ")
    if not number.isdigit():
        words, number = layer.title, ""
    if words.endswith(" FC"):  # of a fully connected part
        words, number = words.removesuffix(" FC"), f"FC {number}"
    if layer.kind == "activation" and layer.detail and len(layer.detail) <= 9:
        words = layer.detail
    elif layer.kind == "pooling" and layer.detail:
        words = "Max pool" if layer.detail.startswith("max") else "Avg pool"
        number = ""
    return f"{_SHORT_TITLES.get(words, words)} {number}".strip()


def _arrays(layer: LayerMaps, fields: Fields, kind: Kind) -> dict[str, tuple[Kind, NDArray[Any]]]:
    levels = _BYTE if kind == "i1" else _SHORT
    limits = _limits(layer)[:, None, None]
    scaled = np.divide(layer.pictures, limits, out=np.zeros_like(layer.pictures), where=limits > 0)
    return {
        "pictures": (kind, np.rint(scaled * levels)),
        "links": ("i1", np.rint(layer.links * _BYTE)),
        "kinds": ("i2", fields.kinds),
        "rows": ("i2", fields.rows),
        "columns": ("i2", fields.columns),
    }


def _limits(layer: LayerMaps) -> NDArray[np.float32]:
    """The largest magnitude in the picture of each map; 0 for what is not finite."""
    limits: NDArray[np.float32] = np.abs(layer.pictures).max((1, 2), initial=0.0)
    return np.where(np.isfinite(limits), limits, 0).astype(np.float32)


def _layer(found: LayerMaps, shown: Shown, numbers: Mapping[str, int]) -> dict[str, Any]:
    layer, order = found.layer, list(found.shown)
    channels, height, width = plane_shape(layer)
    health = (shown.health or {}).get(layer.name)
    none = np.zeros(channels, bool)
    never, saturated = (none, none) if health is None else (health.silent, health.saturated)
    return {
        "name": layer.name,
        "title": layer.title,
        "short": short_title(layer),
        "kind": layer.kind,
        "detail": layer.detail,
        "block": layer.block,
        "group": layer.block.partition(" · ")[0],
        "channels": channels,
        "height": height,
        "width": width,
        "factor": found.factor,
        "side": found.pictures.shape[1:],
        "shown": order,
        "strength": [float(f"{value:.4g}") for value in found.strength[order]],
        "limits": _limits(found).tolist(),
        "silent": found.silent[order].astype(int).tolist(),
        "never": never[order].astype(int).tolist(),
        "saturated": saturated[order].astype(int).tolist(),
        "silentCount": int(found.silent.sum()),
        "neverCount": int(never.sum()),
        "saturatedCount": int(saturated.sum()),
        "isWhole": layer.name == shown.whole,
        "reads": [numbers[name] for name in found.reads],
    }


def _score(shown: Shown, channel: int) -> dict[str, Any]:
    return {
        "name": shown.description.classes[channel],
        "channel": channel,
        "logit": float(shown.recording.logits[channel]),
        "probability": float(shown.recording.probabilities[channel]),
    }


def _chosen(chosen: Chosen) -> dict[str, Any]:
    place = {} if chosen.unit is None else {"row": chosen.unit[0], "column": chosen.unit[1]}
    return {"layer": chosen.layer, "channel": chosen.channel, **place}
