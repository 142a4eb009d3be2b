"""What the page "Regularization" says in numbers: its sentences, its formulas, and the table of all remedies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explainer.training.regularization import (
    DIGITS,
    DROPOUT,
    NEAR_ZERO,
    REMEDIES,
    SEEDS,
    VALIDATION,
    EarlyStop,
    Record,
    Remedy,
    early_stopping,
    l1_term,
    l2_term,
    rate_after,
    record_of,
    recording,
)
from explainer.ui.language import say
from explainer.words.book import percent
from explainer.words.latex import grouped, latex

NAMES: dict[Remedy, str] = {
    "none": "No regularization",
    "l2": "L2",
    "l1": "L1",
    "dropout": "Dropout",
    "augmentation": "Augmentation",
    "all": "All together",
}
FLIPPED = 120  # degrees
NEXT = r"\\ &="  # an equation goes on in the next line, so that it fits a phone
GAP = "\u00a0"  # where a line may not end
MARGIN = 4  # empty pixels around the 20 x 20 box that holds a digit of MNIST


def notice(record: Record, stop: EarlyStop) -> str:
    """The gap at the end, where early stopping ends, and what its weights give against the last."""
    curves, end = record.curves, len(record.curves.test_loss) - 1
    epochs = say("remarks.epochs", count=end)
    gap = (
        f"After {epochs} the loss is {curves.train_loss[end]:.3g} on the {DIGITS} training digits and "
        f"{curves.test_loss[end]:.3g} on the test digits."
    )
    where = (
        f"Early stopping ends after epoch {stop.last} and keeps the weights of epoch {stop.best}"
        if stop.waited
        else f"Patience never runs out: all {end} epochs are trained, and the weights of epoch {stop.best} are kept"
    )
    right = f"test accuracy {percent(curves.test_accuracy[stop.best], '.2%')}"
    if stop.best == end:
        return f"{gap} {where}, the last ones: {right}."
    last = percent(curves.test_accuracy[end], ".2%")
    return f"{gap} {where}: {right}, {last} with the last weights.{_nuance(record, stop)}"


def _nuance(record: Record, stop: EarlyStop) -> str:
    curves = record.curves
    if curves.test_accuracy[stop.best] >= curves.test_accuracy[-1]:
        return ""
    if curves.test_loss[stop.best] < curves.test_loss[-1]:
        return " Its loss is lower all the same: the last weights are right more often, but surer where they are wrong."
    if stop.waited:
        return " It stopped too early: try more patience."
    return " The validation digits chose weights that are not the best for the test digits: they are only a sample."


def where(stop: EarlyStop) -> str:
    """What the letters of the formulas stand for."""
    return (
        f"What training makes small, with the weights of the best epoch, {stop.best}, and when it stops: "
        r"$\mathcal{L}$ is the training loss, $\eta$ the learning rate in that epoch, $V_t$ the validation loss after "
        "epoch $t$."
    )


def objective(remedy: Remedy, record: Record, epoch: int) -> str:
    """What training makes small, with the numbers of the weights after ``epoch``."""
    curves, recipe = record.curves, record.config.recipe
    loss = curves.train_loss[epoch]
    terms, numbers, total = [r"\mathcal{L}"], [latex(loss)], loss
    if recipe.weight_decay:
        squares = curves.squares[epoch]
        terms.append(r"\tfrac{\lambda_2}{2} \sum \theta^2")
        numbers.append(rf"\tfrac{{{recipe.weight_decay:g}}}{{2}} \cdot {latex(squares)}")
        total += l2_term(recipe.weight_decay, squares)
    if recipe.l1:
        terms.append(r"\lambda_1 \sum |w|")
        numbers.append(rf"{recipe.l1:g} \cdot {latex(curves.absolutes[epoch])}")
        total += l1_term(recipe.l1, curves.absolutes[epoch])
    end = rf"{NEXT if len(terms) > 2 else ' ='} {latex(total)}" if len(terms) > 1 else ""
    plus = r" \\ &\quad + " if len(terms) > 2 else " + "
    lines = [rf"J_{{{epoch}}} &= {' + '.join(terms)} {NEXT} {plus.join(numbers)}{end}"]
    lines += _means(remedy, record, rate_after(record.config, max(epoch - 1, 0)))
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _means(remedy: Remedy, record: Record, rate: float) -> list[str]:
    """The lines of a formula that each remedy adds: what a step does to a weight, an output or a picture."""
    recipe = record.config.recipe
    lines = []
    if recipe.weight_decay:
        factor = latex(rate * recipe.weight_decay)
        shrunk = rf"{latex(rate)} \cdot {recipe.weight_decay:g}\,\theta {NEXT} -{factor}\,\theta"
        lines.append(rf"\Delta\theta_{{L2}} &= -\eta\lambda_2\,\theta {NEXT} -{shrunk}")
    if recipe.l1:
        moved = rf"{latex(rate)} \cdot {recipe.l1:g}\,\operatorname{{sign}} w {NEXT} \mp {latex(rate * recipe.l1)}"
        lines.append(rf"\Delta w_{{L1}} &= -\eta\lambda_1 \operatorname{{sign}} w {NEXT} -{moved}")
    if remedy in ("dropout", "all"):
        kept = 1 / (1 - DROPOUT)
        hidden = record.config.network.hidden[0]
        lines.append(rf"x' &= \frac{{m}}{{1 - {DROPOUT:g}}}\,x = {kept:g}\,m\,x \\ m &\in \{{0, 1\}}")
        lines.append(rf"\mathbb{{E}}\textstyle\sum m &= {hidden} \cdot (1 - {DROPOUT:g}) = {hidden * (1 - DROPOUT):g}")
    if recipe.shift:
        ways = (2 * recipe.shift + 1) ** 2
        lines.append(
            rf"\text{{places}} &= (2 \cdot {recipe.shift} + 1)^2 = {ways} \\ "
            rf"{DIGITS} \cdot {ways} &= {grouped(DIGITS * ways)} \text{{ shifted digits}}"
        )
        lines.append(rf"\text{{angles}} &\in [-{recipe.rotate:g}°, {recipe.rotate:g}°]")
    return lines


def stopping_rule(losses: Sequence[float], stop: EarlyStop, patience: int) -> str:
    """The rule of early stopping, with the present numbers."""
    best = rf"t^* &= \arg\min_{{t \le T}} V_t = {stop.best} \\ V_{{{stop.best}}} &= {latex(losses[stop.best])}"
    waited = rf"T &= \min\{{t : t - t^* = {patience}\}} {NEXT} {stop.best} + {patience} = {stop.last}"
    waits = f"{stop.last} - {stop.best} = {stop.last - stop.best} < {patience}"
    never = rf"T &= {stop.last} \text{{, the end}} \\ T - t^* &= {waits}"
    return rf"\begin{{aligned}}{best} \\ {waited if stop.waited else never}\end{{aligned}}"


def weights_said(remedy: Remedy, seed: int) -> str:
    """How many weights ended near zero, against the plain network of the same seed."""
    own, plain = record_of(remedy, seed).curves, record_of("none", seed).curves
    count = sum(record_of(remedy, seed).histogram)
    share = f"**{percent(own.near_zero[-1], '.1%')}** of {count:,} weights ended nearer to zero than {NEAR_ZERO:g}"
    squares, absolutes = f"{own.squares[-1]:.4g}", f"{own.absolutes[-1]:.4g}"
    sizes = f"The squares of all parameters add up to {squares}, the absolute weights to {absolutes}"
    if remedy == "none":
        return f"{share}, from {percent(own.near_zero[0], '.1%')} at the start. {sizes}."
    other = f"without regularization {percent(plain.near_zero[-1], '.1%')}"
    before = f"(without regularization {plain.squares[-1]:.4g} and {plain.absolutes[-1]:.4g})"
    return f"{share}; {other}. {sizes} {before}.{_why(remedy)}"


def _why(remedy: Remedy) -> str:
    return {
        "l1": " L1 pulls at every weight equally hard, however small it is: what is not needed arrives at zero.",
        "l2": " L2 pulls less the smaller a weight is: all shrink, few arrive at zero.",
        "all": " L1 and L2 pull at about a third of their strength here.",
    }.get(remedy, " It changes what the network sees while it trains, and does not pull at weights.")


def augmentation_said(shift: int, rotate: int) -> str:
    """What the chosen strength does to a digit."""
    if not shift and not rotate:
        return "Nothing is changed: the network sees the same digits in every epoch, and can learn them by heart."
    ways = (2 * shift + 1) ** 2
    said = f"Every digit stands in one of {ways:,} places, turned by up to {rotate}°, drawn anew in every epoch."
    if rotate >= FLIPPED:
        return f"{said} Turned so far, a 6 reads as a 9: the label is no longer right, and that teaches mistakes."
    if shift > MARGIN:
        return f"{said} MNIST leaves about {MARGIN} pixels of margin: moved further, a digit loses ink at the edge."
    return f"{said} The label stays right, and no two epochs show the same picture: hard to learn by heart."


def table(patience: int) -> str:
    """A Markdown table: for every remedy the mean over the seeds, with the lowest and the highest."""
    rows = [
        "| regularization | training accuracy | **test accuracy** at the end | test accuracy, stopped early "
        "| test loss at the end "
        f"| weights nearer to zero than {NEAR_ZERO:g} |",
        "|---|---|---|---|---|---|",
    ]
    for remedy in REMEDIES:
        runs = [run.curves for run in recording(remedy).runs]
        right = [run.test_accuracy[-1] for run in runs]
        kept = [run.test_accuracy[early_stopping(run.validation_loss, patience).best] for run in runs]
        cells = [
            _percents([run.train_accuracy[-1] for run in runs]),
            f"**{_percents(right)}** {_span(right)}",
            _percents(kept),
            f"{np.mean([run.test_loss[-1] for run in runs]):.3f}",
            _percents([run.near_zero[-1] for run in runs]),
        ]
        rows.append(f"| {NAMES[remedy]} | {' | '.join(cells)} |")
    return "\n".join(rows)


def best_said(patience: int) -> str:
    """Which remedy read most test digits rightly in the mean, and by how much more than none."""
    means = {name: float(np.mean([run.curves.test_accuracy[-1] for run in recording(name).runs])) for name in REMEDIES}
    best = max(means, key=means.__getitem__)
    more = 100 * (means[best] - means["none"])
    return (
        f"Means of {len(SEEDS)} seeds, each with {DIGITS} digits of its own. {NAMES[best]} has the highest "
        f"test accuracy: {more:.1f} points more than without regularization. Stopped early means patience "
        f"{patience} on "
        f"{VALIDATION:,} validation digits."
    )


def made_with(remedy: Remedy) -> str:
    """How the recorded runs were made."""
    made = recording(remedy).made_with
    return (
        f":gray-badge[recorded] Nothing is trained while you look: these runs were recorded by "
        f"`assets/make_regularization.py` (torch {made['torch']}, {made['machine']}, seeds "
        f"{', '.join(map(str, SEEDS))}). Losses are without penalties, measured with dropout off, on unchanged digits."
    )


def _percents(shares: Sequence[float]) -> str:
    return percent(float(np.mean(shares)), "#.1%")


def _span(shares: Sequence[float]) -> str:
    return f"({100 * min(shares):.1f}{GAP}to{GAP}{100 * max(shares):.1f})"
