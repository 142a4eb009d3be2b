"""What a visitor takes home of a page: its pictures as files that hold their source and the address that reopens them.

All of it happens in the browser, which alone knows what it shows: closed it costs the server nothing.
"""

from __future__ import annotations

from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "drawing.js", "picture.js", "index.js")


def take_home(name: str) -> None:
    """Draws it folded away; the files are called ``name``."""
    _mount(key="take_home", data={"words": words("take_home"), "name": name})
