"""What all caches take when they are full, in megabytes, as a table: ``python -m benchmarks.caches``.

What is bounded in bytes counts with its bound, what is bounded in number with its largest entry, made here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import streamlit as st
import torch
from torch import nn

from benchmarks.common import note, report
from explainer import memory
from explainer.data import catalogue, digits, samples
from explainer.inspection import maximization_plan, patches
from explainer.inspection.surgery import answers
from explainer.networks import digit_scores, hidden_digits, normalized_digits, sums, zoo
from explainer.tasks.detection import cell_view, examples
from explainer.tasks.detection import network as detection_network
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.segmentation import build as segmentation_network
from explainer.tasks.segmentation import looking
from explainer.tasks.segmentation.config import recommended
from explainer.training import flow, recorded_film, regularization
from explainer.training.flow import MOST_KEPT
from pages.inspection.exemplars import digit_map, pictures

MB = 1_000_000
PICTURE = 512 * 512 * 4  # bytes: red, green, blue and grey
FOUND = 2_048 * 7 * 20 * 4  # of every channel of the widest layer, twenty numbers, places and values on both sides
LAYOUT = 2_000 * 2 * 8  # places of the digits on a map
REAL = 2_048 * 9 * (4 + 8)  # of every unit of the widest layer, nine numbers and values
MOST = 800  # megabytes of all, without the networks of torchvision that somebody chose


@dataclass(frozen=True)
class Row:
    """One cache: its entries when it is full, and the bytes of the largest."""

    what: str
    entries: int
    largest: int

    @property
    def megabytes(self) -> float:
        """All of it."""
        return self.entries * self.largest / MB


def size(value: Any) -> int:
    """Bytes of an object and of what it is made of."""
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return int(value.nbytes)
    if isinstance(value, nn.Module):
        return sum(size(each) for each in (*value.parameters(), *value.buffers()))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    if hasattr(value, "__dict__") and not callable(value):
        parts = [*parts, *vars(value).values()]
    return sys.getsizeof(value, 0) + sum(size(part) for part in parts)


def rows() -> Iterator[Row]:
    """All caches of the package."""
    limits = memory.bounds()
    yield Row("runs and pictures of visitors", 1, limits.visitors)
    yield Row("files on their way", 1, limits.uploads)
    yield Row("networks of visitors", 1, limits.trained)
    yield Row("networks that were taught other classes", 1, limits.trained // 4)
    yield Row("networks that read a drawing", 1, limits.trained // 4)
    yield Row("results of pages (st.cache_data)", 1, _megabytes(str(st.get_option("server.maxCacheDataSize"))))
    yield Row("pictures made for units", 1, limits.results)
    yield Row("maps before a changed layer", 1, answers._held.most)
    yield from _counted()
    yield from _constant()


def _counted() -> Iterator[Row]:
    yield Row("real pictures beside them", maximization_plan._REAL.most, REAL)
    yield Row("squares that excite a unit", pictures._rankings.most, FOUND)
    yield Row("maps of digits", digit_map._layouts.most, LAYOUT)
    yield Row("orthonormal weights", 1, 4 * MOST_KEPT)
    yield Row("moments of detectors", cell_view.views_of.cache_parameters()["maxsize"], _views_of_a_detector())
    yield Row("moments of U-Nets", looking.views_of.cache_parameters()["maxsize"], _views_of_a_unet())
    scenes = size(examples.watched_examples(0))
    yield Row("scenes that are watched", examples.watched_examples.cache_parameters()["maxsize"], scenes)
    yield Row("photographs at one size", samples.photograph.cache_parameters()["maxsize"], PICTURE)
    largest = size(patches.pictures(zoo.load("squeezenet").description.transform))
    yield Row("crops of photographs", patches.pictures.cache_parameters()["maxsize"], largest)


def _views_of_a_detector() -> int:
    """Bytes, with those of the file."""
    config = DetectionConfig()
    return size(cell_view.first_views(config)) + size(detection_network.untrained(config))


def _views_of_a_unet() -> int:
    """Bytes, with those of the file."""
    config = recommended("cutouts")
    return size(looking.first_views(config)) + size(segmentation_network.untrained(config))


def _constant() -> Iterator[Row]:
    """Caches of functions whose arguments have few values: all of them are counted."""
    yield Row("data sets", len(get_args(catalogue.DatasetName)), size(digits.load("mnist")))
    yield Row("bundled networks", 1, sum(size(zoo.load(name).graph) for name in zoo.BUNDLED))
    layers = get_args(normalized_digits.Layer)
    yield Row("maps of the normalization page", 4, max(size(normalized_digits.maps(name, 256)) for name in layers))
    yield Row("scores of the softmax page", 5 * 32, size(digit_scores.score_maps((1, 2, 3), 0)))
    yield Row("values of the dropout page", 10, size(hidden_digits.hidden(0)) + size(hidden_digits.maps(0)))
    yield Row("sums of two filters", 1, size(sums.convolution_sums()))
    yield Row("recorded runs", 1, size(recorded_film.recorded_film()) + len(get_args(regularization.Remedy)) * MB)
    yield Row("digits of the initialization page", 1, size(flow.batch()))


def _megabytes(setting: str) -> int:
    return int(setting.removesuffix("mb")) * 2**20


def main() -> None:
    found = list(rows())
    for row in found:
        note(f"{row.what:36}{row.entries:5} x {row.largest / MB:8.3f} MB = {row.megabytes:7.1f} MB")
    fetched = max(entry.memory for entry in zoo.pretrained.PRETRAINED.values())
    note(f"torchvision's networks: at most {max(memory.bounds().fetched / MB, fetched):.0f} MB")
    report("all others when full, MB", sum(row.megabytes for row in found), MOST, at_most=True)


if __name__ == "__main__":
    main()
