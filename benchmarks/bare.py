"""The training loop called bare in a script: prints digits a second of wall time, measuring included.

``python -m benchmarks.bare PRESET EPOCHS [BATCH]``
"""

import sys
from dataclasses import replace
from time import perf_counter

from explainer.data.digits import load
from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.loop import train
from explainer.training.presets import recipe
from explainer.training.snapshot import Snapshot


def main(preset: str, epochs: int, batch: int) -> None:
    config = RunConfig(PRESETS[preset], replace(recipe(preset), epochs=epochs, batch_size=batch))
    start = None
    for item in train(config, load("mnist")):
        if start is None and isinstance(item, Snapshot):
            start = perf_counter()  # after the first point, as on the page
    assert start is not None
    print(60_000 * epochs / (perf_counter() - start))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 128)
