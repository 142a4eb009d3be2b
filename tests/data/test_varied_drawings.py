"""How the bundled readers of digits do on drawings of other widths, sizes and slants than MNIST's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pen_strokes import strokes_of

from explainer.data.digits import load
from explainer.data.drawing import EmptyDrawingError, Strokes, prepared
from explainer.networks import graph, zoo
from explainer.networks.reading import to_input

DIGITS = 60
READERS = ("digits", "digits-bn")


def read(pictures: list[NDArray[np.uint8]], reader: str) -> NDArray[np.int64]:
    network = zoo.load(reader)
    with torch.inference_mode():
        logits = graph.logits(network, to_input(network.description.transform, np.stack(pictures)))
    return logits.argmax(1).numpy()


def drawings(size: float = 0.7, slant: float = 0.0) -> list[Strokes]:
    return [strokes_of(digit, size, slant) for digit in load("mnist").test_images[:DIGITS]]


def share(drawn: list[Strokes], pen: float, reader: str) -> float:
    right = read([prepared(strokes, pen) for strokes in drawn], reader) == load("mnist").test_labels[:DIGITS]
    return float(right.mean())


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("size", "pen"), [(0.25, 0.03), (0.25, 0.18), (0.7, 0.03), (0.7, 0.18), (0.95, 0.09)])
def test_width_and_size_matter_little(size: float, pen: float, reader: str) -> None:
    """Without the preparation a thick pen and a small digit leave a third of them right."""
    assert share(drawings(size), pen, reader) >= 0.93


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("slant", "least"), [(-0.5, 0.93), (0.3, 0.93), (0.7, 0.8)])
def test_slanting_matters_more_the_more_a_digit_leans(slant: float, least: float, reader: str) -> None:
    assert share(drawings(slant=slant), 0.09, reader) >= least


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("pen", [0.03, 0.09, 0.18])
def test_ellipses_are_zeros(pen: float, reader: str) -> None:
    turn = np.linspace(0, 2 * math.pi, 60)
    sizes = [(0.1, 0.35), (0.2, 0.35), (0.25, 0.4), (0.3, 0.3), (0.35, 0.25), (0.08, 0.12)]
    drawn = [(tuple((0.5 + a * math.cos(t), 0.5 + b * math.sin(t)) for t in turn.tolist()),) for a, b in sizes]
    assert read([prepared(strokes, pen) for strokes in drawn], reader).tolist() == [0] * len(drawn)


def test_a_dot_stays_a_dot_and_a_blank_pad_is_none() -> None:
    assert prepared((((0.5, 0.5),),), 0.18).max() == 255
    with pytest.raises(EmptyDrawingError):
        prepared(())
