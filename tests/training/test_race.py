"""Races: torch's steps by hand, the edge of divergence, and the code that the page shows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from explainer.training.config import OptimizerName
from explainer.training.race import FAR, GOAL, OPTIMIZERS, Race, edges, gradient_noise, run
from explainer.training.race_code import race_code
from explainer.training.schedules import Shape
from explainer.training.surfaces import SURFACES, SurfaceName
from explainer.training.update_rules import updates, written

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)


def default_race(name: SurfaceName, **changes: Any) -> Race:
    surface = SURFACES[name]
    given = {"start": surface.start, "rate": surface.rate, "adaptive_rate": surface.adaptive_rate}
    return Race(name, **{**given, "noise": surface.noise, **changes})


def three_steps_by_hand() -> dict[OptimizerName, list[float]]:
    """x after each of three steps from 1, along f = x^2 / 2 + ..., whose slope is x, at a rate of 0.1."""
    adagrad_1 = 1 - 0.1 * 1 / 1
    adagrad_2 = adagrad_1 - 0.1 * adagrad_1 / math.sqrt(1 + 0.81)
    adagrad_3 = adagrad_2 - 0.1 * adagrad_2 / math.sqrt(1 + 0.81 + adagrad_2**2)
    rms_1 = 1 - 0.1 * 1 / math.sqrt(0.1)
    rms_2 = rms_1 - 0.1 * rms_1 / math.sqrt(0.09 + 0.1 * rms_1**2)
    rms_3 = rms_2 - 0.1 * rms_2 / math.sqrt(0.081 + 0.09 * rms_1**2 + 0.1 * rms_2**2)
    adam = _adam_by_hand(0.0)
    return {
        "sgd": [0.9, 0.81, 0.729],
        "momentum": [0.9, 0.72, 0.486],  # velocities 1, 1.8, 2.34
        "nesterov": [0.81, 0.5751, 0.327321],  # velocities 1, 1.71, 2.1141
        "adagrad": [adagrad_1, adagrad_2, adagrad_3],
        "rmsprop": [rms_1, rms_2, rms_3],
        "adam": adam,
        "adamw": adam,
    }


def _adam_by_hand(decay: float) -> list[float]:
    x_1 = 1 * (1 - 0.1 * decay) - 0.1 * 1
    m, s = 0.9 * 0.1 + 0.1 * x_1, 0.999 * 0.001 + 0.001 * x_1**2
    x_2 = x_1 * (1 - 0.1 * decay) - 0.1 * (m / 0.19) / math.sqrt(s / (1 - 0.999**2))
    m, s = 0.9 * m + 0.1 * x_2, 0.999 * s + 0.001 * x_2**2
    x_3 = x_2 * (1 - 0.1 * decay) - 0.1 * (m / 0.271) / math.sqrt(s / (1 - 0.999**3))
    return [x_1, x_2, x_3]


@every_optimizer
def test_the_first_three_steps_by_hand(optimizer: OptimizerName) -> None:
    race = Race("ravine", (1.0, 0.0), 0.1, 0.1, steps=3)
    (trace,) = run(race, [optimizer])
    expected = three_steps_by_hand()[optimizer]
    assert trace.path[:, 0].tolist() == pytest.approx([1, *expected], abs=1e-7)  # 1e-8 is added to the roots
    assert trace.path[:, 1].tolist() == [0, 0, 0, 0]
    assert trace.loss.tolist() == pytest.approx([x * x / 2 for x in (1, *expected)], abs=1e-7)


def test_adamw_shrinks_the_weights_beside_the_step() -> None:
    race = Race("ravine", (1.0, 0.0), 0.1, 0.1, decay=0.5, steps=3)
    (trace,) = run(race, ["adamw"])
    assert trace.path[1:, 0].tolist() == pytest.approx(_adam_by_hand(0.5), abs=1e-7)


@pytest.mark.parametrize("surface", SURFACES)
@every_optimizer
def test_the_rules_of_the_page_make_torchs_steps(surface: SurfaceName, optimizer: OptimizerName) -> None:
    race = default_race(surface, decay=0.03, shape="one-cycle", steps=60, noise=0.5, seed=3, momentum=0.8)
    (trace,) = run(race, [optimizer])
    by_hand = [race.start, *(update.after for update in updates(race, optimizer))]
    np.testing.assert_allclose(by_hand[: len(trace.path)], trace.path, rtol=1e-9, atol=1e-9)
    assert len(by_hand) == len(trace.path)


def test_a_written_step_has_its_numbers() -> None:
    race = Race("ravine", (-4.0, 2.0), 0.05, 0.5, momentum=0.5, decay=0.1, steps=10)
    update = written(race, "momentum", 2)
    assert update.first_before == pytest.approx((-4.4, 40.2))  # slope (-4, 40) and 0.1 times the weights
    assert update.before == pytest.approx((-4 + 0.05 * 4.4, 2 - 0.05 * 40.2))
    assert update.slope == pytest.approx((-3.78, -0.2))
    assert update.gradient == pytest.approx((-3.78 - 0.378, -0.2 - 0.001))
    assert update.first == pytest.approx((-2.2 - 4.158, 20.1 - 0.201))
    assert written(race, "momentum", 99).step == 10  # the last one


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("momentum", [0.5, 0.9])
@pytest.mark.parametrize("decay", [0.0, 2.0])
def test_beyond_the_edge_a_quadratic_loss_diverges(name: OptimizerName, momentum: float, decay: float) -> None:
    edge = edges(SURFACES["ravine"].curvature, momentum, decay)[name]
    losses = {}
    for factor in (0.98, 1.02):
        race = default_race("ravine", rate=factor * edge, momentum=momentum, decay=decay, steps=2000)
        (trace,) = run(race, [name])
        losses[factor] = trace
    assert losses[0.98].loss[-1] < 1e-6
    assert losses[1.02].diverged


def test_at_the_edge_gradient_descent_swings_for_ever() -> None:
    (trace,) = run(default_race("ravine", rate=0.1, steps=200), ["sgd"])
    np.testing.assert_allclose(np.abs(trace.path[:, 1]), 2.0, rtol=1e-9)
    assert not trace.diverged


def test_a_trace_ends_where_it_diverged() -> None:
    (trace,) = run(default_race("rosenbrock", rate=0.02), ["sgd"])
    assert trace.diverged and np.isfinite(trace.path).all() and np.isfinite(trace.loss).all()
    assert np.abs(trace.path[:-1]).max() <= FAR
    assert trace.arrival is None


def test_an_optimizer_has_arrived_when_its_loss_stays_within_the_goal() -> None:
    (trace,) = run(Race("bowl", (1.0, 0.0), 0.1, 0.1), ["sgd"])  # x = 0.9^n, loss = 0.81^n / 2
    expected = math.ceil(math.log(2 * GOAL) / math.log(0.81))
    assert trace.arrival == expected == 19
    (short,) = run(Race("bowl", (1.0, 0.0), 0.1, 0.1, steps=18), ["sgd"])
    assert short.arrival is None
    (swinging,) = run(Race("bowl", (1.0, 0.0), 0.1, 0.1, steps=200), ["momentum"])
    first = int(np.flatnonzero(swinging.loss <= GOAL)[0])
    assert swinging.arrival is not None and swinging.arrival > first
    assert swinging.loss[swinging.arrival :].max() <= GOAL < swinging.loss[swinging.arrival - 1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_optimizer_goes_the_same_way_when_it_is_told_only_what_it_reads(optimizer: OptimizerName) -> None:
    race = Race("ravine", (-6.0, 1.5), rate=0.05, adaptive_rate=0.3, momentum=0.8, decay=0.01, steps=20, noise=0.5)
    (whole,), (own,) = run(race, (optimizer,)), run(race.seen_by(optimizer), (optimizer,))
    assert np.array_equal(whole.path, own.path)


def test_what_an_optimizer_does_not_read_makes_no_other_race_for_it() -> None:
    race = Race("ravine", (-6.0, 1.5), rate=0.05, adaptive_rate=0.3)
    changed = {
        name: {each for each in OPTIMIZERS if replace(race, **{name: 0.1}).seen_by(each) != race.seen_by(each)}
        for name in ("rate", "adaptive_rate", "momentum", "decay")
    }
    assert changed["rate"] == {"sgd", "momentum", "nesterov"}
    assert changed["adaptive_rate"] == {"adagrad", "rmsprop", "adam", "adamw"}
    assert changed["momentum"] == {"momentum", "nesterov", "adam", "adamw"}
    assert changed["decay"] == set(OPTIMIZERS)


def test_all_racers_get_the_same_noise_and_the_seed_decides_it() -> None:
    race = default_race("bowl", seed=5, steps=40)
    sgd, momentum = run(race, ["sgd", "momentum"])
    np.testing.assert_array_equal(sgd.path[1], momentum.path[1])  # the first step of both is the plain one
    assert gradient_noise(race) == gradient_noise(race) != gradient_noise(default_race("bowl", seed=6, steps=40))
    drawn = np.array(gradient_noise(default_race("bowl", steps=4000)))
    assert drawn.std() == pytest.approx(2.0, rel=0.03)
    assert abs(drawn.mean()) < 0.1


@every_optimizer
def test_defaults_stay_in_reach(optimizer: OptimizerName) -> None:
    for name in SURFACES:
        (trace,) = run(default_race(name), [optimizer])
        assert not trace.diverged and trace.loss[-1] < trace.loss[0]


@every_optimizer
@pytest.mark.parametrize("shape", get_args(Shape))
def test_the_code_makes_the_steps_of_the_page(optimizer: OptimizerName, shape: Shape) -> None:
    race = default_race("beale", shape=shape, decay=0.01, noise=0.1, seed=2, steps=40)
    names: dict[str, Any] = {}
    exec(race_code(race, optimizer), names)
    (trace,) = run(race, [optimizer])
    assert len(trace.path) == 41
    np.testing.assert_allclose(names["path"].numpy(), trace.path, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_code_of_every_surface_at_its_defaults(surface: SurfaceName) -> None:
    for momentum in (0.0, 0.9):
        race = default_race(surface, momentum=momentum, steps=30)
        names: dict[str, Any] = {}
        exec(race_code(race, "nesterov"), names)
        np.testing.assert_allclose(names["path"].numpy(), run(race, ["nesterov"])[0].path, rtol=1e-9, atol=1e-9)
