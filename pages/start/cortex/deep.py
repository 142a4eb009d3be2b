"""Pixel, edge, motif, part, object: what excites maps of SqueezeNet at six depths, among the photographs shipped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.inspection.depths import DEPTHS, Depths, choosiest, depths, hits, layers_of_depths, strongest
from explainer.inspection.exemplars import seen, side_seen
from explainer.inspection.patches import pictures, squares
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.components.live_text import Line
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import title
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.long_work import long_work
from explainer.ui.language import say
from pages.start.cortex.depth_rows import DepthRow, MapRow, depth_rows
from pages.start.cortex.page_links import Link

OPEN, NETWORK = "co_deep", "squeezenet"
MAPS = 3  # of a layer
LEVELS = ("edge", "motif", "motif", "part", "part", "object")
assert len(LEVELS) == DEPTHS
_found = Lru[Depths](2)


def draw() -> None:
    """The switch, and once it is on the patches, as they are found."""
    st.subheader(say("cortex.deep.title"), anchor=False)
    st.markdown(say("cortex.deep.about", crops=len(squares()), photographs=len({one.photo for one in squares()})))
    if not st.toggle(say("cortex.deep.switch", crops=len(squares())), key=OPEN, bind=LINK):
        return
    network = zoo.load(NETWORK)
    found, work = long_work("co_depths", network.key, lambda: _search(network), _is_whole, _found)
    if work:
        found = Followed(work, "co_depths", _line, mark=_done).show()
    if found is not None:
        depth_rows([*_rows(network, found)], "co_rows")


def _search(network: Network) -> Iterator[Depths]:
    return depths(network, layers_of_depths(network), pictures(network.description.transform))


def _is_whole(found: Depths) -> bool:
    return found.is_whole


def _done(found: Depths | None) -> int:
    return found.done if found else 0


def _line(found: Depths | None) -> Line:
    done, total = (found.done, found.total) if found else (0, len(squares()))
    return Line([say("cortex.deep.progress", done=done, total=total)], share=done / total)


def _rows(network: Network, found: Depths) -> Iterator[DepthRow]:
    yield DepthRow(say("cortex.levels.pixel"), say("cortex.deep.pixel"), ())
    for level, layer, ranking in zip(LEVELS, found.layers, found.rankings, strict=True):
        side, size = side_seen(network, layer), network.description.transform.size
        told = say("cortex.deep.seen", layer=title(layer), side=side, size=size)
        maps = (
            MapRow(
                _link(network, layer, channel),
                tuple(_patch(network, layer, channel, hit.number, hit.place) for hit in hits(ranking, channel)),
                say("cortex.deep.alt", channel=channel, layer=title(layer)),
            )
            for channel in (strongest if _is_of_classes(network, layer) else choosiest)(ranking, MAPS)
        )
        yield DepthRow(say(f"cortex.levels.{level}"), told, tuple(maps))


def _link(network: Network, layer: Layer, channel: int) -> Link:
    query = {"i_net": NETWORK, "ex_layer": layer.key, "ex_channel": str(channel), "ex_patch": "true"}
    if _is_of_classes(network, layer):
        name = network.description.classes[channel]
        return Link(say("cortex.deep.class", number=channel, name=name), "exemplars", query)
    return Link(say("cortex.deep.map", number=channel), "exemplars", query)


def _is_of_classes(network: Network, layer: Layer) -> bool:
    """Whether a layer has a map of each class, whose values can be compared: they become its logits."""
    return layer.channels == len(network.description.classes)


def _patch(network: Network, layer: Layer, channel: int, number: int, place: int) -> NDArray[np.uint8]:
    """What the unit that answered most sees of a crop."""
    pixels = pictures(network.description.transform)[number]
    box = seen(network, layer, channel, place)
    return np.asarray(pixels[box.top : box.bottom, box.left : box.right])
