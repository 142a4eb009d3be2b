"""Two tests of the maps on the page "What decided": random weights, and removed pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from explainer.figures.attribution import rank_correlations, removal_curves
from explainer.inspection.baselines import Fill, filled
from explainer.inspection.methods import Method, Settings
from explainer.inspection.sanity_checks import (
    RANDOM_ORDERS,
    Randomized,
    Removal,
    by_chance_steps,
    cascade,
    order,
    removal_steps,
    with_weights,
)
from explainer.inspection.steps import SoFar, Steps, beside, part, saying
from explainer.inspection.target import Floats, Of, Target, class_of
from explainer.networks.graph import Network
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import title
from explainer.ui.frame import page
from explainer.ui.frame.background import background
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.followed import Followed, share_done
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.inspection.attribution import words
from pages.inspection.attribution.view import View, fills

Found = tuple[Any, ...]  # what is found one after the other

PATIENCE = 0.8  # seconds that the page waits for what may be over soon, before it shows that it goes on
TILE, FINEST = 88, 112  # pixels of a tile on the screen, and of what is sent of it
DOING = Said("attribution.random.doing")


@dataclass(frozen=True)
class Ordered:
    """The curves of one order of the pixels: that of a method's map, or of chance where there is none."""

    method: Method | None
    found: Removal


def random_weights(view: View) -> None:
    """The maps while the network's weights become random from the logits downwards."""
    top = st.container()
    seed = int(st.number_input(say("attribution.random.seed"), 0, 999, 0, key="at_random", bind=LINK, width=220))
    with top:
        _random_weights(view, seed)


def _random_weights(view: View, seed: int) -> None:
    network, inputs, target = view.network, view.subject.inputs, class_of(view.target)
    maps = [partial(_heat, inputs=inputs, method=each, of=target.of, settings=view.settings) for each in view.methods]
    found = _followed(
        "at_cascade",
        (*_identity(view), seed),
        lambda: cascade(network, inputs, maps, target.label, seed=seed),
    )
    if not found:
        return
    last = found[-1]
    is_over = last.depth == len(with_weights(view.network)) and len(last.maps) == len(maps)
    titles = [method.title for method in view.methods]
    none = Said("attribution.random.none_so_far")
    so_far = Said("attribution.random.so_far", count=last.depth) if last.depth else none
    page.notice(words.randomness(titles, last.correlations) if is_over else so_far)
    tiles([_row(view, number, found) for number in range(len(view.methods))], key="at_tiles")
    st.caption(" ".join(each for each in (say("attribution.random.drawn"), _alone(view)) if each))
    whole = [step for step in found if len(step.maps) == len(maps)]
    if not whole:
        return
    correlations = np.array([step.correlations for step in whole]).T
    depths = [step.depth for step in whole]
    figure = drawn(rank_correlations, depths, correlations, list(map(say, titles)), page.is_dark(), language=language())
    page.chart(figure, Said("attribution.random.chart"), key="at_rank")


def remove_pixels(view: View) -> None:
    """The probability of the class while pixels go, or come, in the order of each map."""
    fill = choice(say("attribution.remove.fill"), fills(), "at_removed", width=260)
    found = _followed("at_removal", (*_identity(view), fill), lambda: _removals(view, fill))
    if not found:
        return
    chance = next((each.found for each in found if each.method is None), None)
    known = [(each.method.title, each.found) for each in found if each.method]
    areas = [(title, curves.deletion.area, curves.insertion.area) for title, curves in known]
    if chance and areas:
        page.notice(words.removed(areas, (chance.deletion.area, chance.insertion.area)))
    if view.other is not None:
        st.caption(_alone(view))
    sides = st.columns(2)
    by_chance = say("attribution.remove.chance")
    for side, name in zip(sides, ("deletion", "insertion"), strict=True):
        curves = [(say(each.method.title) if each.method else by_chance, getattr(each.found, name)) for each in found]
        figure = drawn(
            removal_curves,
            [(each, curve.shares, curve.probabilities, curve.area) for each, curve in curves],
            say(f"attribution.remove.title.{name}"),
            say("attribution.remove.unit", name=view.name(view.target)),
            page.is_dark(),
            chance=by_chance,
            language=language(),
        )
        with side:
            page.chart(figure, Said(f"attribution.remove.alt.{name}"), key=f"at_{name}")


def _followed(key: str, identity: Hashable, produce: Callable[[], Iterator[SoFar[Found]]]) -> Found:
    """What work in the background has found so far; the page comes back for more."""
    work = background(key, identity, produce)
    end = time.monotonic() + PATIENCE
    while not work.over and time.monotonic() < end:
        time.sleep(0.02)
    found = Followed(
        work, key, share_done(DOING), mark=lambda found: sum(map(_parts, found.found)) if found else 0
    ).show()
    return found.found if found else ()


def _parts(found: Randomized | Ordered) -> int:
    return len(found.maps) if isinstance(found, Randomized) else 1


def _alone(view: View) -> str:
    """What a visitor should know who compares two classes."""
    return say("attribution.random.alone", name=view.name(view.target)) if view.other is not None else ""


def _identity(view: View) -> tuple[Hashable, ...]:
    keys = (method.key for method in view.methods)
    return (view.network.key, view.subject.key, *keys, view.target, view.settings)


def _heat(network: Network, label: int, *, inputs: Floats, method: Method, of: Of, settings: Settings) -> Steps[Floats]:
    """The map (size, size) of a class."""
    return method.heat((yield from method.steps(network, inputs, Target(label, of), settings)))


def _row(view: View, number: int, found: tuple[Randomized, ...]) -> TileRow:
    method = view.methods[number]
    known = (step for step in found if number < len(step.maps))
    made = tuple(_tile(view, step, step.maps[number], step.correlations[number]) for step in known)
    return TileRow(say(method.title), made, "diverging" if method.is_signed else "sequential", 1.0, TILE)


def _tile(view: View, step: Randomized, heat: Floats, correlation: float) -> Tile:
    name = view.network.description.classes[step.label]
    if step.layer is None:
        known = say("attribution.random.trained"), say("attribution.random.trained_detail", name=name)
        return Tile(_small(heat), *known, "strong")
    caption = Said("attribution.random.tile_undefined", depth=step.depth)
    if np.isfinite(correlation):
        caption = Said("attribution.random.tile", depth=step.depth, rank=float(correlation))
    detail = say("attribution.random.tile_detail", depth=step.depth, layer=title(step.layer), name=name)
    return Tile(_small(heat), say(caption), detail)


def _small(heat: Floats) -> Floats:
    """A map as a tile shows it: at most ``FINEST`` pixels wide, its largest size 1."""
    by = -(-len(heat) // FINEST)
    side = len(heat) // by * by
    coarse = heat[:side, :side].reshape(side // by, by, side // by, by).mean((1, 3))
    return np.asarray(coarse / (np.abs(coarse).max() or 1.0), np.float32)


def _removals(view: View, kind: Fill) -> Iterator[SoFar[tuple[Ordered, ...]]]:
    """The curves of all methods, one after the other, and at last those of random orders."""
    network, inputs, label = view.network, view.subject.inputs, class_of(view.target).label
    fill = filled(network.description.transform, inputs, kind)
    found: tuple[Ordered, ...] = ()
    count = 2 * len(view.methods) + RANDOM_ORDERS  # about as long each
    for number, method in enumerate(view.methods):
        mapping = method.steps(network, inputs, view.target, view.settings)
        heat = method.heat((yield from beside(part(mapping, 2 * number, count), found)))
        removing = removal_steps(network, inputs, fill, order(heat), label)
        found = (*found, Ordered(method, (yield from beside(part(removing, 2 * number + 1, count), found))))
        yield SoFar(found, 2 * (number + 1) / count)
    shares = saying(by_chance_steps(network, inputs, fill, label), lambda done: 1 - (1 - done) * RANDOM_ORDERS / count)
    yield SoFar((*found, Ordered(None, (yield from beside(shares, found)))), 1.0)
