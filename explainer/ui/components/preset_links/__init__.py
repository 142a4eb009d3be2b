"""Links to the same page with other settings, followed without losing the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from explainer.ui.components.kit import LINKS, component

_mount = component(__file__, LINKS, "index.js")


def preset_links(title: str, links: Sequence[tuple[str, Mapping[str, str]]], key: str) -> None:
    """A row of links after ``title``: each a label, and the page's bound controls as they stand in the address.

    Controls that a link leaves out go back to their defaults, as when the address is opened afresh.
    A click also brings the picture into sight.
    """
    entries = [{"label": label, "query": urlencode(query)} for label, query in links]
    _mount(key=key, data={"title": title, "links": entries})
