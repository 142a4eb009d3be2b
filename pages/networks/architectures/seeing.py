"""Where the chosen layer is shown with its weights: a link to "Feature maps"."""

from __future__ import annotations

from urllib.parse import urlencode

from explainer.inspection.columns import columns
from explainer.networks import zoo
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.networks import KEY, NoNetworkError, of_run
from explainer.ui.frame import menu
from explainer.ui.language import parameters
from explainer.words.book import Said
from pages.networks.architectures.choice import Chosen

PAGE, LAYER = "inspection/feature_maps", "fm_layer"
BUNDLED = {"squeezenet1-0": "squeezenet", "app-wider": "digits"}  # the reader has dropout besides, in training alone


def link(chosen: Chosen) -> Said | None:
    """A sentence with the link; None where the network has no weights here, or the layer no maps of its own there."""
    place, found = menu.find(PAGE), _network(chosen)
    layer = shown(found[1], chosen.layer.name) if found else None
    if place is None or found is None or layer is None:
        return None
    query = urlencode({**parameters(), KEY: found[0], LAYER: layer.key})
    return Said("architectures.seen", layer=chosen.layer.name, address=f"{place.path}?{query}")


def shown(network: Network, path: str) -> Layer | None:
    """The layer whose module is at ``path``, where that page shows what it computes."""
    offered = (*columns(network.description), network.description.layers[-1])
    return next((layer for layer in offered if path and layer.path == path), None)


def _network(chosen: Chosen) -> tuple[str, Network] | None:
    """The chosen architecture with weights, and what it is called in an address."""
    if chosen.head != "built":
        return None
    if not chosen.config:
        name = BUNDLED.get(chosen.name)
        return (name, zoo.load(name)) if name else None
    try:
        return chosen.name, of_run(chosen.name)
    except NoNetworkError:
        return None
