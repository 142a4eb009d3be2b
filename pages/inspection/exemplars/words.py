"""The sentences of the page on exemplars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.exemplars import NOWHERE, Hit, Ranking, place_of
from explainer.inspection.reach import Box
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.language import say
from explainer.words.book import Said, percent
from explainer.words.numbers import decimal

if TYPE_CHECKING:
    from explainer.inspection.picture_sets import Pictures

DOMINANT = 0.5  # share of the strongest from which on one group dominates


def unit(layer: Layer) -> str:
    """What one channel of a layer is called."""
    return "map" if layer.is_maps else "unit"


def name(layer: Layer, channel: int, network: Network) -> str:
    """ "Map 7", "Unit 12", or the class whose logit it is."""
    if layer.name == network.description.layers[-1].name:
        return f"Logit of class {network.description.classes[channel]}"
    return f"{unit(layer).capitalize()} {channel}"


def tried(done: int, total: int, pictures: str) -> str:
    """The pictures that were tried so far, within a sentence."""
    if done < total:
        return say("exemplars.tried_so_far", done=done, total=total, pictures=pictures)
    return say("exemplars.tried", total=total, pictures=pictures)


def line(layer: Layer, channels: range, found: Ranking, tried: str) -> str:
    """The title above what excites the ``channels`` of a layer, with how many of all none of the pictures excites."""
    units, silent = f"{unit(layer)}s", _silent(layer, found, tried)
    if len(channels) == layer.channels:
        return f"What excites each of the {layer.channels} {units} most{silent}"
    return f"What excites {units} {channels[0]} to {channels[-1]} of {layer.channels:,} most{silent}"


def _silent(layer: Layer, found: Ranking, tried: str) -> str:
    silent = int((found.active == 0).sum())
    said = Said("exemplars.silent", count=silent, channels=layer.channels, tried=tried)
    return f"; {say(said)}" if silent else ""


def ranked(who: str, channel: int, found: Ranking, tried: str) -> str:
    """The title above the strongest."""
    if found.is_constant(channel):
        return f"{who}: the same on all of {tried}, so none is the strongest"
    return f"{who}: the strongest of {tried}"


def short(value: float) -> str:
    """A value below a picture, in as few characters as tell it apart."""
    text = "0" if value == 0 else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")
    return text.replace("-", "−")


def detail(layer: Layer, network: Network, hit: Hit, said: str, *, box: Box, window: Box) -> str:
    """What is told of one picture: what it is, how strong, where, and what is seen there.

    It sees the pixels in ``box``; its ``window`` may have padding around them.
    """
    at, size = place_of(layer, hit.place), network.description.transform.size
    if at is None:
        where = " everywhere" if layer.is_maps and hit.place == NOWHERE else ""
        return f"{said}\nActivation {hit.value:.4g}{where}".replace("-", "−")
    is_all = box == Box(0, 0, size, size)
    seen = (
        "which sees all of the picture"
        if is_all
        else f"which sees rows {box.top} to {box.bottom - 1} and columns {box.left} to {box.right - 1}"
    )
    over = " and padding" if box != window and not is_all else ""
    return f"{said}\nActivation {hit.value:.4g} in row {at[0]}, column {at[1]}, {seen}{over}".replace("-", "−")


def groups(pictures: Pictures, counts: NDArray[np.int64]) -> str:
    """The title of the bars."""
    kind = "Photographs" if pictures.dataset is None else "Classes"
    return f"{kind} of the {counts.sum()} strongest; dotted: by chance"


def notice(network: Network, layer: Layer, channel: int, found: Ranking, pictures: Pictures) -> str:
    """Whether any picture excites the unit, which group dominates its strongest, and how often it is active."""
    who, active, total = name(layer, channel, network), int(found.active[channel]), found.count
    if found.is_constant(channel):
        return _same(who, float(found.strongest_values[channel, 0]), total, pictures.what)
    if not active:
        key = "exemplars.not_active" if layer.kind == "activation" else "exemplars.not_active_before_relu"
        return say(Said(key, who=who, tried=tried(total, total, pictures.what)))
    counts, expected, names = pictures.groups_of(found.strongest[channel])
    share = f"{who} is above 0 on {percent(active / total)} of the {pictures.what}."
    if pictures.dataset is None:
        return f"{share} {_of_photographs(counts, expected, names)}"
    return f"{share} {_dominant(counts, expected, names)}"


def _same(who: str, value: float, total: int, pictures: str) -> str:
    if value == 0:
        return say("exemplars.zero", who=who, total=total, pictures=pictures)
    return f"{who} is the same, {decimal(value, '.4g')}, on all {total:,} {pictures}: it tells nothing apart."


def _of_photographs(counts: NDArray[np.int64], expected: NDArray[np.float64], names: tuple[str, ...]) -> str:
    """From how many photographs the strongest come. There is one of each thing: what a unit looks for stays open."""
    total, first = int(counts.sum()), int(counts.argmax())
    if counts[first] == total:
        return say("exemplars.one_photograph", total=total, name=names[first])
    return say(
        "exemplars.photographs",
        total=total,
        count=int(counts[first]),
        name=names[first],
        expected=float(expected[first]),
        present=int((counts > 0).sum()),
        groups=len(names),
    )


def _dominant(counts: NDArray[np.int64], expected: NDArray[np.float64], names: tuple[str, ...]) -> str:
    total, order = int(counts.sum()), np.argsort(-counts, kind="stable")
    first, second = int(order[0]), int(order[1])
    strongest = f"Of the {total} strongest **{counts[first]} are “{names[first]}”**"
    if counts[first] == total:
        return f"All of the {total} strongest are **“{names[first]}”**: it looks for what only these have."
    if counts[first] >= DOMINANT * total:
        return f"{strongest} and {counts[second]} are “{names[second]}”: it looks for what these have."
    present = int((counts > 0).sum())
    return (
        f"{strongest}, where chance would give {expected[first]:.0f}; {present} of {len(names)} are among them: "
        "it looks for a part that many share."
    )
