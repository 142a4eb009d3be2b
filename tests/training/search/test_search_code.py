"""The code of a search is executed and finds what the trials themselves find."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import torch
from shipped_mnist import Shipped

from explainer.training.configuration import Controls
from explainer.training.one_thread import threads
from explainer.training.search.axes import AXES, AxisName
from explainer.training.search.places import at_random
from explainer.training.search.search import SearchConfig
from explainer.training.search.search_code import search_code
from explainer.training.search.trial import HELD_OUT, TrialConfig
from explainer.training.snapshot import Snapshot


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torchvision.datasets.MNIST", Shipped)


def defined_by(code: str) -> dict[str, Any]:
    """What the code defines before it searches."""
    tree = ast.parse(code)
    is_searching = [isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "side" for node in tree.body]
    names: dict[str, Any] = {}
    exec(compile(ast.Module(tree.body[: is_searching.index(True)], []), "<code>", "exec"), names)
    return names


@pytest.mark.parametrize(
    ("across", "up", "place"),
    [
        ("learning-rate", "weight-decay", (0.55, 0.4)),
        ("dropout", "batch-size", (0.5, 0.3)),
        ("width", "dropout", (0.8, 0)),
    ],
)
def test_a_run_of_the_code_is_that_of_the_app(across: AxisName, up: AxisName, place: tuple[float, float]) -> None:
    config = SearchConfig(across, up, digits=1_000, epochs=1, seed=2)
    names = defined_by(search_code(config))
    assert (names["across"](place[0]), names["up"](place[1])) == config.values(place)
    with threads(1):
        trial = TrialConfig(config.run(place)).snapshots(Controls(), torch.device("cpu"))
        last = [report for report in trial if isinstance(report, Snapshot)][-1].point
        found = names["accuracy"](*config.values(place))
    assert last.test_digits == HELD_OUT and last.test_accuracy == pytest.approx(found, abs=1e-6)


def test_the_whole_code_finds_the_best_of_every_method() -> None:
    config = SearchConfig(digits=500, epochs=1)
    names: dict[str, Any] = {}
    exec(search_code(config), names)
    assert len(names["grid"]) == len(names["at_random"]) == len(names["study"].trials) == 9
    assert list(names["at_random"]) == [pytest.approx(place) for place in at_random(9, config.seed)]
    assert all(0 <= value <= 1 for value in (*names["grid"].values(), *names["at_random"].values()))


def test_only_the_chosen_methods_are_in_the_code() -> None:
    code = search_code(SearchConfig(methods=("random",)))
    assert "at_random" in code and "grid" not in code and "optuna" not in code


def test_every_pair_of_axes_is_code() -> None:
    for across in AXES:
        for up in AXES:
            ast.parse(search_code(SearchConfig(across, up)))
