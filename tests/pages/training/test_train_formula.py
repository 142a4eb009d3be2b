"""The formula of "Train a CNN" has every term that the recipe has, with its number."""

from __future__ import annotations

from dataclasses import replace

from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.presets import recipe
from pages.training.train.formula import formula

PLAIN = RunConfig(PRESETS["first-steps"], Recipe(optimizer="sgd", learning_rate=0.5, epochs=1))


def of(how: Recipe) -> str:
    return formula(replace(PLAIN, recipe=how))


def test_a_plain_recipe_is_the_mean_gradient_of_the_cross_entropy() -> None:
    text = formula(PLAIN)
    assert r"\sum_{i \in \text{batch}} \nabla_\theta \left(-\log p_\theta(y_i \mid x_i)\right)\Big)" in text
    assert r"\underbrace{0.5}_{\text{learning rate}} \cdot \text{sgd}" in text


def test_the_rate_of_a_schedule_is_its_peak() -> None:
    assert r"\text{peak learning rate}" in of(Recipe(schedule="cosine"))


def test_smoothed_labels_are_in_the_formula_of_the_fast_preset() -> None:
    text = of(recipe("fast"))
    assert r"\left(-0.9 \log p_\theta(y_i \mid x_i) - 0.01 \sum_{k=0}^{9} \log p_\theta(k \mid x_i)\right)" in text


def test_weight_decay_is_added_to_the_gradient_but_for_adamw() -> None:
    assert r"\right) + 0.003\,\theta\Big)" in of(Recipe(optimizer="adam", weight_decay=0.003))
    assert r"\Big(\text{adamw}\Big(" in of(Recipe(optimizer="adamw", weight_decay=0.003))
    assert r"\right)\Big) + 0.003\,\theta\Big)" in of(Recipe(optimizer="adamw", weight_decay=0.003))


def test_l1_adds_the_signs_of_the_weights() -> None:
    assert r" + 3 \cdot 10^{-5}\,\operatorname{sign} W\Big)" in of(Recipe(l1=3e-5))
