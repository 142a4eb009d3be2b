"""What the app lets visitors save, it takes back: the page, the server and the sentences have one limit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.data.limits import MEGABYTE, PICTURE_MEGABYTES, WEIGHTS_MEGABYTES
from explainer.networks import weights
from explainer.networks.build import build
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.networks.plan import MAX_PARAMETERS, layers
from explainer.ui.controls.training_settings import MAX_BLOCKS, MAX_HIDDEN

MOST_CHANNELS, MOST_NEURONS = 128, 2_000  # of the builder's controls


def largest() -> NetworkConfig:
    """Two wide layers with batch normalization, the second as wide as the limit of all parameters allows."""
    for width in range(MOST_NEURONS, 0, -1):
        config = NetworkConfig((), hidden=(MOST_NEURONS, width), batch_norm=True)
        try:
            layers(config)
        except ImpossibleNetworkError:
            continue
        return config
    raise AssertionError("no network is allowed")


def test_the_server_takes_what_the_page_offers() -> None:
    settings = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == max(PICTURE_MEGABYTES, WEIGHTS_MEGABYTES)


def test_no_network_of_the_controls_makes_a_larger_file() -> None:
    """Float32 parameters, two statistics and a counter for each batch normalization, and the longest header."""
    statistics = 2 * (MAX_BLOCKS * MOST_CHANNELS + MAX_HIDDEN * MOST_NEURONS)
    counters = 8 * (MAX_BLOCKS + MAX_HIDDEN)
    most = 4 * (MAX_PARAMETERS + statistics) + counters + weights._MAX_HEADER + 8
    assert most <= weights.MAX_BYTES == WEIGHTS_MEGABYTES * MEGABYTE


def script() -> None:
    from explainer.ui.frame.studio import studio
    from pages.training.train.take_home import take_home

    runs = studio().runs
    take_home(runs[-1] if runs else None)


def test_the_largest_network_is_saved_and_loaded_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    from explainer.ui.frame import studio

    monkeypatch.setattr(studio, "_studios", {})
    config = largest()
    saved = weights.to_bytes(build(config), config)
    assert len(saved) > 3.99 * MAX_PARAMETERS
    at = AppTest.from_function(script, default_timeout=300).run()
    at.file_uploader(key="weights_file").upload("large.safetensors", saved, "application/octet-stream").run()
    assert not at.exception and not at.error
    (mine,) = studio._studios.values()
    assert mine.runs[-1].job.state().weights == saved
