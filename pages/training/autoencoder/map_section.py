"""The map of codes with a place to drag, and the ways between two digits."""

from __future__ import annotations

import streamlit as st

from explainer.tasks.autoencoder import codes
from explainer.tasks.autoencoder.codes import COARSE, FINE, CodePlane, code_grid, code_plane, network_of
from explainer.tasks.autoencoder.data import unseen_digits
from explainer.ui.components.feed import News, feed
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.language import say
from pages.training.autoencoder import code_plane as component
from pages.training.autoencoder import state
from pages.training.autoencoder.code_plane import CodeMap
from pages.training.autoencoder.state import Shown

PLACE = "autoencoder-place"  # the name of the feed
ASK_AGAIN = 5.0  # seconds, where the server was not reached
STEP_SIZE = 64  # of a digit on a way, in pixels


def code_map(own: Shown) -> None:
    """The map of the latest measurement; its grid is finer once the run is over."""
    config, weights = own.config, own.weights
    plane = code_plane(config, weights)
    is_going = own.state is not None and own.state.going
    made = CodeMap(
        (plane.places - plane.low) / (plane.high - plane.low),
        plane.labels,
        code_grid(config, weights, COARSE if is_going else FINE),
        plane.low,
        plane.high,
    )
    component.code_plane(made, state.MAP, feed=PLACE, axes=_axes(own), on_place=state.take_place)
    _tell_place(own, plane)


def _axes(own: Shown) -> tuple[str, str]:
    if own.config.code == 2:
        return say("autoencoder.map.first"), say("autoencoder.map.second")
    return say("autoencoder.map.first_component"), say("autoencoder.map.second_component")


def map_said(own: Shown) -> str:
    """What the map is of, and how much of the codes it shows."""
    plane = code_plane(own.config, own.weights)
    if own.config.code == 2:
        return say("autoencoder.map.plane", count=len(plane.labels))
    values = {"code": own.config.code, "share": plane.share, "count": len(plane.labels)}
    return say("autoencoder.map.components", **values)


def _tell_place(own: Shown, plane: CodePlane) -> None:
    """The map hears of the exact digit beside its own data, which are the same wherever the place is."""
    place = state.place()
    at = plane.low + place * (plane.high - plane.low)
    digit = codes.decoded(network_of(own.config, own.weights), plane.code(at[None]))[0]
    told = {PLACE: component.encode(place, digit)}
    mark = f"{place} {hash((own.config, own.weights))}"
    feed("ae_place_feed", lambda: News(mark, told, some=True, going=False), mark, ASK_AGAIN, going=True)


def way(own: Shown) -> None:
    """Nine steps from one test digit to another: by their codes, and pixel by pixel."""
    first, last = state.ends()
    labels = unseen_digits(own.config.noise).labels
    ends = {"first": int(labels[first]), "last": int(labels[last])}
    st.markdown(say("autoencoder.way.title", **ends))
    network = network_of(own.config, own.weights)
    rows = (
        (say("autoencoder.way.codes"), codes.steps_between(network, own.config.noise, first, last)),
        (say("autoencoder.way.pixels"), codes.mixed(first, last)),
    )
    share = [say("autoencoder.way.share", percent=100 * step / (codes.STEPS - 1)) for step in range(codes.STEPS)]
    made = [
        TileRow(
            title,
            tuple(Tile(255 * digit, name) for digit, name in zip(digits, share, strict=True)),
            "grey",
            255.0,
            STEP_SIZE,
        )
        for title, digits in rows
    ]
    tiles(made, "ae_way_tiles")
