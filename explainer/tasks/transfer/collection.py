"""A visitor's own pictures, a few of each of their classes: small, bounded, and each of them once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.data.names import one_line
from explainer.tasks.transfer.pictures import SIDE
from explainer.words.book import Said, SaidError

LEAST_CLASSES, MOST_CLASSES = 2, 6
LEAST, MOST = 3, 60  # pictures of a class: two to learn from and one for the test; about a minute with a camera
MOST_BYTES = 2_000_000  # of all pictures: a run carries them to the process that trains it
MOST_NAME = 30  # characters
_QUALITY = 82  # of WebP: some 6 kB for what a camera sees


class FullError(SaidError, ValueError):
    """There is no room for another picture; the message is a sentence for the visitor."""


@dataclass(frozen=True)
class OwnClass:
    """A class: its ``key`` in code and addresses, the ``name`` that its owner gave it, and its pictures, packed."""

    key: str
    name: str = ""
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Collection:
    """All classes, in their order. Never changed: every function gives another one."""

    classes: tuple[OwnClass, ...] = (OwnClass("c1"), OwnClass("c2"))

    @property
    def size(self) -> int:
        """Bytes of all pictures."""
        return sum(len(each) for own in self.classes for each in own.pictures)

    def of(self, key: str) -> OwnClass:
        """The class of a key. Raises KeyError."""
        found = next((own for own in self.classes if own.key == key), None)
        if found is None:
            raise KeyError(key)
        return found


def packed(rgb: NDArray[np.uint8]) -> bytes:
    """The square in the middle of a picture (h, w, 3), made 224 x 224, as a small WebP file."""
    height, width = rgb.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(rgb[top : top + side, left : left + side]))
    file = io.BytesIO()
    square.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "WEBP", quality=_QUALITY)
    return file.getvalue()


def unpacked(pictures: Iterable[bytes], side: int = SIDE) -> NDArray[np.uint8]:
    """What ``packed`` made, (n, side, side, 3)."""
    made = [np.asarray(_sized(Image.open(io.BytesIO(each), formats=["WEBP"]), side)) for each in pictures]
    return np.stack(made) if made else np.empty((0, side, side, 3), np.uint8)


def _sized(image: Image.Image, side: int) -> Image.Image:
    whole = image.convert("RGB")
    return whole if side == SIDE else whole.resize((side, side), Image.Resampling.BILINEAR)


def with_picture(before: Collection, key: str, picture: bytes) -> Collection:
    """One picture more in the class ``key``; the same collection where it is in one of the classes already.

    A picture that stood in both parts would be tested on after it was learned from. Raises FullError.
    """
    own = before.of(key)
    if any(picture in other.pictures for other in before.classes):
        return before
    if len(own.pictures) >= MOST:
        raise FullError(Said("transfer.own.full_class", count=MOST))
    if before.size + len(picture) > MOST_BYTES:
        raise FullError(Said("transfer.own.full"))
    return _with(before, replace(own, pictures=(*own.pictures, picture)))


def without_picture(before: Collection, key: str, name: str) -> Collection:
    """Without the picture that ``name_of`` gives this name; the same where there is none."""
    own = before.of(key)
    return _with(before, replace(own, pictures=tuple(each for each in own.pictures if name_of(each) != name)))


def name_of(picture: bytes) -> str:
    """What a picture is called in code: its content decides."""
    return hashlib.sha256(picture).hexdigest()[:16]


def renamed(before: Collection, key: str, name: str) -> Collection:
    """With another name of a class, in one line of at most 30 characters."""
    return _with(before, replace(before.of(key), name=one_line(name).strip()[:MOST_NAME]))


def with_classes(before: Collection, count: int) -> Collection:
    """With so many classes, two to six: new ones are empty, the last ones go with their pictures."""
    count = min(max(count, LEAST_CLASSES), MOST_CLASSES)
    kept = before.classes[:count]
    return Collection(kept + tuple(OwnClass(f"c{number + 1}") for number in range(len(kept), count)))


def emptied(before: Collection) -> Collection:
    """The same classes without any picture."""
    return Collection(tuple(replace(own, pictures=()) for own in before.classes))


def missing(collection: Collection) -> dict[str, int]:
    """How many pictures each class lacks until something can be learned, by its key; those that have enough are out."""
    lacking = {own.key: LEAST - len(own.pictures) for own in collection.classes}
    return {key: count for key, count in lacking.items() if count > 0}


def _with(before: Collection, own: OwnClass) -> Collection:
    return Collection(tuple(own if each.key == own.key else each for each in before.classes))
