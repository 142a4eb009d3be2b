"""All that the network gives for one scene: a number of every cell as a grid, to be opened below the cell."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.figures.grid_map import grid_map
from explainer.tasks.detection.config import CLASSES, DetectionConfig
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.choice import choice
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import say
from explainer.words.book import Said
from pages.tasks.detection.class_names import class_name
from pages.tasks.detection.state import Shown

OPEN, CHANNEL = "dt_tensor", "dt_channel"
HEIGHT, WIDTH = 440, 340  # of the grid, in pixels; the width is what its numbers fit
_MODERN = {
    "p": Said("detection.tensor.presence"),
    "x": Said("detection.tensor.modern_x"),
    "y": Said("detection.tensor.modern_y"),
    "w": Said("detection.tensor.modern_w"),
    "h": Said("detection.tensor.modern_h"),
}
_FEW, _MANY = 10, 100  # from there on a number has one decimal less


def tensor(shown: Shown, scene: int, cell: tuple[int, int]) -> None:
    """A control and the grid of the number that it says, drawn only while they are open."""
    names = channels(shown.config)
    with st.expander(say("detection.tensor.title", count=len(names)), key=OPEN, bind="query-params") as folded:
        if not folded.open:
            return
        labels = {key: say(name) for key, name in names.items()}
        chosen = choice(say("detection.tensor.channel"), labels, CHANNEL, width=300)
        st.markdown(say("detection.tensor.about", name=names[chosen], scene=scene + 1))
        values = shown.views.outputs[scene, list(names).index(chosen)]
        figure = drawn(
            grid_map,
            values,
            page.is_dark(),
            name=labels[chosen],
            decimals=decimals(values),
            height=HEIGHT,
            narrowest=WIDTH,
            first=1,
            words=(say("detection.tensor.row"), say("detection.tensor.column")),
            marked=cell,
        )
        live_chart(figure, say("detection.tensor.alt"), "dt_tensor_grid")


def channels(config: DetectionConfig) -> dict[str, Said]:
    """What each number of a cell is called, in their order, by its name in the address."""
    if config.loss == "modern":
        found = _MODERN
    else:
        found = {f"{key}{box}": name for box in range(1, config.boxes + 1) for key, name in _box(config, box).items()}
    classes = range(len(CLASSES[config.kind]))
    return found | {f"k{each}": Said("detection.tensor.class", name=class_name(config.kind, each)) for each in classes}


def _box(config: DetectionConfig, box: int) -> dict[str, Said]:
    """Of YOLO v1."""
    is_root = config.square_roots
    return {
        "x": Said("detection.tensor.x", box=box),
        "y": Said("detection.tensor.y", box=box),
        "w": Said("detection.tensor.root_w" if is_root else "detection.tensor.w", box=box),
        "h": Said("detection.tensor.root_h" if is_root else "detection.tensor.h", box=box),
        "c": Said("detection.tensor.confidence", box=box),
    }


def decimals(values: NDArray[np.float32]) -> int:
    """So many that a number has five characters at most, its sign among them, where it has fewer than five digits."""
    largest = float(np.abs(np.where(np.isfinite(values), values, 0)).max())
    return 2 - int(round(largest, 2) >= _FEW) - int(round(largest, 1) >= _MANY)
