"""Rows of patches, one row a depth of a network, each with the page that shows more of it, in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.ui.components.kit import ELEMENTS, LINKS, component
from explainer.ui.components.kit.data_url import data_url
from pages.start.cortex.page_links import Link, link_data

LARGE = 96  # pixels of a patch's longer side, at most
_mount = component(__file__, ELEMENTS, LINKS, "../following.js", "index.js")


@dataclass(frozen=True, eq=False)
class MapRow:
    """The patches (height, width, 3) that excite one map most, and a link to the page that shows the map."""

    link: Link
    patches: tuple[NDArray[np.uint8], ...]
    alt: str


@dataclass(frozen=True, eq=False)
class DepthRow:
    """A depth: its ``title``, what is told of it, and some of its maps."""

    title: str
    told: str
    maps: tuple[MapRow, ...]


def depth_rows(rows: Sequence[DepthRow], key: str) -> None:
    """Draws the rows; called again under the same ``key`` it changes them in place."""
    data = [
        {
            "title": row.title,
            "told": row.told,
            "maps": [
                {
                    "link": link_data(one.link),
                    "alt": one.alt,
                    "patches": [data_url(patch, LARGE) for patch in one.patches],
                }
                for one in row.maps
            ],
        }
        for row in rows
    ]
    _mount(key=key, data={"rows": data})
