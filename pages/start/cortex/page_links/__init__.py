"""What a network had, and on which pages of the app that is shown: links that keep the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from explainer.ui.components.kit import ELEMENTS, LINKS, component
from explainer.ui.language import parameters

_mount = component(__file__, ELEMENTS, LINKS, "../following.js", "index.js")


@dataclass(frozen=True)
class Link:
    """A ``label`` that leads to a ``page``, by its name in the address, with the controls of ``query`` set."""

    label: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


def page_links(rows: Sequence[tuple[str, Sequence[Link]]], key: str) -> None:
    """Draws rows of a text and its links."""
    _mount(key=key, data={"rows": encode(rows)})


def encode(rows: Sequence[tuple[str, Sequence[Link]]]) -> list[dict[str, Any]]:
    """What the browser gets of them."""
    return [{"text": text, "links": [link_data(link) for link in links]} for text, links in rows]


def link_data(link: Link) -> dict[str, str]:
    """A link's label, page and query."""
    return {"label": link.label, "page": link.page, "query": urlencode({**parameters(), **link.query})}
