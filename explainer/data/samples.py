"""Pictures to play with: photographs that the project ships, one digit, and small grids of numbers."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explainer.data.assets import assets_path
from explainer.data.catalogue import files
from explainer.data.idx import read_idx
from explainer.data.images import MAX_SIDE, Picture, fit, read_image

Grid = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Photograph:
    """A photograph in assets/images: its name for links, its title and source for people, its file."""

    name: str
    title: str
    source: str
    file: str


PHOTOGRAPHS = (
    Photograph("cat", "A cat", "Stefan van der Walt, CC0", "chelsea.png"),
    Photograph("photographer", "A photographer", "Lav Varshney, CC0", "camera.png"),
    Photograph("astronaut", "An astronaut", "NASA, public domain", "astronaut.png"),
    Photograph("coffee", "A cup of coffee", "Rachel Michetti, CC0", "coffee.png"),
    Photograph("rocket", "A rocket", "SpaceX, public domain", "rocket.jpg"),
    Photograph("bricks", "A brick wall", "CC0Textures, CC0", "brick.png"),
)
# Not among the pictures that units choose from: it shows the coffee once more.
COMPOSED = (
    Photograph(
        "engine", "A cup of coffee and a fire engine", "Rachel Michetti and Aaron M. Lang, CC BY 2.5", "fire-engine.png"
    ),
)
_BY_NAME = {photo.name: photo for photo in (*PHOTOGRAPHS, *COMPOSED)}

DIGIT_LABEL = 7  # of the first test digit of MNIST

# A square with a diagonal in it: edges, corners and a line, in whole numbers.
GRID: Grid = (
    (0, 0, 0, 0, 0, 0, 0),
    (0, 9, 9, 9, 9, 9, 0),
    (0, 9, 1, 0, 0, 9, 0),
    (0, 9, 0, 5, 0, 9, 0),
    (0, 9, 0, 0, 1, 9, 0),
    (0, 9, 9, 9, 9, 9, 0),
    (0, 0, 0, 0, 0, 0, 0),
)

# A flat part, a step, a spike, a slope and a wiggle.
SIGNAL: Grid = ((0, 0, 0, 4, 4, 4, 4, 0, 9, 0, 0, 1, 2, 3, 4, 2, 4, 2),)

POOLING_GRID: Grid = (
    (0.2, -0.1, 0.1, -0.2, 1.2, 0.3),
    (0.3, 0.7, -0.8, 0, 0.1, 0.4),
    (0.1, 0.6, 0.9, 0.2, 0.6, 0.3),
    (0.5, 0.1, -0.2, 0, 0.1, 0),
)


@functools.lru_cache(maxsize=24)
def photograph(name: str, side: int = MAX_SIDE) -> Picture:
    """The photograph called ``name``, its longer side at most ``side`` (1 to 512) pixels; read once per process.

    Raises KeyError for a name of no photograph.
    """
    if side < MAX_SIDE:
        return fit(photograph(name), max(1, side))
    chosen = _BY_NAME[name]
    return read_image((assets_path() / "images" / chosen.file).read_bytes(), chosen.file)


@functools.lru_cache(maxsize=8)
def original(name: str) -> Picture:
    """The photograph called ``name`` with all its pixels, as networks are to read it: they shrink it themselves.

    Raises KeyError for a name of no photograph.
    """
    chosen = _BY_NAME[name]
    return read_image((assets_path() / "images" / chosen.file).read_bytes(), chosen.file, max(original_size(name)))


@functools.cache
def original_size(name: str) -> tuple[int, int]:
    """Height and width of the photograph's file. Raises KeyError for a name of no photograph."""
    chosen = _BY_NAME[name]
    with Image.open(assets_path() / "images" / chosen.file) as image:
        return image.height, image.width


@functools.cache
def digit() -> NDArray[np.float64]:
    """The first test digit of MNIST, a 7: (28, 28), 0 is background, 1 full ink, read-only.

    Raises DatasetError, a sentence, where the data file is missing or damaged.
    """
    values = read_idx(files("mnist")[2], 3)[0] / 255
    values.flags.writeable = False
    return np.asarray(values, np.float64)
