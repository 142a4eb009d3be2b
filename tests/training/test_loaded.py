"""A weights file brought back is the run that was saved, measured anew; what it says of itself is not believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from explainer.data.digits import load
from explainer.networks.build import build, normalize
from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import WeightsError, to_bytes
from explainer.training import loaded
from explainer.training.config import Recipe, RunConfig
from explainer.training.export import script
from explainer.training.loaded import loaded_run
from explainer.training.naming import name

NETWORK = NetworkConfig((Block(2, 5, 3),), hidden=(8,))
CONFIG = RunConfig(NETWORK, Recipe("adamw", 0.01, "cosine", betas=(0.8, 0.99), shift=1), subset=5_000, seed=7)


def _saved(run: str) -> bytes:
    torch.manual_seed(3)
    return to_bytes(build(NETWORK), NETWORK, run)


def _text(config: RunConfig, **changes: Any) -> str:
    """``config`` as JSON, with some entries ("recipe.epochs") replaced by anything."""
    description = json.loads(loaded._adapter.dump_json(config))
    for place, value in changes.items():
        *folders, last = place.split("__")
        entry = description
        for folder in folders:
            entry = entry[folder]
        entry[last] = value
    return json.dumps(description)


def test_a_network_that_computes_no_numbers_is_refused() -> None:
    network = build(NETWORK)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(1e38)
    with pytest.raises(WeightsError, match="computes numbers that are not finite"):
        loaded_run(to_bytes(network, NETWORK, _text(CONFIG)))


def test_a_run_comes_back_with_its_results_measured_anew() -> None:
    data = _saved(_text(CONFIG))
    job = loaded_run(data)
    state = job.state()
    assert (job.config, job.going, state.status, state.weights) == (CONFIG, False, "finished", data)
    mnist = load("mnist")
    torch.manual_seed(3)
    with torch.no_grad():
        logits = build(NETWORK).eval()(normalize(torch.tensor(mnist.test_images).unsqueeze(1)))
    right = logits.argmax(1).numpy() == mnist.test_labels
    (point,) = state.points
    assert (point.test_accuracy, point.test_digits) == (pytest.approx(right.mean(), abs=1e-6), 10_000)
    assert (point.train_loss, point.train_accuracy) == (None, None)
    assert state.results is not None
    assert sorted(state.results.index.tolist()) == np.flatnonzero(~right).tolist()
    assert state.views is not None
    assert [maps.shape for maps in state.views.feature_maps] == [(2, 10, 10)]


@pytest.mark.parametrize(
    "run",
    [
        "",
        "{}",
        "null",
        "[" * 100_000,
        _text(CONFIG, seed="7"),
        _text(CONFIG, recipe__optimizer="lion"),
        _text(CONFIG, dataset="../../etc"),
        _text(CONFIG, dataset="kmnist"),
        _text(CONFIG, network__hidden=[9]),
        _text(CONFIG, recipe__epochs=True),
        _text(CONFIG, recipe__betas=[0.9]),
    ],
)
def test_a_run_that_cannot_be_read_or_had_leaves_the_network_alone(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded, "is_available", lambda dataset: dataset == "mnist")
    job = loaded_run(_saved(run))
    assert job.config == RunConfig(NETWORK)
    assert job.state().points[0].test_accuracy is not None


@pytest.mark.parametrize(
    "place, value",
    [
        ("recipe__batch_size", 0),
        ("recipe__batch_size", -1),
        ("recipe__batch_size", 10**9),
        ("recipe__epochs", -1),
        ("recipe__epochs", 10**18),
        ("recipe__learning_rate", 0.0),
        ("recipe__learning_rate", -1.0),
        ("recipe__learning_rate", float("inf")),
        ("recipe__learning_rate", float("nan")),
        ("recipe__momentum", 1.0),
        ("recipe__betas", [0.9, 1.0]),
        ("recipe__betas", [-0.1, 0.9]),
        ("recipe__weight_decay", -1e-3),
        ("recipe__weight_decay", float("inf")),
        ("recipe__l1", float("nan")),
        ("recipe__label_smoothing", 1.5),
        ("recipe__shift", -1),
        ("recipe__shift", 10**6),
        ("recipe__rotate", float("inf")),
        ("subset", -5),
        ("subset", 10**12),
        ("seed", -1),
        ("seed", 2**64),
    ],
)
def test_numbers_with_which_nothing_can_be_trained_are_not_believed(place: str, value: object) -> None:
    assert loaded_run(_saved(_text(CONFIG, **{place: value}))).config == RunConfig(NETWORK)


@pytest.mark.parametrize(
    "config",
    [
        CONFIG,
        RunConfig(NETWORK),
        replace(CONFIG, recipe=Recipe(epochs=0, batch_size=1, momentum=0.0, label_smoothing=0.3, rotate=45.0)),
        replace(CONFIG, recipe=Recipe(epochs=100, batch_size=4_096, l1=1.0, weight_decay=1.0), subset=0, seed=10**9),
    ],
)
def test_every_run_of_the_page_is_believed(config: RunConfig) -> None:
    believed = loaded_run(_saved(_text(config))).config
    assert believed == config
    assert believed.steps >= 0
    assert name(believed, Recipe())
    compile(script(believed), "script", "exec")


def test_what_is_no_weights_file_is_refused() -> None:
    with pytest.raises(WeightsError):
        loaded_run(b"nothing")
