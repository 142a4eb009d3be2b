"""The formula of "Train a CNN": a step of this recipe, with its numbers put in, and how many steps there are."""

from __future__ import annotations

from explainer.training.config import Recipe, RunConfig, digits_in, steps_per_epoch
from explainer.ui.language import say
from explainer.words.latex import grouped, latex

_CLASSES = 10


def formula(config: RunConfig) -> str:
    """In LaTeX, two lines, so that a step with every term fits a projector; its words in the visitor's language."""
    recipe, batches = config.recipe, steps_per_epoch(config)
    seen, steps = grouped(digits_in(config)), say("train.formula.steps")
    return (
        rf"\begin{{gathered}}{_step(recipe)}\\[1ex]"
        rf"{recipe.epochs} \times \left\lceil \tfrac{{{seen}}}{{{recipe.batch_size}}} \right\rceil = "
        rf"{recipe.epochs} \times {batches} = {recipe.epochs * batches} \text{{{steps}}}\end{{gathered}}"
    )


def _step(recipe: Recipe) -> str:
    """AdamW takes its weight decay from the weights themselves, the other optimizers with the gradient."""
    name = say("train.formula.rate" if recipe.schedule == "constant" else "train.formula.peak_rate")
    rate = rf"\underbrace{{{latex(recipe.learning_rate)}}}_{{\text{{{name}}}}}"
    is_decoupled = recipe.optimizer == "adamw" and recipe.weight_decay
    direction = rf"\text{{{recipe.optimizer}}}\Big({_gradient(recipe)}\Big)"
    if is_decoupled:
        direction = rf"\Big({direction} + {latex(recipe.weight_decay)}\,\theta\Big)"
    return rf"\theta \leftarrow \theta - {rate} \cdot {direction}"


def _gradient(recipe: Recipe) -> str:
    """What the optimizer is given: the mean gradient of the loss over a batch, and what L2 and L1 add to it."""
    batch = say("train.formula.batch")
    parts = [
        rf"\frac{{1}}{{{recipe.batch_size}}}\sum_{{i \in \text{{{batch}}}}} "
        rf"\nabla_\theta \left({_loss(recipe.label_smoothing)}\right)"
    ]
    if recipe.weight_decay and recipe.optimizer != "adamw":
        parts.append(rf"{latex(recipe.weight_decay)}\,\theta")
    if recipe.l1:
        parts.append(rf"{latex(recipe.l1)}\,\operatorname{{sign}} W")
    return " + ".join(parts)


def _loss(smoothing: float) -> str:
    """Of a digit: its cross-entropy, with a part of the truth spread evenly over all classes where it is smoothed."""
    if not smoothing:
        return r"-\log p_\theta(y_i \mid x_i)"
    return (
        rf"-{latex(1 - smoothing)} \log p_\theta(y_i \mid x_i) "
        rf"- {latex(smoothing / _CLASSES)} \sum_{{k=0}}^{{9}} \log p_\theta(k \mid x_i)"
    )
