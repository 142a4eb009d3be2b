"""Pictures of an X and an O, 9 x 9 pixels of +1 (ink) and -1 (paper), and such pictures as a short text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explainer.words.book import Said, SaidError

SIDE = 9
X, O = 0, 1  # noqa: E741  the classes, in the order of the votes
TEXT_LENGTH = 21  # hexadecimal digits of 81 pixels
_NOISE_SEED, _FLIPPED = 7, 5

# "x" is B. Rohrer's ("How convolutional neural networks work", 2016); the others are drawn after his.
_DRAWN = {
    "x": "......... .#.....#. ..#...#.. ...#.#... ....#.... ...#.#... ..#...#.. .#.....#. .........",
    "o": "......... ...###... ..#...#.. .#.....#. .#.....#. .#.....#. ..#...#.. ...###... .........",
    "x-small": "......... ......... ..#...#.. ...#.#... ....#.... ...#.#... ..#...#.. ......... .........",
    "o-small": "......... ......... ...###... ..#...#.. ..#...#.. ..#...#.. ...###... ......... .........",
    "x-thick": "......... .##...##. .###.###. ..#####.. ...###... ..#####.. .###.###. .##...##. .........",
    "o-thick": "......... ..#####.. .##...##. .##...##. .##...##. .##...##. .##...##. ..#####.. .........",
    "x-turned": "......... ......#.. .#...#... ..##.#... ....#.... ...#.##.. ...#...#. ..#...... .........",
    "o-turned": "......... .....##.. ...##..#. ..#....#. .#.....#. .#....#.. .#..##... ..##..... .........",
}


class PictureError(SaidError, ValueError):
    """A text is none of a picture, or none of weights; the message says what to change."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture: its ``pixels`` (9, 9), and what it shows, X or O."""

    pixels: NDArray[np.float64]
    label: int


def _pixels(rows: str) -> NDArray[np.float64]:
    return np.array([[1.0 if each == "#" else -1.0 for each in row] for row in rows.split()])


def _moved(pixels: NDArray[np.float64], down: int, right: int) -> NDArray[np.float64]:
    """What the border of paper lets move without a loss."""
    return np.roll(pixels, (down, right), axis=(0, 1))


def _noisy(pixels: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """So many pixels, chosen by chance, turned from ink to paper or back."""
    noisy = pixels.copy().ravel()
    noisy[np.random.default_rng(seed).choice(noisy.size, _FLIPPED, replace=False)] *= -1
    return noisy.reshape(pixels.shape)


def _made() -> dict[str, Drawn]:
    pictures = {name: Drawn(_pixels(rows), X if name[0] == "x" else O) for name, rows in _DRAWN.items()}
    for name in ("x", "o"):
        plain, label = pictures[name].pixels, pictures[name].label
        pictures[f"{name}-shifted"] = Drawn(_moved(plain, 1, 1), label)
    for name in ("x", "o"):
        plain, label = pictures[name].pixels, pictures[name].label
        pictures[f"{name}-noisy"] = Drawn(_noisy(plain, _NOISE_SEED + label), label)
    return pictures


PICTURES = _made()
"""Twelve: plain, small, thick, turned, shifted and noisy ones of each. The noise is the same at every start."""


def training_set() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All of ``PICTURES`` (12, 9, 9), and their classes (12,)."""
    return np.stack([each.pixels for each in PICTURES.values()]), np.array([each.label for each in PICTURES.values()])


def text_of(pixels: NDArray[np.float64]) -> str:
    """81 pixels as 21 hexadecimal digits: row by row, 1 for ink, after three zeros."""
    return f"{int(''.join('1' if each > 0 else '0' for each in pixels.ravel()), 2):0{TEXT_LENGTH}x}"


def pixels_of(text: str) -> NDArray[np.float64]:
    """The pixels (9, 9) of a text that ``text_of`` made. Raises PictureError."""
    is_hexadecimal = len(text) == TEXT_LENGTH and all(each in "0123456789abcdef" for each in text.lower())
    bits = f"{int(text, 16):0{SIDE * SIDE}b}" if is_hexadecimal else ""
    if len(bits) != SIDE * SIDE:
        raise PictureError(Said("x_or_o.no_drawing", digits=TEXT_LENGTH))
    return np.array([1.0 if bit == "1" else -1.0 for bit in bits]).reshape(SIDE, SIDE)


def numbers_text(values: NDArray[np.float64]) -> str:
    """Weights as a text: "1_-0.5_0.25"."""
    return "_".join(f"{value:.6g}" for value in values.ravel() + 0.0)


def numbers_of(text: str, count: int, most: float) -> NDArray[np.float64]:
    """The ``count`` numbers (count,) of such a text, each from -most to most. Raises PictureError."""
    try:
        values = np.array([float(each) for each in text.split("_")]) if len(text) <= 16 * count else np.array([])
    except ValueError:
        values = np.array([])
    if values.shape != (count,) or not (np.abs(values) <= most).all():
        raise PictureError(Said("x_or_o.no_weights", count=count, most=most))
    return values
