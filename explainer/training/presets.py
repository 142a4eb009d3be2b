"""Recipes that suit the networks of ``explainer.networks.presets``."""

from __future__ import annotations

from dataclasses import replace

from explainer.training.config import Recipe

DEFAULT = Recipe()

_ADAM = Recipe(learning_rate=0.004, schedule="one-cycle")
_FAST = Recipe(
    optimizer="adamw",
    schedule="one-cycle",
    betas=(0.7, 0.9),
    weight_decay=0.01,
    label_smoothing=0.1,
)

RECIPES: dict[str, Recipe] = {
    "first-steps": replace(_ADAM, epochs=5),
    "wider": replace(_ADAM, epochs=8),
    "widest": replace(_ADAM, epochs=6),
    "fast": replace(_FAST, learning_rate=0.04, batch_size=384, epochs=1),
    "fast-to-99": replace(_FAST, learning_rate=0.015, batch_size=256, epochs=1),
    "residual": replace(_ADAM, epochs=2),
    "three-stages": replace(_ADAM, epochs=5),
}


def recipe(preset: str) -> Recipe:
    """The recipe that goes with a preset, the default one for a network of one's own."""
    return RECIPES.get(preset, DEFAULT)
