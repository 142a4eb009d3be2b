"""The weights of one of torchvision's networks, to be downloaded by whoever wants to look at it."""

from __future__ import annotations

from functools import partial

from explainer.networks import pretrained
from explainer.networks.pretrained import Pretrained
from explainer.ui.frame.downloading import Offer, offer


def offer_weights(name: str, entry: Pretrained, caption: str) -> None:
    """A button that downloads them below a ``caption`` that says what they cost; nothing where they are here."""
    offer(Offer(name, entry.title, partial(pretrained.is_fetched, name), partial(pretrained.fetch, name), caption))
