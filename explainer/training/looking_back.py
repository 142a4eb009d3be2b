"""What a run looked like at an earlier moment, from the weights that are kept of it."""

from __future__ import annotations

import functools

from explainer.data.catalogue import DatasetName
from explainer.data.digits import load
from explainer.networks.build import planes
from explainer.networks.weights import from_bytes
from explainer.training import measure
from explainer.training.loop import PROBE
from explainer.training.snapshot import Views


@functools.lru_cache(maxsize=8)
def views_of(weights: bytes, dataset: DatasetName) -> Views:
    """The first layer's kernels and the maps of the digit that runs on ``dataset`` follow, computed on the CPU.

    Raises WeightsError where ``weights`` is no file of this app.
    """
    digit = planes(load(dataset).test_images[PROBE : PROBE + 1])
    return measure.views(from_bytes(weights)[1], digit, PROBE)
