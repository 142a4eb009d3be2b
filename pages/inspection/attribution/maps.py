"""The maps of the page "What decided": computed at once, or in the background where that takes seconds."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.inspection.baselines import Fill, fill_pixels
from explainer.inspection.gradients import has_relu
from explainer.inspection.methods import METHODS, Finding, Found, Method, Settings, values_of
from explainer.inspection.occlusion import Occlusion
from explainer.inspection.reach import Box
from explainer.inspection.steps import SoFar, saying, whole
from explainer.inspection.target import Explained, Floats, Target, class_of
from explainer.inspection.zero_maps import is_zero, why_zero
from explainer.lru import Lru
from explainer.networks.graph import Network
from explainer.ui.controls.layer_choice import title
from explainer.ui.frame.background import Background, background
from explainer.ui.frame.followed import Components, Followed, share_done
from explainer.ui.language import language
from explainer.words.book import Said
from pages.inspection.attribution.attribution_map import Panel, Patch, attribution_map, news
from pages.inspection.attribution.view import View, names

FEED, EVERY = "attribution", 0.4
PROGRESS, DOING = "at_progress", Said("attribution.computing")
UNMOVED = Said("attribution.panel.unmoved")

Job = tuple[str, Explained | None]  # a method, and its target where it does not tell about all classes at once
Maps = dict[Job, Found]

_RELU = Lru[bool](256)


def draw(view: View) -> Maps:
    """Draws the panels of ``view``, and sees to those that are still computed. Returns what is known."""
    work, quick = _work(view), _quick(view)
    box = view.window
    draw_maps = partial(
        attribution_map, view.pixels, key="at_maps", feed=FEED, origin=(box.top, box.left) if box else (0, 0)
    )
    if work is None:
        draw_maps(panels(view, quick, language()))
        return quick
    drawn = partial(_drawn, view, quick, language())
    followed = Followed(work, PROGRESS, share_done(DOING), drawn, every=EVERY)
    found, over = followed.look()
    maps = _all(quick, found)
    draw_maps(panels(view, maps, language()))
    followed.draw(found, over)
    return maps


def panels(view: View, maps: Maps, language: str, *, reasons: bool = True) -> list[Panel]:
    """Up to four panels: one a method, or two, one for each of two classes that stand beside each other.

    With ``reasons`` a map that is 0 everywhere says why, in ``language`` as all.
    """
    if view.is_beside and view.other is not None:
        pairs = [(method, target) for method in view.shown for target in (view.target, view.other)]
        return [_panel(view, maps, method, (target, None), language, reasons=reasons) for method, target in pairs]
    return [_panel(view, maps, method, (view.target, view.other), language, reasons=reasons) for method in view.shown]


def found(view: View, maps: Maps, method: Method) -> Found | None:
    """What a method found of the target, nothing where it is not known yet."""
    return maps.get(_job(method, view.target))


def pair(view: View, maps: Maps, method: Method, other: Target) -> tuple[Found, Found] | None:
    """What a method found of the target and of another class, nothing where one is not known yet."""
    one, two = (maps.get(_job(method, target)) for target in (view.target, other))
    return None if one is None or two is None else (one, two)


def heat(view: View, maps: Maps, method: Method, target: Explained, other: Target | None = None) -> Floats:
    """The map (size, size) of a method, or the difference of those of two classes; NaN where it is not known yet."""
    if other is None:
        values = _values(view, maps, method, target)
        return _blank(view) if values is None else method.heat(values)
    pair = [_values(view, maps, method, each) for each in (target, other)]
    if pair[0] is None or pair[1] is None:
        return _blank(view)
    difference: Floats = (pair[0] - pair[1]).sum(0)
    return difference


@st.cache_data(max_entries=96, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def _computed(network: Network, inputs: NDArray[np.float32], key: str, target: Explained, settings: Settings) -> Found:
    return whole(METHODS[key].find(network, inputs, target, settings))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def _reason(
    network: Network, inputs: NDArray[np.float32], key: str, target: Explained, settings: Settings
) -> Said | None:
    return why_zero(network, inputs, target, METHODS[key], settings)


def _has_relu(network: Network) -> bool:
    return _RELU.get_or_put(network.key, lambda: has_relu(network))


def _job(method: Method, target: Explained) -> Job:
    return method.key, None if method.tells_all_classes else target


def _jobs(view: View) -> list[Job]:
    targets = [view.target] if view.other is None else [view.target, view.other]
    return list(dict.fromkeys(_job(method, target) for method in view.shown for target in targets))


def _work(view: View) -> Background[SoFar[Maps]] | None:
    """What takes seconds, in the background; nothing for small pictures."""
    slow = [job for job in _jobs(view) if _is_slow(view, job)]
    if not slow:
        return None
    slow.sort(key=lambda job: METHODS[job[0]].tells_all_classes)  # it shows what is not whole yet
    settings = tuple(METHODS[key].used(view.settings) for key, _ in slow)
    identity = (view.network.key, view.subject.key, tuple(slow), settings)
    return background("at_maps", identity, partial(_produce, view.network, view.subject.inputs, slow, view.settings))


def _produce(network: Network, inputs: Floats, jobs: list[Job], settings: Settings) -> Iterator[SoFar[Maps]]:
    """All that is known after each step, also of a map that is not whole yet where the patch moves."""
    found: Maps = {}
    for number, (key, target) in enumerate(jobs):
        finding = METHODS[key].find(network, inputs, target or Target(0), settings)
        found[key, target] = yield from _beside(finding, (key, target), dict(found), number, len(jobs))
        yield SoFar(dict(found), (number + 1) / len(jobs))


def _beside(finding: Finding, job: Job, found: Maps, number: int, count: int) -> Generator[SoFar[Maps], None, Found]:
    """The same steps as number ``number`` of ``count``, with what is known of this map beside what was ``found``."""

    def known(step: SoFar[Found | None]) -> SoFar[Maps]:
        return SoFar(found if step.found is None else {**found, job: step.found}, (number + step.share) / count)

    return saying(finding, known)


def _is_slow(view: View, job: Job) -> bool:
    return view.is_large and METHODS[job[0]].is_slow


def _quick(view: View) -> Maps:
    """What is computed at once."""
    found: Maps = {}
    for key, target in (job for job in _jobs(view) if not _is_slow(view, job)):
        settings, explained = METHODS[key].used(view.settings), target or Target(0)
        found[key, target] = _computed(view.network, view.subject.inputs, key, explained, settings)
    return found


def _all(quick: Maps, found: SoFar[Maps] | None) -> Maps:
    return {**quick, **found.found} if found else quick


def _values(view: View, maps: Maps, method: Method, target: Explained) -> Floats | None:
    found = maps.get(_job(method, target))
    return None if found is None else values_of(found, target, len(view.subject.pixels))


def _blank(view: View) -> Floats:
    return np.full(view.subject.pixels.shape[:2], np.nan)


def _panel(
    view: View, maps: Maps, method: Method, pair: tuple[Explained, Target | None], language: str, *, reasons: bool
) -> Panel:
    target, other = pair
    values = heat(view, maps, method, target, other)
    found = maps.get(_job(method, target))
    settings = method.used(view.settings)
    why = None
    if reasons and np.isfinite(values).all() and is_zero(values):
        why = UNMOVED if other else _reason(view.network, view.subject.inputs, method.key, target, settings)
    patch = _patch(view, found, target, settings.fill) if isinstance(found, Occlusion) else None
    about, is_signed = _about(view, method, target, other), method.is_signed or other is not None
    said = about if isinstance(about, str) else about.text(language)
    said_why = why.text(language) if why else ""
    return Panel(method.title.text(language), said, view.within(values), is_signed, said_why, patch, _frame(view))


def _frame(view: View) -> Box | None:
    """What the unit sees, in the part of the picture that is looked at; nothing where that is all of it."""
    if view.fired is None or view.window is None:
        return None
    seen, (height, width) = view.fired.seen, view.subject.pixels.shape[:2]
    if seen == Box(0, 0, height, width):
        return None
    top, left = view.window.top, view.window.left
    return Box(seen.top - top, seen.left - left, seen.bottom - top, seen.right - left)


def _about(view: View, method: Method, target: Explained, other: Target | None) -> Said | str:
    about: Said | str = view.name(target)
    if other is not None:
        about = Said("attribution.panel.difference", name=view.name(target), other=view.name(other))
    if "layer" in method.uses:
        layer = title(view.network.description.layer(view.settings.layer))
        about = Said("attribution.panel.at_layer", about=about, layer=layer)
    if method.needs_relu and not _has_relu(view.network):
        about = Said("attribution.panel.no_relu", about=about)
    return about


def _patch(view: View, found: Occlusion, target: Explained, fill: Fill) -> Patch:
    shares = Target(class_of(target).label, "probability")
    cover = fill_pixels(view.network.description.transform, view.subject.inputs, fill)
    base = float(view.probabilities[shares.label])
    return Patch(
        found.patch, found.starts, found.scores(shares), base, names(view.network.description)[shares.label], cover
    )


def _drawn(view: View, quick: Maps, language: str, found: SoFar[Maps] | None, _over: bool) -> Components:
    """Runs outside of the page's script, where its caches are out of reach: a reason comes with the last rerun."""
    return {FEED: news(view.pixels, panels(view, _all(quick, found), language, reasons=False))}
