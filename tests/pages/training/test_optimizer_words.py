"""The sentences and formulas of the page "Optimizers" against torch's own steps."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from explainer.training.config import OptimizerName
from explainer.training.race import OPTIMIZERS, Race, Trace, gradient_noise, run
from explainer.training.surfaces import SURFACES, SurfaceName
from explainer.ui.controls.training_settings import RATES as TRAINING_RATES
from pages.training.optimizers.page import ON_MNIST, RATES
from pages.training.optimizers.words import NAMES, edge_of_divergence, formula, notice, scheduled

VECTOR = re.compile(r"\\begin\{pmatrix\} (.+?) \\\\ (.+?) \\end\{pmatrix\}")
ALONE = Race("ravine", (-4.0, 2.0), 0.04, 0.5, steps=150)


def vectors(line: str) -> list[tuple[float, float]]:
    """The pairs of numbers in a line of LaTeX."""
    return [(as_number(x), as_number(y)) for x, y in VECTOR.findall(line)]


def as_number(text: str) -> float:
    return float(re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", text))


def lines(race: Race, optimizer: OptimizerName, step: int) -> list[str]:
    return formula(race, optimizer, step).split(r" \\[2pt] ")


def race_on(name: SurfaceName, **changes: Any) -> Race:
    surface = SURFACES[name]
    race = Race(name, surface.start, surface.rate, surface.adaptive_rate, noise=surface.noise, steps=150)
    return replace(race, **changes)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("step", [1, 2, 7])
def test_a_step_leads_from_torchs_place_to_the_next(optimizer: OptimizerName, name: SurfaceName, step: int) -> None:
    race = race_on(name, decay=0.03)
    (trace,) = run(race, [optimizer])
    written = vectors(lines(race, optimizer, step)[-1])
    assert written[0] == pytest.approx(trace.path[step - 1].tolist(), rel=5e-4, abs=1e-12)
    assert written[-1] == pytest.approx(trace.path[step].tolist(), rel=5e-4, abs=1e-12)


def test_the_gradient_with_noise_and_decay() -> None:
    race = race_on("bowl", decay=0.1, start=(-4.0, 2.5))
    slope, noise, weights, total = vectors(lines(race, "sgd", 1)[0])
    assert slope == (-4, 5)
    assert noise == pytest.approx(gradient_noise(race)[0], rel=5e-4)
    assert weights == (-4, 2.5)
    assert total == pytest.approx([-4 + noise[0] - 0.4, 5 + noise[1] + 0.25], rel=1e-3)


def test_momentum_in_numbers() -> None:
    first, velocity, weights = lines(ALONE, "momentum", 2)
    assert vectors(first) == [(-3.84, 8)]
    assert vectors(velocity) == [(-4, 40), (-3.84, 8), (-7.44, 44)]
    assert vectors(weights) == [(-3.84, 0.4), (-7.44, 44), (-3.542, -1.36)]


def test_adam_in_numbers() -> None:
    _, mean, square, unbiased, weights = lines(ALONE, "adam", 1)
    assert vectors(mean)[-1] == (-0.4, 4)
    assert vectors(square)[-1] == (0.016, 1.6)
    assert vectors(unbiased) == [(-4, 40), (16, 1600)]
    assert vectors(weights) == [(-4, 2), (-1, 1), (-3.5, 1.5)]


def test_adamw_writes_what_it_takes_off_the_weights() -> None:
    weights = lines(replace(ALONE, decay=0.1), "adamw", 1)[-1]
    assert r"0.5 \cdot 0.1" in weights
    assert vectors(weights) == [(-4, 2), (-4, 2), (-1, 1), (-3.3, 1.4)]


def test_a_step_after_the_end_is_the_last_one() -> None:
    assert formula(replace(ALONE, steps=10), "sgd", 500) == formula(replace(ALONE, steps=10), "sgd", 10)
    assert formula(replace(ALONE, rate=10.0), "sgd", 500)  # diverged long before


def test_the_sentence_names_the_first_and_the_late() -> None:
    traces = run(ALONE)
    said = notice(ALONE, traces)
    first = min((trace for trace in traces if trace.arrival), key=lambda trace: trace.arrival or 0)
    assert said.startswith(f"{NAMES[first.optimizer]} arrives first: from step {first.arrival}")
    assert "RMSProp has not arrived after 150" in said


@pytest.mark.parametrize(
    ("race", "racing", "expected"),
    [
        (ALONE, [], "choose at least one"),
        (replace(ALONE, rate=0.1), ["sgd"], "exactly at its edge: a rate of 0.1 times a curvature of 20 is 2"),
        (replace(ALONE, rate=0.11), ["sgd", "adam"], "Gradient descent diverged"),
        (replace(ALONE, rate=0.5), ["sgd", "nesterov"], "Gradient descent and Nesterov diverged"),
        (ALONE, ["sgd"], "There it stays"),
        (ALONE, ["sgd", "momentum"], "Gradient descent needs 82, the most"),
        (replace(ALONE, steps=10), ["sgd"], "After 10 steps nobody has arrived"),
        (replace(ALONE, start=(0.0, 0.0)), ["sgd", "adam"], "(0, 0) is a minimum"),
        (race_on("saddle", start=(0.0, 0.0)), ["sgd", "adam"], "(0, 0) is no minimum, but the gradient is exactly 0"),
        (race_on("saddle", start=(2.0, -0.0)), ["adam"], "(2, 0) is a minimum"),
        (replace(ALONE, start=(0.01, 0.0), adaptive_rate=1e-4), ["sgd", "adam"], "All are in at step 0"),
        (race_on("bowl"), ["sgd", "adam"], "try a schedule that ends low"),
        (race_on("bowl", shape="cosine"), ["sgd"], "The schedule makes the last steps small"),
    ],
)
def test_the_sentence_says_what_happens(race: Race, racing: list[OptimizerName], expected: str) -> None:
    assert expected in notice(race, run(race, racing))


def test_the_mean_over_noise_is_that_of_the_last_quarter() -> None:
    race = race_on("bowl", steps=40)
    trace: Trace = run(race, ["sgd"])[0]
    assert f"Over the last 10 steps the loss of Gradient descent is {trace.loss[-10:].mean():.2g}" in notice(
        race, [trace]
    )


def test_the_edge_in_numbers() -> None:
    said = edge_of_divergence(ALONE)
    assert "λ = 20" in said and "**0.1** gradient descent" in said
    assert "**0.19**" in said  # 2 (1 + 0.9) / 20
    assert "**0.0679**" in said  # 2 (1 + 0.9) / (1 + 1.8) / 20
    assert "**0.002**" in edge_of_divergence(race_on("rosenbrock"))  # 2 / 1001.6


def test_where_weight_decay_pulls_no_start_is_flat() -> None:
    race = race_on("saddle", start=(2.0, 0.0), decay=0.1)
    (trace,) = run(race, ["sgd"])
    assert trace.path[1, 0] == pytest.approx(2 - 0.1 * 0.2)
    assert "minimum" not in notice(race, [trace])


@pytest.mark.parametrize(
    ("race", "expected"),
    [
        (replace(ALONE, steps=150), "all 150 steps have a rate of 0.04"),
        # 1, 1, 1/2, 1/2, 1/4, 1/4, 1/8, 1/8 of 0.04
        (replace(ALONE, shape="step", steps=8), "begins at 0.04 and ends at 0.005. Its mean is 0.019, 47 % of"),
        # a rise of 2 steps, 1/3 and 2/3, then a cosine of 18
        (replace(ALONE, shape="warm-up", steps=20), "rises from 0.013 to 0.04 in 2 steps and ends at 0.0003."),
    ],
)
def test_the_schedule_in_numbers(race: Race, expected: str) -> None:
    assert expected in scheduled(race)


def test_what_is_offered_fits() -> None:
    assert all(surface.rate in RATES and surface.adaptive_rate in RATES for surface in SURFACES.values())
    assert len({*RATES}) == len(RATES) and sorted(RATES) == RATES
    assert list(ON_MNIST) == list(OPTIMIZERS) and set(ON_MNIST.values()) < set(TRAINING_RATES)
