"""The visitor's camera in the browser: every press gives one small picture for the chosen class."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from explainer.ui.components.kit import ELEMENTS, component, words

MOST = 8  # pictures on their way at once
_MOST_TEXT = 200_000  # characters of one of them
_START = "data:image/jpeg;base64,"
_mount = component(__file__, ELEMENTS, "index.js")


@dataclass(frozen=True)
class Taken:
    """A picture that was taken for the class ``of``: the bytes of a file that nobody has looked into yet."""

    number: int
    of: str
    data: bytes


def own_camera(label: str, of: str, received: int, key: str, on_pictures: Callable[[], None]) -> None:
    """Draws the camera, with a button ``label`` that takes a picture for the class ``of``.

    ``on_pictures`` is called when pictures have arrived: those after number ``received``, as far as the page has told.
    """
    data = {"label": label, "of": of, "received": received, "most": MOST, "words": words("own_camera")}
    _mount(key=key, data=data, on_pictures_change=on_pictures)


def taken(sent: object, received: int) -> list[Taken]:
    """The pictures after number ``received`` in what the browser sent; what no camera would send is left out."""
    if not isinstance(sent, list):
        return []
    found = [made for each in sent[-MOST:] if (made := _taken(each)) is not None]
    return [each for each in found if each.number > received]


def _taken(sent: object) -> Taken | None:
    if not isinstance(sent, dict):
        return None
    number, of, picture = sent.get("number"), sent.get("of"), sent.get("picture")
    if type(number) is not int or not isinstance(of, str) or not isinstance(picture, str):
        return None
    if not picture.startswith(_START) or len(picture) > _MOST_TEXT:
        return None
    try:
        return Taken(number, of, base64.b64decode(picture.removeprefix(_START), validate=True))
    except binascii.Error:
        return None
