"""Long computations in short steps: short enough on photographs, and safe to be mixed with each other."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from explainer.data.samples import PHOTOGRAPHS, photograph
from explainer.inspection import (
    exemplars,
    grad_cam,
    gradients,
    maximization,
    occlusion,
    real_pictures,
    sanity_checks,
    silent_maps,
)
from explainer.inspection.exemplars import peaks
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.steps import SoFar, Steps, beside, part, saying, whole
from explainer.inspection.target import Target
from explainer.networks import graph, zoo
from explainer.networks.graph import Network
from explainer.networks.reading import shown, to_input
from pages.inspection.attribution import checks, maps

CAT = Target(285)
SETTINGS = Settings(samples=2, steps=3, patch=112, stride=112, layer="")


def counting(count: int) -> Steps[str]:
    for number in range(1, count):
        yield number / count
    return "end"


def returned(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """What it yields, and what it returns."""
    said: list[Any] = []

    def note() -> Iterator[None]:
        said.append((yield from steps))

    yielded = list(note())
    return yielded, said[0]


def test_steps_end_with_their_result() -> None:
    assert whole(counting(4)) == "end"
    assert returned(counting(4)) == ([0.25, 0.5, 0.75], "end")
    assert returned(part(counting(4), 1, 2)) == ([0.625, 0.75, 0.875], "end")
    assert returned(saying(counting(3), lambda _: None)) == ([None, None], "end")
    yielded, end = returned(beside(counting(2), "before"))
    assert [(each.found, each.share) for each in yielded] == [("before", 0.5)] and end == "end"


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("squeezenet")


@pytest.fixture(scope="module")
def photo(network: Network) -> np.ndarray:
    transform = network.description.transform
    return to_input(transform, shown(transform, photograph(PHOTOGRAPHS[0].name))).numpy()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures this thread sent through a network, for each time: other tests' work may go on beside it."""
    counts: list[int] = []

    def forward(network: Network, pictures: torch.Tensor, **options: Any) -> dict[str, torch.Tensor]:
        if threading.get_ident() == me:
            counts.append(len(pictures))
        return plain(network, pictures, **options)

    plain, me = graph.forward, threading.get_ident()
    for module in (graph, silent_maps, exemplars, grad_cam, maximization):
        monkeypatch.setattr(module, "forward", forward)
    return counts


def works(network: Network, photo: np.ndarray) -> dict[str, Iterable[object]]:
    """All long work on photographs, of the smallest size."""
    pixels = np.stack([np.full((224, 224, 3), grey, np.uint8) for grey in (0, 99, 200)])
    every = maximization.Target("features_3_squeeze", tuple(range(16)), 64)
    few = maximization.Target("features_3_squeeze", (0,), 64)
    jobs = [("integrated-gradients", CAT), ("smoothgrad", CAT), ("occlusion", None)]
    heat = partial(checks._heat, inputs=photo, method=METHODS["smoothgrad"], of="logit", settings=SETTINGS)
    places = np.arange(224 * 224)
    return {
        "maps": maps._produce(network, photo, jobs, SETTINGS),
        "cascade": sanity_checks.cascade(network, photo, [heat], 285),
        "removal": sanity_checks.removal_steps(network, photo, 0 * photo, places, 285, steps=2),
        "chance": sanity_checks.by_chance_steps(network, photo, 0 * photo, 285, steps=1),
        "silent maps": silent_maps.count_silent_maps_steps(network, [photo, photo]),
        "peaks": peaks(network, network.description.layers[3].name, pixels),
        "real": real_pictures.best_real_steps(network, every, np.zeros((30, 64, 64, 3), np.uint8)),
        "ascent": maximization.ascend(network, few, maximization.Settings(steps=2)),
    }


def test_between_two_steps_a_network_reads_no_more_than_some_photographs(
    network: Network, photo: np.ndarray, read: list[int]
) -> None:
    for name, work in works(network, photo).items():
        read.clear()
        steps = []
        for _ in work:
            steps.append(sum(read))
            read.clear()
        many = 12 if name == "real" else 2 if name in ("maps", "ascent", "cascade", "peaks") else 1
        assert len(steps) > 1, name
        assert 0 < max(steps) <= many, (name, steps)


def test_mixed_steps_do_not_disturb_each_other(network: Network, photo: np.ndarray) -> None:
    assert torch.is_grad_enabled()
    going = {name: iter(work) for name, work in works(network, photo).items()}
    while going:
        for name, work in list(going.items()):
            if next(work, None) is None:
                del going[name]
            assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled(), name
    again = gradients.integrated_gradients(network, photo, CAT, 0 * photo, 2)
    assert again.total != 0


def test_a_result_in_steps_is_that_of_one_go(network: Network, photo: np.ndarray) -> None:
    *_, last = maps._produce(network, photo, [("smoothgrad", CAT), ("occlusion", None)], SETTINGS)
    assert isinstance(last, SoFar) and last.share == 1
    want = gradients.smooth_grad(network, photo, CAT, samples=2, noise=SETTINGS.noise, seed=SETTINGS.seed)
    np.testing.assert_allclose(last.found["smoothgrad", CAT], want, rtol=1e-4, atol=1e-6)
    found = last.found["occlusion", None]
    assert isinstance(found, occlusion.Occlusion) and found.done == found.positions == 4
