"""What the browser gets of training curves, and how a change in mid-run is marked on them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explainer.figures.curves import training_curves
from explainer.figures.runs import RunCurve
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.messages import Change, Changed
from pages.training.train.training_curves import encode
from pages.training.train.watch import change_mark

RUN = RunCurve(
    "<b>",
    epoch=np.array([0.5, 1.0]),
    train_loss=np.array([1.0, 0.5]),
    train_accuracy=np.array([0.5, 0.75]),
    test_loss=np.array([np.nan, 0.25]),
    test_accuracy=np.array([np.nan, 0.875]),
    test_digits=np.array([0, 10_000]),
    changes=((0.75, "lr 0.01"),),
)


def test_a_drawing_becomes_json_by_the_names_of_its_fields() -> None:
    data = json.loads(json.dumps(encode(training_curves([RUN], until=2)), allow_nan=False))
    assert data["runs"] == [{"name": "<b>", "color": "#1070c8", "changes": [[0.75, "lr 0.01"]]}]
    assert (data["height"], data["end"], data["marked"]) == (260, 2, 10_000)
    assert data["ticks"][-1] == [2.0, "2"]
    loss, accuracy = data["panes"]
    assert loss["lines"] == [
        {"run": 0, "kind": "train", "x": [0.5, 1.0], "y": [1.0, 0.5], "digits": []},
        {"run": 0, "kind": "test", "x": [1.0], "y": [0.25], "digits": [10_000]},
    ]
    assert [label["rows"] for label in accuracy["labels"]] == [["train", "75.00 %"], ["test", "87.50 %"]]


def test_no_run_is_json_too() -> None:
    data = json.loads(json.dumps(encode(training_curves([], until=2)), allow_nan=False))
    assert data["runs"] == []
    assert [pane["lines"] for pane in data["panes"]] == [[], []]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("learning_rate", 0.001), "lr 0.001"),
        (Change("dropout", 0.25), "dropout 0.25"),
        (Change("dropout", 0.0), "dropout 0"),
    ],
)
def test_a_change_is_marked_at_its_epoch(change: Change, text: str) -> None:
    config = RunConfig(next(iter(PRESETS.values())), Recipe(batch_size=100), subset=2000)  # 20 steps an epoch
    epoch, set_to = change_mark(config, Changed(30, change))
    assert (epoch, str(set_to)) == (1.5, text)
